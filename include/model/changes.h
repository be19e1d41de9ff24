/*
 * changes.h - what one turn is going to write, as sets.
 *
 * Filled by the turn and, through the functions below, by services; written by
 * store_record() in the order of the members.  Rows lie in the turn's arena.
 */
#ifndef MODEL_CHANGES_H
#define MODEL_CHANGES_H

#include "base/arena.h"
#include "model/message.h"
#include "model/subscriber.h"

/* A set that grows in an arena. */
#define SET_OF(type)           \
	struct {               \
		type *row;     \
		size_t n, cap; \
	}

struct changes {
	struct arena *arena;
	SET_OF(struct outbox_mark) marks;
	SET_OF(struct inbox_repeat) repeats;
	SET_OF(struct part_row) parts;
	SET_OF(struct parts_end) parts_done;
	SET_OF(struct receipt_row) receipts;
	SET_OF(struct inbox_row) inbox;
	SET_OF(struct outbox_row) outbox;
	SET_OF(struct optout_change) optouts;
	SET_OF(struct task_row) tasks;
	int64_t next_task; /* id of the next new task */
};

/* Appends to a set whose rows lie in arena: set_add(arena, &c->inbox, row). */
#define set_add(arena, set, ...)                                                  \
	do {                                                                      \
		(set)->row = set_grow((arena), (set)->row, (set)->n, &(set)->cap, \
		                      sizeof(*(set)->row));                       \
		(set)->row[(set)->n++] = (__VA_ARGS__);                           \
	} while (0)

/* Appends to one of the sets of a struct changes: changes_add(c, inbox, row). */
#define changes_add(c, member, ...) set_add((c)->arena, &(c)->member, __VA_ARGS__)

void *set_grow(struct arena *a, void *row, size_t n, size_t *cap, size_t size);

/* Records that this number takes no marketing (out), or takes it again; changes d likewise. */
void changes_opt_out(struct changes *c, struct dossier *d, bool out, int64_t now,
                     int64_t inbox);

/* Records work for a person and gives its id. */
int64_t changes_task(struct changes *c, const struct dossier *d, struct str kind,
                     int64_t now, int64_t inbox, struct str text);

#endif
