/*
 * test_campaigns_count.c - what became of a campaign: counts against a walk by hand.
 */
#include "campaigns_fixture.h"
#include "raw.h"

enum {
	DAY = 86400,
	WINDOW = 7,
	TARGETS = 300,
	ORDERS = 6, /* of a number at most */
	HELDS = 2,
	ARMS = 3
};

static struct fixture f;

static void setup(void)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
}

static void teardown(void)
{
	raw_end(&f);
}

/* One number's rows, as the test knows them. */
struct known {
	struct target_row t;
	int outbox, receipt; /* states; -1: none */
	struct {
		int64_t at, owner;
		const char *kind, *package;
		int state;
	} order[ORDERS];
	struct {
		int64_t since, until;
		bool offered;
	} held[HELDS];
	size_t n_orders, n_held;
	int64_t optout, complaint, task; /* at; 0: none */
	int64_t move, away, aside;       /* likewise */
	bool aside_here;                 /* a text to this campaign's number */
};

static struct known all[TARGETS];
static uint64_t seed;

/* xorshift: below n */
static int64_t dice(int64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int64_t)(seed % (uint64_t)n);
}

static int64_t days(int64_t most)
{
	return dice(most * 4) * (DAY / 4);
}

static void invent(struct known *k, int i)
{
	static const char *const kinds[] = { "service.open", "package.change",
		                             "service.cancel", "offer.insured",
		                             "group.apply" };
	static const unsigned arms[ARMS] = { 0, 1, 254 };

	const int64_t state = dice(TARGET_STATES);

	*k = (struct known){ .t = target_of(1, NUMBER + i, (enum target_state)state),
		             .outbox = -1,
		             .receipt = -1 };
	k->t.arm = arms[dice(ARMS)];
	k->t.at = dice(9) == 0 ? 0 : NOW + days(3);
	k->t.until = k->t.at + days(9);
	k->t.reason = k->t.state == TARGET_REFUSED ? (unsigned)dice(5) : 0;
	if (dice(9) == 0)
		k->t.offer = STR("");
	if (k->t.state == TARGET_SENT) {
		k->t.outbox = 100 + i;
		k->t.segments = (unsigned)dice(4);
		k->t.replied_at = dice(2) == 0 ? k->t.at + days(9) : 0;
		k->outbox = (int)dice(6);
		k->receipt = (int)dice(10) - 1;
	}
	k->n_orders = (size_t)dice(ORDERS + 1);
	for (size_t n = 0; n < k->n_orders; n++) {
		k->order[n].at = NOW - 2 * DAY + days(n < 3 ? 15 : 110);
		k->order[n].owner = dice(12) == 0 ? SINCE - 1 : SINCE;
		k->order[n].kind = kinds[dice(COUNT_OF(kinds))];
		k->order[n].package = dice(3) == 0 ? "LL20" : "LL10";
		k->order[n].state = (int)dice(ORDER_STATES);
	}
	k->n_held = (size_t)dice(HELDS + 1);
	for (size_t n = 0; n < k->n_held; n++) {
		k->held[n].since = NOW - 2 * DAY + days(15) + (int64_t)n;
		k->held[n].until = dice(2) == 0 ? 0 : k->held[n].since + days(110);
		k->held[n].offered = dice(2) == 0;
	}
	k->move = dice(4) == 0 ? NOW - DAY + days(12) : 0;
	k->away = k->move > 0 && dice(2) == 0 ? k->move + 1 + days(100) : 0;
	k->aside = dice(6) == 0 ? NOW - DAY + days(16) : 0;
	k->aside_here = dice(4) != 0;
	k->optout = dice(3) == 0 ? NOW + days(12) : 0;
	k->complaint = dice(4) == 0 ? NOW + days(12) : 0;
	k->task = dice(4) == 0 ? NOW + days(12) : 0;
}

/* ---- into the store ---- */

