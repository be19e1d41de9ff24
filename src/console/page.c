/*
 * page.c - what the status page and its JSON say.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <jansson.h>

#include "console/console.h"

static const char head[] =
	"<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
	"<meta http-equiv=\"refresh\" content=\"2\"><title>smshall 短信营业厅</title><style>"
	"body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:46rem;padding:0 1rem;"
	"color:#1d2733;background:#f6f8fa}h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:1.6rem}"
	"table{border-collapse:collapse;width:100%;background:#fff}"
	"th,td{padding:.35rem .7rem;border-bottom:1px solid #e3e8ee;text-align:left}"
	"td.n{text-align:right;font-variant-numeric:tabular-nums}"
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

static void put_links(const struct console_status *s, struct buf *out)
{
	buf_puts(out,
	         STR("<h2>链路 Links</h2><table><tr><th>名称 name</th><th>状态 state</th>"
	             "<th>bind</th><th>在途 pending</th><th>窗口 window</th></tr>"));
	for (size_t i = 0; i < s->n_links; i++) {
		const struct console_link *l = &s->link[i];
		const bool up = strcmp(l->state, "up") == 0;

		buf_puts(out, STR("<tr><td>"));
		put_html(out, l->name);
		buf_printf(out, "</td><td class=\"%s\">", up ? "up" : "down");
		put_html(out, l->state);
		buf_puts(out, STR("</td><td>"));
		put_html(out, l->bind);
		buf_printf(out,
		           "</td><td class=\"n\">%u</td><td class=\"n\">%u</td></tr>",
		           l->pending, l->window);
	}
	buf_puts(out, STR("</table>"));
}

void console_print_page(const struct console_status *s, struct buf *out)
{
	buf_puts(out, str_of(head));
	buf_puts(out, STR("<h1>短信营业厅 SMS business hall</h1><p><small>smshall "));
	put_html(out, s->version);
	buf_puts(out, STR(" · grammar "));
	put_html(out, s->revision);
	buf_puts(out, STR(" · "));
	put_html(out, s->store);
	buf_printf(out, " · 已运行 up %" PRId64 ":%02d:%02d</small></p>",
	           s->uptime_s / 3600, (int)(s->uptime_s / 60 % 60),
	           (int)(s->uptime_s % 60));
	put_links(s, out);
	buf_puts(out, STR("<h2>计数 Counters</h2><table>"));
	for (size_t i = 0; i < s->n_figures; i++) {
		buf_puts(out, STR("<tr><td>"));
		put_html(out, s->figure[i].label);
		buf_printf(out, "</td><td class=\"n\">%" PRId64 "</td></tr>",
		           s->figure[i].value);
	}
	buf_puts(out, STR("</table></body></html>\n"));
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

void console_print_json(const struct console_status *s, struct buf *out)
{
	json_t *root = json_pack("{s:s, s:s, s:I, s:o}", "version", s->version, "grammar",
	                         s->revision, "uptime_s", (json_int_t)s->uptime_s,
	                         "links", json_links(s));
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
