/*
 * definition.c - the table of a definition's keys, and campaign_parse().
 */
#include <stdio.h>

#include "conf/strings.h"
#include "keys_priv.h"
#include "offer/policy.h"
#include "push/campaign.h"

enum {
	TEXT_MAX = 2000, /* octets of an arm's text */
	NAME_MAX_OCTETS = 8,
	LINK_MAX_OCTETS = 120,
	MOST_TARGETS = 100000000,
	MOST_YUAN = 100000000
};

#define AT(m)                    offsetof(struct campaign, m)
#define NUMBER(m)                AT(m), sizeof(((struct campaign *)NULL)->m), 0
#define PLAIN(m)                 AT(m), 0, 0
#define LIST(m, n)               AT(m), 0, AT(n)
#define REQUIRED                 NULL

#define X(constant, name, sells) "|" name
static const char kinds[] = CAMPAIGN_KIND_LIST(X); /* behind the first "|" */
#undef X

/* In the order of enum pref_category. */
static const char categories[] = "plans|data|services|events";
_Static_assert(PREF_CATEGORIES == 4, "a category has a name here");
_Static_assert(AT(to_min) == AT(from_min) + sizeof(int), "hours are two members");

static const struct key keys[] = {
	{ "campaign.code", KEY_CODE, PLAIN(code), 1, 24, NULL, REQUIRED,
	  "short name, unique: LL10-1" },
	{ "campaign.title", KEY_TEXT, PLAIN(title), 1, 120, NULL, REQUIRED,
	  "what it is, for people" },
	{ "campaign.kind", KEY_CHOICE, NUMBER(kind), 0, 0, kinds + 1, REQUIRED,
	  "what it does" },
	{ "campaign.category", KEY_CHOICE, NUMBER(category), 0, 0, categories, REQUIRED,
	  "what it is about: who does not want that kind gets none" },
	{ "campaign.owner", KEY_CODE, PLAIN(owner), 1, 40, NULL, REQUIRED,
	  "who answers for it" },
	{ "campaign.priority", KEY_COUNT, NUMBER(priority), 0, 9, NULL, "5",
	  "of two for one number the higher goes first" },
	{ "audience.where", KEY_TEXT, PLAIN(where), 0, 2000, NULL, "",
	  "a rule as in tags.conf; without: everybody" },
	{ "audience.daily", KEY_YES_NO, PLAIN(daily), 0, 0, NULL, "no",
	  "drawn each day: who fits and is no target yet" },
	{ "audience.after", KEY_CODES, LIST(after, n_after), 0, CAMPAIGN_AFTER, NULL, "",
	  "instead: behind the answer of one of these services" },
	{ "audience.control", KEY_SHARE, NUMBER(control_bp), 0, 5000, NULL, "5",
	  "held out, to be compared with" },
	{ "offer.codes", KEY_CODES, LIST(offer, n_offers), 0, CAMPAIGN_OFFERS, NULL, "",
	  "packages, services or tools; without: whatever is on sale and fits" },
	{ "offer.days", KEY_COUNT, NUMBER(offer_days), 1, 90, NULL, "7",
	  "\"1\" is that offer at that price for so long" },
	{ "offer.grant", KEY_YES_NO, PLAIN(grant), 0, 0, NULL, "no",
	  "a trial begins with the message, unasked; \"1\" asks to keep it" },
	{ "offer.worth", KEY_CHOICE, NUMBER(worth), 0, 0, "any|positive", "any",
	  "positive: none that is expected to cost more than it brings" },
	{ "offer.margin", KEY_SHARE, NUMBER(margin_bp), 0, 10000, NULL, "0",
	  "least margin; 0: that of offer.conf" },
	{ "content.link", KEY_TEXT, PLAIN(link), 0, LINK_MAX_OCTETS, NULL, "",
	  "{link} of a text: https://... with {token} where each one's own goes" },
	{ "content.mms", KEY_TEXT, PLAIN(mms), 0, 120, NULL, "",
	  "sent by a connector with the message: what it calls it" },
	{ "time.from", KEY_FROM_DAY, PLAIN(from), 0, 0, NULL, REQUIRED,
	  "nothing leaves before" },
	{ "time.until", KEY_UNTIL_DAY, PLAIN(until), 0, 0, NULL, REQUIRED,
	  "the last day on which anything leaves" },
	{ "time.hours", KEY_HOURS, PLAIN(from_min), 0, 0, NULL, "09:00-20:30",
	  "hours of a day in which it leaves" },
	{ "time.holidays", KEY_YES_NO, PLAIN(holidays), 0, 0, NULL, "no",
	  "also on the holidays of push.conf" },
	{ "limit.most", KEY_COUNT, NUMBER(most), 0, MOST_TARGETS, NULL, "0",
	  "numbers that are sent to; without: no limit" },
	{ "limit.budget", KEY_YUAN, NUMBER(budget_li), 0, INT64_C(1000) * MOST_YUAN, NULL,
	  "0", "segments, gifts and discounts; without: no limit" },
	{ "limit.stock", KEY_COUNT, NUMBER(stock), 0, MOST_TARGETS, NULL, "0",
	  "each offer is made so often; without: no limit" },
	{ "limit.orders", KEY_COUNT, NUMBER(orders), 0, MOST_TARGETS, NULL, "0",
	  "expected, that people can carry out; without: no limit" },
	{ "limit.profit", KEY_SHARE, NUMBER(profit_bp), 0, 10000, NULL, "0",
	  "least margin of all who accept together, of their bills; 0: none" },
	{ "limit.stages", KEY_TEXT, PLAIN(stages), 0, 200, NULL, "",
	  "people of a life-cycle stage: new=500, at_risk=0" },
	{ "limit.segments", KEY_COUNT, NUMBER(segments_most), 1, 4, NULL, "2",
	  "of a text" },
	{ "limit.rate", KEY_COUNT, NUMBER(rate_per_s), 0, 10000, NULL, "0",
	  "segments a second; without: as fast as answers allow" },
	{ "result.days", KEY_COUNT, NUMBER(attribution_days), 1, 90, NULL, "7",
	  "orders so long after the message are counted" },
};

