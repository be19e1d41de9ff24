/*
 * ask.c - see ask_priv.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ask_priv.h"
#include "conf/conf.h"
#include "office/office.h"
#include "office/wire.h"

/* ---- the answer ---- */

/* Where it goes. */
struct answer {
	struct progress bar;
	FILE *to;
};

static void on_line(void *ctx, struct str line)
{
	struct answer *a = ctx;

	progress_end(&a->bar);
	(void)fprintf(a->to, "%.*s\n", STR_ARG(line));
}

static void on_progress(void *ctx, int64_t done, int64_t total, int64_t rows)
{
	struct answer *a = ctx;

	a->bar.total = total;
	a->bar.rows = rows;
	progress_at(&a->bar, done);
}

/* ---- the owner does it ---- */

/* ERR_NOT_FOUND: nobody listens. */
static enum err dial(const char *path, FILE **out, struct fault *fault)
{
	struct sockaddr_un at;
	int dirfd, fd, why;
	enum err e = wire_address(path, &at, &dirfd, fault);

	if (e != ERR_OK)
		return e;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	why = fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ? errno
	                                                                           : 0;
	if (dirfd >= 0)
		(void)close(dirfd);
	if (why == 0 && (*out = fdopen(fd, "r+")) != NULL)
		return ERR_OK;
	if (fd >= 0)
		(void)close(fd);
	if (why == ENOENT || why == ECONNREFUSED || why == ENOTDIR)
		return ERR_NOT_FOUND;
	fault_set(fault, "%s: %s", path, strerror(why));
	return why == EACCES ? ERR_REFUSED : ERR_IO;
}

/* Until the last line of the answer; ERR_END: it is done. */
static enum err take_line(struct str line, struct answer *to, struct fault *fault)
{
	struct arena a = arena_make((size_t)4 * WIRE_LINE_MAX);
	struct wire w;
	enum err e = wire_read(line, &a, &w);

	if (e != ERR_OK) {
		fault_set(fault, "the owner of the store answers what is no answer");
	} else if (w.kind == WIRE_LINE) {
		on_line(to, w.text);
	} else if (w.kind == WIRE_PROGRESS) {
		on_progress(to, w.done, w.total, w.rows);
	} else if (w.kind == WIRE_OK) {
		e = ERR_END;
	} else {
		fault_set(fault, "%.*s", STR_ARG(w.text));
		e = ERR_REFUSED;
	}
	arena_free(&a);
	return e;
}

static enum err converse(FILE *f, const char *request, struct answer *to,
                         struct fault *fault)
{
	char *line = NULL;
	size_t cap = 0;
	enum err e = ERR_OK;

	/* Who refuses may not wait for the request: what it says counts. */
	if (fprintf(f, "%s\n", request) >= 0)
		(void)fflush(f);
	while (e == ERR_OK) {
		const ssize_t n = getline(&line, &cap, f);

		if (n <= 0)
			e = ERR_IO;
		else
			e = take_line((struct str){ line, (size_t)n }, to, fault);
	}
	free(line);
	if (e == ERR_IO)
		fault_set(fault,
		          "the owner of the store ended before it was done: what it "
		          "began, such as an import, goes on when it is back");
	return e == ERR_END ? ERR_OK : e;
}

/* ---- this process does it ---- */

