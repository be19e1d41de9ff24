/*
 * campaign_outcome.c - what became of the messages of a campaign by hour and by stage of
 * life, and what was saved of what they promised.
 *
 * Realised is what the old package would have cost by the use of that month less what the
 * new one did, as insured months have noted it; of other months nothing is compared.
 */
#include <inttypes.h>

#include "campaign_priv.h"
#include "model/money.h"
#include "offer/learned.h"

_Static_assert((int)STAGES == (int)LEARN_STAGES, "a cell's stage is one of the policy's");

enum {
	FEN_OF_YUAN = 100,
	LI_OF_YUAN = 1000
};

/* ---- counting ---- */

static void count(struct campaign_answers *n, const struct target_answer *a)
{
	n->sent++;
	n->replied += a->replied;
	n->ordered += a->ordered;
}

static void add_months(struct campaign_outcome *o, const struct target_answer *a,
                       int64_t promised_fen)
{
	int64_t n = 0, saved, owed;

	for (size_t i = 0; i < a->n_months; i++) {
		if (!office_insured_month(a->month[i].price, a->month[i].was, &saved,
		                          &owed))
			continue;
		n++;
		o->told_fen += promised_fen;
		o->saved_li += saved;
		o->paid_fen += owed;
	}
	o->months += n;
	o->people += n > 0;
}

static void add(void *ctx, const struct target_answer *a)
{
	struct campaign_outcome *o = ctx;
	int64_t fen;

	count(&o->all, a);
	count(&o->hour[civil_of(a->at).hour], a);
	count(&o->stage[a->cell < LEARN_ANY ? a->cell / LEARN_BANDS : STAGES], a);
	if (!a->ordered || money_parse(a->saving, 2, &fen) != ERR_OK)
		return;
	o->promised++;
	o->promised_fen += fen;
	add_months(o, a, fen);
}

enum err campaign_outcome_load(struct office_call *c, int64_t campaign,
                               struct campaign_outcome *out)
{
	*out = (struct campaign_outcome){ 0 };
	return store_campaign_answers(c->host->reader, campaign, add, out, c->fault);
}

/* ---- what is said ---- */

static double yuan(int64_t fen)
{
	return (double)fen / FEN_OF_YUAN;
}

static const char *name_of_stage(size_t s)
{
	return s < STAGES ? stage_name((enum stage)s) : "not known";
}

void campaign_outcome_say_savings(const struct campaign_outcome *o, struct buf *out)
{
	if (o->promised == 0)
		return;
	buf_printf(out, "%-34s %.2f yuan a month to %" PRId64 " who ordered\n",
	           "saving promised", yuan(o->promised_fen), o->promised);
	if (o->months == 0) {
		buf_printf(out, "%-34s not known: no insured month is over\n",
		           "saving realised");
		return;
	}
	buf_printf(out,
	           "%-34s %.2f yuan of %.2f promised, in %" PRId64
	           " insured months of %" PRId64 " people",
	           "saving realised", (double)o->saved_li / LI_OF_YUAN, yuan(o->told_fen),
	           o->months, o->people);
	if (o->paid_fen > 0)
		buf_printf(out, "; %.2f paid back besides", yuan(o->paid_fen));
	buf_putc(out, '\n');
}

static void put_head(const char *by, struct buf *out)
{
	buf_printf(out, " \n%-34s %9s %9s %9s\n", by, "sent", "replied", "ordered");
}

static void put_row(const char *name, const struct campaign_answers *n, struct buf *out)
{
	if (n->sent > 0)
		buf_printf(out, "  %-32s %9" PRId64 " %9" PRId64 " %9" PRId64 "\n", name,
		           n->sent, n->replied, n->ordered);
}

/* "09:00" */
static void put_hour(int hour, char name[8])
{
	(void)snprintf(name, 8, "%02u:00", (unsigned)hour % CAMPAIGN_HOURS);
}

void campaign_outcome_say(const struct campaign_outcome *o, struct buf *out)
{
	char name[8];

	if (o->all.sent == 0)
		return;
	put_head("by hour", out);
	for (int h = 0; h < CAMPAIGN_HOURS; h++) {
		put_hour(h, name);
		put_row(name, &o->hour[h], out);
	}
	put_head("by stage", out);
	for (size_t s = 0; s <= STAGES; s++)
		put_row(name_of_stage(s), &o->stage[s], out);
}

/* ---- as CSV ---- */

static void put_csv(struct str code, const char *of, const char *name,
                    const struct campaign_answers *n, struct buf *out)
{
	if (n->sent > 0)
		buf_printf(out, "%.*s,%s,%s,%" PRId64 ",%" PRId64 ",0,%" PRId64 ",,,,\n",
		           STR_ARG(code), of, name, n->sent, n->replied, n->ordered);
}

static void put_saving(struct str code, const char *name, int64_t people, int64_t months,
                       double sum, struct buf *out)
{
	buf_printf(out, "%.*s,saving,%s,,,,,%" PRId64 ",%" PRId64 ",%.2f,\n",
	           STR_ARG(code), name, people, months, sum);
}

void campaign_outcome_csv(const struct campaign_outcome *o, struct str code,
                          struct buf *out)
{
	char name[8];

	for (int h = 0; h < CAMPAIGN_HOURS; h++) {
		put_hour(h, name);
		put_csv(code, "hour", name, &o->hour[h], out);
	}
	for (size_t s = 0; s <= STAGES; s++)
		put_csv(code, "stage", name_of_stage(s), &o->stage[s], out);
	if (o->promised == 0)
		return;
	put_saving(code, "promised a month", o->promised, 1, yuan(o->promised_fen), out);
	put_saving(code, "promised for months that are over", o->people, o->months,
	           yuan(o->told_fen), out);
	put_saving(code, "realised", o->people, o->months,
	           (double)o->saved_li / LI_OF_YUAN, out);
	put_saving(code, "paid back", o->people, o->months, yuan(o->paid_fen), out);
}
