/*
 * campaign_handoff.c - what other systems do beside the messages of campaigns, a JSON line
 * each: serve a link that is a target's own, send a multimedia message.
 *
 *   {"do":"campaign","act":"handoff","code":"EXP-2","after":1234}
 *
 * Ids ascend, so whoever reads goes on behind the last that he has; a token comes once,
 * also from a store that was restored.  Times are UTC ms.  A line names the number only where something is to
 * be sent to it.  Uses come back by number (uses.csv) or by token (clicks.csv).
 */
#include <inttypes.h>
#include <stdlib.h>

#include "campaign_priv.h"

enum {
	PORTION = 2000
};

static void put_text(json_t *o, const char *key, struct str text)
{
	if (text.n > 0)
		(void)json_object_set_new(o, key, json_stringn(text.p, text.n));
}

static void say(struct office_call *c, const struct handoff *h)
{
	char number[24];
	json_t *o = json_object();
	char *line;

	(void)json_object_set_new(o, "id", json_integer(h->row.id));
	put_text(o, "token", h->row.token);
	put_text(o, "campaign", h->campaign);
	(void)json_object_set_new(o, "at", json_integer(h->row.at * 1000));
	(void)json_object_set_new(o, "until", json_integer(h->row.until * 1000));
	put_text(o, "language", str_of(language_name((enum language)h->language)));
	put_text(o, "link", h->row.link);
	put_text(o, "mms", h->row.mms);
	(void)snprintf(number, sizeof(number), "%" PRId64, h->row.msisdn);
	if (h->row.mms.n > 0)
		put_text(o, "msisdn", str_of(number));
	line = json_dumps(o, JSON_COMPACT);
	if (line != NULL)
		office_line(c, str_of(line));
	free(line);
	json_decref(o);
}

enum err campaign_handoff(struct office_call *c)
{
	struct arena portion = arena_make(SIZE_MAX);
	struct campaign_row row = { .code = STR("") };
	struct handoff *h = NULL;
	int64_t after = 0, now = 0;
	size_t n = 0;
	enum err e = office_now(c, &now);

	if (e == ERR_OK && office_has(c, "code"))
		e = campaign_find(c, &row);
	if (e == ERR_OK)
		e = office_number(c, "after", 0, INT64_MAX, &after);
	if (e == ERR_OK)
		e = campaign_not_killed(c);
	while (e == ERR_OK && !office_is_ending(c)) {
		arena_reset(&portion);
		e = store_handoffs(c->host->reader, &portion, row.code, after, now,
		                   PORTION, &h, &n, c->fault);
		for (size_t i = 0; e == ERR_OK && i < n; i++)
			say(c, &h[i]);
		if (e == ERR_OK)
			after = h[n - 1].row.id;
	}
	arena_free(&portion);
	return e == ERR_END ? ERR_OK : e;
}
