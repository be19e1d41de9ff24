/*
 * test_audience.c - the mass matcher over a store says of each subscriber what the matcher
 * says of him alone.
 *
 * Stores are random: networks, classes, regions, enterprises, what is held and what that
 * needs and excludes, trials, contracts, debts by the list and by the ledger, complaints,
 * changes of package, trials, declined prompts, what campaigns sent, earlier owners, months that are missing.
 */
#include "../store/raw.h"
#include "assets/assets.h"
#include "base/dice.h"
#include "fixture.h"
#include "hall/hall.h"
#include "offer/eligible.h"
#include "office/candidates.h"

enum {
	STORES = 4,
	PEOPLE = 300,
	MAINS = 14,
	OTHERS = 6, /* add-ons and services, codes A0.. */
	SQL_ROOM = 1 << 20
};

#define NOW   (INT64_C(1790812800) + 16 * DAY) /* 2026-10-17 08:00 */
#define DAY   INT64_C(86400)
#define FIRST INT64_C(13800000000)

struct draw {
	uint64_t state;
};

static int64_t below(struct draw *d, int64_t n)
{
	return (int64_t)dice_below(&d->state, (uint64_t)n);
}

static bool chance(struct draw *d, int64_t of)
{
	return below(d, of) == 0;
}

/* ---- the list and its rules ---- */

static void put_packages(struct draw *d)
{
	struct buf b = buf_make(SQL_ROOM);

	buf_puts(&b, STR(PACKAGES_HEAD));
	for (int i = 0; i < MAINS; i++)
		buf_printf(
			&b, "M%d,main,主%d,Main %d,%d,%d,%d,%d,%d,10,%d,1024,%d,%d,,%d\n",
			i, i, i, (int)below(d, 150) * 100, (int)below(d, 8) * 50,
			(int)below(d, 3) * 50, (int)below(d, 8) * 5120,
			10 + (int)below(d, 10), 300 + (int)below(d, 4) * 100,
			chance(d, 3) ? 20000 : 0, (int)below(d, 20) * 100, !chance(d, 7));
	for (int i = 0; i < OTHERS; i++)
		buf_printf(&b, "A%d,%s,加%d,Add %d,%d,%d,0,%d,0,0,0,0,0,0,,1\n", i,
		           i % 2 == 0 ? "addon" : "vas", i, i, 100 * (i + 1), 20 * i,
		           1024 * i);
	put_file("packages.csv", buf_str(&b).p);
	buf_free(&b);
	import_well("packages", "packages.csv");
}

/* Any code of either kind. */
static const char *code(struct draw *d, bool main)
{
	static char text[16];

	(void)snprintf(text, sizeof(text), "%c%d", main ? 'M' : 'A',
	               (int)below(d, main ? MAINS : OTHERS));
	return text;
}

/* A copy of the folder with these rules. */
static void put_terms(struct draw *d, const char *folder)
{
	static const char *const some[] = { "for=business",      "for=personal",
		                            "network=4G",        "network=5G",
		                            "regions=浦东,徐汇", "regions=静安",
		                            "groups=G0",         "groups=G1,G2" };
	char command[256], path[256];
	FILE *f;

	(void)snprintf(command, sizeof(command), "cp -r grammar %s", folder);
	ck_assert_int_eq(system(command), 0);
	(void)snprintf(path, sizeof(path), "%s/terms.tsv", folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < MAINS; i++) {
		(void)fprintf(f, "M%d\tundo=1", i);
		if (chance(d, 2))
			(void)fprintf(f, " %s", some[below(d, COUNT_OF(some))]);
		if (chance(d, 3))
			(void)fprintf(f, " credit=%d", chance(d, 2) ? 0 : 5000);
		if (chance(d, 5))
			(void)fprintf(f, " needs=%s", code(d, chance(d, 6)));
		if (chance(d, 4))
			(void)fprintf(f, " excludes=%s", code(d, chance(d, 6)));
		(void)fputc('\n', f);
	}
	for (int i = 0; i < OTHERS; i++) {
		(void)fprintf(f, "A%d\tundo=1", i);
		if (chance(d, 3))
			(void)fprintf(f, " needs=%s", code(d, !chance(d, 3)));
		if (chance(d, 2))
			(void)fprintf(f, " excludes=%s", code(d, !chance(d, 3)));
		(void)fputc('\n', f);
	}
	ck_assert_int_eq(fclose(f), 0);
}

/* ---- people ---- */

