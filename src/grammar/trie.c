/*
 * trie.c - see trie.h.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "trie.h"

static uint32_t new_node(struct trie *t, uint8_t octet, uint32_t next)
{
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 64 : t->cap * 2;
		t->node = xrealloc(t->node, t->cap * sizeof(t->node[0]));
	}
	if (t->n == 0)
		t->node[t->n++] = (struct trie_node){ .octet = 0 };
	t->node[t->n] = (struct trie_node){ .next = next, .octet = octet };
	return (uint32_t)t->n++;
}

/* A node with so many children gets a table of those that go on a character. */
enum {
	FAN_FROM = 4
};

static bool goes_on(const struct trie *t, uint32_t node)
{
	return (t->node[node].octet & 0xc0) == 0x80;
}

static void add_to_fan(struct trie *t, uint32_t at, uint32_t child)
{
	struct trie_node *n = &t->node[at];
	unsigned children = 0;

	if (n->fan == 0) {
		for (uint32_t i = n->child; i != 0; i = t->node[i].next)
			children += goes_on(t, i) ? 1 : 0;
		if (children < FAN_FROM)
			return;
		t->fan = xrealloc(t->fan, (t->n_fans + 1) * sizeof(t->fan[0]));
		t->fan[t->n_fans++] = (struct trie_fan){ { 0 } };
		n->fan = (uint32_t)t->n_fans;
		child = n->child;
	}
	/* From the newest child on: a new table takes them all in. */
	for (uint32_t i = child; i != 0; i = t->node[i].next)
		if (goes_on(t, i))
			t->fan[n->fan - 1].child[t->node[i].octet & 63] = i;
}

static uint32_t add_child(struct trie *t, uint32_t at, char octet)
{
	uint32_t child;

	if (at == 0) {
		child = new_node(t, (uint8_t)octet, 0);
		t->first[(uint8_t)octet] = child;
	} else {
		child = new_node(t, (uint8_t)octet, t->node[at].child);
		t->node[at].child = child;
		add_to_fan(t, at, child);
	}
	return child;
}

uint32_t *trie_value(struct trie *t, struct str key)
{
	uint32_t at = 0;

	if (t->n == 0) {
		(void)new_node(t, 0, 0);
		t->n = 1;
	}
	for (size_t i = 0; i < key.n; i++) {
		uint32_t next = trie_step(t, at, key.p[i]);

		at = next != 0 ? next : add_child(t, at, key.p[i]);
	}
	return &t->node[at].value;
}

void trie_free(struct trie *t)
{
	free(t->node);
	free(t->fan);
	*t = (struct trie){ .n = 0 };
}

uint32_t trie_longest(const struct trie *t, struct str s, size_t *n)
{
	uint32_t at = 0, best = 0;

	for (size_t i = 0; i < s.n; i++) {
		at = trie_step(t, at, s.p[i]);
		if (at == 0)
			break;
		if (t->node[at].value != 0) {
			best = t->node[at].value;
			*n = i + 1;
		}
	}
	return best;
}
