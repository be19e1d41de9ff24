/*
 * slot.h - the typed values that a rule may take from a text.
 *
 * A kind reads one value from a folded text and says, for templates, what such
 * a value looks like as a pattern.  The pattern may accept more than the reader:
 * the reader decides.
 */
#ifndef GRAMMAR_SLOT_H
#define GRAMMAR_SLOT_H

#include "grammar_priv.h"

/* A reader's place in a folded text; it moves i on success only. */
struct take {
	const struct folded *f;
	struct str raw; /* what was folded */
	size_t i, end;  /* octets of f */
	int64_t now;    /* UTC seconds */
	struct arena *arena;
	const struct list_entry *entry; /* the list entry taken last */
};

struct slot_kind {
	const char *name; /* in a slot line */
	const char *help; /* its arguments, for complaints */
	enum grammar_value value;
	unsigned min, max; /* defaults of the type's numbers; max 0: it has none */
	bool anything;     /* any text */
	bool words;        /* letters that are not of a closed list */
	bool (*take)(const struct slot_type *t, struct take *x, struct grammar_slot *out);
	void (*pattern)(const struct slot_type *t, struct buf *out);
	const char *sample; /* NULL: made from the type */
};

const struct slot_kind *slot_kind_find(struct str name);

/* Reads a value behind an optional FOLD_SEP; out->name and ->secret are set too. */
bool slot_take(const struct param *p, struct take *x, struct grammar_slot *out);

/* True when the whole of x was read, but for a FOLD_SEP. */
bool slot_at_end(const struct take *x);

bool slot_equal(const struct grammar_slot *a, const struct grammar_slot *b);
/* The same of n slots each, with their names. */
bool slots_equal(const struct grammar_slot *a, const struct grammar_slot *b, size_t n);

/*
 * Adds a slot in the order of names.  A name that is there must have the same
 * value.  False when it has not, or there is no room.
 */
bool slot_add(struct grammar_slot *slots, size_t *n, const struct grammar_slot *s);

/* Appends the value as a rule would read it; secrets are left out. */
void slot_print(const struct grammar_slot *s, struct buf *out);

/* A text that the type accepts, for lint; the i-th of as many as it has. */
struct str slot_sample(const struct slot_type *t, struct arena *arena);

/* month.c */
bool month_take(const struct slot_type *t, struct take *x, struct grammar_slot *out);
void month_pattern(const struct slot_type *t, struct buf *out);

/*
 * Reads 1 to 99 in digits or in Chinese numerals; *digits counts the ASCII digits
 * (0: numerals).
 */
bool number_take(struct take *x, int *value, size_t *digits);

/* Takes the literal off; false when it is not next. */
bool literal_take(struct take *x, const char *literal);

/* Of UTF-8: no octet within a character. */
static inline bool begins_char(char c)
{
	return ((uint8_t)c & 0xc0) != 0x80;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

#endif
