/*
 * metrics.c - the OpenMetrics page, by the table metrics.def.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/openmetrics.h"
#include "metrics_priv.h"
#include "smpp/status.h"
#include "worker_priv.h"

enum {
	METRICS_PATH = 4096
};

/* ---- counted as it happens ---- */

void metrics_status(struct gateway *g, bool in, uint32_t status)
{
	metric_pair_add(&g->figures.status, in ? STR("in") : STR("out"),
	                str_of(smpp_status_name(status)));
}

static bool window_is_full(const struct gateway_link *l)
{
	const struct smpp_session *s = l->session != 0 ? link_session(l->link) : NULL;

	return s != NULL && smpp_session_pending(s) >= (unsigned)l->window;
}

void metrics_windows(struct gateway *g)
{
	const int64_t now = g->clock->mono_us;

	for (size_t i = 0; i < g->n_links; i++) {
		struct gateway_link *l = &g->link[i];

		if (l->figures.full)
			l->figures.full_us += (uint64_t)(now - l->figures.full_at_us);
		l->figures.full = window_is_full(l);
		l->figures.full_at_us = now;
	}
}

void metrics_second(struct gateway *g)
{
	const size_t i = g->rates.n++ % (RATE_SECONDS + 1);

	g->rates.at[i].at_us = g->clock->mono_us;
	g->rates.at[i].texts = g->counts.texts;
	g->rates.at[i].sent = g->counts.sent;
}

/* ---- one function a line of the table ---- */

static void put_build(struct gateway *g, const struct openmetrics *m)
{
	const char *version = g->options.version != NULL ? g->options.version : "";

	openmetrics_put(m,
	                LABELS({ "version", version },
	                       { "grammar", grammar_revision(g->assets->grammar) }),
	                1);
}

static void put_pairs(const struct openmetrics *m, const struct metric_pairs *p,
                      const char *a, const char *b)
{
	for (uint32_t i = 0; i < metric_pairs_used(p); i++)
		openmetrics_put(m, LABELS({ a, p->pair[i].a }, { b, p->pair[i].b }),
		                metric_get(&p->pair[i].n));
}

static void put_service(struct gateway *g, const struct openmetrics *m)
{
	put_pairs(m, &g->work.service, "intent", "outcome");
}

static void put_responses(struct gateway *g, const struct openmetrics *m)
{
	put_pairs(m, &g->figures.status, "direction", "status");
}

static void put_answer_seconds(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put_times(m, NO_LABELS, &g->figures.answer);
}

static void put_queue_seconds(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put_times(m, NO_LABELS, &g->work.queue);
}

static void put_turn_stage_seconds(struct gateway *g, const struct openmetrics *m)
{
	for (enum turn_stage s = 0; s < TURN_STAGES; s++)
		openmetrics_put_times(m, LABELS({ "stage", report_stage(s) }),
		                      &g->work.stage[s]);
}

static void put_submit_seconds(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put_times(m, NO_LABELS, &g->figures.submit);
}

static void put_turns(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.turns));
}

static void put_marks(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.marks));
}

static void put_unasked(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.unasked));
}

static void put_waiting(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, g->waiting);
}

static void put_tasks(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, LABELS({ "state", "open" }), metric_get(&g->work.tasks_open));
	openmetrics_put(m, LABELS({ "state", "overdue" }),
	                metric_get(&g->work.tasks_late));
}

static void put_queued(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, dispatch_count(g->dispatch));
}

/* ---- links ---- */

static uint64_t link_up(const struct gateway_link *l)
{
	return l->session != 0 ? 1 : 0;
}

static uint64_t link_pending(const struct gateway_link *l)
{
	const struct smpp_session *s = l->session != 0 ? link_session(l->link) : NULL;

	return s != NULL ? smpp_session_pending(s) : 0;
}

static uint64_t link_window(const struct gateway_link *l)
{
	return (uint64_t)l->window;
}

static uint64_t link_texts(const struct gateway_link *l)
{
	return l->figures.texts;
}

static uint64_t link_segments(const struct gateway_link *l)
{
	return l->figures.segments;
}

static uint64_t link_throttled(const struct gateway_link *l)
{
	return l->figures.throttled;
}

