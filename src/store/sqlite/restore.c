/*
 * restore.c - a backup in the place of the store; see store/copy.h.
 *
 * The former store leaves its name before the new one takes it, so a crash between the
 * two leaves no store there rather than a mixture; restoring once more mends that.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/civil.h"
#include "sqlite_priv.h"
#include "store/copy.h"

enum {
	NAMES = 100,     /* of former stores of one second */
	BLOCK = 1 << 20, /* octets copied at once */
	MODE = 0640      /* what subscribers wrote is not everybody's business */
};

static enum err failed(const char *path, struct fault *fault)
{
	const int why = errno;

	fault_set(fault, "%s: %s", path, strerror(why));
	return why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_IO;
}

const char *store_path_of(const char *url)
{
	const struct str scheme = STR("sqlite:");

	if (!str_starts(str_of(url), scheme) || url[scheme.n] == '\0' ||
	    sqlite_in_memory(url + scheme.n))
		return NULL;
	return url + scheme.n;
}

static struct str folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return STR(".");
	return slash == path ? STR("/") : (struct str){ path, (size_t)(slash - path) };
}

enum err store_sync_folder(const char *path, struct fault *fault)
{
	char *folder = xstrndup(folder_of(path));
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err e = ERR_OK;

	if (fd < 0 || fsync(fd) != 0)
		e = failed(folder, fault);
	if (fd >= 0)
		(void)close(fd);
	free(folder);
	return e;
}

/* ---- the copy ---- */

static enum err copy_octets(int from, int to, int64_t *octets)
{
	uint8_t *block = xcalloc(1, BLOCK);
	ssize_t n;

	*octets = 0;
	while ((n = read(from, block, BLOCK)) > 0) {
		for (ssize_t at = 0, wrote; at < n; at += wrote) {
			wrote = write(to, block + at, (size_t)(n - at));
			if (wrote <= 0) {
				free(block);
				return ERR_IO;
			}
		}
		*octets += n;
	}
	free(block);
	return n == 0 && fsync(to) == 0 ? ERR_OK : ERR_IO;
}

/* As the former store, or as its folder: who restores may be another user than the hall. */
static enum err give_to_owner(int fd, const char *path)
{
	struct stat like, own;
	char *folder = xstrndup(folder_of(path));
	const bool former = stat(path, &like) == 0;
	const mode_t mode = former ? like.st_mode & 0770U : MODE;
	enum err e = ERR_IO;

	if ((former || stat(folder, &like) == 0) && fstat(fd, &own) == 0 &&
	    (own.st_uid == like.st_uid || fchown(fd, like.st_uid, like.st_gid) == 0) &&
	    fchmod(fd, mode) == 0)
		e = ERR_OK;
	free(folder);
	return e;
}

/* Copies from, for the place of path, under the name to. */
static enum err copy_file(const char *from, const char *to, const char *path,
                          int64_t *octets, struct fault *fault)
{
	const int in = open(from, O_RDONLY | O_CLOEXEC);
	const int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE)
	                        : -1;
	enum err e = ERR_OK;

	if (in < 0)
		e = failed(from, fault);
	else if (out < 0 || give_to_owner(out, path) != ERR_OK ||
	         copy_octets(in, out, octets) != ERR_OK)
		e = failed(to, fault);
	if (in >= 0)
		(void)close(in);
	if (out >= 0)
		(void)close(out);
	return e;
}

/* ---- the former store ---- */

