/*
 * watch.c - the watched folder: takes CSV files that are complete; see office/errand.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/civil.h"
#include "office/errand.h"
#include "office_priv.h"
#include "store/import.h"

enum {
	SETTLED_MS = 2000, /* without a change */
	RETRY_MS = 60000,  /* after a failure that is not the file's */
	FILES_MAX = 4096,  /* looked at in a scan; the others come later */
	PATH_LIMIT = 4096,
	FOLDER_MODE = 0770
};

struct seen {
	char *name;
	size_t rank; /* of its kind */
	off_t size;
	struct timespec mtime;
	int64_t since_ms; /* monotonic: unchanged */
	bool present;     /* in this scan */
};

struct watch {
	char *folder;
	const struct log *log;
	struct seen *file;
	size_t n;
	int64_t retry_ms;
	bool complained;
};

/* What others refer to comes first; the rest has one rank. */
static const char *const first_kinds[] = { "packages", "groups", "subscribers" };
#define RANKS (sizeof(first_kinds) / sizeof(first_kinds[0]))

struct watch *watch_create(const char *folder, const struct log *log)
{
	struct watch *w = xcalloc(1, sizeof(*w));

	w->folder = xstrndup(str_of(folder));
	w->log = log;
	return w;
}

void watch_destroy(struct watch *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->n; i++)
		free(w->file[i].name);
	free(w->file);
	free(w->folder);
	free(w);
}

/* ---- names ---- */

/* The kind that a file's name begins with, up to .csv or a dash; "" if none does. */
static struct str kind_of(const char *name)
{
	const struct str file = str_of(name);
	struct str kinds = str_of(import_kinds()), kind, best = { "", 0 };

	if (file.n < 4 || strcmp(name + file.n - 4, ".csv") != 0)
		return best;
	while (str_cut(&kinds, ',', &kind)) {
		kind = str_trim(kind);
		if (str_starts(file, kind) && kind.n > best.n &&
		    (name[kind.n] == '-' || kind.n == file.n - 4))
			best = kind;
	}
	return best;
}

static size_t rank_of(struct str kind)
{
	for (size_t i = 0; i < RANKS; i++) {
		if (str_eq(kind, str_of(first_kinds[i])))
			return i;
	}
	return RANKS;
}

static int by_rank(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* ---- a scan ---- */

static struct seen *find(struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->n; i++) {
		if (strcmp(w->file[i].name, name) == 0)
			return &w->file[i];
	}
	if (w->n == FILES_MAX)
		return NULL;
	w->file = xrealloc(w->file, (w->n + 1) * sizeof(*w->file));
	w->file[w->n] = (struct seen){ .name = xstrndup(str_of(name)), .size = -1 };
	return &w->file[w->n++];
}

static void look_at(struct watch *w, DIR *dir, const char *name, int64_t now_ms)
{
	const struct str kind = kind_of(name);
	struct stat st;
	struct seen *f;

	if (kind.n == 0 || fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return;
	f = find(w, name);
	if (f == NULL)
		return;
	f->present = true;
	f->rank = rank_of(kind);
	if (f->size != st.st_size || f->mtime.tv_sec != st.st_mtim.tv_sec ||
	    f->mtime.tv_nsec != st.st_mtim.tv_nsec)
		f->since_ms = now_ms;
	f->size = st.st_size;
	f->mtime = st.st_mtim;
}

static void forget_absent(struct watch *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (w->file[i].present) {
			w->file[i].present = false;
			w->file[kept++] = w->file[i];
		} else {
			free(w->file[i].name);
		}
	}
	w->n = kept;
}

static void scan(struct watch *w, int64_t now_ms)
{
	DIR *dir = opendir(w->folder);
	const struct dirent *d;

	if (dir == NULL && !w->complained)
		LOG(w->log, LOG_ERROR, "watch.unreadable", "folder=\"%s\" reason=\"%s\"",
		    w->folder, strerror(errno));
	w->complained = dir == NULL;
	while (dir != NULL && (d = readdir(dir)) != NULL)
		look_at(w, dir, d->d_name, now_ms);
	if (dir != NULL)
		(void)closedir(dir);
	forget_absent(w);
	if (w->n > 0)
		qsort(w->file, w->n, sizeof(*w->file), by_rank);
}

/* ---- a file ---- */

