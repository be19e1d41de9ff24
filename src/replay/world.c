/*
 * world.c - see world_priv.h.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "world_priv.h"

static enum err make_folder(struct world *w, struct fault *fault)
{
	const char *tmp = getenv("TMPDIR");
	const int n = snprintf(w->folder, sizeof(w->folder), "%s/smshall-replay-XXXXXX",
	                       tmp != NULL && *tmp == '/' ? tmp : "/tmp");

	if (n < 0 || (size_t)n >= sizeof(w->folder) || mkdtemp(w->folder) == NULL) {
		fault_set(fault, "cannot make a temporary folder: %s", strerror(errno));
		w->folder[0] = '\0';
		return ERR_IO;
	}
	(void)snprintf(w->url, sizeof(w->url), "sqlite:%s/hall.db", w->folder);
	return ERR_OK;
}

/* The folder holds nothing but the store's own files. */
static void remove_folder(const struct world *w)
{
	DIR *d = opendir(w->folder);
	const struct dirent *entry;

	if (d == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(d), entry->d_name, 0);
	}
	(void)closedir(d);
	(void)rmdir(w->folder);
}

static enum err start(struct world *w, enum store_mode mode, struct fault *fault)
{
	enum err e = store_open(w->url, mode, &w->conf.store, fault);

	if (e != ERR_OK)
		return e;
	w->session++;
	return turn_create(&w->conf, &w->turn, fault);
}

static void stop(struct world *w)
{
	turn_destroy(w->turn);
	store_close(w->conf.store);
	w->turn = NULL;
	w->conf.store = NULL;
}

enum err world_open(struct world *w, const struct turn_conf *conf, bool on_disk,
                    int64_t now_s, struct fault *fault)
{
	enum err e = ERR_OK;

	*w = (struct world){ .conf = *conf,
		             .now_ms = now_s * 1000,
		             .url = "sqlite::memory:" };
	w->conf.store = NULL;
	if (on_disk)
		e = make_folder(w, fault);
	if (e == ERR_OK)
		e = start(w, STORE_CREATE, fault);
	if (e != ERR_OK)
		world_close(w);
	return e;
}

void world_close(struct world *w)
{
	stop(w);
	if (w->folder[0] != '\0')
		remove_folder(w);
}

enum err world_restart(struct world *w, struct fault *fault)
{
	stop(w);
	return start(w, STORE_OPEN, fault);
}