static int64_t lately(struct draw *d, int64_t days)
{
	return NOW - below(d, days * DAY);
}

static void put_holdings(struct draw *d, struct buf *b, int64_t msisdn, int64_t owner,
                         const char *own)
{
	for (int64_t n = below(d, 4); n > 0; n--) {
		const bool main = chance(d, 2);
		const int64_t since = lately(d, 260) + (chance(d, 9) ? 20 * DAY : 0);

		buf_printf(
			b,
			"INSERT OR IGNORE INTO subscription (msisdn, package, since, "
			"owner_since, until, contract_until, penalty_fen, trial) VALUES "
			"(%lld,'%s',%lld,%lld,%lld,%lld,0,%d);",
			(long long)msisdn, main && !chance(d, 4) ? own : code(d, main),
			(long long)since, (long long)(chance(d, 20) ? owner - 1 : owner),
			(long long)(chance(d, 2) ? 0 : since + below(d, 300) * DAY - DAY),
			(long long)(chance(d, 3) ? NOW + (below(d, 200) - 40) * DAY : 0),
			chance(d, 6));
	}
}

static void put_account(struct draw *d, struct buf *b, int64_t msisdn, int64_t owner)
{
	const int64_t as_of = lately(d, 20);

	if (!chance(d, 10))
		buf_printf(b, "INSERT INTO account VALUES (%lld,%lld,%lld,%lld,0,%lld);",
		           (long long)msisdn, (long long)owner,
		           (long long)(below(d, 3000) - 300),
		           (long long)(chance(d, 3) ? 5000 * below(d, 3) : 4999),
		           (long long)as_of);
	for (int64_t n = below(d, 3); n > 0; n--)
		buf_printf(
			b,
			"INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, "
			"amount_fen, inbox, note) VALUES ('r%lld-%lld',%lld,%lld,%lld,"
			"'fee',%lld,1,'');",
			(long long)msisdn, (long long)n, (long long)msisdn,
			(long long)(chance(d, 9) ? owner - 1 : owner),
			(long long)lately(d, 30), (long long)(below(d, 3000) - 2000));
}

static void put_past(struct draw *d, struct buf *b, int64_t msisdn, int64_t owner)
{
	if (chance(d, 5))
		buf_printf(b,
		           "INSERT INTO complaint VALUES (%lld,%lld,'k',%lld,%lld,'t');",
		           (long long)msisdn, (long long)lately(d, 200),
		           (long long)(chance(d, 9) ? owner - 1 : owner),
		           (long long)below(d, 3));
	for (int64_t n = chance(d, 2) ? 1 + below(d, 3) : 0; n > 0; n--) {
		static const char *const kinds[] = { "package.change", "package.change",
			                             "trial.open", "service.open" };
		const size_t kind = (size_t)below(d, COUNT_OF(kinds));
		const int64_t at = lately(d, 400);

		buf_printf(
			b,
			"INSERT INTO service_order (msisdn, owner_since, kind, package, "
			"state, at, effective_at, fee_fen, inbox) VALUES "
			"(%lld,%lld,'%s','%s',%lld,%lld,%lld,0,1);",
			(long long)msisdn, (long long)owner, kinds[kind],
			code(d, kind < 2), (long long)below(d, 6), (long long)at,
			(long long)(at + below(d, 30) * DAY));
	}
	for (int64_t n = chance(d, 2) ? 1 + below(d, 4) : 0; n > 0; n--)
		buf_printf(
			b,
			"INSERT INTO step (msisdn, owner_since, at, kind, dialogue, inbox, "
			"order_id, folded, price) VALUES (%lld,%lld,%lld,%d,1,1,0,'n',"
			"'%s|3800|1%s');",
			(long long)msisdn, (long long)(chance(d, 9) ? owner - 1 : owner),
			(long long)lately(d, chance(d, 9) ? 500 : 40),
			chance(d, 6) ? STEP_CLOSED : STEP_DECLINED,
			chance(d, 9) ? "NONE" : code(d, !chance(d, 6)),
			chance(d, 4) ? "|insured" : "");
	if (chance(d, 4))
		buf_printf(
			b,
			"INSERT INTO target VALUES (%lld,%lld,%lld,1,%d,0,0,'%s','','',"
			"'','',0,%lld,0,1,0,0,32);",
			(long long)below(d, 3), (long long)msisdn,
			(long long)(chance(d, 9) ? owner - 1 : owner),
			chance(d, 4) ? TARGET_READY : TARGET_SENT,
			chance(d, 9) ? "" : code(d, !chance(d, 4)),
			(long long)lately(d, 60));
	for (int g = 0; g < 3; g++)
		if (chance(d, 4))
			buf_printf(
				b,
				"INSERT INTO group_member VALUES (%lld,'G%d',%lld,'%s');",
				(long long)msisdn, g, (long long)owner,
				chance(d, 3) ? "admin" : "member");
}

