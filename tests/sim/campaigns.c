/*
 * campaigns.c - campaigns that run in a seed: their rows, in a store that no gateway has
 * open yet, and what of them the checker is told.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "push/arms.h"
#include "push/rules.h"
#include "sim.h"
#include "store/campaigns.h"
#include "support/campaigns.h"

enum {
	PIECE = 1000,   /* targets of a transaction */
	CANARY = 20,    /* messages, at most, of a campaign that is looked at first */
	SLOW_PER_S = 4, /* messages, at most, of a campaign that takes its time */
	ARENA = 16 << 20
};
#define OWNER_SINCE INT64_C(1600000000)

/* most, stock, budget (yuan): of 100 of its targets; 0: no limit. */
static const struct plan {
	const char *code, *kind, *category, *priority, *offer, *command, *zh, *en;
	long long fee_fen;
	int every; /* person is a target of it */
	int most, stock, budget;
} plans[] = {
	{ "SIM-DATA", "broadcast", "data", "5", "LLB10", "service.open code=LLB10",
	  "{name}，月费{fee}元，回复{reply}办理",
	  "{name}, {fee} yuan a month. Reply {reply}", 1000, 1, 0, 0, 0 },
	/* Two segments in Chinese. */
	{ "SIM-TONE", "broadcast", "services", "7", "LX", "service.open code=LX",
	  "谁来的电话，接之前就知道：{name}，月费{fee}元，即时生效，随时可退，当月退订当月不再"
	  "收费。现在办理，回复{reply}，发出后还会请您确认一次",
	  "{name}: know who calls, {fee} yuan a month. Reply {reply}", 600, 3, 0, 30, 0 },
	{ "SIM-PLAN", "broadcast", "plans", "3", "38", "package.change code=38",
	  "{name}，月费{fee}元，回复{reply}办理",
	  "{name}, {fee} yuan a month. Reply {reply}", 3800, 4, 20, 0, 0 },
	{ "SIM-SHORT", "broadcast", "services", "2", "SJB", "service.open code=SJB",
	  "{name}，月费{fee}元，回复{reply}办理",
	  "{name}, {fee} yuan a month. Reply {reply}", 300, 5, 0, 0, 1 },
	/* A notice of service goes to who wants no marketing, too. */
	{ "SIM-CARE", "care", "events", "9", "", "", "今晚2点至4点系统升级，短信办理暂停",
	  "No orders by text from 2 to 4 tonight", 0, 6, 0, 0, 0 },
};

enum {
	PLANS = sizeof(plans) / sizeof(plans[0])
};

static void must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "simulate: %s: error %d\n", what, (int)e);
	exit(EXIT_FAILURE);
}

static struct store *open_store(void)
{
	struct fault fault = { .text = "" };
	struct store *s = NULL;

	if (store_open(sim.conf->store, STORE_OPEN, &s, &fault) != ERR_OK) {
		(void)fprintf(stderr, "simulate: %s\n", fault.text);
		exit(EXIT_FAILURE);
	}
	return s;
}

/* ---- a campaign ---- */

static int64_t share(int of_100, int64_t targets)
{
	const int64_t n = targets * of_100 / 100;

	return of_100 > 0 && n == 0 ? 1 : n;
}

/* Of a seed, every other campaign takes its time, so that the desk finds it at work. */
static int64_t rate(void)
{
	return sim.audience > AUDIENCE || below(2) == 0 ? 0 : 1 + below(SLOW_PER_S);
}

static struct str definition(const struct plan *p, struct arena *a, int64_t targets)
{
	return arena_printf(
		a,
		"campaign = { code = \"%s\"; title = \"t\"; kind = \"%s\"; category = \"%s\"; "
		"owner = \"anna\"; priority = \"%s\"; };\n"
		"audience = { control = \"10\"; };\n%s%s%s"
		"time = { from = \"2026-11-01\"; until = \"2026-12-31\"; };\n"
		"limit = { most = \"%lld\"; stock = \"%lld\"; budget = \"%lld\"; "
		"rate = \"%lld\"; };\n"
		"arm_only = { share = \"100\"; zh_hans = \"%s\"; en = \"%s\"; };\n",
		p->code, p->kind, p->category, p->priority,
		p->offer[0] != '\0' ? "offer = { codes = \"" : "", p->offer,
		p->offer[0] != '\0' ? "\"; days = \"7\"; };\n" : "",
		(long long)share(p->most, targets), (long long)share(p->stock, targets),
		(long long)share(p->budget, targets), (long long)rate(), p->zh, p->en);
}

