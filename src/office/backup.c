/*
 * backup.c - the task "backup": a copy of the store in one file, while texts are answered.
 *
 *   {"do":"backup","path":"/var/backups/hall.db","force":false}
 *
 * Slices of pages are copied where the store is written, between turns.  The copy grows
 * as PATH.part, is synced and looked through, and only then takes its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/killpoint.h"
#include "care_priv.h"
#include "store/copy.h"
#include "store/health.h"

enum {
	PAGES_FIRST = 32,
	PAGES_LEAST = 8,
	PAGES_MOST = 2048,    /* 8 MiB */
	RETRIES = 5,          /* of a slice that found the store locked, 2 s each */
	PAGES_BUSY = 256,     /* at most, while texts come in */
	SYNC_IDLE = 16 << 20, /* octets that the disk has to write at once */
	SYNC_BUSY = 1 << 20,
	RESTS = 2, /* behind a sync, of its length */
	REST_MOST_US = 1000000,
	MODE = 0600
};

struct copying {
	struct office_call *c;
	const char *path, *part;
	int fd; /* of part */
	struct store_backup *backup;
	struct store_backup_progress at;
	int pages;
	int64_t us;     /* of the last slice */
	int64_t synced; /* octets */
};

/* ---- where the store is written ---- */

static enum err begin(struct store *s, void *arg)
{
	struct copying *p = arg;

	return store_backup_begin(s, p->part, &p->backup, p->c->fault);
}

static enum err step(struct store *s, void *arg)
{
	struct copying *p = arg;
	const int64_t from = clock_machine().mono_us;
	const enum err e = store_backup_step(p->backup, p->pages, &p->at, p->c->fault);

	(void)s;
	p->us = clock_machine().mono_us - from;
	return e;
}

static enum err end(struct store *s, void *arg)
{
	struct copying *p = arg;

	(void)s;
	store_backup_end(p->backup);
	return ERR_OK;
}

/* ---- on the asking thread ---- */

static enum err failed(const struct copying *p, const char *path)
{
	const int why = errno;

	fault_set(p->c->fault, "%s: %s%s", path, strerror(why),
	          why == ENOENT ? ": make its folder first" : "");
	return why == ENOSPC ? ERR_FULL : ERR_IO;
}

static bool is_busy(const struct copying *p)
{
	return p->c->host->is_busy != NULL && p->c->host->is_busy(p->c->host->ctx);
}

static void rest(int64_t us)
{
	const struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	(void)nanosleep(&t, NULL);
}

/*
 * While texts come in, their commits wait behind what the disk is still to write of the
 * copy: it is given little at once, and then time for the others; the more, the slower
 * it is.
 */
static enum err sync_part(struct copying *p)
{
	const int64_t at = p->at.done * p->at.page_size, had = at - p->synced;
	const bool busy = is_busy(p);
	int64_t us = clock_machine().mono_us;

	if (had < (busy ? SYNC_BUSY : SYNC_IDLE))
		return ERR_OK;
	if (fdatasync(p->fd) != 0)
		return failed(p, p->part);
	p->synced = at;
	us = (clock_machine().mono_us - us) * RESTS;
	if (busy)
		rest(us < REST_MOST_US ? us : REST_MOST_US);
	return ERR_OK;
}

static void tell(const struct copying *p)
{
	office_progress(p->c, p->at.done, p->at.total, 0);
	office_meanwhile(p->c);
}

static enum err copy_pages(struct copying *p)
{
	int retries = 0;
	enum err e = ERR_OK;

	while (e == ERR_OK && !p->at.ended) {
		const struct pace limits = { PAGES_LEAST,
			                     is_busy(p) ? PAGES_BUSY : PAGES_MOST };

		e = office_write(p->c, step, p);
		if (e == ERR_BUSY && ++retries < RETRIES) {
			e = ERR_OK;
			continue;
		}
		if (e == ERR_BUSY)
			fault_set(p->c->fault,
			          "the store stays locked by another program");
		if (e != ERR_OK)
			return e;
		retries = 0;
		p->pages = (int)office_pace(p->c, limits, p->pages, p->us);
		tell(p);
		e = sync_part(p);
	}
	return e;
}

/* The query that is open reads the copy. */
static bool on_look(void *ctx, int64_t done, int64_t total)
{
	const struct office_call *c = ctx;

	office_progress(c, done, total, 0);
	office_meanwhile(c);
	return !office_is_ending(c);
}

/* From an empty file to a whole copy that was looked through. */
static enum err copy(struct copying *p)
{
	const struct store_watch watch = { on_look, p->c };
	enum err e = office_write(p->c, begin, p), ended;