static void write_orders(sqlite3 *db, const struct known *k)
{
	char sql[400];

	for (size_t n = 0; n < k->n_orders; n++) {
		(void)snprintf(sql, sizeof(sql),
		               "INSERT INTO service_order (msisdn, owner_since, kind, "
		               "package, state, at, effective_at, fee_fen, inbox) VALUES "
		               "(%lld,%lld,'%s','%s',%d,%lld,0,0,0)",
		               (long long)k->t.msisdn, (long long)k->order[n].owner,
		               k->order[n].kind, k->order[n].package, k->order[n].state,
		               (long long)k->order[n].at);
		ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	}
	for (size_t n = 0; n < k->n_held; n++) {
		(void)snprintf(sql, sizeof(sql),
		               "INSERT INTO subscription (msisdn, package, since, "
		               "owner_since, until, contract_until, penalty_fen) VALUES "
		               "(%lld,'%s',%lld,%lld,%lld,0,0)",
		               (long long)k->t.msisdn,
		               k->held[n].offered ? "LL10" : "LL30",
		               (long long)k->held[n].since, (long long)SINCE,
		               (long long)k->held[n].until);
		ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	}
}

static void write_rest(sqlite3 *db, const struct known *k)
{
	const long long who = k->t.msisdn, since = SINCE;
	char sql[1600] = "";
	size_t at = 0;

#define PUT(when, ...) \
	if (when)      \
	at += (size_t)snprintf(sql + at, sizeof(sql) - at, __VA_ARGS__)
	PUT(k->outbox >= 0,
	    "INSERT INTO outbox VALUES (%lld,%d,1,0,0,0,'1','2','g','t',0,0,0,'',0,%s%.*d,"
	    "'',NULL);",
	    (long long)k->t.outbox, k->outbox, k->receipt < 0 ? "NULL" : "",
	    k->receipt < 0 ? 0 : 1, k->receipt < 0 ? 0 : k->receipt);
	PUT(k->optout > 0, "INSERT INTO optout VALUES (%lld,%lld,1,%lld,0);", who, since,
	    (long long)k->optout);
	PUT(k->complaint > 0, "INSERT INTO complaint VALUES (%lld,%lld,'x',%lld,0,'');",
	    who, (long long)k->complaint, since);
	PUT(k->task > 0,
	    "INSERT INTO task (kind,msisdn,owner_since,at,inbox,text) VALUES "
	    "('complaint',%lld,%lld,%lld,0,''), ('agent',%lld,%lld,%lld,0,'');",
	    who, since, (long long)k->task, who, since, (long long)NOW);
	PUT(k->move > 0, "INSERT INTO package_move VALUES (%lld,%lld,%lld,'58','LL10');",
	    who, (long long)k->move, since);
	PUT(k->away > 0, "INSERT INTO package_move VALUES (%lld,%lld,%lld,'LL10','58');",
	    who, (long long)k->away, since);
	PUT(k->aside > 0,
	    "INSERT INTO inbox VALUES (%lld,1,1,0,0,0,%lld,%lld,0,0,'1',"
	    "'10690086000%d','g','','','','');"
	    "INSERT INTO task (kind,msisdn,owner_since,at,inbox,text) VALUES "
	    "('aside',%lld,%lld,%lld,%lld,'');",
	    who, who, since, k->aside_here ? 1 : 2, who, since, (long long)k->aside, who);
#undef PUT
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
	              sqlite3_errmsg(db));
}

