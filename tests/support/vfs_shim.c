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
	WRITES = 1 << 14, /* unsynced, of one file */
	NAME = 200
};

/* An unsynced write; data is NULL for a truncation to at. */
struct pending {
	int64_t at;
	size_t n;
	uint8_t *data;
};

struct image {
	char name[NAME]; /* "": unused */
	uint8_t *synced;
	size_t size;
	bool deleted; /* not synced either */
	struct pending *pending;
	size_t n;
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
	for (size_t i = 0; i < m->n; i++)
		free(m->pending[i].data);
	free(m->pending);
	free(m->synced);
	memset(m, 0, sizeof(*m));
}

static void apply(uint8_t **p, size_t *size, int64_t at, const uint8_t *data, size_t n)
{
	const size_t end = (size_t)at + n;

	if (end > *size || data == NULL) {
		*p = realloc(*p, end > 0 ? end : 1);
		assert(*p != NULL);
		if (end > *size)
			memset(*p + *size, 0, end - *size);
		*size = end;
	}
	if (n > 0)
		memcpy(*p + at, data, n);
}

static void image_load(struct image *m, sqlite3_file *file)
{
	sqlite3_int64 size = 0;

	(void)file->pMethods->xFileSize(file, &size);
	m->synced = calloc((size_t)size + 1, 1);
	m->size = (size_t)size;
	m->pending = calloc(WRITES, sizeof(*m->pending));
	assert(m->synced != NULL && m->pending != NULL);
	if (size > 0)
		(void)file->pMethods->xRead(file, m->synced, (int)size, 0);
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

static void image_add(struct image *m, int64_t at, const void *data, size_t n)
{
	struct pending *p = &m->pending[m->n++];

	assert(m->n < WRITES);
	*p = (struct pending){ .at = at, .n = n };
	if (data == NULL)
		return;
	p->data = malloc(n);
	assert(p->data != NULL);
	memcpy(p->data, data, n);
}

static void image_sync(struct image *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct pending *p = &m->pending[i];

		apply(&m->synced, &m->size, p->at, p->data, p->n);
		free(p->data);
	}
	m->n = 0;
}

static uint64_t dice(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* What is left of a write: a part of it, from *skip for *n octets; false: nothing. */
static bool is_left(enum vfs_left left, size_t i, size_t prefix, uint64_t *seed,
                    const struct pending *p, size_t *skip, size_t *n)
{
	const uint64_t d = dice(seed) % 5;

	*skip = 0;
	*n = p->n;
	if (left == VFS_LEFT_ALL || left == VFS_LEFT_NONE)
		return left == VFS_LEFT_ALL;
	if (left == VFS_LEFT_PREFIX)
		return i < prefix;
	if (d >= 3 && p->n >= 1024) { /* torn at a sector */
		*n = p->n / 2;
		*skip = d == 4 ? p->n - *n : 0;
		return true;
	}
	return d % 2 == 0;
}

static void image_write(const struct image *m, enum vfs_left left, uint64_t *seed,
                        const char *path)
{
	const size_t prefix = m->n > 0 ? dice(seed) % (m->n + 1) : 0;
	uint8_t *p = malloc(m->size + 1);
	size_t size = m->size, skip, n;
	FILE *f = fopen(path, "w");

	assert(p != NULL && f != NULL);
	memcpy(p, m->synced, m->size);
	for (size_t i = 0; i < m->n; i++) {
		const struct pending *w = &m->pending[i];

		if (is_left(left, i, prefix, seed, w, &skip, &n))
			apply(&p, &size, w->at + (int64_t)skip,
			      w->data != NULL ? w->data + skip : NULL, n);
	}
	(void)!fwrite(p, 1, size, f);
	(void)fclose(f);
	free(p);
}

void vfs_shim_keep(const char *folder)
{
	(void)snprintf(shim.kept, sizeof(shim.kept), "%s/", folder);
}

void vfs_shim_power_loss(enum vfs_left left, uint64_t seed, const char *folder)
{
	uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;

	for (size_t i = 0; i < FILES; i++) {
		const struct image *m = &shim.image[i];
		char path[2 * NAME];

		if (m->name[0] == '\0')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		               strrchr(m->name, '/') + 1);
		(void)unlink(path);
		if (!m->deleted || left == VFS_LEFT_NONE ||
		    (left == VFS_LEFT_SOME && dice(&state) % 2 == 0))
			image_write(m, left, &state, path);
	}
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
		image_add(t->image, at, p, (size_t)n);
	return code;
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct tail *t = tail_of(file);
	int code = before(VFS_TRUNCATE, t->name);

	if (code == SQLITE_OK)
		code = t->methods->xTruncate(file, size);
	if (code == SQLITE_OK && t->image != NULL)
		image_add(t->image, size, NULL, 0);
	return code;
}

static int shim_sync(sqlite3_file *file, int flags)
{
	struct tail *t = tail_of(file);
	const int code = before(VFS_SYNC, t->name);

	(void)flags;
	if (code == SQLITE_OK && t->image != NULL)
		image_sync(t->image);
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