/* To FOLDER/sub/name; false: it stays where it is. */
static bool move(const struct watch *w, const char *name, const char *sub,
                 const char *new_name)
{
	char from[PATH_LIMIT], folder[PATH_LIMIT], to[PATH_LIMIT];

	(void)snprintf(from, sizeof(from), "%s/%s", w->folder, name);
	(void)snprintf(folder, sizeof(folder), "%s/%s", w->folder, sub);
	if ((size_t)snprintf(to, sizeof(to), "%s/%s/%s", w->folder, sub, new_name) >=
	    sizeof(to))
		return false;
	if ((mkdir(folder, FOLDER_MODE) == 0 || errno == EEXIST) && rename(from, to) == 0)
		return true;
	LOG(w->log, LOG_ERROR, "watch.stuck", "file=\"%s\" to=\"%s\" reason=\"%s\"", name,
	    sub, strerror(errno));
	return false;
}

static bool put_aside(const struct watch *w, const char *name, int64_t now_s)
{
	const struct civil c = civil_of(now_s);
	char done[PATH_LIMIT];

	(void)snprintf(done, sizeof(done), "%s.%04d%02d%02dT%02d%02d%02d", name, c.year,
	               c.month, c.day, c.hour, c.minute, c.second);
	return move(w, name, "done", done);
}

static bool refuse(const struct watch *w, const char *name, const char *why)
{
	char path[PATH_LIMIT];
	FILE *f;

	if (!move(w, name, "refused", name))
		return false;
	(void)snprintf(path, sizeof(path), "%s/refused/%s.error", w->folder, name);
	f = fopen(path, "we");
	if (f != NULL) {
		(void)fprintf(f, "%s\n", why);
		(void)fclose(f);
	}
	LOG(w->log, LOG_ERROR, "watch.refused", "file=\"%s\" reason=\"%s\"", name, why);
	return true;
}

/* The same file will be refused again: the fault is in it. */
static bool is_of_the_file(enum err e)
{
	return e == ERR_SYNTAX || e == ERR_RANGE || e == ERR_EXISTS ||
	       e == ERR_NOT_FOUND || e == ERR_TOO_BIG || e == ERR_TRUNCATED;
}

static enum err import_it(const struct watch *w, const char *name,
                          const struct office_host *host, struct fault *fault)
{
	const struct office_peer nobody = { NULL, NULL, NULL };
	const struct str kind = kind_of(name);
	char path[PATH_LIMIT];
	json_t *request;
	char *text;
	enum err e;

	(void)snprintf(path, sizeof(path), "%s/%s", w->folder, name);
	request = json_pack("{s:s, s:s%, s:s}", "do", "import", "kind", kind.p, kind.n,
	                    "path", path);
	text = request != NULL ? json_dumps(request, JSON_COMPACT) : NULL;
	json_decref(request);
	if (text == NULL) {
		fault_set(fault, "its name is no UTF-8");
		return ERR_SYNTAX;
	}
	e = office_do(host, str_of(text), &nobody, fault);
	free(text);
	return e;
}

/* true: there may be more to do. */
static bool count(const struct office_host *host, bool taken)
{
	if (host->figures != NULL)
		metric_add(taken ? &host->figures->taken : &host->figures->refused, 1);
	return true;
}

bool watch_run(struct watch *w, const struct office_host *host, struct clock now)
{
	struct fault fault = { .text = "" };
	const char *name;
	enum err e;

	scan(w, clock_ms(&now));
	/* One that still grows holds up those behind it: they may refer to its rows. */
	if (w->n == 0 || clock_ms(&now) < w->file[0].since_ms + SETTLED_MS ||
	    clock_ms(&now) < w->retry_ms)
		return false;
	name = w->file[0].name;
	LOG(w->log, LOG_INFO, "watch.taken", "file=\"%s\"", name);
	e = import_it(w, name, host, &fault);
	if (e == ERR_OK && put_aside(w, name, now.wall_s))
		return count(host, true);
	if (is_of_the_file(e) && refuse(w, name, fault.text))
		return count(host, false);
	if (e != ERR_OK && !host->is_ending(host->ctx))
		LOG(w->log, LOG_ERROR, "watch.failed", "file=\"%s\" reason=\"%s\"", name,
		    fault.text);
	w->retry_ms = clock_ms(&now) + RETRY_MS;
	return false;
}

void watch_settle(struct watch *w, struct str path, int64_t now_s)
{
	const struct str folder = str_of(w->folder);
	char *name;

	if (!str_starts(path, folder) || path.n <= folder.n + 1 ||
	    path.p[folder.n] != '/')
		return;
	name = xstrndup((struct str){ path.p + folder.n + 1, path.n - folder.n - 1 });
	if (strchr(name, '/') == NULL)
		(void)put_aside(w, name, now_s);
	free(name);
}
