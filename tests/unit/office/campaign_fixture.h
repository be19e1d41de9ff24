/*
 * campaign_fixture.h - a campaign C-1 of a crowd, made and asked for as marketers do, under a
 * clock of the test.
 */
#ifndef UNIT_OFFICE_CAMPAIGN_FIXTURE_H
#define UNIT_OFFICE_CAMPAIGN_FIXTURE_H

#include "../store/raw.h"
#include "fixture.h"

#define NOW       "1795050000" /* 2026-11-19 09:00 in Shanghai */
#define PEOPLE    1500
#define PACKAGE_9 "9,vas,彩铃,Ringtone,900,0,0,0,0,0,0,0,0,100,,1\n"

/* what: keys of the group campaign; where: of audience */
#define CAMPAIGN(where, offer, text)                                          \
	"campaign = { code = \"C-1\"; title = \"t\"; kind = \"broadcast\";\n" \
	" category = \"services\"; owner = \"anna\"; };\n"                    \
	"audience = { where = \"" where "\"; control = \"10\"; };\n"          \
	"offer = { codes = \"" offer "\"; };\n"                               \
	"time = { from = \"2026-11-01\"; until = \"2026-12-31\"; };\n"        \
	"arm_a = { share = \"50\"; zh_hans = \"" text "\"; };\n"              \
	"arm_b = { share = \"50\"; zh_hans = \"" text "!\"; };\n"

#define TEXT  "{name}每月{fee}元，回复{reply}办理"
#define WHERE "points >= 3 AND language = 'en'"

static char request[2048];
static int64_t now_s;

static inline const char *act(const char *name, const char *rest)
{
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"%s\",\"code\":\"C-1\",\"now\":%lld"
	               "%s%s}",
	               name, (long long)now_s, rest[0] != '\0' ? "," : "", rest);
	return request;
}

#define BY(who) "\"by\":\"" who "\""

static inline enum err add(const char *text, struct fault *fault)
{
	put_file("c.conf", text);
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"campaign\",\"act\":\"add\",\"path\":\"%s/c.conf\","
	               "\"now\":%lld,\"by\":\"anna\"}",
	               t.folder, (long long)now_s);
	return ask(request, fault);
}

static inline void add_well(const char *text)
{
	struct fault fault;

	ck_assert_msg(add(text, &fault) == ERR_OK, "%s", fault.text);
}

static inline void refused(const char *what, const char *why)
{
	struct fault fault;

	ck_assert_msg(ask(what, &fault) != ERR_OK, "%s", what);
	ck_assert_msg(strstr(fault.text, why) != NULL, "%s: no \"%s\" in %s", what, why,
	              fault.text);
}

static inline int64_t count(const char *sql)
{
	return raw_int(t.url + strlen("sqlite:"), sql);
}

static inline void state_is(const char *name)
{
	char words[64];

	ask_well(act("list", ""));
	(void)snprintf(words, sizeof(words), "C-1              %s", name);
	assert_said(words);
}

/* Languages, points and dates differ. */
static inline void put_crowd(int n)
{
	static const char *const languages[] = { "zh-Hans", "zh-Hant", "en" };
	char path[256];
	uint32_t dice = 7;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/people.csv", t.folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	(void)fputs(PEOPLE_HEAD, f);
	for (int i = 0; i < n; i++) {
		dice = dice * 1664525 + 1013904223;
		(void)fprintf(f,
		              "%lld,甲,%s,personal,浦东,2020-01-01,active,%d,%d,"
		              "01234567,58,%s\n",
		              13900000000LL + 7 * i,
		              languages[dice >> 8 & 1 ? 2 : dice >> 9 & 1],
		              (int)(dice >> 12 & 1023), (int)(dice >> 20 & 7),
		              (dice >> 24 & 7) == 0 ? "9" : "");
	}
	ck_assert_int_eq(fclose(f), 0);
	import_well("subscribers", "people.csv");
}

static inline void setup(void)
{
	set_up();
	now_s = strtoll(NOW, NULL, 10);
	put_file("packages.csv", PACKAGES_HEAD PACKAGE_58 PACKAGE_9);
	import_well("packages", "packages.csv");
}

#endif
