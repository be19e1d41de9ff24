/*
 * disk.c - a SQLite VFS in memory that knows which octets were synced.
 *
 * Each file is what the process sees (the page cache) and what is durable, with the
 * writes that separate them (support/disk_image.h, which knows power losses).  Names are
 * durable at once.  One process, one thread: locks are always granted, but for that of who
 * wants a database for himself while another has it open.  vfs_shim wraps the real VFS, with
 * locks, threads and system calls; that is what this leaves out to be fast and repeatable.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sim.h"
#include "support/disk_image.h"

enum {
	FILES = 8,
	REGIONS = 64, /* of shared memory, 32 KiB each */
	SECTOR = 512,
	NAME_MAX_OCTETS = 256
};

struct image {
	char name[NAME_MAX_OCTETS];
	bool exists;
	struct bytes seen; /* the page cache */
	struct disk_image on_disk;
	void *region[REGIONS];
	unsigned mapped; /* connections */
};

struct handle {
	sqlite3_file base;
	struct image *image;
	bool maps;
};

static struct {
	struct image image[FILES];
	struct bytes template;
	char template_name[NAME_MAX_OCTETS];
	bool frozen, failing, full;
} disk;

/* ---- the whole disk ---- */

static struct image *find(const char *name)
{
	for (int i = 0; i < FILES; i++) {
		if (disk.image[i].exists && strcmp(disk.image[i].name, name) == 0)
			return &disk.image[i];
	}
	return NULL;
}

static struct image *make(const char *name)
{
	for (int i = 0; i < FILES; i++) {
		struct image *f = &disk.image[i];

		if (f->exists || f->mapped > 0)
			continue;
		f->exists = true;
		(void)snprintf(f->name, sizeof(f->name), "%s", name);
		f->seen.n = f->on_disk.durable.n = 0;
		disk_image_forget(&f->on_disk);
		return f;
	}
	return NULL;
}

void disk_reset(void)
{
	for (int i = 0; i < FILES; i++) {
		disk.image[i].exists = false;
		disk_image_forget(&disk.image[i].on_disk);
	}
	disk.frozen = disk.failing = disk.full = false;
}

void disk_freeze(void)
{
	disk.frozen = true;
}

static void lose_power(struct image *f)
{
	uint64_t dice = dice_next(&sim.dice) | 1;
	const enum disk_left left = dice / 2 % DISK_LEFTS;

	disk_image_left(&f->on_disk, left, &dice, &f->seen);
	disk_image_forget(&f->on_disk);
	bytes_copy(&f->on_disk.durable, &f->seen);
}

void disk_thaw(enum disk_loss loss)
{
	for (int i = 0; i < FILES && loss == LOSS_POWER; i++) {
		if (disk.image[i].exists)
			lose_power(&disk.image[i]);
	}
	disk.frozen = false;
}

void disk_fail_syncs(bool on)
{
	disk.failing = on;
}

void disk_fill(bool full)
{
	disk.full = full;
}

void disk_keep_template(void)
{
	for (int i = 0; i < FILES; i++) {
		const struct image *f = &disk.image[i];

		if (!f->exists || f->seen.n == 0)
			continue;
		bytes_copy(&disk.template, &f->seen);
		memcpy(disk.template_name, f->name, sizeof(disk.template_name));
	}
}

void disk_load_template(void)
{
	struct image *f = make(disk.template_name);

	bytes_copy(&f->seen, &disk.template);
	bytes_copy(&f->on_disk.durable, &disk.template);
}

size_t disk_size(void)
{
	size_t n = 0;

	for (int i = 0; i < FILES; i++)
		n += disk.image[i].exists ? disk.image[i].seen.n : 0;
	return n;
}

void disk_export(const char *path)
{
	const size_t base = strlen(disk.template_name);

	for (int i = 0; i < FILES; i++) {
		const struct image *f = &disk.image[i];
		char name[NAME_MAX_OCTETS * 2];
		FILE *out;

		if (!f->exists || f->seen.n == 0)
			continue;
		(void)snprintf(name, sizeof(name), "%s%s", path, f->name + base);
		out = fopen(name, "wb");
		if (out == NULL || fwrite(f->seen.p, 1, f->seen.n, out) != f->seen.n ||
		    fclose(out) != 0) {
			(void)fprintf(stderr, "simulate: cannot write %s\n", name);
			exit(EXIT_FAILURE);
		}
	}
}

/* ---- files ---- */

static struct handle *handle_of(sqlite3_file *file)
{
	return (void *)file;
}

/* Each call is a step at which the process may die; then nothing reaches the disk. */
static bool is_lost(void)
{
	return !life_step() || disk.frozen;
}

