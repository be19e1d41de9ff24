/*
 * lock.c - the owner's lock: flock on <path>.lock, for as long as the store is open.
 *
 * The lock counts, not the file: it stays behind, with the last owner's pid and, behind
 * it, what he noted of the WAL (wal_note.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "sqlite_priv.h"

enum {
	PATH_LIMIT = 4096,
	PID = 16, /* octets of the file, with a newline */
	/* octets of the shared memory that a WAL's writer and its readers lock */
	WRITE_LOCK_AT = 120,
	READ_LOCK_AT = 124,
	READ_LOCK_END = 127
};

static enum err cannot_open(const char *path, int why, struct fault *fault)
{
	if (why == ENOENT || why == ENOTDIR) {
		fault_set(fault, "%s: its folder does not exist: create it first", path);
		return ERR_NOT_FOUND;
	}
	if (why == EACCES || why == EROFS || why == EPERM) {
		fault_set(
			fault,
			"%s.lock: cannot be written (%s): the store's owner must be able to "
			"write in its folder",
			path, strerror(why));
		return ERR_REFUSED;
	}
	fault_set(fault, "%s.lock: %s", path, strerror(why));
	return ERR_IO;
}

static enum err owned_by_other(const char *path, int fd, struct fault *fault)
{
	char pid[PID];
	ssize_t n = pread(fd, pid, sizeof(pid), 0);
	struct str who = str_trim((struct str){ pid, n > 0 ? (size_t)n : 0 });

	fault_set(fault, "%s: process %.*s owns this store: stop it, or wait for its end",
	          path, STR_ARG(who));
	return ERR_BUSY;
}

static void write_pid(int fd)
{
	char pid[PID + 1];
	const int n = snprintf(pid, sizeof(pid), "%-15ld\n", (long)getpid());

	/* Only words for a message: the lock holds without them. */
	if (pwrite(fd, pid, (size_t)n, 0) == n)
		return;
}

enum err sqlite_lock(const char *path, int *fd, struct fault *fault)
{
	struct buf name = buf_make(PATH_LIMIT);
	enum err e = ERR_OK;
	int f;

	buf_printf(&name, "%s.lock", path);
	f = open(buf_cstr(&name), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (f < 0)
		e = cannot_open(path, errno, fault);
	else if (flock(f, LOCK_EX | LOCK_NB) != 0)
		e = owned_by_other(path, f, fault);
	buf_free(&name);
	if (e != ERR_OK) {
		sqlite_unlock(f);
		return e;
	}
	write_pid(f);
	*fd = f;
	return ERR_OK;
}

void sqlite_unlock(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/*
 * The process that holds such a lock, from /proc/locks: asking with F_GETLK would need the
 * file opened once more, and closing that would drop our own locks on it.
 */
static long holder_of(const char *path, const char *kind, long first, long last)
{
	struct buf name = buf_make(PATH_LIMIT);
	struct stat st = { 0 };
	char line[256], held[8];
	long pid = 0, found = 0, inode, from;
	FILE *f;

	buf_printf(&name, "%s-shm", path);
	f = stat(buf_cstr(&name), &st) == 0 ? fopen("/proc/locks", "re") : NULL;
	while (f != NULL && found == 0 && fgets(line, sizeof(line), f) != NULL) {
		/* NOLINTNEXTLINE(cert-err34-c) the kernel's own numbers */
		if (sscanf(line, "%*d: POSIX %*s %7s %ld %*x:%*x:%ld %ld", held, &pid,
		           &inode, &from) == 4 &&
		    inode == (long)st.st_ino && from >= first && from <= last &&
		    strcmp(held, kind) == 0 && pid != getpid())
			found = pid;
	}
	if (f != NULL)
		(void)fclose(f);
	buf_free(&name);
	return found;
}

static void name(struct sqlite_store *s, long pid, const char *what)
{
	if (pid == 0)
		return;
	*s->sql.fault = (struct fault){ "" };
	fault_set(s->sql.fault, "%s: process %ld %s: end what it does there", s->path,
	          pid, what);
}

void sqlite_name_holder(struct sqlite_store *s)
{
	name(s, holder_of(s->path, "WRITE", WRITE_LOCK_AT, WRITE_LOCK_AT),
	     "keeps it locked");
}

void sqlite_name_reader(struct sqlite_store *s)
{
	name(s, holder_of(s->path, "READ", READ_LOCK_AT, READ_LOCK_END),
	     "reads for so long that the write-ahead log is full");
}
