/*
 * campaign_next.c - what can be done with a campaign next, for who has never seen one: in
 * its list of commands, and in refusals of others.
 */
#include "base/near.h"
#include "campaign_priv.h"

#define IN(state) (1U << CAMPAIGN_##state)

enum {
	OVER = IN(FINISHED) | IN(STOPPED) | IN(EVALUATED),
	SHOWN = 10 /* codes of a fault */
};

static const struct next {
	unsigned in;                    /* bits of states */
	const char *verb, *tail, *what; /* tail: behind the code; NULL: a file */
} nexts[] = {
	{ IN(DRAFT), "preview", "", "texts as real subscribers would get them" },
	{ IN(DRAFT) | IN(SUBMITTED) | IN(APPROVED) | IN(SCHEDULED), "test", " MSISDN",
	  "sends its texts to a tester of push.conf" },
	{ IN(DRAFT) | IN(SUBMITTED), "preflight", "",
	  "who fits, who is dropped and why, cost, end" },
	{ IN(DRAFT), "submit", "", "asks another person to approve it" },
	{ IN(SUBMITTED), "approve", "", "by neither its owner nor who submitted it" },
	{ IN(APPROVED), "schedule", "", "draws its audience; it begins at its time" },
	{ IN(SUBMITTED) | IN(APPROVED), "reject", "", "takes it back: a draft again" },
	{ IN(SCHEDULED), "reject", "",
	  "takes it back: a draft again, its audience forgotten" },
	{ IN(DRAFT) | IN(SUBMITTED) | IN(APPROVED), "add", NULL,
	  "another text in its place, to be approved anew" },
	{ IN(RUNNING) | IN(PAUSED) | OVER, "report", "", "the funnel as it is now" },
	{ IN(RUNNING), "pause", "", "within a second; resume goes on exactly there" },
	{ IN(PAUSED), "resume", "", "goes on where it was" },
	{ IN(APPROVED) | IN(SCHEDULED) | IN(RUNNING) | IN(PAUSED), "stop", "",
	  "for good: who was not sent to gets nothing" },
	{ OVER, "evaluate", "", "what it has brought, with the doubt in it" },
	{ OVER, "lesson", " TEXT", "what is to be remembered" },
};
enum {
	NEXTS = sizeof(nexts) / sizeof(nexts[0])
};

static bool is_possible(const struct next *n, enum campaign_state s)
{
	return (n->in >> s & 1U) != 0;
}

void campaign_say_next(struct office_call *c, const struct campaign_row *row)
{
	office_say(c, "next:");
	for (size_t i = 0; i < NEXTS; i++) {
		const struct next *n = &nexts[i];
		struct str words;

		if (!is_possible(n, row->state))
			continue;
		words = n->tail == NULL ? STR("add FILE")
		                        : arena_printf(&c->arena, "%s %.*s%s", n->verb,
		                                       STR_ARG(row->code), n->tail);
		office_say(c, "  smshall campaign %-28.*s %s", STR_ARG(words), n->what);
	}
}

/* "submit, add, preview" */
static void put_verbs(enum campaign_state s, struct buf *out)
{
	bool first = true;

	for (size_t i = 0; i < NEXTS; i++) {
		if (!is_possible(&nexts[i], s))
			continue;
		buf_printf(out, "%s%s", first ? "" : ", ", nexts[i].verb);
		first = false;
	}
}

/* What one would do instead; "": nothing in particular. */
static const char *remedy(enum campaign_state s, enum campaign_deed d)
{
	if (d == CAMPAIGN_DEED_ADD && s >= CAMPAIGN_FINISHED)
		return "; another run needs another code: copy the file and change "
		       "campaign.code";
	if (d == CAMPAIGN_DEED_ADD)
		return "; take it back first (reject), or stop it";
	if (d == CAMPAIGN_DEED_SCHEDULE && s == CAMPAIGN_DRAFT)
		return "; it has to be submitted and approved before";
	if (d == CAMPAIGN_DEED_EVALUATE && s < CAMPAIGN_FINISHED)
		return "; while it runs, report tells how it does";
	return "";
}

enum err campaign_may_not(const struct campaign_move *m, const struct campaign_row *row)
{
	struct buf possible = buf_make(256);

	put_verbs(row->state, &possible);
	fault_set(m->c->fault, "%.*s is %s: to %s it is not possible now; what is: %s%s",
	          STR_ARG(row->code), campaign_state_name(row->state),
	          campaign_deed_name(m->deed), buf_cstr(&possible),
	          remedy(row->state, m->deed));
	buf_free(&possible);
	return ERR_STATE;
}

/* ---- which one is meant ---- */

/* The code that resembles it, or "". */
static struct str nearest(const struct campaign_row *row, size_t n, struct str code)
{
	struct str best = STR("");
	size_t least = NEAR_TYPO + 1;

	for (size_t i = 0; i < n; i++) {
		const size_t d = near_distance(row[i].code, code);

		if (d < least) {
			least = d;
			best = row[i].code;
		}
	}
	return best;
}

static void put_codes(const struct campaign_row *row, size_t n, struct buf *out)
{
	for (size_t i = n > SHOWN ? n - SHOWN : 0; i < n; i++)
		buf_printf(out, "%s%.*s (%s)", out->n > 0 ? ", " : "",
		           STR_ARG(row[i].code), campaign_state_name(row[i].state));
}

void campaign_none(struct office_call *c, struct str code)
{
	struct campaign_row *row = NULL;
	struct fault unheard = { .text = "" };
	struct buf codes = buf_make(512);
	struct str near;
	size_t n = 0;

	if (store_campaigns(c->host->reader, &c->arena, STR(""), &row, &n, &unheard) !=
	    ERR_OK)
		n = 0;
	put_codes(row, n, &codes);
	near = nearest(row, n, code);
	if (n == 0)
		fault_set(c->fault, "there is no campaign yet; one begins as a file: "
		                    "smshall campaign add FILE");
	else if (code.n == 0)
		fault_set(c->fault, "which campaign? expected its code: %s",
		          buf_cstr(&codes));
	else if (near.n > 0)
		fault_set(c->fault, "there is no campaign \"%.*s\"; is %.*s meant?",
		          code.n < 100 ? (int)code.n : 100, code.p, STR_ARG(near));
	else
		fault_set(c->fault, "there is no campaign \"%.*s\"; there are %s",
		          code.n < 100 ? (int)code.n : 100, code.p, buf_cstr(&codes));
	buf_free(&codes);
}
