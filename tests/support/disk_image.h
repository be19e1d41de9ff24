/*
 * disk_image.h - what of one file is on the disk, and the writes that are not yet: the
 * model of a power loss for tests/sim (a disk in memory) and vfs_shim (over real files).
 *
 * Ends the process when memory runs out.
 */
#ifndef SUPPORT_DISK_IMAGE_H
#define SUPPORT_DISK_IMAGE_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *p;
	size_t n, cap;
};
/* Zeros between the end and at. */
void bytes_write(struct bytes *b, size_t at, const void *p, size_t n);
void bytes_copy(struct bytes *to, const struct bytes *from);

struct disk_image { /* all zero: an empty file */
	struct bytes durable;
	struct disk_write *write; /* in order; not synced */
	size_t n, cap;
};
/* Octets NULL: a truncation to at. */
void disk_image_add(struct disk_image *d, size_t at, const void *octets, size_t n);
void disk_image_sync(struct disk_image *d);
void disk_image_forget(struct disk_image *d); /* the writes */
void disk_image_free(struct disk_image *d);   /* empty again */

/* What of the unsynced writes a power loss leaves. */
enum disk_left {
	DISK_LEFT_ALL,
	DISK_LEFT_NONE,
	DISK_LEFT_PREFIX, /* the first ones */
	DISK_LEFT_SOME,   /* any subset, each write whole or some of its sectors */
	DISK_LEFTS
};
/* Writes the file as it is then to out; *dice decides, and moves on. */
void disk_image_left(const struct disk_image *d, enum disk_left left, uint64_t *dice,
                     struct bytes *out);

#endif
