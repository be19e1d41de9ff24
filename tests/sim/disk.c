/*
 * disk.c - a SQLite VFS in memory that knows which octets were synced.
 *
 * Each file is what the process sees (the page cache) and what is durable, with the
 * writes that separate them.  A power loss lets any of these reach the disk, also
 * sector by sector.  Names are durable at once.  One process, one thread: locks are
 * always granted.  tests/support/vfs_shim wraps the real VFS, with locks, threads and
 * system calls; that is what this leaves out to be fast and repeatable.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sim.h"

enum {
	FILES = 8,
	REGIONS = 64, /* of shared memory, 32 KiB each */
	SECTOR = 512,
	NAME_MAX_OCTETS = 256
};

struct bytes {
	uint8_t *p;
	size_t n, cap;
};

/* A write that is not durable; octets NULL: a truncation to at. */
struct pending {
	size_t at, n;
	uint8_t *octets;
};

struct image {
	char name[NAME_MAX_OCTETS];
	bool exists;
	struct bytes seen, durable;
	struct pending *pending;
	size_t n_pending, cap_pending;
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

/* ---- octets ---- */

static void reach(struct bytes *b, size_t n)
{
	if (n > b->cap) {
		b->cap = n * 2;
		b->p = xrealloc(b->p, b->cap);
	}
	if (n > b->n) {
		memset(b->p + b->n, 0, n - b->n);
		b->n = n;
	}
}

static void write_at(struct bytes *b, size_t at, const uint8_t *p, size_t n)
{
	reach(b, at + n);
	if (n > 0)
		memcpy(b->p + at, p, n);
}

static void copy_bytes(struct bytes *to, const struct bytes *from)
{
	to->n = 0;
	write_at(to, 0, from->p, from->n);
}

static void apply(struct image *f, const struct pending *w)
{
	if (w->octets != NULL)
		write_at(&f->durable, w->at, w->octets, w->n);
	else if (w->at < f->durable.n)
		f->durable.n = w->at;
}

static void drop_pending(struct image *f)
{
	for (size_t i = 0; i < f->n_pending; i++)
		free(f->pending[i].octets);
	f->n_pending = 0;
}

static void make_durable(struct image *f)
{
	for (size_t i = 0; i < f->n_pending; i++)
		apply(f, &f->pending[i]);
	drop_pending(f);
}

static void add_pending(struct image *f, size_t at, const void *p, size_t n)
{
	uint8_t *copy = NULL;

	if (f->n_pending == f->cap_pending) {
		f->cap_pending = f->cap_pending == 0 ? 64 : f->cap_pending * 2;
		f->pending = xrealloc(f->pending, f->cap_pending * sizeof(*f->pending));
	}
	if (p != NULL) {
		copy = xcalloc(1, n + 1);
		memcpy(copy, p, n);
	}
	f->pending[f->n_pending++] = (struct pending){ at, n, copy };
}

/* Sector by sector, each with even odds. */
static void tear(struct image *f, const struct pending *w)
{
	for (size_t at = 0; at < w->n; at += SECTOR) {
		const size_t n = w->n - at < SECTOR ? w->n - at : SECTOR;

		if (one_in(2))
			write_at(&f->durable, w->at + at, w->octets + at, n);
	}
}

static void lose_power(struct image *f)
{
	const int64_t mode = below(4); /* none, all before some moment, any, torn */
	const size_t kept = (size_t)below((int64_t)f->n_pending + 1);

	for (size_t i = 0; i < f->n_pending; i++) {
		const struct pending *w = &f->pending[i];

		if ((mode == 1 && i < kept) || (mode == 2 && one_in(2)))
			apply(f, w);
		else if (mode == 3 && w->octets != NULL)
			tear(f, w);
	}
	drop_pending(f);
	copy_bytes(&f->seen, &f->durable);
}

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
		f->seen.n = f->durable.n = 0;
		drop_pending(f);
		return f;
	}
	return NULL;
}

void disk_reset(void)
{
	for (int i = 0; i < FILES; i++) {
		disk.image[i].exists = false;
		drop_pending(&disk.image[i]);
	}
	disk.frozen = disk.failing = disk.full = false;
}

void disk_freeze(void)
{
	disk.frozen = true;
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
		copy_bytes(&disk.template, &f->seen);
		memcpy(disk.template_name, f->name, sizeof(disk.template_name));
	}
}

void disk_load_template(void)
{
	struct image *f = make(disk.template_name);

	copy_bytes(&f->seen, &disk.template);
	copy_bytes(&f->durable, &disk.template);
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
	write_at(&f->seen, (size_t)at, p, (size_t)n);
	add_pending(f, (size_t)at, p, (size_t)n);
	return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct image *f = handle_of(file)->image;

	if (is_lost())
		return SQLITE_IOERR_TRUNCATE;
	if ((size_t)size < f->seen.n)
		f->seen.n = (size_t)size;
	add_pending(f, (size_t)size, NULL, 0);
	return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
	(void)flags;
	if (is_lost() || disk.failing)
		return SQLITE_IOERR_FSYNC;
	make_durable(handle_of(file)->image);
	return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)handle_of(file)->image->seen.n;
	return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
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
	.xUnlock = file_lock,
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
	drop_pending(f);
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
