/*
 * campaign_use.c - what the hall is used for and what it saves: services by texts and by
 * what became of their prompts, days, and what the same contacts would have cost at the
 * counter and the hotline (push.conf: contact).
 *
 * A contact is a number that asks for a service on a day, however often.  Counted from the
 * store, for as long as texts are kept; what was refused before a prompt went out is
 * answered, as any question is.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "campaign_priv.h"
#include "store/use.h"

enum {
	ANSWER = 1 << 18,
	DAYS = 30,       /* unless asked for others */
	DAYS_MOST = 366, /* texts are mostly kept for less */
	NAMES = 512,     /* services; the rest is counted as one */
	WHOLE_BP = 10000
};

struct used {
	int64_t texts, contacts, asked, done, refused;
};

struct using
{
	struct office_call *c;
	struct push_rules rules;
	int64_t day[DAYS_MOST + 1]; /* UTC s at which each begins */
	size_t n_days;
	struct str name[NAMES]; /* intents; "" not understood */
	struct used service[NAMES], of_day[DAYS_MOST], all;
	int64_t missed[DAYS_MOST], missed_all, aside;
	size_t n;
	/* The number that is walked: services of its present day. */
	int64_t msisdn;
	size_t at_day;
	bool seen[NAMES];
};

/* ---- counting ---- */

/*
 * Answers to what the hall asked belong to the service that asked; and who approves
 * campaigns would not have gone to a counter.
 */
static bool is_no_service(struct str intent)
{
	return str_starts(intent, STR("confirm.")) || str_starts(intent, STR("menu.")) ||
	       str_starts(intent, STR("campaign."));
}

static size_t service_of(struct using *u, struct str intent)
{
	for (size_t i = 0; i < u->n; i++)
		if (str_eq(u->name[i], intent))
			return i;
	if (u->n == NAMES)
		return NAMES - 1;
	u->name[u->n] = u->n == NAMES - 1 ? STR("others")
	                                  : arena_str(&u->c->arena, intent);
	return u->n++;
}

