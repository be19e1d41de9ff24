/*
 * rules.c - the table of push.conf; see push/rules.h.
 */
#include "push/rules.h"

#include <stdio.h>

#include "keys_priv.h"

#define AT(m)          offsetof(struct push_rules, m)
#define NUMBER(m)      AT(m), sizeof(((struct push_rules *)NULL)->m), 0
#define PLAIN(m)       AT(m), 0, 0
#define LIST(m, n)     AT(m), 0, AT(n)
#define TEXT_MAX       120
#define DAY_S          86400
#define LANGUAGE(m, l) AT(m) + LANG_##l * sizeof(struct str), 0, 0

_Static_assert(AT(to_min) == AT(from_min) + sizeof(int), "hours are two members");

/* Defaults are those of grammar/push.conf, which says what each is. */
static const struct key keys[] = {
	{ "rules.version", KEY_TEXT, PLAIN(version), 1, TEXT_MAX, NULL, "CN 2026-11",
	  "" },
	{ "signature.zh_hans", KEY_TEXT, LANGUAGE(signature, ZH_HANS), 1, TEXT_MAX, NULL,
	  "【短信营业厅】", "" },
	{ "signature.zh_hant", KEY_TEXT, LANGUAGE(signature, ZH_HANT), 1, TEXT_MAX, NULL,
	  "【簡訊營業廳】", "" },
	{ "signature.en", KEY_TEXT, LANGUAGE(signature, EN), 1, TEXT_MAX, NULL,
	  "[SMS Hall]", "" },
	{ "exit.zh_hans", KEY_TEXT, LANGUAGE(exit, ZH_HANS), 1, TEXT_MAX, NULL,
	  "拒收请回复R", "" },
	{ "exit.zh_hant", KEY_TEXT, LANGUAGE(exit, ZH_HANT), 1, TEXT_MAX, NULL,
	  "拒收請回覆R", "" },
	{ "exit.en", KEY_TEXT, LANGUAGE(exit, EN), 1, TEXT_MAX, NULL, "Reply R to stop",
	  "" },
	{ "words.refused", KEY_WORDS, LIST(word, n_words), 0, PUSH_WORDS, NULL,
	  "最, 第一, 顶级, 頂級, 唯一, 国家级, 國家級, best, no.1", "" },
	{ "words.allowed", KEY_WORDS, LIST(allowed, n_allowed), 0, PUSH_WORDS, NULL,
	  "最近, 最后, 最後", "" },
	{ "consent.express", KEY_YES_NO, PLAIN(express), 0, 0, NULL, "yes", "" },
	{ "hours.day", KEY_HOURS, PLAIN(from_min), 0, 0, NULL, "09:00-20:30", "" },
	{ "hours.holidays", KEY_DAYS, LIST(holiday, n_holidays), 0, PUSH_HOLIDAYS, NULL,
	  "", "" },
	{ "hours.zones", KEY_ZONES, LIST(zone, n_zones), 0, PUSH_ZONES, NULL, "", "" },
	{ "cap.days", KEY_COUNT, NUMBER(cap_days), 1, PUSHES_DAYS, NULL, "7", "" },
	{ "cap.most", KEY_COUNT, NUMBER(cap), 1, PUSHES_KEPT, NULL, "2", "" },
	{ "cap.fewer", KEY_COUNT, NUMBER(cap_fewer), 0, PUSHES_KEPT, NULL, "1", "" },
	{ "cap.again", KEY_COUNT, NUMBER(again_days), 0, PUSHES_DAYS, NULL, "30", "" },
	{ "cap.complaint", KEY_COUNT, NUMBER(quiet_days), 0, 180, NULL, "30", "" },
	{ "universal.share", KEY_SHARE, NUMBER(universal_bp), 0, 2000, NULL, "2", "" },
	{ "universal.salt", KEY_TEXT, PLAIN(universal_salt), 1, TEXT_MAX, NULL, "2026",
	  "" },
	{ "canary.first", KEY_COUNT, NUMBER(canary_first), 1, 100000, NULL, "100", "" },
	{ "canary.share", KEY_SHARE, NUMBER(canary_share_bp), 1, 10000, NULL, "1", "" },
	{ "canary.wait", KEY_COUNT, NUMBER(canary_wait_s), 0, INT64_C(7) * DAY_S, NULL,
	  "3600", "" },
	{ "stop.opted_out", KEY_SHARE, NUMBER(stop_opt_out_bp), 0, 10000, NULL, "0.5",
	  "" },
	{ "stop.failed", KEY_SHARE, NUMBER(stop_failed_bp), 0, 10000, NULL, "20", "" },
	{ "stop.complained", KEY_SHARE, NUMBER(stop_complained_bp), 0, 10000, NULL, "0.1",
	  "" },
	{ "stop.errors", KEY_SHARE, NUMBER(stop_errors_bp), 0, 10000, NULL, "25", "" },
	{ "pace.capacity", KEY_COUNT, NUMBER(capacity_per_s), 0, 100000, NULL, "20", "" },
	{ "pace.latency", KEY_COUNT, NUMBER(latency_ms), 0, 60000, NULL, "500", "" },
	{ "cost.segment", KEY_YUAN, NUMBER(segment_li), 0, 1000000, NULL, "0.04", "" },
	{ "contact.counter", KEY_YUAN, NUMBER(counter_li), 0, 10000000, NULL, "8", "" },
	{ "contact.hotline", KEY_YUAN, NUMBER(hotline_li), 0, 10000000, NULL, "4", "" },
	{ "contact.sms", KEY_YUAN, NUMBER(contact_li), 0, 10000000, NULL, "0.1", "" },
	{ "contact.at_counter", KEY_SHARE, NUMBER(counter_bp), 0, 10000, NULL, "10", "" },
	{ "contact.by_hotline", KEY_SHARE, NUMBER(hotline_bp), 0, 10000, NULL, "40", "" },
	{ "approval.desk", KEY_YES_NO, PLAIN(desk_approves), 0, 0, NULL, "yes", "" },
	{ "testers.numbers", KEY_NUMBERS, LIST(tester, n_testers), 0, PUSH_PEOPLE, NULL,
	  "", "" },
};

