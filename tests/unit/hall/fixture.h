/*
 * fixture.h - the shipped replies, a grammar of names only, a catalogue, and one
 * subscriber, for the hall's tests.  Times are those of Asia/Shanghai.
 */
#ifndef TESTS_HALL_FIXTURE_H
#define TESTS_HALL_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "conf/strings.h"
#include "hall/hall.h"
#include "support/suite.h"

static inline int64_t utc(const char *local)
{
	int64_t t;

	ck_assert_int_eq(civil_parse_time(str_of(local), &t), ERR_OK);
	return t;
}

static inline month_t month(const char *text)
{
	month_t m;

	ck_assert_int_eq(civil_parse_month(str_of(text), &m), ERR_OK);
	return m;
}

/* -- replies ------------------------------------------------------------------- */

static const char *const reply_path[LANG_COUNT] = {
	[LANG_ZH_HANS] = "grammar/replies.zh-Hans.conf",
	[LANG_ZH_HANT] = "grammar/replies.zh-Hant.conf",
	[LANG_EN] = "grammar/replies.en.conf",
};

/* Reads the shipped files; text[l] is freed with free(), strings[l] with its own function. */
static inline void read_replies(struct conf_strings strings[LANG_COUNT],
                                struct reply_file file[LANG_COUNT])
{
	struct fault fault = { "" };

	for (unsigned l = 0; l < LANG_COUNT; l++) {
		struct reply_text *text;

		if (conf_strings_load(reply_path[l], &strings[l], &fault) != ERR_OK)
			ck_abort_msg("%s", fault.text);
		text = calloc(strings[l].n, sizeof(*text));
		ck_assert_ptr_nonnull(text);
		for (size_t i = 0; i < strings[l].n; i++)
			text[i] = (struct reply_text){ strings[l].string[i].name,
				                       strings[l].string[i].text,
				                       strings[l].string[i].line };
		file[l] = (struct reply_file){ reply_path[l], (enum language)l, text,
			                       strings[l].n };
	}
}

static inline void free_replies(struct conf_strings strings[LANG_COUNT],
                                struct reply_file file[LANG_COUNT])
{
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		free((void *)(uintptr_t)file[l].text);
		conf_strings_free(&strings[l]);
	}
}

static inline struct replies *shipped_replies(void)
{
	struct conf_strings strings[LANG_COUNT];
	struct reply_file file[LANG_COUNT];
	struct replies *r = NULL;
	struct fault fault = { "" };

	read_replies(strings, file);
	if (replies_create(file, &r, &fault) != ERR_OK)
		ck_abort_msg("%s", fault.text);
	free_replies(strings, file);
	return r;
}

/* -- a grammar that has nothing but intents ---------------------------------------- */

/* clang-format off */
static const struct { struct grammar_intent intent; const char *code; } intents[] = {
	{ { "balance.query",    GRAMMAR_READ,   0 },  "CXYE" },
	{ { "bill.query",       GRAMMAR_READ,   1 },  "CXZD" },
	{ { "usage.query",      GRAMMAR_READ,   2 },  "CXLL" },
	{ { "points.query",     GRAMMAR_READ,   3 },  "CXJF" },
	{ { "package.current",  GRAMMAR_READ,   4 },  "CXTC" },
	{ { "package.list",     GRAMMAR_READ,   5 },  "TCLB" },
	{ { "service.list",     GRAMMAR_READ,   6 },  "0000" },
	{ { "puk.query",        GRAMMAR_READ,   7 },  "CXPUK" },
	{ { "help",             GRAMMAR_READ,   8 },  "HELP" },
	{ { "agent.handoff",    GRAMMAR_READ,   9 },  "RG" },
	{ { "optout.marketing", GRAMMAR_SET,    10 }, "TD" },
	{ { "optin.marketing",  GRAMMAR_SET,    11 }, "JS" },
	{ { "package.change",   GRAMMAR_CHARGE, 12 }, "BGTC" },
	{ { "pin.change",       GRAMMAR_CHARGE, 13 }, "XGMM" },
	{ { "faq.search",       GRAMMAR_READ,   14 }, "" },
	{ { "payment.query",    GRAMMAR_READ,   15 }, "CXJFJL" },
	{ { "detail.query",     GRAMMAR_READ,   16 }, "CXXD" },
	{ { "more",             GRAMMAR_READ,   17 }, "" },
	{ { "resource.detail",  GRAMMAR_READ,   18 }, "LLMX" },
	{ { "bill.explain",     GRAMMAR_READ,   19 }, "WSM" },
	{ { "order.query",      GRAMMAR_READ,   20 }, "DD" },
	{ { "order.undo",       GRAMMAR_SET,    21 }, "CX" },
	{ { "task.query",       GRAMMAR_READ,   22 }, "T" },
	{ { "complaint.open",   GRAMMAR_SET,    23 }, "TS" },
	{ { "not.offered",      GRAMMAR_CHARGE, 24 }, "NOTA" }, /* by no service */
	{ { "service.open",     GRAMMAR_CHARGE, 25 }, "KT" },
	{ { "service.cancel",   GRAMMAR_CHARGE, 26 }, "QX" },
	{ { "confirm.yes",      GRAMMAR_SET,    27 }, "" },
	{ { "confirm.no",       GRAMMAR_READ,   28 }, "" },
	{ { "confirm.soft",     GRAMMAR_READ,   29 }, "" },
	{ { "menu.select",      GRAMMAR_READ,   30 }, "" },
	{ { "plan.advice",      GRAMMAR_READ,   31 }, "TCJY" },
	{ { "language.english", GRAMMAR_SET,    32 }, "" },
};
/* clang-format on */

