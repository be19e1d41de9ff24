/*
 * disk_image.c - see disk_image.h.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"

enum {
	SECTOR = 512
};

struct disk_write {
	size_t at, n;
	uint8_t *octets; /* NULL: a truncation to at */
};

static void *grown(void *p, size_t size)
{
	p = realloc(p, size);
	if (p == NULL)
		abort();
	return p;
}

void bytes_write(struct bytes *b, size_t at, const void *p, size_t n)
{
	const size_t end = at + n;

	if (end > b->cap) {
		b->cap = end * 2;
		b->p = grown(b->p, b->cap);
	}
	if (end > b->n) {
		memset(b->p + b->n, 0, end - b->n);
		b->n = end;
	}
	if (n > 0)
		memcpy(b->p + at, p, n);
}

void bytes_copy(struct bytes *to, const struct bytes *from)
{
	to->n = 0;
	bytes_write(to, 0, from->p, from->n);
}

void disk_image_add(struct disk_image *d, size_t at, const void *octets, size_t n)
{
	struct disk_write *w;

	if (d->n == d->cap) {
		d->cap = d->cap == 0 ? 64 : d->cap * 2;
		d->write = grown(d->write, d->cap * sizeof(*d->write));
	}
	w = &d->write[d->n++];
	*w = (struct disk_write){ .at = at, .n = n };
	if (octets == NULL)
		return;
	w->octets = grown(NULL, n + 1);
	memcpy(w->octets, octets, n);
}

static void apply(const struct disk_write *w, struct bytes *to)
{
	if (w->octets != NULL)
		bytes_write(to, w->at, w->octets, w->n);
	else if (w->at < to->n)
		to->n = w->at;
}

void disk_image_forget(struct disk_image *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->write[i].octets);
	d->n = 0;
}

void disk_image_sync(struct disk_image *d)
{
	for (size_t i = 0; i < d->n; i++)
		apply(&d->write[i], &d->durable);
	disk_image_forget(d);
}

void disk_image_free(struct disk_image *d)
{
	disk_image_forget(d);
	free(d->write);
	free(d->durable.p);
	memset(d, 0, sizeof(*d));
}

/* ---- power loss ---- */

static uint64_t roll(uint64_t *dice)
{
	*dice ^= *dice << 13;
	*dice ^= *dice >> 7;
	*dice ^= *dice << 17;
	return *dice;
}

/* Sector by sector, each with even odds. */
static void tear(const struct disk_write *w, uint64_t *dice, struct bytes *to)
{
	for (size_t at = 0; w->octets != NULL && at < w->n; at += SECTOR) {
		const size_t n = w->n - at < SECTOR ? w->n - at : SECTOR;

		if (roll(dice) % 2 == 0)
			bytes_write(to, w->at + at, w->octets + at, n);
	}
}

static void leave_some(const struct disk_write *w, uint64_t *dice, struct bytes *to)
{
	switch (roll(dice) % 4) {
	case 0:
	case 1:
		apply(w, to);
		return;
	case 2:
		tear(w, dice, to);
		return;
	default:
		return;
	}
}

void disk_image_left(const struct disk_image *d, enum disk_left left, uint64_t *dice,
                     struct bytes *out)
{
	const size_t prefix = d->n > 0 ? roll(dice) % (d->n + 1) : 0;

	bytes_copy(out, &d->durable);
	for (size_t i = 0; i < d->n; i++) {
		if (left == DISK_LEFT_SOME)
			leave_some(&d->write[i], dice, out);
		else if (left == DISK_LEFT_ALL ||
		         (left == DISK_LEFT_PREFIX && i < prefix))
			apply(&d->write[i], out);
	}
}
