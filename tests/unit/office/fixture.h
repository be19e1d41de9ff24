/*
 * fixture.h - the office over a store in a temporary folder, in this process alone.
 */
#ifndef UNIT_OFFICE_FIXTURE_H
#define UNIT_OFFICE_FIXTURE_H

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/clock.h"
#include "office/office.h"
#include "store/inspect.h"
#include "support/house.h"
#include "support/suite.h"

#define GROUPS_HEAD "id,name,monthly_fee_fen\n"
#define PACKAGES_HEAD                                                                     \
	"code,kind,name_zh,name_en,fee_fen,voice_min,sms,data_mb,over_voice_fen_per_min," \
	"over_sms_fen,over_data_fen_per_block,data_block_mb,over_data_cap_fen,cost_fen,"  \
	"network,on_sale\n"
#define PACKAGE_58 \
	"58,main,58元套餐,Plan 58,5800,100,10,2048,19.5,10,500,1024,20000,3000,5G,1\n"
#define PEOPLE_HEAD                                                                          \
	"msisdn,name,language,class,region,joined_on,status,balance_fen,points,puk,package," \
	"services\n"

static struct {
	char folder[64], url[128];
	struct store *store;
	struct office_host host;
	struct conf *conf;
	char said[16384]; /* lines of the last request, each with \n */
	int pieces;       /* written */
	int pieces_until; /* the process ends; 0: never */
	int reloads;
} t;

static inline enum err write_now(void *ctx, enum err (*work)(struct store *s, void *arg),
                                 void *arg)
{
	(void)ctx;
	t.pieces++;
	return work(t.store, arg);
}

static inline bool is_never(void *ctx)
{
	(void)ctx;
	return false;
}

static inline bool is_over(void *ctx)
{
	(void)ctx;
	return t.pieces_until > 0 && t.pieces >= t.pieces_until;
}

static inline void on_packages(void *ctx)
{
	(void)ctx;
	t.reloads++;
}

static inline void on_line(void *ctx, struct str line)
{
	const size_t n = strlen(t.said);

	(void)ctx;
	ck_assert_uint_lt(n + line.n + 2, sizeof(t.said));
	memcpy(t.said + n, line.p, line.n);
	memcpy(t.said + n + line.n, "\n", 2);
}

static const struct office_peer peer = { .line = on_line };

static inline void open_office(void)
{
	struct fault fault = { "" };

	ck_assert_msg(store_open(t.url, STORE_CREATE, &t.store, &fault) == ERR_OK, "%s",
	              fault.text);
	t.conf = conf_defaults();
	t.pieces = 0;
	t.host = (struct office_host){ .write = write_now,
		                       .is_busy = is_never,
		                       .is_ending = is_over,
		                       .packages_changed = on_packages,
		                       .conf = t.conf };
	ck_assert_int_eq(store_reader_open(t.store, &t.host.reader, &fault), ERR_OK);
}

static inline void close_office(void)
{
	store_reader_close(t.host.reader);
	store_close(t.store);
	conf_destroy(t.conf);
}

static inline void set_up(void)
{
	memset(&t, 0, sizeof(t));
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	(void)snprintf(t.folder, sizeof(t.folder), "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(t.folder));
	(void)snprintf(t.url, sizeof(t.url), "sqlite:%s/hall.db", t.folder);
	open_office();
}

static inline void tear_down(void)
{
	char command[128];

	close_office();
	(void)snprintf(command, sizeof(command), "rm -r %s", t.folder);
	ck_assert_int_eq(system(command), 0);
}

static inline enum err ask(const char *request, struct fault *fault)
{
	t.said[0] = '\0';
	*fault = (struct fault){ "" };
	return office_do(&t.host, str_of(request), &peer, fault);
}

/* Writes folder/name. */
static inline void put_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", t.folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* n subscribers, from 13900000000 on; of package 88 those whom took() names, or of 58. */
static inline void put_takers(const char *name, int n, bool (*took)(int i))
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", t.folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	(void)fputs(PEOPLE_HEAD, f);
	for (int i = 0; i < n; i++)
		(void)fprintf(f,
		              "%lld,甲,zh-Hans,personal,浦东,2020-01-01,active,%d,9,"
		              "01234567,%s,\n",
		              13900000000LL + i, i, took(i) ? "88" : "58");
	ck_assert_int_eq(fclose(f), 0);
}

static inline bool nobody(int i)
{
	(void)i;
	return false;
}

static inline void put_people(const char *name, int n)
{
	put_takers(name, n, nobody);
}

static inline enum err import(const char *kind, const char *name, struct fault *fault)
{
	char request[512];

	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"import\",\"kind\":\"%s\",\"path\":\"%s/%s\"}", kind,
	               t.folder, name);
	return ask(request, fault);
}

static inline void import_well(const char *kind, const char *name)
{
	struct fault fault;

	ck_assert_msg(import(kind, name, &fault) == ERR_OK, "%s", fault.text);
}

static inline size_t rows(const char *table)
{
	struct arena a = arena_make(64 * 1024 * 1024);
	struct store_table found;
	size_t n;

	ck_assert_int_eq(store_inspect(t.store, table, &a, &found), ERR_OK);
	n = found.n_rows;
	arena_free(&a);
	return n;
}

static inline void ask_well(const char *request)
{
	struct fault fault;

	ck_assert_msg(ask(request, &fault) == ERR_OK, "%s: %s", request, fault.text);
}

static inline void assert_said(const char *words)
{
	ck_assert_msg(strstr(t.said, words) != NULL, "no \"%s\" in:\n%.3800s", words,
	              t.said + (strlen(t.said) > 3000 ? strlen(t.said) - 3000 : 0));
}

static inline void assert_not_said(const char *words)
{
	ck_assert_msg(strstr(t.said, words) == NULL, "\"%s\" in:\n%.3800s", words,
	              t.said);
}

#endif
