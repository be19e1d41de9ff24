/*
 * vfs_shim.c - see vfs_shim.h.
 *
 * The file below comes first in each file, so that its methods find what they know;
 * what is not wrapped (locks, shared memory) goes to them unseen.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vfs_shim.h"

enum {
	FILES = 8,
	NAME = 200
};

struct image {
	char name[NAME]; /* "": unused */
	struct disk_image on_disk;
	bool deleted; /* not synced either */
};

struct tail {
	const sqlite3_io_methods *methods; /* of the file below */
	sqlite3_io_methods ours;
	struct image *image; /* NULL: none is kept */
	char name[NAME];
};

static struct {
	pthread_mutex_t lock; /* of plan and counts */
	enum vfs_op op;
	char file[32];
	unsigned nth; /* 0: no plan */
	int code;
	bool for_ever, read_only, in_hook;
	unsigned count[VFS_OPS];
	int64_t slept_us;
	void (*hook)(void *ctx, enum vfs_op op, const char *file);
	void *ctx;
	char kept[NAME];
	struct image image[FILES];
} shim = { .lock = PTHREAD_MUTEX_INITIALIZER };

static sqlite3_vfs ours, *below;

static struct tail *tail_of(sqlite3_file *file)
{
	return (struct tail *)(void *)((char *)file + below->szOsFile);
}

static bool ends_with(const char *name, const char *end)
{
	const size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

/* The code of the plan if this operation is its, else SQLITE_OK. */
static int fate(enum vfs_op op, const char *name)
{
	int code = SQLITE_OK;

	(void)pthread_mutex_lock(&shim.lock);
	shim.count[op]++;
	if (shim.nth > 0 && shim.op == op && ends_with(name, shim.file)) {
		if (shim.nth == 1)
			code = shim.code;
		if (shim.nth > 1 || !shim.for_ever)
			shim.nth--;
	}
	(void)pthread_mutex_unlock(&shim.lock);
	return code;
}

static int before(enum vfs_op op, const char *name)
{
	if (shim.hook != NULL && !shim.in_hook) {
		shim.in_hook = true;
		shim.hook(shim.ctx, op, name);
		shim.in_hook = false;
	}
	return fate(op, name);
}

/* ---- images ---- */

static void image_drop(struct image *m)
{
	disk_image_free(&m->on_disk);
	memset(m, 0, sizeof(*m));
}

static void image_load(struct image *m, sqlite3_file *file)
{
	struct bytes *all = &m->on_disk.durable;
	sqlite3_int64 size = 0;

	(void)file->pMethods->xFileSize(file, &size);
	if (size == 0)
		return;
	bytes_write(all, (size_t)size, "", 0);
	(void)file->pMethods->xRead(file, all->p, (int)size, 0);
}

static struct image *image_find(const char *name)
{
	for (size_t i = 0; i < FILES; i++) {
		if (strcmp(shim.image[i].name, name) == 0)
			return &shim.image[i];
	}
	return NULL;
}

static struct image *image_of(sqlite3_file *file, const char *name)
{
	struct image *m;

	if (name == NULL || shim.kept[0] == '\0' ||
	    strncmp(name, shim.kept, strlen(shim.kept)) != 0)
		return NULL;
	m = image_find(name);
	if (m != NULL && !m->deleted)
		return m;
	m = m != NULL ? m : image_find("");
	assert(m != NULL);
	image_drop(m);
	(void)snprintf(m->name, sizeof(m->name), "%s", name);
	image_load(m, file);
	return m;
}

static void write_file(const struct bytes *b, const char *path)
{
	FILE *f = fopen(path, "w");

	assert(f != NULL);
	if (b->n > 0)
		(void)!fwrite(b->p, 1, b->n, f);
	(void)fclose(f);
}

void vfs_shim_keep(const char *folder)
{
	(void)snprintf(shim.kept, sizeof(shim.kept), "%s/", folder);
}

void vfs_shim_power_loss(enum disk_left left, uint64_t seed, const char *folder)
{
	uint64_t dice = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	struct bytes file = { NULL, 0, 0 };

	for (size_t i = 0; i < FILES; i++) {
		const struct image *m = &shim.image[i];
		char path[2 * NAME];

		if (m->name[0] == '\0')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		               strrchr(m->name, '/') + 1);
		(void)unlink(path);
		disk_image_left(&m->on_disk, left, &dice, &file);
		if (!m->deleted || left == DISK_LEFT_NONE ||
		    (left == DISK_LEFT_SOME && dice % 2 == 0))
			write_file(&file, path);
	}
	free(file.p);
}

/* ---- files ---- */

static int shim_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
	const int code = before(VFS_READ, tail_of(file)->name);

	return code != SQLITE_OK ? code : tail_of(file)->methods->xRead(file, p, n, at);
}