size_t grammar_intents(const struct grammar *g)
{
	(void)g;
	return COUNT_OF(intents);
}

const struct grammar_intent *grammar_intent(const struct grammar *g, size_t index)
{
	(void)g;
	return &intents[index].intent;
}

struct str grammar_code(const struct grammar_intent *intent)
{
	return str_of(intents[intent->index].code);
}

static inline const struct grammar_intent *intent_of(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(intents); i++)
		if (strcmp(intents[i].intent.name, name) == 0)
			return &intents[i].intent;
	ck_abort_msg("no intent %s", name);
	return NULL;
}

/* -- packages ------------------------------------------------------------------------ */

enum {
	MB = 1024,
	GB = 1024 * 1024 /* KiB */
};

/* STR() is no constant initialiser. */
#define LIT(s)                     \
	{                          \
		(s), sizeof(s) - 1 \
	}
#define MAIN(code_, zh, en, fee, minutes, texts, data, sale)                      \
	{                                                                         \
		.code = LIT(code_), .kind = PACKAGE_MAIN, .name_zh = LIT(zh),     \
		.name_en = LIT(en), .fee_fen = (fee), .voice_s = (minutes)*60,    \
		.sms = (texts), .data_kib = (data), .over_voice_li_per_min = 150, \
		.over_sms_li = 100, .over_data_fen_per_block = 500,               \
		.data_block_kib = GB, .on_sale = (sale)                           \
	}
#define SMALL(code_, kind_, zh, en, fee)                                 \
	{                                                                \
		.code = LIT(code_), .kind = (kind_), .name_zh = LIT(zh), \
		.name_en = LIT(en), .fee_fen = (fee), .on_sale = true    \
	}
#define PACK(code_, zh, en, fee, minutes, texts, data)                         \
	{                                                                      \
		.code = LIT(code_), .kind = PACKAGE_ADDON, .name_zh = LIT(zh), \
		.name_en = LIT(en), .fee_fen = (fee), .voice_s = (minutes)*60, \
		.sms = (texts), .data_kib = (data), .on_sale = true            \
	}

/* Sorted by code, as a catalogue is. */
static struct package packages[] = {
	MAIN("128", "128元套餐", "Plan 128", 12800, 600, 100, 60 * GB, true),
	MAIN("38", "38元套餐", "Plan 38", 3800, 100, 0, 10 * GB, true),
	MAIN("58", "58元套餐", "Plan 58", 5800, 200, 50, 20 * GB, false),
	MAIN("8", "乡音卡", "Village card", 800, 0, 0, 100 * MB, true),
	MAIN("88", "88元套餐", "Plan 88", 8800, 300, 0, 30 * GB, true),
	SMALL("CL", PACKAGE_VAS, "彩铃", "Ringback tone", 500),
	PACK("LLB20", "20元流量包", "Data pack 20", 2000, 100, 30, 10 * GB),
	SMALL("SJB", PACKAGE_VAS, "手机报", "Mobile news", 300),
};

/* -- one subscriber, one question -------------------------------------------------- */

enum {
	MONTHS = 8
};

