/*
 * alarms.c - standing alarms: looked at once a second, told when they come and go.
 */
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "gateway_priv.h"
#include "smpp/status.h"

enum {
	DOWN_MS = 60000,
	RECENT_US = 60000000,
	STUCK_US = 5000000,
	DISK_LOW_MIB = 256,
	WAL_LONG_MIB = 256
};

/* Every detail ends with the link or the figure that a person looks for first. */
static bool alarm_link_down(struct gateway *g, char detail[static ALARM_DETAIL])
{
	const int64_t now = clock_ms(g->clock);

	for (size_t i = 0; i < g->n_links; i++) {
		const struct gateway_link *l = &g->link[i];

		if (l->conf == NULL || l->leaving || l->session != 0 ||
		    now - l->down_since_ms < DOWN_MS)
			continue;
		(void)snprintf(detail, ALARM_DETAIL, "link=%s down_s=%lld", l->conf->name,
		               (long long)(now - l->down_since_ms) / 1000);
		return true;
	}
	return false;
}

static bool alarm_bind_refused(struct gateway *g, char detail[static ALARM_DETAIL])
{
	for (size_t i = 0; i < g->n_links; i++) {
		const struct gateway_link *l = &g->link[i];
		const uint32_t status = l->link != NULL ? link_refusal(l->link) : 0;

		if (status == 0)
			continue;
		(void)snprintf(detail, ALARM_DETAIL, "link=%s status=%s", l->conf->name,
		               smpp_status_name(status));
		return true;
	}
	return false;
}

static bool alarm_store_refuses(struct gateway *g, char detail[static ALARM_DETAIL])
{
	(void)snprintf(detail, ALARM_DETAIL, "see turn.refused in the log");
	return metric_get(&g->work.refused) != 0;
}

static bool is_recent(const struct gateway *g, const struct metric *at_us)
{
	const int64_t at = (int64_t)metric_get(at_us);

	return at != 0 && g->clock->mono_us - at < RECENT_US;
}

static bool alarm_slow_commits(struct gateway *g, char detail[static ALARM_DETAIL])
{
	detail[0] = '\0';
	return is_recent(g, &g->work.slow_us);
}

static bool alarm_wal_stays(struct gateway *g, char detail[static ALARM_DETAIL])
{
	const uint64_t mib = metric_get(&g->work.wal_octets) >> 20;

	(void)snprintf(detail, ALARM_DETAIL, "mib=%llu failed=%llu",
	               (unsigned long long)mib,
	               (unsigned long long)metric_get(&g->work.wal_failed));
	return metric_get(&g->work.wal_late) != 0 || mib >= WAL_LONG_MIB;
}

static bool alarm_disk_low(struct gateway *g, char detail[static ALARM_DETAIL])
{
	struct statvfs fs;
	uint64_t mib;

	if (g->db == NULL || statvfs(g->db, &fs) != 0)
		return false;
	mib = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
	(void)snprintf(detail, ALARM_DETAIL, "left_mib=%llu", (unsigned long long)mib);
	return mib < DISK_LOW_MIB;
}

bool alarms_worker_is_stuck(const struct gateway *g)
{
	const int64_t seen = (int64_t)metric_get(&g->work.seen_us);

	return seen != 0 && !g->worker_stopped && g->clock->mono_us - seen > STUCK_US;
}

static bool alarm_worker_stuck(struct gateway *g, char detail[static ALARM_DETAIL])
{
	(void)snprintf(detail, ALARM_DETAIL, "waiting=%zu", g->waiting);
	return alarms_worker_is_stuck(g);
}

static bool alarm_texts_aside(struct gateway *g, char detail[static ALARM_DETAIL])
{
	(void)snprintf(detail, ALARM_DETAIL, "texts=%llu",
	               (unsigned long long)g->counts.aside);
	return g->counts.aside > 0;
}