static const char groups[] =
	"rules, signature, exit, words, consent, hours, cap, universal, canary, stop, pace, "
	"cost, contact, approval, managers, testers";

static struct reading reading(const char *path, struct arena *a,
                              const struct faults *faults)
{
	return (struct reading){ path,   keys, sizeof(keys) / sizeof(keys[0]),
		                 groups, a,    faults };
}

/* ---- managers: the name is the key ---- */

static const char group[] = "managers.";

static enum err bad_manager(const struct reading *r, const struct key_text *t)
{
	return key_complain(r, t, ERR_SYNTAX,
	                    "expected a number, and perhaps that he approves: "
	                    "13800001234, approves");
}

static enum err read_manager(const struct reading *r, const struct key_text *t,
                             struct push_rules *out)
{
	struct push_manager m = {
		.name = arena_str(r->a, (struct str){ t->name.p + sizeof(group) - 1,
		                                      t->name.n - (sizeof(group) - 1) })
	};
	struct str rest = t->text, number;

	(void)str_cut(&rest, ',', &number);
	m.approves = str_eq(str_trim(rest), STR("approves"));
	if (str_i64(str_trim(number), &m.msisdn) != ERR_OK || m.msisdn < 10000 ||
	    (rest.p != NULL && !m.approves))
		return bad_manager(r, t);
	if (out->n_managers == PUSH_PEOPLE)
		return key_complain(r, t, ERR_RANGE, "expected at most 32 managers");
	out->manager[out->n_managers++] = m;
	return ERR_OK;
}

/* ---- a file ---- */

struct push_rules push_rules_defaults(void)
{
	const struct reading r = reading("push.conf", NULL, FAULTS_FIRST(NULL));
	struct push_rules out = { 0 };

	key_defaults(&r, &out);
	return out;
}

static enum err check(const char *path, const struct push_rules *p, struct fault *fault)
{
	if (p->cap_fewer <= p->cap)
		return ERR_OK;
	fault_set(
		fault,
		"%s: cap.fewer (%u) is more than cap.most (%u): who asked for fewer gets "
		"no more than others",
		path, p->cap_fewer, p->cap);
	return ERR_RANGE;
}

enum err push_rules_parse(const char *path, const struct push_text *text, size_t n,
                          struct arena *a, struct push_rules *out, struct fault *fault)
{
	const struct reading r = reading(path, a, FAULTS_FIRST(fault));
	struct push_rules p = *out;
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		const struct key_text t = { text[i].name, text[i].text, text[i].line };
		const struct key *k = key_find(&r, t.name);

		if (k != NULL)
			e = key_read(&r, k, &t, &p);
		else if (str_starts(t.name, str_of(group)))
			e = read_manager(&r, &t, &p);
		else
			e = key_unknown(&r, &t);
	}
	if (e == ERR_OK)
		e = check(path, &p, fault);
	if (e == ERR_OK)
		*out = p;
	return e;
}
