/*
 * pile.c - letters of one kind that the worker has taken, in order; those it writes.
 *
 * Marks of messages alone wait up to MARKS_WAIT_MS for company.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "worker_priv.h"

enum {
	FIRST = 256,
	MARKS_WAIT_MS = 50,
	MARKS_MAX = 512 /* of them start a turn at once */
};

void pile_add(struct pile *p, struct letter *letter)
{
	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? FIRST : p->cap * 2;
		p->letter = xrealloc(p->letter, p->cap * sizeof(struct letter *));
	}
	p->letter[p->n++] = letter;
}

void pile_free_first(struct pile *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(p->letter[i]);
	p->n -= n;
	for (size_t i = 0; i < p->n; i++)
		p->letter[i] = p->letter[n + i];
}

void pile_clear(struct pile *p)
{
	pile_free_first(p, p->n);
}

void pile_free(struct pile *p)
{
	pile_clear(p);
	free(p->letter);
}

void pile_add_mark(struct pile *p, struct letter *letter, int64_t now_ms)
{
	if (p->n == 0)
		p->since_ms = now_ms;
	pile_add(p, letter);
}

int64_t pile_marks_due(const struct pile *p)
{
	if (p->n == 0)
		return INT64_MAX;
	return p->since_ms + (p->n < MARKS_MAX ? MARKS_WAIT_MS : 0);
}

const struct outbox_mark *pile_mark(const struct pile *p, size_t i)
{
	return &((const struct outgoing *)p->letter[i])->mark;
}

static struct str copy_str(char **at, struct str s)
{
	struct str copy = { *at, s.n };

	if (s.n > 0)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return copy;
}

struct outgoing *outgoing_of(const struct outbox_row *row)
{
	const size_t size = row->group.n + row->from.digits.n + row->to.digits.n +
	                    row->text.n;
	struct outgoing *o = xcalloc(1, sizeof(*o) + size);
	char *at = o->data;

	o->letter.kind = MAIL_OUTGOING;
	o->row = *row;
	o->row.group = copy_str(&at, row->group);
	o->row.from.digits = copy_str(&at, row->from.digits);
	o->row.to.digits = copy_str(&at, row->to.digits);
	o->row.text = copy_str(&at, row->text);
	return o;
}
