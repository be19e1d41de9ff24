/*
 * page.c - what the status page and its JSON say.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/civil.h"
#include "console_priv.h"

static const char head[] =
	"<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
	"<meta http-equiv=\"refresh\" content=\"2\"><title>smshall 短信营业厅</title><style>"
	"body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:60rem;"
	"padding:0 1rem;color:#1d2733;background:#f6f8fa}h1{font-size:1.3rem;margin:0}"
	"h2{font-size:1rem;margin:1.4rem 0 .4rem}"
	"table{border-collapse:collapse;width:100%;background:#fff}"
	"th,td{padding:.3rem .6rem;border-bottom:1px solid #e3e8ee;text-align:left}"
	"th{font-weight:600;color:#5b6b7b;font-size:.85rem}th.n,td.n{text-align:right}"
	"td.n{font-variant-numeric:tabular-nums}"
	".tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}"
	".tile{background:#fff;border:1px solid #e3e8ee;border-radius:6px;padding:.5rem .8rem;"
	"min-width:7rem}.tile b{display:block;font-size:1.4rem;"
	"font-variant-numeric:tabular-nums}.tile span{color:#5b6b7b;font-size:.85rem}"
	".alarm{background:#fdecea;border-left:4px solid #b42318;padding:.5rem .8rem;"
	"margin:.4rem 0}.calm{background:#e9f6ec;border-left:4px solid #1a7f37;"
	"padding:.5rem .8rem}pre{background:#fff;border:1px solid #e3e8ee;padding:.6rem;"
	"font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}"
	".up{color:#1a7f37}.down{color:#b42318}small{color:#5b6b7b}</style></head><body>";

/* A C string as HTML text. */
static void put_html(struct buf *out, const char *s)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};

	for (; *s != '\0'; s++) {
		const char *entity = NULL;

		for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
			if (entities[i].c == *s)
				entity = entities[i].entity;
		}
		if (entity != NULL)
			buf_puts(out, str_of(entity));
		else
			buf_putc(out, *s);
	}
}

static void put_time(struct buf *out, int64_t utc_s)
{
	const struct civil c = civil_of(utc_s);

	buf_printf(out, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour,
	           c.minute, c.second);
}

static void put_alarms(const struct console_status *s, struct buf *out)
{
	for (size_t i = 0; i < s->n_alarms; i++) {
		const struct console_alarm *a = &s->alarm[i];

		buf_puts(out, STR("<div class=\"alarm\"><b>"));
		put_html(out, a->name);
		buf_puts(out, STR("</b> "));
		put_html(out, a->zh);
		buf_puts(out, STR(" · "));
		put_html(out, a->help);
		buf_puts(out, STR("<br><small>"));
		put_html(out, a->detail);
		buf_puts(out, STR(" · 自 since "));
		put_time(out, a->since_s);
		buf_puts(out, STR("</small></div>"));
	}
	if (s->n_alarms == 0)
		buf_puts(out, STR("<div class=\"calm\">没有告警 no alarm</div>"));
}