static bool alarm_tasks_overdue(struct gateway *g, char detail[static ALARM_DETAIL])
{
	const uint64_t n = metric_get(&g->work.tasks_late);

	(void)snprintf(detail, ALARM_DETAIL, "tasks=%llu", (unsigned long long)n);
	return n > 0;
}

static bool alarm_pushing_stopped(struct gateway *g, char detail[static ALARM_DETAIL])
{
	detail[0] = '\0';
	return metric_get(&g->work.push_stopped) != 0;
}

static bool alarm_campaign_broken(struct gateway *g, char detail[static ALARM_DETAIL])
{
	const uint64_t n = metric_get(&g->work.push_broken);

	(void)snprintf(detail, ALARM_DETAIL, "campaigns=%llu", (unsigned long long)n);
	return n > 0;
}

static bool alarm_campaign_stopped(struct gateway *g, char detail[static ALARM_DETAIL])
{
	const struct office_campaigns *c = g->campaigns != NULL ? &g->campaigns->seen
	                                                        : NULL;

	if (c == NULL || c->stopped == 0)
		return false;
	(void)snprintf(detail, ALARM_DETAIL, "campaigns=%zu last=%s why=\"%s\"",
	               c->stopped, c->stopped_code, c->stopped_why);
	return true;
}

/* Stands for a minute behind the last text that was left unanswered. */
static bool alarm_robots(struct gateway *g, char detail[static ALARM_DETAIL])
{
	const uint64_t n = metric_get(&g->work.robots);

	if (n != g->alarms.robots_seen)
		g->alarms.robots_us = g->clock->mono_us;
	g->alarms.robots_seen = n;
	(void)snprintf(detail, ALARM_DETAIL, "texts=%llu", (unsigned long long)n);
	return g->alarms.robots_us != 0 &&
	       g->clock->mono_us - g->alarms.robots_us < RECENT_US;
}

static bool alarm_reload_refused(struct gateway *g, char detail[static ALARM_DETAIL])
{
	(void)snprintf(detail, ALARM_DETAIL, "%s", g->reload.refusal);
	return g->reload.refusal[0] != '\0';
}

static bool alarm_log_failing(struct gateway *g, char detail[static ALARM_DETAIL])
{
	const uint64_t n = log_failed(g->log != NULL ? g->log->guard : NULL);

	if (n != g->alarms.log_seen)
		g->alarms.log_us = g->clock->mono_us;
	g->alarms.log_seen = n;
	(void)snprintf(detail, ALARM_DETAIL, "lines=%llu", (unsigned long long)n);
	return g->alarms.log_us != 0 && g->clock->mono_us - g->alarms.log_us < RECENT_US;
}

static const struct {
	const char *name;
	enum log_level level;
	const char *zh, *help;
	bool (*stands)(struct gateway *g, char detail[static ALARM_DETAIL]);
} table[ALARMS] = {
#define ALARM(name, level, zh, help) { #name, LOG_##level, zh, help, alarm_##name },
#include "alarms.def"
};

void alarms_look(struct gateway *g)
{
	for (size_t i = 0; i < ALARMS; i++) {
		struct alarm *a = &g->alarms.alarm[i];
		char detail[ALARM_DETAIL] = "";
		const bool stands = table[i].stands(g, detail);

		if (stands)
			memcpy(a->detail, detail, sizeof(a->detail));
		if (stands == a->stands)
			continue;
		a->stands = stands;
		a->since_s = g->clock->wall_s;
		if (stands)
			LOG(g->log, table[i].level, "alarm.raised",
			    "alarm=%s %s help=\"%s\"", table[i].name, detail,
			    table[i].help);
		else
			LOG(g->log, LOG_INFO, "alarm.over", "alarm=%s", table[i].name);
	}
}

const char *alarms_name(size_t i)
{
	return table[i].name;
}

const char *alarms_help_zh(size_t i)
{
	return table[i].zh;
}

const char *alarms_help(size_t i)
{
	return table[i].help;
}