static uint64_t link_binds(const struct gateway_link *l)
{
	return l->figures.binds;
}

/* Of links that are to stay: one of the same name may be leaving still. */
static bool is_shown(const struct gateway_link *l)
{
	return l->conf != NULL && !l->leaving;
}

static void put_links(struct gateway *g, const struct openmetrics *m,
                      uint64_t (*value)(const struct gateway_link *l))
{
	for (size_t i = 0; i < g->n_links; i++) {
		if (is_shown(&g->link[i]))
			openmetrics_put(m,
			                LABELS({ "link", g->link[i].conf->name },
			                       { "group", g->link[i].conf->group }),
			                value(&g->link[i]));
	}
}

#define PUT_LINKS(figure)                                                        \
	static void put_##figure(struct gateway *g, const struct openmetrics *m) \
	{                                                                        \
		put_links(g, m, figure);                                         \
	}
PUT_LINKS(link_up)
PUT_LINKS(link_pending)
PUT_LINKS(link_window)
PUT_LINKS(link_texts)
PUT_LINKS(link_segments)
PUT_LINKS(link_throttled)
PUT_LINKS(link_binds)
#undef PUT_LINKS

static void put_link_window_full_seconds(struct gateway *g, const struct openmetrics *m)
{
	metrics_windows(g);
	for (size_t i = 0; i < g->n_links; i++) {
		if (is_shown(&g->link[i]))
			openmetrics_put_us(m,
			                   LABELS({ "link", g->link[i].conf->name },
			                          { "group", g->link[i].conf->group }),
			                   g->link[i].figures.full_us);
	}
}

/* ---- operations ---- */

static void put_alarm(struct gateway *g, const struct openmetrics *m)
{
	for (size_t i = 0; i < ALARMS; i++)
		openmetrics_put(m, LABELS({ "alarm", alarms_name(i) }),
		                g->alarms.alarm[i].stands ? 1 : 0);
}

static void put_reloads(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, LABELS({ "outcome", "applied" }),
	                metric_get(&g->figures.reloads));
	openmetrics_put(m, LABELS({ "outcome", "refused" }),
	                metric_get(&g->figures.reloads_refused));
}

/* ---- imports, backups, tags; none with a store in memory ---- */

static void put_imports(struct gateway *g, const struct openmetrics *m, bool rows)
{
	for (enum store_kind k = 0; g->reader != NULL && k < STORE_KINDS; k++) {
		const struct office_last *last = &reader_figures(g->reader)->import[k];

		if (metric_get(&last->at) != 0)
			openmetrics_put(m, LABELS({ "kind", office_kind_name(k) }),
			                metric_get(rows ? &last->size : &last->at));
	}
}

static void put_import_last_seconds(struct gateway *g, const struct openmetrics *m)
{
	put_imports(g, m, false);
}

static void put_import_last_rows(struct gateway *g, const struct openmetrics *m)
{
	put_imports(g, m, true);
}

static void put_import_rows(struct gateway *g, const struct openmetrics *m)
{
	if (g->reader != NULL)
		openmetrics_put(m, NO_LABELS,
		                metric_get(&reader_figures(g->reader)->rows));
}

static void put_watch_files(struct gateway *g, const struct openmetrics *m)
{
	const struct office_figures *f;

	if (g->reader == NULL)
		return;
	f = reader_figures(g->reader);
	openmetrics_put(m, LABELS({ "outcome", "taken" }), metric_get(&f->taken));
	openmetrics_put(m, LABELS({ "outcome", "refused" }), metric_get(&f->refused));
}

static void put_backup_last_seconds(struct gateway *g, const struct openmetrics *m)
{
	if (g->reader != NULL)
		openmetrics_put(m, NO_LABELS,
		                metric_get(&reader_figures(g->reader)->backup.at));
}

static void put_backup_last_bytes(struct gateway *g, const struct openmetrics *m)
{
	if (g->reader != NULL)
		openmetrics_put(m, NO_LABELS,
		                metric_get(&reader_figures(g->reader)->backup.size));
}

static void put_tags_last_seconds(struct gateway *g, const struct openmetrics *m)
{
	if (g->reader != NULL)
		openmetrics_put(m, NO_LABELS,
		                metric_get(&reader_figures(g->reader)->tags.at));
}