static void put_tile(struct buf *out, const char *label, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void put_tile(struct buf *out, const char *label, const char *fmt, ...)
{
	char value[40];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	buf_puts(out, STR("<div class=\"tile\"><b>"));
	put_html(out, value);
	buf_puts(out, STR("</b><span>"));
	put_html(out, label);
	buf_puts(out, STR("</span></div>"));
}

static int64_t figure(const struct console_status *s, const char *name)
{
	for (size_t i = 0; i < s->n_figures; i++) {
		if (strcmp(s->figure[i].name, name) == 0)
			return s->figure[i].value;
	}
	return 0;
}

static double figure_ms(const struct console_status *s, const char *name)
{
	const int64_t us = figure(s, name);

	return (double)us / 1e3;
}

static void put_tiles(const struct console_status *s, struct buf *out)
{
	buf_puts(out, STR("<div class=\"tiles\">"));
	put_tile(out, "收到 texts/s", "%.1f", s->texts_per_s);
	put_tile(out, "下发 sent/s", "%.1f", s->sent_per_s);
	put_tile(out, "等待 waiting", "%" PRId64, figure(s, "waiting"));
	put_tile(out, "排队 queued", "%" PRId64, figure(s, "queued"));
	put_tile(out, "应答 p50", "%.1f ms", figure_ms(s, "answer_p50_us"));
	put_tile(out, "应答 p99", "%.1f ms", figure_ms(s, "answer_p99_us"));
	buf_puts(out, STR("</div>"));
}

static void put_link(const struct console_link *l, struct buf *out)
{
	const bool up = strcmp(l->state, "up") == 0;

	buf_puts(out, STR("<tr><td>"));
	put_html(out, l->name);
	buf_printf(out, "</td><td class=\"%s\">", up ? "up" : "down");
	put_html(out, l->state);
	buf_puts(out, STR("</td><td>"));
	put_html(out, l->bind);
	buf_printf(out,
	           "</td><td class=\"n\">%u / %u</td><td class=\"n\">%" PRIu64
	           "</td><td class=\"n\">%" PRIu64 "</td><td class=\"n\">%" PRIu64
	           "</td><td class=\"n\">%" PRIu64 "</td></tr>",
	           l->pending, l->window, l->texts, l->segments, l->throttled, l->binds);
}

static void put_links(const struct console_status *s, struct buf *out)
{
	buf_puts(
		out,
		STR("<h2>链路 Links</h2><table><tr><th>名称 name</th><th>状态 state</th>"
	            "<th>bind</th><th class=\"n\">在途/窗口 pending/window</th>"
	            "<th class=\"n\">收到 texts</th><th class=\"n\">下发 sent</th>"
	            "<th class=\"n\">限流 throttled</th><th class=\"n\">绑定 binds</th></tr>"));
	for (size_t i = 0; i < s->n_links; i++)
		put_link(&s->link[i], out);
	buf_puts(out, STR("</table>"));
}

static void put_campaign(const struct console_campaign *c, struct buf *out)
{
	const int64_t n[] = { c->targets,   c->ready,   c->refused, c->held,     c->sent,
		              c->delivered, c->replied, c->ordered, c->opted_out };

	buf_puts(out, STR("<tr><td>"));
	put_html(out, c->code);
	buf_printf(out, "</td><td>%s</td>", c->running ? "执行 running" : "暂停 paused");
	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++)
		buf_printf(out, "<td class=\"n\">%" PRId64 "</td>", n[i]);
	buf_puts(out, STR("</tr>"));
}

static void put_campaigns(const struct console_status *s, struct buf *out)
{
	static const char *const columns[] = { "目标 targets",  "待发 ready",
		                               "拦下 refused",  "对照 held out",
		                               "已发 sent",     "送达 delivered",
		                               "回复 replied",  "办理 ordered",
		                               "退订 opted out" };

	if (s->n_campaigns == 0)
		return;
	buf_puts(out, STR("<h2>营销活动 Campaigns <small>统计于 counted at "));
	put_time(out, s->counted_s);
	buf_puts(out, STR("</small></h2><table><tr><th>活动 campaign</th>"
	                  "<th>状态 state</th>"));
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		buf_printf(out, "<th class=\"n\">%s</th>", columns[i]);
	buf_puts(out, STR("</tr>"));
	for (size_t i = 0; i < s->n_campaigns; i++)
		put_campaign(&s->campaign[i], out);
	buf_puts(out, STR("</table>"));
}

static void put_stages(const struct console_status *s, struct buf *out)
{
	buf_puts(out, STR("<h2>各阶段耗时 Stages, since the start</h2><table><tr>"
	                  "<th>阶段 stage</th><th class=\"n\">p50 ≤ ms</th>"
	                  "<th class=\"n\">p99 ≤ ms</th></tr>"));
	for (size_t i = 0; i < s->n_stages; i++) {
		buf_puts(out, STR("<tr><td>"));
		put_html(out, s->stage[i].name);
		buf_printf(out,
		           "</td><td class=\"n\">%.2f</td><td class=\"n\">%.2f</td></tr>",
		           (double)s->stage[i].p50_us / 1e3,
		           (double)s->stage[i].p99_us / 1e3);
	}
	buf_puts(out, STR("</table>"));
}