const struct key *campaign_keys(size_t *n)
{
	*n = sizeof(keys) / sizeof(keys[0]);
	return keys;
}

static const char groups[] =
	"campaign, audience, offer, content, time, limit, result, arm_a, ...";

static const struct {
	const char *name;
	bool sells;
} kind[CAMPAIGN_KINDS] = {
#define X(constant, text, commercial) { text, commercial },
	CAMPAIGN_KIND_LIST(X)
#undef X
};

const char *campaign_kind_name(enum campaign_kind k)
{
	return k < CAMPAIGN_KINDS ? kind[k].name : NULL;
}

bool campaign_kind_sells(enum campaign_kind k)
{
	return k < CAMPAIGN_KINDS && kind[k].sells;
}

/* ---- arms ---- */

static const char *const arm_keys[] = { "share", "zh_hans", "zh_hant", "en" };
static const char arm_expected[] =
	"expected share, zh_hans, zh_hant or en in a group named arm_a, arm_b, ...";

enum {
	SHARE_KEY,
	TEXT_KEYS /* enum language from here */
};

/* Of that name, a new one if there is none yet; NULL: too many. */
static struct campaign_arm *arm_of(struct campaign *c, struct str name)
{
	for (size_t i = 0; i < c->n_arms; i++)
		if (str_eq(c->arm[i].name, name))
			return &c->arm[i];
	if (c->n_arms == CAMPAIGN_ARMS)
		return NULL;
	c->arm[c->n_arms] = (struct campaign_arm){ .name = name };
	return &c->arm[c->n_arms++];
}

static enum err read_arm_text(const struct reading *r, const struct key_text *t,
                              struct str *out)
{
	if (t->text.n == 0 || t->text.n > TEXT_MAX)
		return key_complain(r, t, ERR_RANGE,
		                    "expected a text of 1 to 2000 octets");
	*out = arena_str(r->a, t->text);
	return ERR_OK;
}

static enum err read_arm(const struct reading *r, const struct key_text *t,
                         struct campaign *c)
{
	struct str key = t->name, group;
	struct campaign_arm *arm;
	int64_t share;
	enum err e;

	(void)str_cut(&key, '.', &group);
	group = (struct str){ group.p + 4, group.n - 4 };
	if (group.n == 0 || group.n > NAME_MAX_OCTETS)
		return key_complain(r, t, ERR_SYNTAX, arm_expected);
	arm = arm_of(c, arena_str(r->a, group));
	if (arm == NULL)
		return key_complain(r, t, ERR_RANGE, "expected at most 8 arms");
	for (unsigned i = TEXT_KEYS; i < TEXT_KEYS + LANG_COUNT; i++)
		if (str_eq(key, str_of(arm_keys[i])))
			return read_arm_text(r, t, &arm->text[i - TEXT_KEYS]);
	if (!str_eq(key, str_of(arm_keys[SHARE_KEY])))
		return key_complain(r, t, ERR_SYNTAX, arm_expected);
	e = key_number(r, t, KEY_SHARE, 1, 10000, &share);
	if (e == ERR_OK)
		arm->share_bp = (unsigned)share;
	return e;
}