static void put_random(struct draw *d, struct buf *b, int64_t msisdn)
{
	static const char *const regions[] = { "浦东", "徐汇", "静安", "" };
	static const char *const networks[] = { "", "3G", "4G", "5G", "LTE" };
	static const int statuses[] = { SUB_ACTIVE, SUB_ACTIVE,   SUB_ACTIVE,
		                        SUB_ACTIVE, SUB_ARREARS1, SUB_ARREARS2,
		                        SUB_KEPT };
	const int64_t joined = NOW - (chance(d, 4) ? below(d, 120) : 1000) * DAY;
	char package[16];

	(void)snprintf(package, sizeof(package), "%s",
	               chance(d, 25) ? "NONE" : code(d, true));
	buf_printf(
		b,
		"INSERT INTO subscriber VALUES (%lld,%lld,%lld,%d,0,%d,1,'n','%s','%s','t',"
		"'12345678','%s',NULL);",
		(long long)msisdn, (long long)joined, (long long)joined,
		statuses[below(d, COUNT_OF(statuses))], (int)below(d, 2),
		regions[below(d, COUNT_OF(regions))],
		networks[below(d, COUNT_OF(networks))], package);
	put_holdings(d, b, msisdn, joined, package);
	put_account(d, b, msisdn, joined);
	put_past(d, b, msisdn, joined);
}

static void put_crowd(struct draw *d)
{
	struct buf b = buf_make(SQL_ROOM);

	buf_puts(&b, STR("BEGIN; INSERT INTO group_ VALUES ('G0','g','enterprise'),"
	                 "('G1','g','enterprise'),('G2','g','family');"));
	for (int i = 0; i < PEOPLE; i++)
		put_random(d, &b, FIRST + i);
	buf_puts(&b, STR("COMMIT;"));
	ck_assert(!b.failed);
	close_office();
	raw_at(t.url + strlen("sqlite:"), buf_str(&b).p);
	open_office();
	buf_free(&b);
}

static void put_usage(struct draw *d)
{
	struct buf b = buf_make(SQL_ROOM);

	buf_puts(&b, STR("msisdn,month,voice_min,sms,data_mb,bill_fen\n"));
	for (int i = 0; i < PEOPLE; i++) {
		const bool silent = chance(d, 15);

		for (int m = 3; m <= 10; m++) {
			const int64_t level = silent && m >= 8 ? 0 : 1 + below(d, 60);

			if (silent || !chance(d, 6))
				buf_printf(&b, "%lld,2026-%02d,%lld,%lld,%lld,1\n",
				           (long long)(FIRST + i), m,
				           (long long)below(d, 10 * level + 1),
				           (long long)below(d, 3 * level + 1),
				           (long long)below(d, 1000 * level + 1));
		}
	}
	ck_assert(!b.failed);
	put_file("usage.csv", buf_str(&b).p);
	buf_free(&b);
	import_well("usage", "usage.csv");
}

/* ---- the one and the many ---- */

struct seen {
	size_t pushed, asked, own_set, estimated, cooled, may, tried, crossed, contacts,
		stages[STAGES];
};

/* The matcher's word on one, from a dossier. */
static void look(const struct assets *assets, struct arena *a, int64_t msisdn,
                 struct hall_offer *out)
{
	struct grammar_command none = { .intent = NULL };
	struct dossier who = { .msisdn = msisdn }, *d = &who;
	struct hall_question q = { .command = &none,
		                   .text = STR(""),
		                   .folded = STR(""),
		                   .who = d,
		                   .arena = a,
		                   .now = NOW };
	struct catalogue catalogue;
	const unsigned needs = hall_offer_needs();

