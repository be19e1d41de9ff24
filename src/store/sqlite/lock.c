/*
 * lock.c - the owner's lock: flock on <path>.lock, for as long as the store is open.
 *
 * The lock counts, not the file: it stays behind, with the last owner's pid.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "sqlite_priv.h"

enum {
	PATH_LIMIT = 4096
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
	char pid[16];
	ssize_t n = pread(fd, pid, sizeof(pid), 0);
	struct str who = str_trim((struct str){ pid, n > 0 ? (size_t)n : 0 });

	fault_set(fault,
	          "%s: process %.*s owns this store: stop it, or let it do the work",
	          path, STR_ARG(who));
	return ERR_BUSY;
}

static void write_pid(int fd)
{
	char pid[16];
	const int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());

	/* Only words for a message: the lock holds without them. */
	if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)n, 0) == n)
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