static struct campaign_row row_of(const struct plan *p, struct str text)
{
	struct campaign_row row = running_campaign(p->code, text);

	for (size_t i = 0; i < sizeof(row.salt); i++)
		row.salt[i] = (uint8_t)below(256);
	return row;
}

static void put_row(struct store *s, struct campaign_row *row)
{
	must(store_begin(s), "begin");
	must(store_put_campaign(s, row, NULL), store_fault(s));
	must(store_commit(s), "commit");
}

/* ---- its targets ---- */

static struct target_row target_of(const struct plan *p, const struct campaign *c,
                                   const struct arms_salt *salt, int64_t id,
                                   int64_t person)
{
	char number[NUMBER];
	struct target_row t = { .campaign = id,
		                .owner_since = OWNER_SINCE,
		                .state = TARGET_READY,
		                .offer = str_of(p->offer),
		                .command = str_of(p->command),
		                .saving = STR(""),
		                .why = STR(""),
		                .price = STR("") };

	number_of(person, number);
	t.msisdn = strtoll(number, NULL, 10);
	t.place = arms_place(salt, t.msisdn);
	t.arm = arms_of(c, push_rules_defaults().universal_bp, salt, t.msisdn);
	if (t.arm == ARM_CONTROL || t.arm == ARM_UNIVERSAL)
		t.state = TARGET_HELD;
	return t;
}

static void put_piece(struct store *s, const struct target_row *t, size_t n)
{
	size_t new = 0;

	must(store_begin(s), "begin");
	must(store_put_targets(s, t, n, &new), store_fault(s));
	must(store_commit(s), "commit");
}

static int64_t next_person(int64_t person)
{
	return person + 1 == SUBSCRIBERS ? PEOPLE : person + 1;
}

static void put_targets(struct store *s, const struct plan *p, const struct campaign *c,
                        const struct campaign_row *row)
{
	const struct push_rules rules = push_rules_defaults();
	const struct arms_salt salt = arms_salt(&rules, row->salt);
	struct target_row *t = xcalloc(PIECE, sizeof(*t));
	size_t n = 0;

	for (int64_t i = 0; i < PEOPLE + sim.audience; i = next_person(i)) {
		if (i % p->every != 0)
			continue;
		t[n] = target_of(p, c, &salt, row->id, i);
		audience_introduce(row->id, i, t[n].state == TARGET_HELD);
		if (++n == PIECE) {
			put_piece(s, t, n);
			n = 0;
		}
	}
	put_piece(s, t, n);
	free(t);
}

static void put_campaign(struct store *s, const struct plan *p)
{
	const int64_t targets = (sim.audience + SUBSCRIBERS) / p->every;
	struct arena a = arena_make(ARENA);
	struct campaign_row row = row_of(p, definition(p, &a, targets));
	struct fault fault = { .text = "" };
	struct campaign c;

	if (campaign_parse(p->code, row.text, &a, &c, &fault) != ERR_OK) {
		(void)fprintf(stderr, "simulate: %s\n", fault.text);
		exit(EXIT_FAILURE);
	}
	row.category = c.category;
	if (sim.audience <= AUDIENCE && below(4) == 0)
		row.allowed = 1 + below(CANARY); /* nobody lets it go further today */
	put_row(s, &row);
	note("campaign",
	     "id=%lld from=%s%04lld sells=%d offer=%s fee=%lld most=%lld stock=%lld "
	     "budget=%lld",
	     (long long)row.id, MARKETING, (long long)row.id,
	     campaign_kind_sells(c.kind) ? 1 : 0, p->offer, p->fee_fen, (long long)c.most,
	     (long long)c.stock, (long long)c.budget_li);
	put_targets(s, p, &c, &row);
	arena_free(&a);
}

/* Some of them; at least one. */
void campaigns_put(void)
{
	const int64_t which = 1 + below((1 << PLANS) - 1);
	struct store *s = open_store();

	for (int64_t i = 0; i < PLANS; i++) {
		if ((which >> i & 1) != 0 || sim.audience > AUDIENCE)
			put_campaign(s, &plans[i]);
	}
	store_close(s);
}
