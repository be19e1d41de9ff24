/*
 * wal_file.c - reads a WAL as SQLite would recover it, before SQLite does.
 *
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "wal_priv.h"

enum {
	HEAD = 32,       /* octets, of the file */
	FRAME_HEAD = 24, /* of a page in it */
	SUMMED = 24,     /* of the file's head, and behind it its sum */
	FRAME_SUMMED = 8,
	FORMAT = 3007000,
	SMALLEST_PAGE = 512,
	LARGEST_PAGE = 65536
};
#define MAGIC UINT32_C(0x377f0682) /* the last bit: words of sums are big-endian */

struct sum {
	uint32_t a, b;
	bool big_endian;
};

static uint32_t word(const struct sum *s, const uint8_t *p)
{
	if (s->big_endian)
		return be32(p);
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void add(struct sum *s, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		s->a += word(s, p + i) + s->b;
		s->b += word(s, p + i + 4) + s->a;
	}
}

static bool is_sum(const struct sum *s, const uint8_t *p)
{
	return be32(p) == s->a && be32(p + 4) == s->b;
}

static bool read_at(sqlite3_file *file, void *to, int n, int64_t at)
{
	return file->pMethods->xRead(file, to, n, at) == SQLITE_OK;
}

static struct wal_file head_of(const uint8_t head[static HEAD])
{
	return (struct wal_file){ .chain = be32(head + 16) - be32(head + 12),
		                  .round = be32(head + 12) };
}

bool wal_head(sqlite3_file *file, struct wal_file *out)
{
	uint8_t head[HEAD];

	if (file == NULL || file->pMethods == NULL || !read_at(file, head, HEAD, 0))
		return false;
	*out = head_of(head);
	return true;
}

/* Frames up to the last commit that the sums reach. */
static uint32_t count_frames(sqlite3_file *file, const uint8_t head[static HEAD],
                             struct sum sum)
{
	const uint32_t page = be32(head + 8), size = page + FRAME_HEAD;
	uint8_t *frame = xcalloc(1, size);
	uint32_t whole = 0;

	for (uint32_t i = 0; read_at(file, frame, (int)size, HEAD + (int64_t)i * size);
	     i++) {
		add(&sum, frame, FRAME_SUMMED);
		add(&sum, frame + FRAME_HEAD, page);
		if (memcmp(frame + 8, head + 16, 8) != 0 || !is_sum(&sum, frame + 16))
			break;
		if (be32(frame + 4) != 0) /* a commit: pages of the database behind it */
			whole = i + 1;
	}
	free(frame);
	return whole;
}

static struct wal_file examine(sqlite3_file *file)
{
	struct wal_file w = { 0 };
	struct sum sum = { 0, 0, false };
	uint8_t head[HEAD];
	uint32_t page;

	if (!read_at(file, head, HEAD, 0))
		return w;
	page = be32(head + 8);
	sum.big_endian = (be32(head) & 1) != 0;
	add(&sum, head, SUMMED);
	if ((be32(head) & ~UINT32_C(1)) != MAGIC || be32(head + 4) != FORMAT ||
	    page < SMALLEST_PAGE || page > LARGEST_PAGE || (page & (page - 1)) != 0 ||
	    !is_sum(&sum, head + SUMMED))
		return w;
	w = head_of(head);
	w.frames = count_frames(file, head, sum);
	return w;
}

/* ---- by name, in the file system that SQLite uses ---- */

static bool is_there(sqlite3_vfs *vfs, const char *name)
{
	int there = 0;

	return vfs->xAccess(vfs, name, SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK &&
	       there != 0;
}

static sqlite3_file *open_file(sqlite3_vfs *vfs, const char *name, int kind)
{
	sqlite3_file *file = xcalloc(1, (size_t)vfs->szOsFile);

	if (is_there(vfs, name) &&
	    vfs->xOpen(vfs, name, file, kind | SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
		return file;
	free(file);
	return NULL;
}

static void close_file(sqlite3_file *file)
{
	(void)file->pMethods->xClose(file);
	free(file);
}

struct wal_file wal_examine(const char *path)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	struct buf name = buf_make(WAL_PATH);
	struct wal_file w = { 0 };
	sqlite3_file *file;

	buf_printf(&name, "%s-wal", path);
	file = open_file(vfs, buf_cstr(&name), SQLITE_OPEN_WAL);
	if (file != NULL) {
		w = examine(file);
		close_file(file);
	}
	buf_free(&name);
	return w;
}

uint64_t wal_base_of(sqlite3_file *file)
{
	uint8_t p[8];

	if (file == NULL || file->pMethods == NULL ||
	    !read_at(file, p, sizeof(p), WAL_BASE_AT))
		return 0;
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

bool wal_base(const char *path, uint64_t *out)
{
	sqlite3_file *file = open_file(sqlite3_vfs_find(NULL), path, SQLITE_OPEN_MAIN_DB);

	if (file == NULL)
		return false;
	*out = wal_base_of(file);
	close_file(file);
	return true;
}
