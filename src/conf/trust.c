/*
 * trust.c - who may change what the hall obeys: conf_trusted().
 *
 * Whoever can write a configuration, a grammar or a reply text can say to subscribers
 * what he likes.  A folder that everyone may write is refused too: files in it can be
 * exchanged.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"

enum {
	TRUST_PATH = 4096
};

static enum err check(const char *path, const struct stat *st, struct fault *fault)
{
	if ((st->st_mode & S_IWOTH) != 0) {
		fault_set(
			fault,
			"%s: everyone on this machine may change it (mode %04o); chmod o-w %s",
			path, (unsigned)(st->st_mode & 07777), path);
		return ERR_REFUSED;
	}
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		fault_set(
			fault,
			"%s: belongs to user %u, neither root nor who runs this; chown it",
			path, (unsigned)st->st_uid);
		return ERR_STATE;
	}
	return ERR_OK;
}

/* What is refused outranks what is only strange. */
static void keep_worse(enum err *e, struct fault *fault, enum err other,
                       const struct fault *found)
{
	if (*e == ERR_REFUSED || other == ERR_OK ||
	    (*e == ERR_STATE && other == ERR_STATE))
		return;
	*e = other;
	*fault = *found;
}

static enum err check_folder(const char *path, struct fault *fault)
{
	DIR *d = opendir(path);
	const struct dirent *entry;
	enum err e = ERR_OK;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		struct fault found = { .text = "" };
		char file[TRUST_PATH];
		struct stat st;

		(void)snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.' && stat(file, &st) == 0 &&
		    S_ISREG(st.st_mode))
			keep_worse(&e, fault, check(file, &st, &found), &found);
	}
	if (d != NULL)
		(void)closedir(d);
	return e;
}

enum err conf_trusted(const char *path, struct fault *fault)
{
	struct fault found = { .text = "" }, worst = { .text = "" };
	struct stat st;
	enum err e;

	if (stat(path, &st) != 0)
		return ERR_OK; /* whoever reads it says that it is not there */
	e = check(path, &st, &worst);
	if (S_ISDIR(st.st_mode))
		keep_worse(&e, &worst, check_folder(path, &found), &found);
	if (e != ERR_OK)
		fault_set(fault, "%s", worst.text);
	return e;
}