	ck_assert_int_eq(store_load_catalogue(t.store, a, &catalogue), ERR_OK);
	q.catalogue = &catalogue;
	ck_assert_int_eq(store_load_dossiers(t.store, a, &d, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(t.store, a, &d, &needs, 1, NOW), ERR_OK);
	hall_offer(assets->hall, &q, &assets->policy, out);
}

/* Each package on sale, but the one that he has. */
static void same_allowed(const struct hall_offer *o, const struct mass_subjects *all,
                         size_t i)
{
	const struct offer_set *many = &all->allowed[all->allowed_class[i]];

	for (size_t k = 0; k < o->tariffs.n; k++) {
		const struct package *p = o->tariffs.tariff[k].package;

		if (p != NULL && p->kind == PACKAGE_MAIN && p->on_sale &&
		    k != o->subject.tariff)
			ck_assert_msg(offer_has(&o->subject.allowed, k) ==
			                      offer_has(many, k),
			              "%.*s: %.*s", STR_ARG(p->code),
			              STR_ARG(o->subject.bar[k]));
	}
}

static void same_facts(const struct subject *s, const struct usage_set *u,
                       const struct mass_subjects *all, size_t i, struct seen *seen)
{
	int32_t use[USAGE_MONTHS][DIMS];
	uint8_t usable;

	ck_assert_int_eq(all->stage[i], s->stage);
	ck_assert_int_eq(all->addons_li[i], s->addons_li);
	ck_assert_int_eq(all->bound[i], s->bound || s->estimated != 0);
	ck_assert_int_eq(all->estimated[i], s->estimated);
	seen->estimated += s->estimated != 0;
	ck_assert_int_eq(all->months_since_change[i] == UINT8_MAX
	                         ? INT32_MAX
	                         : all->months_since_change[i],
	                 s->months_since_change);
	ck_assert_mem_eq(&all->cooling[i], &s->cooling, sizeof(s->cooling));
	usage_set_get(u, i, use, &usable);
	ck_assert_int_eq(usable, s->usable);
	ck_assert_mem_eq(use, s->use, sizeof(use));
	seen->stages[s->stage]++;
	seen->own_set += all->allowed_class[i] >= ELIGIBLE_CLASSES;
}

static size_t count_of(const struct offer_set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < TARIFF_MOST; i++)
		n += offer_has(s, i);
	return n;
}

static void same_services(const struct hall_offer *o, const struct audience_services *all,
                          size_t i, struct seen *seen)
{
	ck_assert_mem_eq(&all->owned[i], &o->owned, sizeof(o->owned));
	ck_assert_mem_eq(&all->may[i], &o->services, sizeof(o->services));
	ck_assert_mem_eq(&all->tried[i], &o->tried, sizeof(o->tried));
	seen->may += count_of(&o->services);
	seen->tried += count_of(&o->tried);
}

static const struct mass_candidate *pushed(const struct mass_candidate *c)
{
	for (size_t k = MASS_ASKED + 1; k < MASS_KEEP && c[k].tariff != MASS_NONE; k++)
		if (c[k].failed == 0)
			return &c[k];
	return NULL;
}

static void same_candidate(const struct candidate *one, const struct mass_candidate *many)
{
	ck_assert_int_eq(one != NULL, many != NULL);
	if (one == NULL)
		return;
	ck_assert_uint_eq(one->tariff, many->tariff);
	ck_assert_int_eq(one->saving_li, many->saving_li);
	ck_assert_int_eq(one->margin_li, many->margin_li);
	ck_assert_uint_eq(one->failed, many->failed);
}

/* The cheapest that he may have, whether or not it is worth naming. */
static const struct candidate *cheapest(const struct match *m)
{
	for (size_t i = 0; i < m->n; i++)
		if ((m->of[i].failed & 1U << GUARD_ELIGIBLE) == 0)
			return &m->of[i];
	return NULL;
}

static void compare(const struct assets *assets, const struct audience *a, size_t i,
                    const struct mass_candidate *out, struct seen *seen)
{
	struct arena arena = arena_make(SIZE_MAX);
	const struct mass_candidate *push = pushed(out);
	const struct audience_services services = audience_services(a);
	struct hall_offer o;

	look(assets, &arena, audience_who(a)[i].msisdn, &o);
	ck_assert_uint_eq(audience_who(a)[i].contacts, o.contacts);
	ck_assert_uint_eq(audience_who(a)[i].refusals, o.refusals);
	seen->contacts += o.contacts;
	same_allowed(&o, audience_subjects(a), i);
	same_facts(&o.subject, audience_use(a), audience_subjects(a), i, seen);
	same_services(&o, &services, i, seen);
	same_candidate(offer_best(&o.match), push);
	same_candidate(cheapest(&o.match),
	               out[MASS_ASKED].tariff != MASS_NONE ? &out[MASS_ASKED] : NULL);
	for (size_t k = 0; k < o.match.n; k++)
		seen->cooled += o.match.of[k].failed == 1U << GUARD_STABLE &&
		                offer_has(&o.subject.cooling, o.match.of[k].tariff);
	seen->pushed += push != NULL;
	seen->asked += offer_cheapest(o.policy, &o.match) != NULL;
	arena_free(&arena);
}