/* ---- what goes together ---- */

static enum err refuse(const struct reading *r, enum err e, const char *what)
{
	faults_add(r->faults, "%s: %s", r->path, what);
	return e;
}

static enum err check_arm(const struct reading *r, const struct campaign *c,
                          const struct campaign_arm *arm)
{
	const struct str of = arm->name;
	const struct str share = arena_printf(r->a, "arm_%.*s.share", STR_ARG(of)),
			 text = arena_printf(r->a, "arm_%.*s.zh_hans", STR_ARG(of));
	struct str missing[2];
	size_t n = 0;

	if (arm->share_bp == 0)
		missing[n++] = share;
	if (arm->text[LANG_ZH_HANS].n == 0)
		missing[n++] = text;
	for (size_t i = 0; i < n; i++)
		if (!campaign_misread(c, missing[i]))
			(void)campaign_complain(c, missing[i], ERR_SYNTAX, r->faults,
			                        "%.*s is missing: add it",
			                        STR_ARG(missing[i]));
	return n == 0 ? ERR_OK : ERR_SYNTAX;
}

static enum err check_arms(const struct reading *r, struct campaign *c)
{
	enum err e = ERR_OK;
	unsigned sum = 0;

	if (c->n_arms == 0)
		return refuse(r, ERR_SYNTAX,
		              "arm_a is missing: give it a text, zh_hans = \"...\"");
	if (c->n_arms == 1 && c->arm[0].share_bp == 0)
		c->arm[0].share_bp = 10000;
	for (size_t i = 0; i < c->n_arms; i++) {
		e = err_first(e, check_arm(r, c, &c->arm[i]));
		sum += c->arm[i].share_bp;
	}
	if (sum == 10000 || e != ERR_OK)
		return e;
	faults_add(r->faults,
	           "%s: shares of the arms are %u.%02u %% together: make them 100",
	           r->path, sum / 100, sum % 100);
	return ERR_RANGE;
}

static bool ends_before_it_begins(const struct campaign *c)
{
	return c->from >= c->until;
}

static bool is_drawn_twice(const struct campaign *c)
{
	return c->daily && c->n_after > 0;
}

static bool is_notice_of_offers(const struct campaign *c)
{
	return !campaign_kind_sells(c->kind) && c->n_offers > 0;
}

static bool grants_no_trial(const struct campaign *c)
{
	return c->grant && (c->kind != CAMPAIGN_KIND_TRIAL || c->n_offers != 1);
}

/* It stands in a text as it is, and must be found there by a handset. */
static bool is_no_link(const struct campaign *c)
{
	const struct str link = c->link, token = STR("{token}");
	size_t at = str_find(link, token);

	if (link.n > 0 && !str_starts(link, STR("https://")))
		return true;
	for (size_t i = 0; i < link.n; i++) {
		if (i == at) {
			i += token.n - 1;
			at = SIZE_MAX;
		} else if (link.p[i] <= ' ' || link.p[i] > '~' || link.p[i] == '{' ||
		           link.p[i] == '}') {
			return true;
		}
	}
	return false;
}

static bool are_no_stages(const struct campaign *c)
{
	int64_t stage[STAGES];

	return stages_parse(c->stages, stage) != ERR_OK;
}

static bool has_no_stages(const struct campaign *c)
{
	return c->stages.n > 0 && c->kind != CAMPAIGN_KIND_MATCH &&
	       c->kind != CAMPAIGN_KIND_CROSS;
}

/* key: what the fault is of; also: what else is looked at, NULL: nothing */
static const struct {
	bool (*is_wrong)(const struct campaign *c);
	const char *key, *also, *what;
} together[] = {
	{ ends_before_it_begins, "time.until", "time.from",
	  "time.until lies before time.from: correct them" },
	{ is_drawn_twice, "audience.after", "audience.daily",
	  "audience.daily and audience.after exclude each other: keep one" },
	{ is_notice_of_offers, "offer.codes", "campaign.kind",
	  "offer.codes: notices and surveys offer nothing; take it out, or name another "
	  "campaign.kind" },
	{ grants_no_trial, "offer.grant", "campaign.kind",
	  "offer.grant: only campaign.kind trial gives anything, and one of offer.codes; "
	  "take it out, or correct those" },
	{ is_no_link, "content.link", NULL,
	  "content.link: expected https://..., in ASCII and without blanks, and at most one "
	  "{token} in it" },
	{ are_no_stages, "limit.stages", NULL,
	  "limit.stages: expected numbers of life-cycle stages such as new=500, at_risk=0" },
	{ has_no_stages, "limit.stages", "campaign.kind",
	  "limit.stages: only campaigns of kind match and cross look at stages; take it out" },
};