static void put_tags_last_duration_seconds(struct gateway *g, const struct openmetrics *m)
{
	if (g->reader != NULL)
		openmetrics_put_us(m, NO_LABELS,
		                   metric_get(&reader_figures(g->reader)->tags.us));
}

static void put_tags_last_rows(struct gateway *g, const struct openmetrics *m)
{
	if (g->reader != NULL)
		openmetrics_put(m, NO_LABELS,
		                metric_get(&reader_figures(g->reader)->tags.size));
}

static void put_log_lines_dropped(struct gateway *g, const struct openmetrics *m)
{
	const struct log_guard *guard = g->log != NULL ? g->log->guard : NULL;

	openmetrics_put(m, LABELS({ "reason", "rate" }), log_dropped(guard));
	openmetrics_put(m, LABELS({ "reason", "failed" }), log_failed(guard));
}

static void put_store_bytes(struct gateway *g, const struct openmetrics *m)
{
	static const struct {
		const char *file, *suffix;
	} files[] = { { "db", "" }, { "wal", "-wal" } };

	for (size_t i = 0; g->db != NULL && i < sizeof(files) / sizeof(files[0]); i++) {
		char path[METRICS_PATH];
		struct stat st;

		(void)snprintf(path, sizeof(path), "%s%s", g->db, files[i].suffix);
		if (stat(path, &st) == 0)
			openmetrics_put(m, LABELS({ "file", files[i].file }),
			                (uint64_t)st.st_size);
	}
}

static void put_wal_bytes(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.wal_octets));
}

static void put_checkpoint_seconds(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put_times(m, NO_LABELS, &g->work.checkpoint);
}

static void put_checkpoints_failed(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.wal_failed));
}

static void put_disk_free_bytes(struct gateway *g, const struct openmetrics *m)
{
	struct statvfs fs;

	if (g->db != NULL && statvfs(g->db, &fs) == 0)
		openmetrics_put(m, NO_LABELS, (uint64_t)fs.f_bavail * fs.f_frsize);
}

static void put_memory_bytes(struct gateway *g, const struct openmetrics *m)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;

	(void)g;
	if (f == NULL)
		return;
	/* NOLINTNEXTLINE(cert-err34-c): the kernel writes it */
	if (fscanf(f, "%*u %llu", &pages) == 1)
		openmetrics_put(m, NO_LABELS, pages * (uint64_t)sysconf(_SC_PAGESIZE));
	(void)fclose(f);
}

static void put_open_files(struct gateway *g, const struct openmetrics *m)
{
	DIR *d = opendir("/proc/self/fd");
	uint64_t n = 0;

	(void)g;
	if (d == NULL)
		return;
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	openmetrics_put(m, NO_LABELS, n - 3); /* ".", ".." and the folder itself */
}

static uint64_t us_of(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static void put_cpu_seconds(struct gateway *g, const struct openmetrics *m)
{
	struct rusage usage;

	(void)g;
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		openmetrics_put_us(m, NO_LABELS,
		                   us_of(usage.ru_utime) + us_of(usage.ru_stime));
}

static void put_start_time_seconds(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, (uint64_t)g->started_s);
}

/* ---- the page ---- */

static const struct {
	const char *name;
	enum openmetrics_type type;
	const char *help;
	void (*put)(struct gateway *g, const struct openmetrics *m);
} table[] = {
#define METRIC(name, type, help) \
	{ "smshall_" #name, OPENMETRICS_##type, help, put_##name },
#include "metrics.def"
};

static void put_counts(const struct gateway_counts *counts, struct buf *out)
{
	struct openmetrics m;

#define X(name, zh, help)                                                         \
	m = openmetrics_family(out, "smshall_" #name, OPENMETRICS_COUNTER, help); \
	openmetrics_put(&m, NO_LABELS, counts->name);
	GATEWAY_COUNTS(X)
#undef X
}

void gateway_metrics(struct gateway *g, struct buf *out)
{
	put_counts(&g->counts, out);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct openmetrics m = openmetrics_family(
			out, table[i].name, table[i].type, table[i].help);

		table[i].put(g, &m);
	}
	openmetrics_end(out);
}