/* ---- what goes with what is held ---- */

enum {
	SUPPORT = 2
};

/* How many hold both, by looking at everybody. */
static int64_t holders(const struct offer_set *owned, size_t a, size_t b)
{
	int64_t n = 0;

	for (size_t i = 0; i < PEOPLE; i++)
		n += offer_has(&owned[i], a) && offer_has(&owned[i], b);
	return n;
}

/* The best of what subject i holds for b, in thousandths; 0: nothing. */
static int64_t best_lift(const struct offer_set *owned, size_t i, size_t b, size_t items)
{
	int64_t best = 0;

	for (size_t a = 0; a < items; a++) {
		const int64_t both = holders(owned, a, b);
		const int64_t lift = both < SUPPORT ? 0
		                                    : 1000 * PEOPLE * both /
		                                              (holders(owned, a, a) *
		                                               holders(owned, b, b));

		if (a != b && offer_has(&owned[i], a) && lift > best)
			best = lift;
	}
	return best;
}

static bool is_named(const struct cross_offer *offer, size_t n, size_t b)
{
	for (size_t k = 0; k < n; k++)
		if (offer[k].lift.offered == b)
			return true;
	return false;
}

static bool may_be_offered(const struct candidates_portion *p, const struct cross *x,
                           size_t i, size_t b)
{
	const struct mass_subjects *all = audience_subjects(p->audience);
	const struct audience_services s = audience_services(p->audience);
	const int32_t stage = x->policy->services[all->stage[i]];
	const bool trial = x->trial_days[b] > 0 && !offer_has(&s.tried[i], b);

	return offer_has(&s.may[i], b) && !offer_has(&all->cooling[i], b) &&
	       (stage == SERVICES_ALL || (stage == SERVICES_TRIALS && trial));
}

static size_t check_one(const struct candidates_portion *p, const struct cross *x,
                        size_t i)
{
	const struct audience_services s = audience_services(p->audience);
	struct cross_offer offer[16];
	const size_t n = candidates_cross(p, x, i, 2, 0, offer, COUNT_OF(offer));

	for (size_t k = 0; k < n; k++) {
		const struct cross_offer *o = &offer[k];

		ck_assert(may_be_offered(p, x, i, o->lift.offered));
		ck_assert_int_eq(o->lift.lift_mil,
		                 best_lift(s.owned, i, o->lift.offered, x->packages->n));
		ck_assert_int_eq(o->lift.support,
		                 holders(s.owned, o->lift.held, o->lift.offered));
		ck_assert(k == 0 || o[-1].lift.lift_mil >= o->lift.lift_mil);
		ck_assert_int_eq(o->trial_days > 0,
		                 x->trial_days[o->lift.offered] > 0 &&
		                         !offer_has(&s.tried[i], o->lift.offered));
		ck_assert_int_eq(o->value_li, offer_value(&o->in));
	}
	for (size_t b = 0; b < x->packages->n; b++)
		if (may_be_offered(p, x, i, b) &&
		    best_lift(s.owned, i, b, x->packages->n) >= 1000)
			ck_assert(is_named(offer, n, b));
	return n;
}

/* By counts as the refresh of tags kept them, against counting one by one. */
static void check_cross(const struct assets *assets, const struct candidates_portion *p,
                        const struct catalogue *packages, struct arena *arena,
                        struct seen *seen)
{
	static const char trial[] = "what=A1, days=7";
	const struct tool_text text = { STR("trial.A1"), str_of(trial), 1 };
	struct policy policy = assets->policy;
	struct fault fault = { "" };
	struct tools tools;
	struct cross x;

	policy.support = SUPPORT;
	policy.lift_bp = 10000;
	ck_assert_msg(tools_parse("t", &text, 1, arena, &tools, &fault) == ERR_OK, "%s",
	              fault.text);
	ck_assert_int_eq(candidates_load(t.host.reader, packages, &policy, &assets->terms,
	                                 &tools, NOW, arena, &x),
	                 ERR_OK);
	ck_assert_uint_eq(x.counts->n, PEOPLE);
	for (size_t i = 0; i < PEOPLE; i++)
		seen->crossed += check_one(p, &x, i);
}

