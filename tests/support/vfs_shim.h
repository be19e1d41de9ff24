/*
 * vfs_shim.h - a disk that fails when told to, under every SQLite database of a test.
 *
 * Wraps the default VFS and becomes the default.  It counts operations, fails the n-th
 * of a kind, tells a hook before each, and keeps, of the files below a folder, what
 * would be on the disk if the power went now.  Nothing is ever synced for real and
 * nothing sleeps.  (tests/sim/disk.c is a disk in memory instead, with
 * the same images: a process that dies at any call; here the real VFS with its locks and
 * threads is below, and the n-th operation is chosen.)  One state for the process, one thread at a time unless said.
 */
#ifndef SUPPORT_VFS_SHIM_H
#define SUPPORT_VFS_SHIM_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "disk_image.h"

enum vfs_op {
	VFS_OPEN,
	VFS_READ,
	VFS_WRITE,
	VFS_SYNC,
	VFS_TRUNCATE,
	VFS_DELETE,
	VFS_SHM_MAP,
	VFS_OPS
};

/*
 * Becomes the default VFS at the first call; forgets plans, counts and images.  No file
 * with an image may be open.
 */
void vfs_shim_reset(void);

/*
 * The nth operation from now of that kind on a file whose name ends with file ("": any)
 * gives code instead of being done, and so do all later ones if for_ever.  One plan at a
 * time.  VFS_LIE says that it is done, and does nothing.  May be called while other
 * threads use SQLite.
 */
enum {
	VFS_LIE = -1
};
void vfs_shim_fail(enum vfs_op op, const char *file, unsigned nth, int code,
                   bool for_ever);
void vfs_shim_heal(void); /* no plan */

/* Operations of that kind since the reset; on all files. */
unsigned vfs_shim_count(enum vfs_op op);

/* Called before each operation; not for those that it causes itself. */
void vfs_shim_hook(void (*hook)(void *ctx, enum vfs_op op, const char *file), void *ctx);

/* What SQLite has asked to sleep since the reset, in microseconds. */
int64_t vfs_shim_slept_us(void);

/* Files opened from now on can only be read. */
void vfs_shim_read_only(bool on);

/* Every second write(2) below ends with EINTR, every other writes the half of it. */
void vfs_shim_interrupt(bool on);

/* Keeps images of files in that folder; before any of them is opened. */
void vfs_shim_keep(const char *folder);

/* Writes the images into another folder. */
void vfs_shim_power_loss(enum disk_left left, uint64_t seed, const char *folder);

#endif