static int file_close(sqlite3_file *file)
{
	(void)file;
	return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
	const struct bytes *b = &handle_of(file)->image->seen;
	const size_t from = (size_t)at, want = (size_t)n,
		     have = from < b->n ? b->n - from : 0;

	if (have >= want) {
		memcpy(to, b->p + from, want);
		return SQLITE_OK;
	}
	memset(to, 0, want);
	if (have > 0)
		memcpy(to, b->p + from, have);
	return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	struct image *f = handle_of(file)->image;

	if (is_lost())
		return SQLITE_IOERR_WRITE;
	if (disk.full && (size_t)at + (size_t)n > f->seen.n)
		return SQLITE_FULL;
	bytes_write(&f->seen, (size_t)at, p, (size_t)n);
	disk_image_add(&f->on_disk, (size_t)at, p, (size_t)n);
	return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct image *f = handle_of(file)->image;

	if (is_lost())
		return SQLITE_IOERR_TRUNCATE;
	if ((size_t)size < f->seen.n)
		f->seen.n = (size_t)size;
	disk_image_add(&f->on_disk, (size_t)size, NULL, 0);
	return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
	(void)flags;
	if (is_lost() || disk.failing)
		return SQLITE_IOERR_FSYNC;
	disk_image_sync(&handle_of(file)->image->on_disk);
	return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)handle_of(file)->image->seen.n;
	return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
{
	return level == SQLITE_LOCK_EXCLUSIVE && handle_of(file)->image->mapped > 1
	               ? SQLITE_BUSY
	               : SQLITE_OK;
}

static int file_unlock(sqlite3_file *file, int level)
{
	(void)file;
	(void)level;
	return SQLITE_OK;
}

static int file_reserved(sqlite3_file *file, int *out)
{
	(void)file;
	*out = 0;
	return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	(void)file;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
	(void)file;
	return SECTOR;
}

static int file_traits(sqlite3_file *file)
{
	(void)file;
	return 0;
}

static int shm_map(sqlite3_file *file, int i, int size, int extend, void volatile **out)
{
	struct handle *h = handle_of(file);

	*out = NULL;
	if (i >= REGIONS)
		return SQLITE_IOERR_SHMMAP;
	if (!h->maps) {
		h->maps = true;
		h->image->mapped++;
	}
	if (h->image->region[i] == NULL && extend != 0)
		h->image->region[i] = xcalloc(1, (size_t)size);
	*out = h->image->region[i];
	return SQLITE_OK;
}

static int shm_lock(sqlite3_file *file, int at, int n, int flags)
{
	(void)file;
	(void)at;
	(void)n;
	(void)flags;
	return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *file)
{
	(void)file;
}

static int shm_unmap(sqlite3_file *file, int delete)
{
	struct handle *h = handle_of(file);

	(void)delete;
	if (!h->maps)
		return SQLITE_OK;
	h->maps = false;
	if (--h->image->mapped > 0)
		return SQLITE_OK;
	for (int i = 0; i < REGIONS; i++) {
		free(h->image->region[i]);
		h->image->region[i] = NULL;
	}
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_traits,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

/* ---- names ---- */

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                    int *out)
{
	struct handle *h = handle_of(file);
	struct image *f = name != NULL ? find(name) : NULL;

	(void)vfs;
	h->base.pMethods = NULL;
	h->maps = false;
	if (f == NULL && name != NULL && (flags & SQLITE_OPEN_CREATE) != 0 &&
	    !disk.frozen)
		f = make(name);
	if (f == NULL)
		return SQLITE_CANTOPEN;
	h->image = f;
	h->base.pMethods = &methods;
	if (out != NULL)
		*out = flags;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct image *f = find(name);

	(void)vfs;
	(void)sync;
	if (is_lost())
		return SQLITE_IOERR_DELETE;
	if (f == NULL)
		return SQLITE_IOERR_DELETE_NOENT;
	f->exists = false;
	disk_image_forget(&f->on_disk);
	return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const struct image *f = find(name);

	(void)vfs;
	(void)flags;
	*out = f != NULL && f->seen.n > 0 ? 1 : 0;
	return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	(void)snprintf(out, (size_t)n, "%s", name);
	return SQLITE_OK;
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	for (int i = 0; i < n; i++)
		out[i] = (char)below(256);
	return n;
}

static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int vfs_time(sqlite3_vfs *vfs, double *days)
{
	(void)vfs;
	*days = 2440587.5 + (double)sim.clock.wall_s / 86400.0;
	return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	if (n > 0)
		out[0] = '\0';
	return 0;
}

void disk_install(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1,
		.szOsFile = sizeof(struct handle),
		.mxPathname = NAME_MAX_OCTETS - 8,
		.zName = "sim",
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_name,
		.xRandomness = vfs_random,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time,
		.xGetLastError = vfs_error,
	};

	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		abort();
}
