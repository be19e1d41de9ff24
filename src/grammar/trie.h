/*
 * trie.h - strings of octets to small numbers; built once, then only read.
 *
 * Children are lists of siblings.  Where these would be long there are tables: the
 * root's, and fans of the 64 octets that go on a character of several.
 */
#ifndef GRAMMAR_TRIE_H
#define GRAMMAR_TRIE_H

#include "base/str.h"

struct trie_node {
	uint32_t child, next; /* first child, next sibling; 0: none */
	uint32_t value;       /* 0: no string ends here */
	uint32_t fan;         /* place in the fans + 1; 0: none */
	uint8_t octet;
};

/* Children by their low six bits. */
struct trie_fan {
	uint32_t child[64];
};

struct trie {
	struct trie_node *node; /* owned; node 0 is the root */
	size_t n, cap;
	uint32_t first[256];  /* the root's children */
	struct trie_fan *fan; /* owned */
	size_t n_fans;
};

/* Where the value of key is kept; 0 for a key just added.  Valid until the next call. */
uint32_t *trie_value(struct trie *t, struct str key);
void trie_free(struct trie *t);

/* The node one octet further; 0 when there is none.  Start at node 0. */
static inline uint32_t trie_step(const struct trie *t, uint32_t at, char octet)
{
	const uint8_t c = (uint8_t)octet;

	if (at == 0)
		return t->first[c];
	if (t->node[at].fan != 0 && (c & 0xc0) == 0x80)
		return t->fan[t->node[at].fan - 1].child[c & 63];
	for (at = t->node[at].child; at != 0 && t->node[at].octet != c;)
		at = t->node[at].next;
	return at;
}

/* On the way to all keys that a text holds anywhere. */
struct trie_scan {
	const struct trie *t;
	struct str s;
	size_t from, to; /* where the last one found begins and ends */
	uint32_t node;   /* where that is in the trie */
};

/* The value of the next key, in order of beginning and length; 0: there is none left. */
static inline uint32_t trie_next(struct trie_scan *x)
{
	for (; x->from < x->s.n; x->from++, x->to = x->from, x->node = 0) {
		while (x->to < x->s.n) {
			x->node = trie_step(x->t, x->node, x->s.p[x->to]);
			if (x->node == 0)
				break;
			x->to++;
			if (x->t->node[x->node].value != 0)
				return x->t->node[x->node].value;
		}
	}
	return 0;
}

/* The longest key that s starts with: its value, and its length in *n; or 0. */
uint32_t trie_longest(const struct trie *t, struct str s, size_t *n);

#endif