/* Moves what is in its WAL into the file; a damaged one, or a stranger, stays as it is. */
static void fold_wal(const char *path, int lock)
{
	struct fault ignored = { "" };
	struct sql q = { .fault = &ignored };

	if (store_is_ours(path) && sqlite_wal_check(path, lock, &ignored) == ERR_OK &&
	    sqlite_connect(&q, path, SQLITE_OPEN_READWRITE) == ERR_OK &&
	    sql_script(&q, "PRAGMA wal_checkpoint(TRUNCATE)") != ERR_OK)
		(void)sqlite3_db_config(q.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sql_close(&q);
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* A name that is free; the last of many tries may not be, and is refused then. */
static struct str kept_name(const char *path, int64_t now, struct arena *a)
{
	const struct civil c = civil_of(now);
	const struct str name = arena_printf(
		a, "%s.before-restore-%04d%02d%02d-%02d%02d%02d", path, c.year, c.month,
		c.day, c.hour, c.minute, c.second);
	struct str free_name = name;

	for (int i = 2; is_there(free_name.p) && i < NAMES; i++)
		free_name = arena_printf(a, "%s-%d", name.p, i);
	return free_name;
}

/* The file with its WAL; the shared memory is made anew by whoever opens it. */
static enum err put_aside(const char *path, struct str kept, struct arena *a,
                          struct fault *fault)
{
	const char *wal = arena_printf(a, "%s-wal", path).p;
	const char *shm = arena_printf(a, "%s-shm", path).p;

	if (is_there(path) && rename(path, kept.p) != 0)
		return failed(kept.p, fault);
	if (is_there(wal) && rename(wal, arena_printf(a, "%s-wal", kept.p).p) != 0)
		return failed(wal, fault);
	if (is_there(shm) && unlink(shm) != 0)
		return failed(shm, fault);
	return ERR_OK;
}

/* ---- restore ---- */

/* What is in a WAL beside it would be missing: then it is no backup but a store in use. */
static enum err check_alone(const char *file, struct arena *a, struct fault *fault)
{
	struct stat st;

	if (stat(arena_printf(a, "%s-wal", file).p, &st) != 0 || st.st_size == 0)
		return ERR_OK;
	fault_set(fault,
	          "%s: not a backup: it has a -wal file beside it; make a backup of it "
	          "with smshall backup first",
	          file);
	return ERR_STATE;
}

static enum err exchange(const char *path, int lock, const char *file, int64_t now,
                         struct arena *a, struct store_restored *out, struct fault *fault)
{
	const bool former = is_there(path);
	const char *copy = arena_printf(a, "%s.restoring", path).p;
	const struct str kept = kept_name(path, now, a);
	enum err e;

	if (is_there(kept.p)) {
		fault_set(fault, "%.*s exists already: try again in a second",
		          STR_ARG(kept));
		return ERR_EXISTS;
	}
	e = copy_file(file, copy, path, &out->octets, fault);
	if (e == ERR_OK) {
		fold_wal(path, lock);
		sqlite_wal_forget(lock, false);
		e = put_aside(path, kept, a, fault);
		if (e == ERR_OK && rename(copy, path) != 0)
			e = failed(path, fault);
		if (e == ERR_OK)
			e = store_sync_folder(path, fault);
	}
	if (e != ERR_OK) {
		(void)unlink(copy);
		if (former && !is_there(path) && is_there(kept.p))
			(void)rename(kept.p, path);
		return e;
	}
	out->kept = former ? kept : STR("");
	return ERR_OK;
}

enum err store_restore(const char *url, const char *file, int64_t now,
                       const struct store_watch *watch, struct arena *a,
                       struct store_restored *out, struct fault *fault)
{
	const char *path = store_path_of(url);
	int lock = -1;
	enum err e;

	if (path == NULL) {
		fault_set(fault, "store \"%s\": expected sqlite:PATH", url);
		return ERR_UNSUPPORTED;
	}
	e = sqlite_lock(path, &lock, fault);
	if (e == ERR_OK)
		e = check_alone(file, a, fault);
	if (e == ERR_OK)
		e = store_check_file(file, watch, fault);
	if (e == ERR_OK)
		e = exchange(path, lock, file, now, a, out, fault);
	if (e == ERR_OK)
		sqlite_wal_forget(lock, true);
	sqlite_unlock(lock);
	return e;
}