static int shim_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	struct tail *t = tail_of(file);
	int code = before(VFS_WRITE, t->name);

	if (code == VFS_LIE)
		return SQLITE_OK;
	if (code == SQLITE_OK)
		code = t->methods->xWrite(file, p, n, at);
	if (code == SQLITE_OK && t->image != NULL)
		disk_image_add(&t->image->on_disk, (size_t)at, p, (size_t)n);
	return code;
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct tail *t = tail_of(file);
	int code = before(VFS_TRUNCATE, t->name);

	if (code == SQLITE_OK)
		code = t->methods->xTruncate(file, size);
	if (code == SQLITE_OK && t->image != NULL)
		disk_image_add(&t->image->on_disk, (size_t)size, NULL, 0);
	return code;
}

static int shim_sync(sqlite3_file *file, int flags)
{
	struct tail *t = tail_of(file);
	const int code = before(VFS_SYNC, t->name);

	(void)flags;
	if (code == SQLITE_OK && t->image != NULL)
		disk_image_sync(&t->image->on_disk);
	return code == VFS_LIE ? SQLITE_OK : code;
}

static int shim_shm_map(sqlite3_file *file, int page, int size, int extend,
                        void volatile **out)
{
	const int code = before(VFS_SHM_MAP, tail_of(file)->name);

	return code != SQLITE_OK
	               ? code
	               : tail_of(file)->methods->xShmMap(file, page, size, extend, out);
}

static void wrap(struct tail *t, sqlite3_file *file, const char *name)
{
	t->methods = file->pMethods;
	t->ours = *file->pMethods;
	t->ours.xRead = shim_read;
	t->ours.xWrite = shim_write;
	t->ours.xSync = shim_sync;
	t->ours.xTruncate = shim_truncate;
	t->ours.xShmMap = shim_shm_map;
	t->image = image_of(file, name);
	(void)snprintf(t->name, sizeof(t->name), "%s", name != NULL ? name : "");
	file->pMethods = &t->ours;
}

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out)
{
	int code = before(VFS_OPEN, name != NULL ? name : "");

	(void)vfs;
	if (code != SQLITE_OK) {
		file->pMethods = NULL;
		return code;
	}
	if (shim.read_only && (flags & SQLITE_OPEN_READWRITE) != 0)
		flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) |
		        SQLITE_OPEN_READONLY;
	code = below->xOpen(below, name, file, flags, out);
	if (code == SQLITE_OK)
		wrap(tail_of(file), file, name);
	return code;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	int code = before(VFS_DELETE, name);
	struct image *m = image_find(name);

	(void)vfs;
	(void)sync_folder;
	if (code == SQLITE_OK)
		code = below->xDelete(below, name, 0);
	if (code == SQLITE_OK && m != NULL)
		m->deleted = true;
	return code;
}

static int shim_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	shim.slept_us += us;
	return us;
}

/* ---- system calls below ---- */

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static unsigned calls;

static ssize_t broken_pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (++calls % 2 == 1) {
		errno = EINTR;
		return -1;
	}
	return real_pwrite(fd, p, n > 1 ? n / 2 : n, at);
}

void vfs_shim_interrupt(bool on)
{
	static const char *const names[] = { "pwrite", "pwrite64" };

	real_pwrite = pwrite;
	calls = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		/* NULL restores the default. */
		(void)below->xSetSystemCall(
			below, names[i], on ? (sqlite3_syscall_ptr)broken_pwrite : NULL);
	}
}

/* ---- plans ---- */

void vfs_shim_reset(void)
{
	if (below == NULL) {
		(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
		below = sqlite3_vfs_find(NULL);
		assert(below != NULL);
		ours = *below;
		ours.zName = "shim";
		ours.szOsFile = below->szOsFile + (int)sizeof(struct tail);
		ours.xOpen = shim_open;
		ours.xDelete = shim_delete;
		ours.xSleep = shim_sleep;
		if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK)
			abort();
	}
	for (size_t i = 0; i < FILES; i++)
		image_drop(&shim.image[i]);
	memset(shim.count, 0, sizeof(shim.count));
	shim.kept[0] = '\0';
	shim.slept_us = 0;
	shim.hook = NULL;
	shim.read_only = false;
	vfs_shim_heal();
}

void vfs_shim_fail(enum vfs_op op, const char *file, unsigned nth, int code,
                   bool for_ever)
{
	(void)pthread_mutex_lock(&shim.lock);
	shim.op = op;
	(void)snprintf(shim.file, sizeof(shim.file), "%s", file);
	shim.nth = nth;
	shim.code = code;
	shim.for_ever = for_ever;
	(void)pthread_mutex_unlock(&shim.lock);
}

void vfs_shim_heal(void)
{
	vfs_shim_fail(VFS_OPS, "", 0, SQLITE_OK, false);
}

unsigned vfs_shim_count(enum vfs_op op)
{
	unsigned n;

	(void)pthread_mutex_lock(&shim.lock);
	n = shim.count[op];
	(void)pthread_mutex_unlock(&shim.lock);
	return n;
}

void vfs_shim_hook(void (*hook)(void *ctx, enum vfs_op op, const char *file), void *ctx)
{
	shim.hook = hook;
	shim.ctx = ctx;
}

int64_t vfs_shim_slept_us(void)
{
	return shim.slept_us;
}

void vfs_shim_read_only(bool on)
{
	shim.read_only = on;
}
