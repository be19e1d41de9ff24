/*
 * wal_note.c - the notes in the lock file; see wal_priv.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "wal_priv.h"

enum {
	NOTE_AT = 16, /* behind the owner's pid */
	NOTE_MAX = 96
};

/* FNV-1a */
static uint32_t sum_of(const char *p, size_t n)
{
	uint32_t h = UINT32_C(0x811c9dc5);

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)p[i]) * UINT32_C(0x01000193);
	return h;
}

#define NOTE_FORMAT \
	"%c %08" PRIx32 " %08" PRIx32 " %08" PRIx32 " %016" PRIx64 " %016" PRIx64
#define NOTE_SCAN \
	"%c %" SCNx32 " %" SCNx32 " %" SCNx32 " %" SCNx64 " %" SCNx64 " %n%" SCNx32

/* Only a check of the next start: the store holds without it. */
static void write_note(int fd, const struct wal_note *n, bool synced)
{
	char line[NOTE_MAX];
	int size;

	if (fd < 0)
		return;
	size = snprintf(line, sizeof(line), NOTE_FORMAT, n->state, n->chain, n->round,
	                n->frames, n->base, n->last_id);
	size += snprintf(line + size, sizeof(line) - (size_t)size, " %08" PRIx32 "\n",
	                 sum_of(line, (size_t)size));
	if (pwrite(fd, line, (size_t)size, NOTE_AT) == size && synced)
		(void)fdatasync(fd);
}

static struct wal_note read_note(int fd)
{
	struct wal_note n = { .state = WAL_UNKNOWN };
	char line[NOTE_MAX + 1] = "";
	uint32_t sum = 0;
	int behind = 0;

	if (fd < 0 || pread(fd, line, NOTE_MAX, NOTE_AT) <= 0 ||
	    /* NOLINTNEXTLINE(cert-err34-c) the sum tells */
	    sscanf(line, NOTE_SCAN, &n.state, &n.chain, &n.round, &n.frames, &n.base,
	           &n.last_id, &behind, &sum) != 7 ||
	    sum != sum_of(line, (size_t)behind - 1))
		return (struct wal_note){ .state = WAL_UNKNOWN };
	return n;
}

/* ---- before SQLite reads ---- */

static enum err foreign(const char *path, const char *what, struct fault *fault)
{
	fault_set(fault,
	          "%s-wal: not the one that this store was left with (%s): put the right "
	          "one back, or restore the newest backup with smshall restore; to go on "
	          "with the two as they are, remove %s.lock",
	          path, what, path);
	return ERR_CORRUPT;
}

static uint64_t newest_in(const char *path)
{
	struct fault ignored = { "" };
	struct sql q = { .fault = &ignored };
	sqlite3_stmt *row = NULL;
	uint64_t id = 0;

	if (sqlite_connect_alone(&q, path) == ERR_OK &&
	    sql_once(&q, "SELECT ifnull(max(id), 0) FROM inbox", SQL_NO_ARGS, &row) ==
	            ERR_OK) {
		id = (uint64_t)sql_col_int(row, 0);
		(void)sqlite3_finalize(row);
	}
	sql_close(&q);
	return id;
}

/*
 * Another program that opened the store after a crash has moved the WAL into the file and
 * removed it; then nothing is missing.
 */
static enum err check_missing(const char *path, const struct wal_note *n,
                              struct fault *fault)
{
	const uint64_t newest = newest_in(path);

	if (newest >= n->last_id)
		return ERR_OK;
	fault_set(
		fault,
		"%s-wal is missing or spoilt, and the last owner did not stop cleanly: texts "
		"%" PRIu64 " to %" PRIu64 " were acknowledged and are only there: put it "
		"back, or restore the newest backup with smshall restore; to go on without "
		"them, remove %s.lock",
		path, newest + 1, n->last_id, path);
	return ERR_CORRUPT;
}

static enum err check_same(const char *path, const struct wal_note *n,
                           const struct wal_file *w, struct fault *fault)
{
	const int32_t rounds = (int32_t)(w->round - n->round);
	uint64_t base = 0;

	if (w->chain != n->chain)
		return foreign(path, "another database's", fault);
	if (rounds < 0 || (rounds == 0 && w->frames < n->frames))
		return foreign(path, "an older copy, or cut short", fault);
	if (n->state == WAL_USED && n->base != 0 && rounds == 0 &&
	    wal_base(path, &base) && base != n->base)
		return foreign(path, "the file beside it is another one", fault);
	return ERR_OK;
}

enum err sqlite_wal_check(const char *path, int lock, struct fault *fault)
{
	const struct wal_note n = read_note(lock);
	struct wal_file w;
	uint64_t base;

	if (n.state == WAL_UNKNOWN || n.state == WAL_STARTING || !wal_base(path, &base))
		return ERR_OK;
	w = wal_examine(path);
	if (w.frames == 0 && (n.state == WAL_NONE || n.state == WAL_ENDED))
		return ERR_OK;
	if (w.frames == 0)
		return check_missing(path, &n, fault);
	if (n.state == WAL_NONE)
		return foreign(path, "another database's", fault);
	return check_same(path, &n, &w, fault);
}

/* ---- the owner's ---- */

void sqlite_wal_forget(int lock, bool none)
{
	write_note(lock, &(struct wal_note){ .state = none ? WAL_NONE : WAL_UNKNOWN },
	           true);
}

void sqlite_wal_starts(struct sqlite_store *s)
{
	/* What is in a WAL that is there was noted by the last owner. */
	if (s->lock_fd >= 0 && wal_examine(s->path).frames == 0)
		write_note(s->lock_fd, &(struct wal_note){ .state = WAL_STARTING }, true);
}

static sqlite3_file *file_of(const struct sqlite_store *s, int which)
{
	sqlite3_file *file = NULL;

	return sqlite3_file_control(s->sql.db, "main", which, &file) == SQLITE_OK ? file
	                                                                          : NULL;
}

/*
 * Where a write may harm its neighbours, SQLite repeats the last frame up to the end of a
 * sector, and what is behind that end is not synced.
 */
static bool is_padded(sqlite3_file *file)
{
	return file == NULL || file->pMethods == NULL ||
	       (file->pMethods->xDeviceCharacteristics(file) &
	        SQLITE_IOCAP_POWERSAFE_OVERWRITE) == 0;
}

void sqlite_wal_committed(struct sqlite_store *s, uint32_t frames)
{
	struct wal_note *n = &s->note;
	const bool first = n->state == WAL_UNKNOWN;
	struct wal_file w;

	if (s->lock_fd < 0 || s->unsynced)
		return;
	if (n->state != WAL_USED || frames < n->frames) {
		if (!wal_head(file_of(s, SQLITE_FCNTL_JOURNAL_POINTER), &w))
			return; /* the note before is true as well */
		n->chain = w.chain;
		n->round = w.round;
		n->base = wal_base_of(file_of(s, SQLITE_FCNTL_FILE_POINTER));
		n->padded = is_padded(file_of(s, SQLITE_FCNTL_FILE_POINTER));
	}
	n->state = WAL_USED;
	n->frames = frames > 1 && n->padded ? frames - 1 : frames;
	write_note(s->lock_fd, n, first);
}

void sqlite_wal_moves(struct sqlite_store *s, bool ended)
{
	s->note.state = ended ? WAL_ENDED : WAL_MOVING;
	write_note(s->lock_fd, &s->note, true);
}