/* His tag says what the matcher says, now and when tags were refreshed. */
static void same_tags(const struct assets *assets, const struct audience *a,
                      struct arena *arena)
{
	struct tag_rules *all, *rules;
	struct fault fault = { "" };

	ck_assert_int_eq(
		assets_load_tags("grammar/tags.conf", &assets->policy, &all, &fault),
		ERR_OK);
	ck_assert_int_eq(tag_rules_some(all, STR("stage"), &rules, &fault), ERR_OK);
	for (size_t i = 0; i < audience_use(a)->n; i++) {
		const char *stage = stage_name(
			(enum stage)audience_subjects(a)->stage[i]);
		struct tag_shown *shown;
		size_t n;

		ck_assert_int_eq(store_tags_show(t.host.reader, rules, arena,
		                                 audience_who(a)[i].msisdn, NOW, &shown,
		                                 &n, &fault),
		                 ERR_OK);
		ck_assert_str_eq(shown[0].value.p, stage);
		ck_assert_str_eq(shown[0].kept.p, stage);
	}
	tag_rules_free(rules);
	tag_rules_free(all);
}

static void compare_all(const struct assets *assets, struct seen *seen)
{
	struct arena arena = arena_make(SIZE_MAX);
	struct catalogue catalogue;
	struct tariffs tariffs;
	struct audience *a;
	struct mass_present *present;
	struct mass_candidate *out;
	size_t n;

	ck_assert_int_eq(store_load_catalogue(t.store, &arena, &catalogue), ERR_OK);
	tariffs_make(&catalogue, &arena, &tariffs);
	a = audience_create(&tariffs, &assets->policy, &assets->terms, NOW);
	audience_want_services(a);
	ck_assert_int_eq(audience_next(a, t.host.reader), ERR_OK);
	n = audience_use(a)->n;
	ck_assert_uint_eq(n, PEOPLE);
	present = arena_array(&arena, struct mass_present, n);
	out = arena_array(&arena, struct mass_candidate, n * MASS_KEEP);
	mass_match(&tariffs, &assets->policy, audience_use(a), audience_subjects(a),
	           present, out);
	for (size_t i = 0; i < n; i++)
		compare(assets, a, i, &out[i * MASS_KEEP], seen);
	same_tags(assets, a, &arena);
	check_cross(assets, &(struct candidates_portion){ a, present, out }, &catalogue,
	            &arena, seen);
	audience_destroy(a);
	arena_free(&arena);
}

START_TEST(each_is_judged_as_alone)
{
	const struct hall_conf conf = { .hotline = STR("10086") };
	struct draw d = { 1000 + (uint64_t)_i };
	struct seen seen = { 0 };
	struct assets *assets;
	struct fault fault = { "" };
	char folder[128];

	(void)snprintf(folder, sizeof(folder), "%s/grammar", t.folder);
	put_packages(&d);
	put_terms(&d, folder);
	put_crowd(&d);
	put_usage(&d);
	ask_well("{\"do\":\"tags\",\"act\":\"refresh\",\"now\":1792195200}");
	ck_assert_msg(assets_load(folder, &conf, NOW, &assets, NULL, &fault) == ERR_OK,
	              "%s", fault.text);
	/* Wide limits, so that much is pushed. */
	for (size_t s = STAGE_SILENT; s < STAGES; s++)
		assets->policy.stage[s] = (struct stage_limits){ 1, 1, 6000, -2000 };
	assets->policy.give_bp = 10000;
	assets->policy.thin_people = 5;
	compare_all(assets, &seen);
	ck_assert_uint_gt(seen.pushed, 10);
	ck_assert_uint_gt(seen.asked, 60);
	ck_assert_uint_gt(seen.own_set, 30);
	ck_assert_uint_gt(seen.estimated, 3);
	ck_assert_uint_gt(seen.cooled, 0);
	ck_assert_uint_gt(seen.contacts, 10);
	ck_assert_uint_gt(seen.may, 100);
	ck_assert_uint_gt(seen.tried, 20);
	ck_assert_uint_gt(seen.crossed, 20);
	for (size_t s = 0; s < STAGES; s++)
		ck_assert_msg(seen.stages[s] > 0, "nobody is %s",
		              stage_name((enum stage)s));
	assets_destroy(assets);
}
END_TEST

SUITE("office/audience", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_loop_test(tc, each_is_judged_as_alone, 0, STORES);)