static enum err check_whole(const struct reading *r, struct campaign *c)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < sizeof(together) / sizeof(together[0]); i++) {
		const struct str key = str_of(together[i].key);

		if (campaign_misread(c, key) ||
		    (together[i].also != NULL &&
		     campaign_misread(c, str_of(together[i].also))) ||
		    !together[i].is_wrong(c))
			continue;
		e = campaign_complain(c, key, ERR_RANGE, r->faults, "%s",
		                      together[i].what);
	}
	return err_first(e, check_arms(r, c));
}

/* ---- a file ---- */

/* Who writes 0 may mean "nobody": campaign_check() asks. */
static void note_nought(const struct key *k, struct campaign *c)
{
	static const char zero[sizeof(int64_t)] = { 0 };

	if (str_starts(str_of(k->name), STR("limit.")) &&
	    (k->form == KEY_COUNT || k->form == KEY_YUAN) &&
	    memcmp((const char *)c + k->at, zero, k->size) == 0)
		c->nought = k->name;
}

static enum err read_one(const struct reading *r, const struct key_text *t,
                         struct campaign *c)
{
	const struct key *k = key_find(r, t->name);
	enum err e;

	if (k == NULL)
		return str_starts(t->name, STR("arm_")) ? read_arm(r, t, c)
		                                        : key_unknown(r, t);
	e = key_read(r, k, t, c);
	if (e == ERR_OK)
		note_nought(k, c);
	return e;
}

/* What must be said and is not. */
static enum err find_missing(const struct reading *r, struct campaign *c,
                             struct campaign_place *place)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < r->n_keys; i++) {
		const struct key *k = &r->key[i];

		if (k->standard != NULL || campaign_place(c, str_of(k->name)) != NULL)
			continue;
		faults_add(r->faults, "%s: %s is missing: %s", r->path, k->name, k->help);
		place[c->n_places++] = (struct campaign_place){ str_of(k->name), 0,
			                                        true };
		e = ERR_SYNTAX;
	}
	return e;
}

static enum err read_all(const struct reading *r, const struct conf_strings *file,
                         struct campaign *c)
{
	struct campaign_place *place = arena_array(r->a, struct campaign_place,
	                                           file->n + r->n_keys);
	enum err e = ERR_OK;

	c->path = arena_str(r->a, str_of(r->path)).p;
	c->place = place;
	for (size_t i = 0; i < file->n; i++) {
		const struct conf_string *s = &file->string[i];
		const struct key_text t = { s->name, s->text, s->line };
		const enum err of = read_one(r, &t, c);

		place[c->n_places++] = (struct campaign_place){ arena_str(r->a, s->name),
			                                        s->line, of != ERR_OK };
		e = err_first(e, of);
	}
	return err_first(e, find_missing(r, c, place));
}

enum err campaign_read(const char *name, struct str text, struct arena *a,
                       struct campaign *out, const struct faults *faults)
{
	const struct reading r = { name,   keys, sizeof(keys) / sizeof(keys[0]),
		                   groups, a,    faults };
	struct campaign c = { 0 };
	struct fault syntax = { .text = "" };
	struct conf_strings file;
	enum err e;

	if (text.n > CAMPAIGN_TEXT_MAX)
		return refuse(&r, ERR_RANGE, "over 65536 octets: shorten it");
	e = conf_strings_parse(name, text, &file, &syntax);
	if (e != ERR_OK) {
		faults_add(faults, "%s", syntax.text);
		return e;
	}
	key_defaults(&r, &c);
	e = read_all(&r, &file, &c);
	e = err_first(e, check_whole(&r, &c));
	if (e == ERR_OK || faults->all != NULL)
		*out = c;
	conf_strings_free(&file);
	return e;
}

enum err campaign_parse(const char *name, struct str text, struct arena *a,
                        struct campaign *out, struct fault *fault)
{
	return campaign_read(name, text, a, out, FAULTS_FIRST(fault));
}