static size_t day_of(const struct using *u, int64_t at)
{
	size_t low = 0, high = u->n_days - 1;

	while (low < high) {
		const size_t middle = (low + high + 1) / 2;

		if (u->day[middle] <= at)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static void count_contact(struct using *u, int64_t msisdn, size_t day, size_t service)
{
	if (msisdn != u->msisdn || day != u->at_day)
		memset(u->seen, 0, sizeof(u->seen));
	u->msisdn = msisdn;
	u->at_day = day;
	if (u->seen[service])
		return;
	u->seen[service] = true;
	u->service[service].contacts++;
	u->of_day[day].contacts++;
	u->all.contacts++;
}

static void take_text(void *ctx, const struct use_text *t)
{
	struct using *u = ctx;
	const size_t day = day_of(u, t->at);
	size_t service;

	u->of_day[day].texts++;
	u->all.texts++;
	u->aside += t->aside;
	if (t->intent.n == 0 && !t->aside) {
		u->missed[day]++;
		u->missed_all++;
	}
	if (t->intent.n == 0 || t->aside || is_no_service(t->intent))
		return;
	service = service_of(u, t->intent);
	u->service[service].texts++;
	count_contact(u, t->msisdn, day, service);
}

static void add_step(struct used *u, enum step_kind kind)
{
	u->asked += kind == STEP_ASKED;
	u->done += kind == STEP_CARRIED_OUT;
	u->refused += kind == STEP_REFUSED;
}

static void take_step(void *ctx, const struct use_step *s)
{
	struct using *u = ctx;

	if (s->intent.n == 0 || is_no_service(s->intent))
		return;
	add_step(&u->service[service_of(u, s->intent)], s->kind);
	add_step(&u->of_day[day_of(u, s->at)], s->kind);
	add_step(&u->all, s->kind);
}

/* Prompts that nothing came of, also those that are open still. */
static int64_t left(const struct used *u)
{
	const int64_t n = u->asked - u->done - u->refused;

	return n > 0 ? n : 0;
}

/* ---- what it saves ---- */

/* Of a contact, in li: what counter and hotline would have cost, less the texts. */
static int64_t saved_li(const struct push_rules *r, int64_t contacts)
{
	const int64_t elsewhere = (r->counter_li * r->counter_bp +
	                           r->hotline_li * r->hotline_bp) /
	                          WHOLE_BP;

	return contacts * (elsewhere - r->contact_li);
}

static void put_yuan(struct buf *out, int64_t li)
{
	const int64_t all = li < 0 ? -li : li;

	buf_printf(out, "%s%" PRId64 ".%02d", li < 0 ? "-" : "", all / 1000,
	           (int)(all % 1000 / 10));
}

/* ---- for people ---- */

static void put_date(struct buf *out, int64_t at)
{
	const struct civil d = civil_of(at);

	buf_printf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static void put_used(struct buf *out, const struct used *u, int64_t missed)
{
	buf_printf(out,
	           " %9" PRId64 " %9" PRId64 " %9" PRId64 " %9" PRId64 " %9" PRId64
	           " %9" PRId64,
	           u->texts, u->contacts, u->asked, u->done, left(u), u->refused);
	if (missed >= 0)
		buf_printf(out, " %9" PRId64, missed);
	buf_putc(out, '\n');
}

static void put_head(struct buf *out, const char *of, bool misses)
{
	buf_printf(out, "%-28s %9s %9s %9s %9s %9s %9s%s\n", of, "texts", "contacts",
	           "asked", "done", "abandoned", "refused", misses ? "    missed" : "");
}

static void put_channel(struct buf *out, const char *name, int64_t li, unsigned bp,
                        int64_t contacts)
{
	buf_printf(out, "  %-10s %4u.%02u %% of them at ", name, bp / 100, bp % 100);
	put_yuan(out, li);
	buf_puts(out, STR(" yuan: "));
	put_yuan(out, contacts * li * bp / WHOLE_BP);
	buf_puts(out, STR(" yuan\n"));
}

static void put_saving(struct buf *out, const struct using *u)
{
	const struct push_rules *r = &u->rules;
	const int64_t n = u->all.contacts;

	buf_printf(
		out,
		"\n%" PRId64
		" contacts (a number, a service, a day) were served by text. "
		"Elsewhere, as push.conf\nassumes (contact: put your own figures there):\n",
		n);
	put_channel(out, "counter", r->counter_li, r->counter_bp, n);
	put_channel(out, "hotline", r->hotline_li, r->hotline_bp, n);
	buf_puts(out, STR("  by text    all of them at "));
	put_yuan(out, r->contact_li);
	buf_puts(out, STR(" yuan: "));
	put_yuan(out, n * r->contact_li);
	buf_puts(out, STR(" yuan\n  saved: "));
	put_yuan(out, saved_li(r, n));
	buf_puts(out, STR(" yuan\n"));
}

static void put_text(struct buf *out, const struct using *u, const size_t *order)
{
	put_date(out, u->day[0]);
	buf_puts(out, STR(" to "));
	put_date(out, u->day[u->n_days] - 1);
	buf_printf(out,
	           "; texts are kept for %d days\n"
	           "abandoned: prompts that were declined, left or are open still\n",
	           u->c->host->conf->retain_texts_days);
	put_head(out, "service", false);
	for (size_t i = 0; i < u->n; i++) {
		buf_printf(out, "%-28.*s", STR_ARG(u->name[order[i]]));
		put_used(out, &u->service[order[i]], -1);
	}
	buf_puts(out, STR(" \n"));
	put_head(out, "day", true);
	for (size_t i = 0; i < u->n_days; i++) {
		if (u->of_day[i].texts == 0 && u->of_day[i].asked == 0)
			continue;
		put_date(out, u->day[i]);
		buf_printf(out, "%18s", "");
		put_used(out, &u->of_day[i], u->missed[i]);
	}
	buf_printf(out, "%-28s", "all");
	put_used(out, &u->all, u->missed_all);
	if (u->aside > 0)
		buf_printf(out, "%" PRId64 " could not be answered\n", u->aside);
	put_saving(out, u);
}

/* ---- as CSV ---- */

static void put_row(struct buf *out, const struct using *u, const char *of,
                    struct str name, const struct used *n, int64_t missed)
{
	buf_printf(out,
	           "%s,%.*s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
	           ",%" PRId64 ",%" PRId64 ",",
	           of, STR_ARG(name), n->texts, n->contacts, n->asked, n->done, left(n),
	           n->refused, missed);
	put_yuan(out, saved_li(&u->rules, n->contacts));
	buf_putc(out, '\n');
}

static void put_csv(struct buf *out, const struct using *u, const size_t *order)
{
	buf_puts(out, STR("of,name,texts,contacts,asked,done,abandoned,refused,missed,"
	                  "saved_yuan\n"));
	for (size_t i = 0; i < u->n; i++)
		put_row(out, u, "service", u->name[order[i]], &u->service[order[i]], 0);
	for (size_t i = 0; i < u->n_days; i++) {
		struct buf date = buf_make(16);

		put_date(&date, u->day[i]);
		put_row(out, u, "day", buf_str(&date), &u->of_day[i], u->missed[i]);
		buf_free(&date);
	}
	put_row(out, u, "all", STR(""), &u->all, u->missed_all);
}

/* ---- the act ---- */

/* Most contacts first; equal ones by name. */
static void put_in_order(const struct using *u, size_t *order)
{
	for (size_t i = 0; i < u->n; i++) {
		size_t at = i;

		for (; at > 0; at--) {
			const size_t before = order[at - 1];
			const int64_t more = u->service[i].contacts -
			                     u->service[before].contacts;

			if (more < 0 ||
			    (more == 0 && str_cmp(u->name[i], u->name[before]) > 0))
				break;
			order[at] = before;
		}
		order[at] = i;
	}
}

/* The last n local days, today among them. */
static void find_days(struct using *u, int64_t now, int64_t n)
{
	struct civil day = civil_of(now);

	day.hour = day.minute = day.second = 0;
	day.day -= (int)n - 1;
	u->n_days = (size_t)n;
	for (size_t i = 0; i <= u->n_days; i++, day.day++)
		u->day[i] = civil_to_utc(day);
}

static enum err count(struct using *u)
{
	struct office_call *c = u->c;
	int64_t now = 0, days = DAYS;
	enum err e = office_now(c, &now);

	if (e == ERR_OK)
		e = office_number(c, "days", 1, DAYS_MOST, &days);
	if (e == ERR_OK)
		e = assets_read_push(c->host->conf->grammar, &c->arena, &u->rules,
		                     c->fault);
	if (e != ERR_OK)
		return e;
	find_days(u, now, days);
	e = store_use_texts(c->host->reader, u->day[0], take_text, u, c->fault);
	return e == ERR_OK ? store_use_steps(c->host->reader, u->day[0], take_step, u,
	                                     c->fault)
	                   : e;
}

enum err campaign_use(struct office_call *c)
{
	struct using *u = xcalloc(1, sizeof(*u));
	struct buf out = buf_make(ANSWER);
	size_t order[NAMES];
	bool csv = false;
	enum err e = office_flag(c, "csv", &csv);

	u->c = c;
	if (e == ERR_OK)
		e = count(u);
	if (e == ERR_OK) {
		put_in_order(u, order);
		if (csv)
			put_csv(&out, u, order);
		else
			put_text(&out, u, order);
		office_lines(c, &out);
	}
	buf_free(&out);
	free(u);
	return e;
}