static void write_all(void)
{
	sqlite3 *db = NULL;

	for (int i = 0; i < TARGETS; i++) {
		const struct target_row t = all[i].t;

		(void)put_targets(&f, &t, 1);
	}
	store_close(f.store);
	ck_assert_int_eq(sqlite3_open(raw_path(&f), &db), SQLITE_OK);
	(void)sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	for (int i = 0; i < TARGETS; i++) {
		write_orders(db, &all[i]);
		write_rest(db, &all[i]);
	}
	(void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	(void)sqlite3_close(db);
	fixture_open(&f, STORE_OPEN);
}

/* ---- by hand ---- */

static bool within(int64_t at, int64_t from, int64_t to)
{
	return at >= from && at <= to;
}

static bool orders_it(const struct known *k, size_t n)
{
	return k->order[n].owner == SINCE && strcmp(k->order[n].package, "LL10") == 0 &&
	       strcmp(k->order[n].kind, "service.cancel") != 0 &&
	       strcmp(k->order[n].kind, "offer.insured") != 0 &&
	       k->order[n].state != ORDER_ASKED && k->order[n].state != ORDER_REFUSED;
}

static int64_t least(int64_t a, int64_t b)
{
	return b < a ? b : a;
}

static int64_t taken_at(const struct known *k)
{
	const int64_t to = k->t.at + WINDOW * DAY;
	int64_t at = INT64_MAX;

	for (size_t n = 0; n < k->n_orders; n++)
		if (orders_it(k, n) && within(k->order[n].at, k->t.at, to))
			at = least(at, k->order[n].at);
	for (size_t n = 0; n < k->n_held; n++)
		if (k->held[n].offered && within(k->held[n].since, k->t.at, to))
			at = least(at, k->held[n].since);
	if (k->move > 0 && within(k->move, k->t.at, to))
		at = least(at, k->move);
	return at;
}

/* A change to another package ends the offer when a change had brought it. */
static bool changes_away(const struct known *k, size_t n, int64_t at)
{
	bool brought = false;

	for (size_t m = 0; m < k->n_orders; m++)
		brought |= k->order[m].owner == SINCE &&
		           strcmp(k->order[m].package, "LL10") == 0 &&
		           strcmp(k->order[m].kind, "package.change") == 0 &&
		           within(k->order[m].at, at, k->order[n].at);
	return brought && strcmp(k->order[n].kind, "package.change") == 0 &&
	       strcmp(k->order[n].package, "LL10") != 0;
}

static bool cancels(const struct known *k, size_t n)
{
	return strcmp(k->order[n].kind, "service.cancel") == 0 &&
	       strcmp(k->order[n].package, "LL10") == 0;
}

static void judge(const struct known *k, int64_t at, int64_t now,
                  struct campaign_counts *c)
{
	const int64_t to = k->t.at + WINDOW * DAY;
	int64_t end = INT64_MAX, undone = 0;
	bool stands = false, done = false, any = false;

	for (size_t n = 0; n < k->n_orders; n++) {
		const bool now_on = k->order[n].owner == SINCE && k->order[n].at >= at &&
		                    (k->order[n].state == ORDER_ACCEPTED ||
		                     k->order[n].state == ORDER_EFFECTIVE);

		if (now_on && (cancels(k, n) || changes_away(k, n, at)))
			end = least(end, k->order[n].at);
		if (!orders_it(k, n) || !within(k->order[n].at, at, to))
			continue;
		any = true;
		stands |= k->order[n].state != ORDER_UNDONE;
		done |= k->order[n].state == ORDER_EFFECTIVE;
		undone = k->order[n].at > undone ? k->order[n].at : undone;
	}
	for (size_t n = 0; n < k->n_held; n++) {
		if (!k->held[n].offered || !within(k->held[n].since, at, to))
			continue;
		done = true;
		if (k->held[n].until > 0)
			end = least(end, k->held[n].until);
	}
	done |= k->move > 0 && within(k->move, at, to);
	if (k->away >= at)
		end = k->away > 0 ? least(end, k->away) : end;
	if (any && !stands)
		end = least(end, undone);
	c->window++;
	c->effective += done;
	c->kept30 += now >= at + 30 * DAY && end >= at + 30 * DAY;
	c->kept90 += now >= at + 90 * DAY && end >= at + 90 * DAY;
	c->regretted += end <= now && end < at + 90 * DAY;
}

static void count_sent(const struct known *k, struct campaign_counts *c)
{
	const bool lost = k->receipt == 3 || k->receipt == 4 || k->receipt == 5 ||
	                  k->receipt == 8;

	c->leaving += k->outbox == OUTBOX_SENDING && k->receipt <= 0;
	c->accepted += k->outbox == OUTBOX_DONE;
	c->delivered += k->receipt == 2;
	c->failed += lost || k->outbox == OUTBOX_DEAD;
	c->unknown += k->outbox == OUTBOX_AMBIGUOUS && k->receipt <= 0;
	c->unsent += k->outbox == OUTBOX_UNSENT;
	c->replied += k->t.replied_at > 0;
	c->segments += k->t.segments;
	c->last_at = k->t.at > c->last_at ? k->t.at : c->last_at;
}

/* A list was the first to say that he has it. */
static bool is_move(const struct known *k)
{
	const struct target_row *t = &k->t;
	struct known other = *k;

	other.move = 0;
	return k->move > 0 && t->at > 0 && t->offer.n > 0 && t->state != TARGET_READY &&
	       t->state != TARGET_DROPPED &&
	       within(k->move, t->at, t->at + WINDOW * DAY) && k->move < taken_at(&other);
}

static bool is_error(const struct known *k)
{
	const struct target_row *t = &k->t;
	const int64_t week = t->at + 7 * DAY, to = t->until > week ? t->until : week;
	bool refused = false;

	for (size_t n = 0; n < k->n_orders; n++)
		refused |= k->order[n].owner == SINCE &&
		           strcmp(k->order[n].package, "LL10") == 0 &&
		           strcmp(k->order[n].kind, "service.cancel") != 0 &&
		           strcmp(k->order[n].kind, "offer.insured") != 0 &&
		           strcmp(k->order[n].kind, "group.apply") != 0 &&
		           k->order[n].state == ORDER_REFUSED &&
		           within(k->order[n].at, t->replied_at, t->until);
	return (refused && t->replied_at > 0 && t->offer.n > 0) ||
	       (k->aside > 0 && k->aside_here && within(k->aside, t->at, to));
}

static void count_by_hand(const struct known *k, int64_t now, struct campaign_counts *c)
{
	const struct target_row *t = &k->t;
	const bool turn = t->at > 0 && t->state != TARGET_READY &&
	                  t->state != TARGET_DROPPED;
	const int64_t week = t->at + 7 * DAY;
	bool ordered = false;

	c->targets++;
	c->ready += t->state == TARGET_READY;
	c->refused += t->state == TARGET_REFUSED;
	c->held += t->state == TARGET_HELD;
	c->sent += t->state == TARGET_SENT;
	c->dropped += t->state == TARGET_DROPPED;
	if (t->state == TARGET_SENT)
		count_sent(k, c);
	for (size_t n = 0; n < k->n_orders; n++)
		ordered |= t->offer.n > 0 && t->replied_at > 0 && orders_it(k, n) &&
		           within(k->order[n].at, t->replied_at, t->until);
	c->ordered += ordered;
	if (!turn)
		return;
	c->opted_out += within(k->optout, t->at, week);
	c->errors += t->state == TARGET_SENT && is_error(k);
	c->complained += within(k->complaint, t->at, week) ||
	                 within(k->task, t->at, week);
	if (t->offer.n > 0 && taken_at(k) != INT64_MAX)
		judge(k, taken_at(k), now, c);
}

struct takers {
	int64_t all, moved; /* of arms 0 and 1 */
};

static void count_taker(void *ctx, const struct target_taken *t)
{
	struct takers *n = ctx;

	if (t->arm == 254)
		return;
	n->all++;
	n->moved += str_eq(t->was, STR("58"));
	ck_assert(str_eq(t->offer, STR("LL10")));
}

START_TEST(counts_are_those_of_a_walk_by_hand)
{
	const int64_t now = NOW + (_i % 3) * 50 * DAY;
	struct campaign_counts hand[ARMS] = { { .arm = 0 },
		                              { .arm = 1 },
		                              { .arm = 254 } },
			       got[CAMPAIGN_COUNTS];
	struct fault fault = { "" };
	struct store_reader *r;
	int64_t reasons[4] = { 7, 7, 7, 7 }, by_hand[5] = { 0 };
	struct takers takers = { 0 }, moved = { 0 };
	size_t n = 0;

	seed = 4711 + (uint64_t)_i;
	for (int i = 0; i < TARGETS; i++) {
		struct campaign_counts *c = hand;

		invent(&all[i], i);
		while (c->arm != all[i].t.arm)
			c++;
		count_by_hand(&all[i], now, c);
		moved.moved += c->arm != 254 && is_move(&all[i]);
		if (all[i].t.state == TARGET_REFUSED)
			by_hand[all[i].t.reason]++;
	}
	write_all();
	r = reader_of(&f);
	ck_assert_msg(store_campaign_counts(r, 1, WINDOW, now, got, &n, &fault) == ERR_OK,
	              "%s", fault.text);
	ck_assert_uint_eq(n, ARMS);
	for (size_t i = 0; i < ARMS; i++) {
		const int64_t *a = &hand[i].targets, *b = &got[i].targets;

		ck_assert_uint_eq(got[i].arm, hand[i].arm);
		for (size_t k = 0; k < 1 + (size_t)(&hand[i].last_at - a); k++)
			ck_assert_msg(a[k] == b[k],
			              "arm %zu, count %zu: %lld, by hand %lld", i, k,
			              (long long)b[k], (long long)a[k]);
	}
	ck_assert_int_eq(store_campaign_refusals(r, 1, reasons, 4, &fault), ERR_OK);
	ck_assert_mem_eq(reasons, by_hand,
	                 sizeof(reasons)); /* the fifth is not asked for */
	ck_assert_int_eq(store_campaign_taken(r, 1, WINDOW, count_taker, &takers, &fault),
	                 ERR_OK);
	ck_assert_int_eq(takers.all, hand[0].window + hand[1].window);
	ck_assert_int_eq(takers.moved, moved.moved);
	ck_assert_int_gt(takers.moved, 0);
	store_reader_close(r);
}
END_TEST

/* ---- money ---- */

struct taken {
	size_t n;
	struct target_money row[8];
};

static void take(void *ctx, const struct target_money *m)
{
	struct taken *t = ctx;

	t->row[t->n++] = *m;
}

/* Sent in month 7 of 2020; the bill of each month is its number. */
static void bill(int64_t msisdn, int from, int to)
{
	for (int m = from; m <= to; m++)
		put_month(
			&f, msisdn,
			(struct usage_month){ .month = 2020 * 12 + m - 1,
		                              .bill_fen = m == 9 ? BILL_NONE : m * 100 });
}

START_TEST(money_is_of_three_months_before_and_after)
{
	static const struct {
		int from, to; /* months billed */
		int64_t before, after;
	} cases[] = {
		{ 1, 12, 500, 900 }, /* 4..6; 8, 10 */
		{ 6, 8, 600, 800 },  /* what there is */
		{ 1, 7, -1, -1 },    /* nothing after */
		{ 7, 12, -1, -1 },   /* nor before */
		{ 1, 12, -1, -1 },   /* not sent yet */
		{ 1, 12, -1, -1 },   /* another's by now */
	};
	struct taken got = { 0 };
	struct fault fault = { "" };
	struct store_reader *r;
	size_t expected = 0;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const int64_t who = NUMBER + (int64_t)i;
		const struct subscriber_row row = person(who, SINCE);
		struct target_row t = target_of(1, who,
		                                i == 4 ? TARGET_READY : TARGET_HELD);

		put_person(&f, &row);
		bill(who, cases[i].from, cases[i].to);
		t.at = SINCE + 200 * DAY;
		t.arm = 250 + (unsigned)i;
		if (i == 5)
			t.owner_since--;
		(void)put_targets(&f, &t, 1);
	}
	r = reader_of(&f);
	ck_assert_msg(store_campaign_money(r, 1, take, &got, &fault) == ERR_OK, "%s",
	              fault.text);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (cases[i].before < 0)
			continue;
		ck_assert_uint_eq(got.row[expected].arm, 250 + i);
		ck_assert_int_eq(got.row[expected].before_fen, cases[i].before);
		ck_assert_int_eq(got.row[expected].after_fen, cases[i].after);
		expected++;
	}
	ck_assert_uint_eq(got.n, expected);
	store_reader_close(r);
}
END_TEST

START_TEST(more_arms_than_there_may_be_are_refused)
{
	struct campaign_counts got[CAMPAIGN_COUNTS];
	struct fault fault = { "" };
	struct store_reader *r;
	size_t n = 0;

	for (int i = 0; i <= CAMPAIGN_COUNTS; i++) {
		struct target_row t = target_of(1, NUMBER + i, TARGET_HELD);

		t.arm = (unsigned)i;
		(void)put_targets(&f, &t, 1);
	}
	r = reader_of(&f);
	ck_assert_int_eq(store_campaign_counts(r, 1, WINDOW, NOW, got, &n, &fault),
	                 ERR_TOO_BIG);
	ck_assert_int_eq(store_campaign_counts(r, 2, WINDOW, NOW, got, &n, &fault),
	                 ERR_OK);
	ck_assert_uint_eq(n, 0);
	store_reader_close(r);
}
END_TEST

SUITE("store/campaigns_count", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, counts_are_those_of_a_walk_by_hand, 0, 6);
      tcase_add_test(tc, money_is_of_three_months_before_and_after);
      tcase_add_test(tc, more_arms_than_there_may_be_are_refused);)