static enum err write_here(void *ctx, enum err (*work)(struct store *s, void *arg),
                           void *arg)
{
	return work(ctx, arg);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static enum err do_here(const struct storage *g, const char *request, struct answer *to,
                        struct fault *fault)
{
	const struct log log = { .to = stderr, .level = LOG_WARN };
	const struct office_peer peer = { on_line, on_progress, to };
	struct office_host host = { .write = write_here,
		                    .is_busy = never,
		                    .is_ending = never,
		                    .conf = g->conf,
		                    .log = &log };
	struct store *store = NULL;
	enum err e = store_open(g->url, STORE_OPEN, &store, fault);

	if (e == ERR_OK)
		e = store_reader_open(store, &host.reader, fault);
	host.ctx = store;
	if (e == ERR_OK)
		e = office_do(&host, str_of(request), &peer, fault);
	if (host.reader != NULL)
		store_reader_close(host.reader);
	store_close(store);
	return e;
}

/* ---- both ---- */

static enum err ask_anybody(const struct ask *ask, const struct storage *g,
                            const char *request, FILE *to, struct fault *fault)
{
	struct answer answer = { progress_make(ask->name, 0), to };
	struct buf path = buf_make(8192);
	FILE *owner = NULL;
	enum err e = ERR_NOT_FOUND;

	if (wire_path(g->url, &path))
		e = dial(buf_cstr(&path), &owner, fault);
	if (e == ERR_OK)
		e = converse(owner, request, &answer, fault);
	else if (e == ERR_NOT_FOUND && ask->nobody != NULL)
		fault_set(fault, "nobody serves %s: %s", g->url, ask->nobody);
	else if (e == ERR_NOT_FOUND)
		e = do_here(g, request, &answer, fault);
	progress_end(&answer.bar);
	if (owner != NULL)
		(void)fclose(owner);
	buf_free(&path);
	return e;
}

/* The file of the command line; NULL: none. */
static const char *output_of(const struct asked *a)
{
	for (size_t i = 0; i < ASK_OPTIONS; i++)
		if (a->ask->option[i].kind == ASK_OUTPUT && a->option[i] != NULL)
			return a->option[i];
	return NULL;
}

static enum err put_file(const char *path, const char *p, size_t n, struct fault *fault)
{
	FILE *f = fopen(path, "we");
	bool good = f != NULL && fwrite(p, 1, n, f) == n;

	if (f != NULL && fclose(f) != 0)
		good = false;
	if (good)
		return ERR_OK;
	fault_set(fault, "%s: cannot be written: %s", path, strerror(errno));
	return ERR_IO;
}

/* Nothing is written if it cannot be answered. */
static enum err ask_into(const struct asked *a, const char *request, const char *path,
                         struct fault *fault)
{
	char *p = NULL;
	size_t n = 0;
	FILE *memory = open_memstream(&p, &n);
	enum err e = ERR_IO;

	if (memory == NULL) {
		fault_set(fault, "no memory for the answer");
		return e;
	}
	e = ask_anybody(a->ask, &a->storage, request, memory, fault);
	if (fclose(memory) != 0 && e == ERR_OK) {
		fault_set(fault, "no memory for the answer");
		e = ERR_IO;
	}
	if (e == ERR_OK)
		e = put_file(path, p, n, fault);
	free(p);
	return e;
}

static enum err settle(struct asked *a, struct fault *fault)
{
	struct fault found = { .text = "" };
	const enum err e = storage_settle(&a->storage, &found);

	if (e != ERR_OK)
		fault_set(fault, "%s%s%s", found.text,
		          a->ask->unasked != NULL ? "; " : "",
		          a->ask->unasked != NULL ? a->ask->unasked : "");
	return e;
}

static enum err ask_whom(struct asked *a, struct fault *fault)
{
	const struct ask *ask = a->ask;
	json_t *request = json_object();
	char *text = NULL;
	enum err e = settle(a, fault);

	if (e == ERR_OK)
		e = ask_fill(a, request, fault);
	if (e == ERR_OK && ask->ready != NULL)
		e = ask->ready(request, fault);
	if (e == ERR_OK) {
		text = json_dumps(request, JSON_COMPACT);
		e = output_of(a) != NULL
		            ? ask_into(a, text, output_of(a), fault)
		            : ask_anybody(ask, &a->storage, text, stdout, fault);
	}
	free(text);
	json_decref(request);
	storage_close(&a->storage);
	return e;
}

int ask_run(const struct ask *ask, int argc, char **argv)
{
	struct asked asked = { .ask = ask };
	struct fault fault = { .text = "" };
	enum err e;

	ask_parse(&asked, argc, argv);
	(void)signal(SIGPIPE, SIG_IGN);
	if (asked.storage.unneeded) {
		const int status = ask->alone(&asked)(&asked);

		return fflush(stdout) == 0 ? status : EXIT_FAILURE;
	}
	e = ask_whom(&asked, &fault);
	if (e != ERR_OK)
		(void)fprintf(stderr, "smshall %s: %s\n", ask->name, fault.text);
	return e == ERR_OK && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