struct world {
	struct arena arena;
	struct replies *replies;
	struct hall *hall;
	struct usage_month usage[MONTHS];
	struct bill_line bill[MONTHS];
	struct subscription held[MONTHS];
	struct payment payment[MONTHS];
	struct detail detail[MONTHS];
	struct resource resource[MONTHS];
	struct consent consent[MONTHS];
	struct order order[MONTHS];
	struct complaint complaint[MONTHS];
	struct task_view task[MONTHS];
	struct dossier who;
	struct catalogue catalogue;
	struct changes changes;
	struct grammar_command command;
	struct hall_question q;
};

/* 20 October 2026, 10:31: 18.9 of 20 GB used; bills till September. */
static inline void world_figures(struct world *w)
{
	struct dossier *d = &w->who;

	d->account = (struct account){ .balance_fen = 3520,
		                       .points = 1234,
		                       .as_of = w->q.now };
	d->has_account = true;
	for (int i = 0; i < 4; i++)
		w->usage[i] = (struct usage_month){ .month = month("2026-07") + i,
			                            .voice_s = 74 * 60,
			                            .sms = 3,
			                            .data_kib = 22 * GB,
			                            .bill_fen = 6850 + i };
	w->usage[3].data_kib = GB * 189 / 10;
	w->usage[3].bill_fen = BILL_NONE;
	d->usage = w->usage;
	d->n_usage = 4;
	d->usage_as_of = w->q.now;
	d->have = NEED_USAGE;
	d->bill = w->bill;
	d->held = w->held;
	d->payment = w->payment;
	d->detail = w->detail;
	d->resource = w->resource;
	d->consent = w->consent;
	d->order = w->order;
	d->complaint = w->complaint;
	d->task = w->task;
}

static inline void world_open_as(struct world *w, enum language default_language)
{
	const struct hall_conf conf = { .default_language = default_language,
		                        .hotline = STR("10086") };

	memset(w, 0, sizeof(*w));
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	w->arena = arena_make(1 << 20);
	w->replies = shipped_replies();
	w->hall = hall_create(&conf, NULL, w->replies);
	w->catalogue = (struct catalogue){ packages, COUNT_OF(packages) };
	w->changes = (struct changes){ .arena = &w->arena,
		                       .next_task = 2071,
		                       .next_order = 8921 };
	w->q = (struct hall_question){ .id = 77,
		                       .now = utc("2026-10-20 10:31:00"),
		                       .text = STR("?"),
		                       .command = &w->command,
		                       .who = &w->who,
		                       .catalogue = &w->catalogue,
		                       .changes = &w->changes,
		                       .arena = &w->arena };
	w->who = (struct dossier){ .msisdn = 13800001234, .known = true };
	w->who.sub = (struct subscriber){ .msisdn = 13800001234,
		                          .owner_since = utc("2026-07-01 00:00:00"),
		                          .status = SUB_ACTIVE,
		                          .language = LANG_ZH_HANS,
		                          .name = STR("{balance}%n"),
		                          .puk = STR("40718293"),
		                          .package = STR("58") };
	world_figures(w);
}

static inline void world_open(struct world *w)
{
	world_open_as(w, LANG_ZH_HANS);
}

static inline void world_close(struct world *w)
{
	hall_destroy(w->hall);
	replies_destroy(w->replies);
	arena_free(&w->arena);
}

static inline struct hall_answer ask(struct world *w, const char *intent)
{
	struct hall_answer a;

	w->command.intent = intent != NULL ? intent_of(intent) : NULL;
	a = hall_answer(w->hall, &w->q);
	ck_assert_uint_gt(a.text.n, 0);
	ck_assert_ptr_nonnull(a.outcome);
	return a;
}

/* The answer's text, as a C string in the arena. */
static inline const char *says(struct world *w, const char *intent)
{
	return arena_str(&w->arena, ask(w, intent).text).p;
}

static inline void ask_number(struct world *w, const char *digits)
{
	w->command.slot[0] = (struct grammar_slot){ .name = "number",
		                                    .type = GRAMMAR_TEXT,
		                                    .text = str_of(digits) };
	w->command.n_slots = 1;
}

static inline void ask_month(struct world *w, const char *text)
{
	w->command.slot[0] = (struct grammar_slot){ .name = "month",
		                                    .type = GRAMMAR_MONTH,
		                                    .month = month(text) };
	w->command.n_slots = 1;
}

#endif
