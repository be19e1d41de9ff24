/*
 * canary.c - see push/canary.h.
 */
#include "push/canary.h"

#include <inttypes.h>
#include <string.h>

#include "push/evaluate.h"

enum {
	WHOLE_BP = 10000,
	WHOLE_PERCENT = 100,
	NEAR_PERCENT = 75, /* of its limit */
	LEAST = 3 /* with fewer hits nothing stops: one of six would be "at least 3 %" */
};

static const char *const names[CANARY_HARMS] = {
#define X(constant, name) name,
	CANARY_HARM_LIST(X)
#undef X
};

/* What went wrong, and the share above which that stops everything. */
struct harm {
	int64_t hits, n;
	unsigned limit_bp;
};

/* In per cent; false: it says nothing yet. */
static bool low_of(const struct harm *h, double *low)
{
	if (h->n <= 0 || h->hits < LEAST)
		return false;
	*low = evaluate_wilson((struct share){ h->hits < h->n ? h->hits : h->n, h->n },
	                       EVALUATE_Z95)
	               .low *
	       100;
	return true;
}

static void put_harm(enum canary_harm what, const struct harm *h, double low,
                     struct buf *out)
{
	buf_printf(out,
	           "%s: %" PRId64 " of %" PRId64
	           ", at least %.2f %%; the limit is %u.%02u "
	           "%%",
	           names[what], h->hits, h->n, low, h->limit_bp / 100, h->limit_bp % 100);
}

static bool is_over(enum canary_harm what, const struct harm *h, struct buf *why)
{
	double low;

	if (!low_of(h, &low) || low * 100 <= h->limit_bp)
		return false;
	put_harm(what, h, low, why);
	return true;
}

static void put_near(enum canary_harm what, const struct harm *h, struct buf *out)
{
	double low;

	if (!low_of(h, &low) || (double)h->hits * WHOLE_BP * WHOLE_PERCENT <=
	                                (double)h->n * h->limit_bp * NEAR_PERCENT)
		return;
	put_harm(what, h, low, out);
	buf_putc(out, '\n');
}

static void harms_of(const struct push_rules *r, const struct canary_counts *n,
                     struct harm out[CANARY_HARMS])
{
	const struct harm harms[CANARY_HARMS] = {
		[CANARY_OPTED_OUT] = { n->opted_out, n->sent, r->stop_opt_out_bp },
		[CANARY_COMPLAINED] = { n->complained, n->sent, r->stop_complained_bp },
		[CANARY_FAILED] = { n->failed, n->sent, r->stop_failed_bp },
		[CANARY_ERRORS] = { n->errors, n->ordered + n->errors,
		                    r->stop_errors_bp },
	};

	memcpy(out, harms, sizeof(harms));
}

static bool must_stop(const struct push_rules *r, const struct canary_counts *n,
                      struct buf *why)
{
	struct harm harm[CANARY_HARMS];

	harms_of(r, n, harm);
	for (unsigned i = 0; i < CANARY_HARMS; i++)
		if (is_over((enum canary_harm)i, &harm[i], why))
			return true;
	return false;
}

void canary_near(const struct push_rules *r, const struct canary_counts *n,
                 struct buf *out)
{
	struct harm harm[CANARY_HARMS];

	harms_of(r, n, harm);
	for (unsigned i = 0; i < CANARY_HARMS; i++)
		put_near((enum canary_harm)i, &harm[i], out);
}

/* The next word that begins with a digit, without what is no figure behind it. */
static struct str figure(struct str *rest)
{
	struct str word;

	while (str_cut(rest, ' ', &word)) {
		if (word.n == 0 || word.p[0] < '0' || word.p[0] > '9')
			continue;
		while (word.p[word.n - 1] == ',' || word.p[word.n - 1] == ';')
			word.n--;
		return word;
	}
	return STR("");
}

bool canary_read(struct str why, struct canary_why *out)
{
	struct str name;

	if (!str_cut(&why, ':', &name))
		return false;
	for (unsigned i = 0; i < CANARY_HARMS; i++) {
		if (!str_eq(name, str_of(names[i])))
			continue;
		out->harm = (enum canary_harm)i;
		if (str_i64(figure(&why), &out->hits) != ERR_OK ||
		    str_i64(figure(&why), &out->n) != ERR_OK)
			return false;
		(void)figure(&why); /* its lower bound */
		out->limit = figure(&why);
		return out->limit.n > 0;
	}
	return false;
}

int64_t canary_share(const struct push_rules *r, int64_t targets)
{
	return targets / WHOLE_BP * r->canary_share_bp +
	       targets % WHOLE_BP * r->canary_share_bp / WHOLE_BP;
}

/* How many may be sent once the step up to `allowed` is found good. */
static int64_t next_step(const struct push_rules *r, const struct canary_counts *n)
{
	const int64_t share = canary_share(r, n->targets);

	if (n->allowed < r->canary_first)
		return r->canary_first;
	return n->allowed < share ? share : INT64_MAX;
}

enum canary_verdict canary_look(const struct push_rules *r, const struct canary_counts *n,
                                int64_t now, int64_t *allowed, struct buf *why)
{
	*allowed = n->allowed;
	if (must_stop(r, n, why))
		return CANARY_STOP;
	if (n->allowed == INT64_MAX)
		return CANARY_GO;
	if (n->allowed > 0 &&
	    (n->sent < n->allowed || now < n->step_at + r->canary_wait_s))
		return CANARY_WAIT;
	*allowed = next_step(r, n);
	return CANARY_GO;
}