	if (e != ERR_OK)
		return e;
	e = copy_pages(p);
	/* Also when the process ends: only there may the copy be let go. */
	ended = p->c->host->write(p->c->host->ctx, end, p);
	if (e == ERR_OK)
		e = ended;
	if (e == ERR_OK && fsync(p->fd) != 0)
		e = failed(p, p->part);
	if (e == ERR_OK)
		e = store_check_file(p->part, &watch, p->c->fault);
	/* Memory is better used for pages of the store. */
	(void)posix_fadvise(p->fd, 0, 0, POSIX_FADV_DONTNEED);
	return e;
}

/* A file of another kind is nobody's backup: it is not replaced, whatever was said. */
static enum err check_target(const struct copying *p, bool force)
{
	struct stat st;

	if (p->path[0] != '/') {
		fault_set(p->c->fault,
		          "request: \"path\": expected one that begins with /");
		return ERR_SYNTAX;
	}
	if (lstat(p->path, &st) != 0)
		return ERR_OK;
	if (!force) {
		fault_set(p->c->fault,
		          "%s exists already: choose another name, or replace it with "
		          "--force",
		          p->path);
		return ERR_EXISTS;
	}
	if (!S_ISREG(st.st_mode) || !store_is_ours(p->path)) {
		fault_set(p->c->fault, "%s is no backup of a store: it is not replaced",
		          p->path);
		return ERR_EXISTS;
	}
	return ERR_OK;
}

/* First of all: opening and closing the store's own file would drop SQLite's locks on it. */
static enum err check_not_the_store(const struct copying *p)
{
	struct store_health h = { .path = NULL };
	struct stat store, target;
	enum err e = store_health(p->c->host->reader, &p->c->arena, &h, p->c->fault);

	if (e != ERR_OK || stat(p->path, &target) != 0 || stat(h.path, &store) != 0)
		return e;
	if (store.st_dev != target.st_dev || store.st_ino != target.st_ino)
		return ERR_OK;
	fault_set(p->c->fault, "%s is the store itself", p->path);
	return ERR_EXISTS;
}

static enum err take_name(const struct copying *p, bool force)
{
	KILLPOINT("backup.rename");
	/* link(2) fails where rename(2) would replace what came there meanwhile. */
	if (force ? rename(p->part, p->path) != 0 : link(p->part, p->path) != 0)
		return failed(p, p->path);
	if (!force)
		(void)unlink(p->part);
	return store_sync_folder(p->path, p->c->fault);
}

static enum err make_part(struct copying *p)
{
	(void)unlink(p->part); /* of a backup that was cut short */
	p->fd = open(p->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
	return p->fd >= 0 ? ERR_OK : failed(p, p->part);
}

static enum err backup(struct copying *p, bool force)
{
	enum err e = make_part(p);

	if (e != ERR_OK)
		return e;
	e = copy(p);
	if (e == ERR_OK)
		e = take_name(p, force);
	if (e != ERR_OK)
		(void)unlink(p->part);
	(void)close(p->fd);
	return e;
}

static void say_done(const struct copying *p, int64_t us)
{
	const int64_t octets = p->at.total * p->at.page_size;
	const double s = us > 1000 ? (double)us / 1e6 : 0.001;

	office_say(p->c,
	           "%s: %" PRId64 " pages, %" PRId64
	           " octets in %.1f s (%.0f MB/s), checked",
	           p->path, p->at.total, octets, s, (double)octets / 1e6 / s);
	office_note_last(p->c->host, OFFICE_BACKUP, octets, us);
	LOG(p->c->host->log, LOG_INFO, "backup.done",
	    "path=\"%s\" octets=%" PRId64 " seconds=%.1f", p->path, octets, s);
}

static enum err run(struct office_call *c)
{
	const int64_t from = clock_machine().mono_us;
	struct copying p = { .c = c, .pages = PAGES_FIRST };
	struct str path;
	bool force = false;
	enum err e = office_text(c, "path", &path);

	if (e == ERR_OK)
		e = office_flag(c, "force", &force);
	if (e != ERR_OK)
		return e;
	p.path = arena_str(&c->arena, path).p;
	p.part = arena_printf(&c->arena, "%s.part", p.path).p;
	e = check_not_the_store(&p);
	if (e == ERR_OK)
		e = check_target(&p, force);
	if (e == ERR_OK)
		e = backup(&p, force);
	if (e == ERR_OK)
		say_done(&p, clock_machine().mono_us - from);
	return e;
}

const struct office_task office_backup = { .name = "backup",
	                                   .run = run,
	                                   .is_long = true };