static void put_recent(const struct console_status *s, struct buf *out)
{
	if (s->n_recent == 0)
		return;
	buf_puts(out, STR("<h2>最近告警日志 Last warnings and errors</h2><pre>"));
	for (size_t i = 0; i < s->n_recent; i++) {
		put_html(out, s->recent[i]);
		buf_putc(out, '\n');
	}
	buf_puts(out, STR("</pre>"));
}

static void put_figures(const struct console_status *s, struct buf *out)
{
	buf_puts(out, STR("<h2>计数 Counters</h2><table>"));
	for (size_t i = 0; i < s->n_figures; i++) {
		buf_puts(out, STR("<tr><td>"));
		put_html(out, s->figure[i].zh);
		buf_putc(out, ' ');
		put_html(out, s->figure[i].label);
		buf_printf(out, "</td><td class=\"n\">%" PRId64 "</td></tr>",
		           s->figure[i].value);
	}
	buf_puts(out, STR("</table>"));
}

static void put_about(const struct console_status *s, struct buf *out)
{
	buf_puts(out, STR("<h1>短信营业厅 SMS business hall</h1><p><small>smshall "));
	put_html(out, s->version);
	buf_puts(out, STR(" · grammar "));
	put_html(out, s->revision);
	buf_puts(out, STR(" · "));
	put_html(out, s->store);
	buf_printf(out, " · 已运行 up %" PRId64 ":%02d:%02d", s->uptime_s / 3600,
	           (int)(s->uptime_s / 60 % 60), (int)(s->uptime_s % 60));
	if (s->reloaded_s != 0) {
		buf_puts(out, STR(" · 重载 reload "));
		put_time(out, s->reloaded_s);
	}
	if (s->backup_s != 0) {
		buf_puts(out, STR(" · 备份 backup "));
		put_time(out, s->backup_s);
	}
	buf_puts(out, STR("</small></p>"));
}

void console_print_page(const struct console_status *s, struct buf *out)
{
	buf_puts(out, str_of(head));
	put_about(s, out);
	put_alarms(s, out);
	put_tiles(s, out);
	put_links(s, out);
	put_campaigns(s, out);
	put_stages(s, out);
	put_recent(s, out);
	put_figures(s, out);
	buf_puts(out, STR("</body></html>\n"));
}

static json_t *json_links(const struct console_status *s)
{
	json_t *links = json_array();

	for (size_t i = 0; i < s->n_links; i++) {
		const struct console_link *l = &s->link[i];

		(void)json_array_append_new(
			links, json_pack("{s:s, s:s, s:s, s:i, s:i}", "name", l->name,
		                         "state", l->state, "bind", l->bind, "pending",
		                         (int)l->pending, "window", (int)l->window));
	}
	return links;
}

static json_t *json_alarms(const struct console_status *s)
{
	json_t *alarms = json_array();

	for (size_t i = 0; i < s->n_alarms; i++)
		(void)json_array_append_new(
			alarms, json_pack("{s:s, s:s, s:I}", "name", s->alarm[i].name,
		                          "detail", s->alarm[i].detail, "since",
		                          (json_int_t)s->alarm[i].since_s));
	return alarms;
}

void console_print_json(const struct console_status *s, struct buf *out)
{
	json_t *root = json_pack("{s:s, s:s, s:I, s:s, s:o, s:o}", "version", s->version,
	                         "grammar", s->revision, "uptime_s",
	                         (json_int_t)s->uptime_s, "reload_refusal",
	                         s->reload_refusal != NULL ? s->reload_refusal : "",
	                         "alarms", json_alarms(s), "links", json_links(s));
	char *text;

	for (size_t i = 0; i < s->n_figures; i++)
		(void)json_object_set_new(root, s->figure[i].name,
		                          json_integer(s->figure[i].value));
	text = json_dumps(root, JSON_COMPACT);
	if (text != NULL)
		buf_puts(out, str_of(text));
	buf_putc(out, '\n');
	free(text);
	json_decref(root);
}
