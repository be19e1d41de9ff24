/*
 * storage.c - see storage_priv.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "storage_priv.h"

enum {
	BAR = 40 /* columns */,
	EVERY_US = 100000
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct storage *g = state->input;

	switch (key) {
	case 's':
		g->url = arg;
		return 0;
	case 'c':
		g->config = arg;
		return 0;
	case 'z':
		g->timezone = arg;
		return 0;
	case ARGP_KEY_END:
		if (!g->unneeded && (g->url == NULL) == (g->config == NULL))
			argp_error(state, "expected either --store URL or --config FILE");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "store", 's', "URL", 0, "The store, such as sqlite:var/smshall.db", 0 },
	{ "config", 'c', "FILE", 0,
	  "Configuration that names the store and the time zone", 0 },
	{ "timezone", 'z', "ZONE", 0, "Zone of dates (Asia/Shanghai)", 0 },
	{ 0 },
};

const struct argp storage_argp = { .options = options, .parser = on_option };

enum err storage_settle(struct storage *g, struct fault *fault)
{
	const char *zone = g->timezone;

	if (g->config != NULL) {
		const enum err e = conf_load(g->config, &g->conf, fault);

		if (e != ERR_OK)
			return e;
		g->url = g->conf->store;
		zone = zone != NULL ? zone : g->conf->timezone;
	} else {
		g->conf = conf_defaults();
	}
	zone = zone != NULL ? zone : g->conf->timezone;
	if (civil_zone(zone) != ERR_OK) {
		fault_set(fault,
		          "time zone \"%s\" is not known here: expected a name such as "
		          "Asia/Shanghai (Debian package tzdata)",
		          zone);
		return ERR_RANGE;
	}
	return ERR_OK;
}

void storage_close(struct storage *g)
{
	conf_destroy(g->conf);
	g->conf = NULL;
}

int storage_run(const struct storage_command *c, int argc, char **argv, void *args)
{
	struct storage *g = args;
	struct fault fault = { .text = "" };
	struct store *store = NULL;
	enum err e;

	if (argp_parse(c->argp, argc, argv, 0, NULL, args) != 0)
		return 2;
	e = storage_settle(g, &fault);
	if (e == ERR_OK)
		e = store_open(g->url, c->mode, &store, &fault);
	if (e == ERR_OK)
		e = c->work(args, store, &fault);
	if (e != ERR_OK)
		(void)fprintf(stderr, "smshall %s: %s\n", c->name, fault.text);
	store_close(store);
	storage_close(g);
	return e == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

struct progress progress_make(const char *what, int64_t total)
{
	const int64_t now = clock_machine().mono_us;

	return (struct progress){ .what = what,
		                  .total = total,
		                  .next_us = isatty(STDERR_FILENO) != 0 ? now : 0,
		                  .from_us = now };
}

/* Rows, rate and the time left; nothing before the first row. */
static void print_pace(const struct progress *p, int64_t done, int64_t now)
{
	const double s = (double)(now - p->from_us) / 1e6;

	if (s < 0.2 || done <= 0)
		return;
	if (p->rows > 0)
		(void)fprintf(stderr, "  %" PRId64 " rows, %.0f rows/s", p->rows,
		              (double)p->rows / s);
	(void)fprintf(stderr, ", %.0f s left",
	              s * (double)(p->total - done) / (double)done);
}

void progress_at(struct progress *p, int64_t done)
{
	const int64_t now = clock_machine().mono_us;
	int full;

	if (p->next_us == 0 || now < p->next_us || p->total <= 0)
		return;
	done = done < 0 ? 0 : done > p->total ? p->total : done;
	full = (int)(done * BAR / p->total);
	(void)fprintf(stderr, "\r%s [%.*s%*s] %3d %%", p->what, full,
	              "########################################", BAR - full, "",
	              (int)(done * 100 / p->total));
	print_pace(p, done, now);
	(void)fprintf(stderr, "\033[K");
	(void)fflush(stderr);
	p->next_us = now + EVERY_US;
	p->shown = true;
}

void progress_end(struct progress *p)
{
	if (p->shown)
		(void)fprintf(stderr, "\r\033[K");
	p->shown = false;
}
