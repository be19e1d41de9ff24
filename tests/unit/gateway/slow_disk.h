/*
 * slow_disk.h - a disk whose syncs take as long as the test likes: while held each waits for
 * an octet of a pipe.
 */
#ifndef UNIT_GATEWAY_SLOW_DISK_H
#define UNIT_GATEWAY_SLOW_DISK_H

#include <stdatomic.h>

#include "fixture.h"
#include "support/vfs_shim.h"

static struct {
	int permit[2]; /* the pipe */
	atomic_bool held, waits;
} disk;

/* In the worker's thread. */
static inline void wait_for_permit(void *ctx, enum vfs_op op, const char *file)
{
	char octet;

	(void)ctx;
	(void)file;
	if (op != VFS_SYNC || !atomic_load(&disk.held))
		return;
	atomic_store(&disk.waits, true);
	(void)!read(disk.permit[0], &octet, 1);
	atomic_store(&disk.waits, false);
}

/* Before the store is opened. */
static inline void disk_set_up(void)
{
	vfs_shim_reset();
	disk.held = disk.waits = false;
	ck_assert_int_eq(pipe(disk.permit), 0);
	vfs_shim_hook(wait_for_permit, NULL);
}

static inline void disk_permit(int syncs)
{
	for (int i = 0; i < syncs; i++)
		ck_assert_int_eq(write(disk.permit[1], "", 1), 1);
}

/* For good. */
static inline void disk_release(void)
{
	if (disk.permit[1] < 0)
		return;
	disk.held = false;
	(void)close(disk.permit[1]);
	disk.permit[1] = -1;
}

/* After the store was closed. */
static inline void disk_tear_down(void)
{
	vfs_shim_hook(NULL, NULL);
	(void)close(disk.permit[0]);
}

#endif
