/*
 * care.c - see care_priv.h.
 */
#include "assets/assets.h"
#include "base/clock.h"
#include "care_priv.h"

enum {
	BUSY_US = 1000, /* that a piece may take while texts come in */
	IDLE_US = 20000,
	GROWTH = 2 /* from one piece to the next */
};

enum err office_flag(struct office_call *c, const char *key, bool *out)
{
	const json_t *v = json_object_get(c->request, key);

	if (v == NULL)
		return ERR_OK;
	if (!json_is_boolean(v)) {
		fault_set(c->fault, "request: \"%s\": expected true or false", key);
		return ERR_SYNTAX;
	}
	*out = json_is_true(v);
	return ERR_OK;
}

bool office_in_english(const struct office_call *c)
{
	return assets_language(str_of(c->host->conf->default_language)) == LANG_EN;
}

enum err office_now(struct office_call *c, int64_t *out)
{
	int64_t now = clock_machine().wall_s;
	const enum err e = office_number(c, "now", 0, INT64_C(1) << 40, &now);

	if (e == ERR_OK)
		*out = now;
	return e;
}

void office_line(struct office_call *c, struct str line)
{
	if (c->peer != NULL && c->peer->line != NULL)
		c->peer->line(c->peer->ctx, line);
}

void office_lines(struct office_call *c, const struct buf *out)
{
	struct str rest = buf_str(out), line;

	while (str_cut(&rest, '\n', &line))
		if (line.n > 0)
			office_line(c, line);
}

void office_store_failed(struct office_call *c, const struct store *s)
{
	fault_set(c->fault, "the store refused: %s", store_fault(s));
}

int64_t office_pace(const struct office_call *c, struct pace limits, int64_t much,
                    int64_t us)
{
	const bool busy = c->host->is_busy != NULL && c->host->is_busy(c->host->ctx);
	const int64_t target = busy ? BUSY_US : IDLE_US;
	int64_t next = much * target / (us > 0 ? us : 1);

	if (next > GROWTH * much)
		next = GROWTH * much;
	if (next > limits.most)
		next = limits.most;
	return next < limits.least ? limits.least : next;
}
