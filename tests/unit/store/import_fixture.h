/*
 * import_fixture.h - a store on disk with a package, a service and a person; files
 * into it.
 */
#ifndef UNIT_STORE_IMPORT_FIXTURE_H
#define UNIT_STORE_IMPORT_FIXTURE_H

#include "base/buf.h"
#include "fixture.h"
#include "store/import.h"
#include "store/inspect.h"

#define PACKAGES_HEAD                                                                     \
	"code,kind,name_zh,name_en,fee_fen,voice_min,sms,data_mb,over_voice_fen_per_min," \
	"over_sms_fen,over_data_fen_per_block,data_block_mb,over_data_cap_fen,cost_fen,"  \
	"network,on_sale\n"
#define PACKAGE_58 \
	"58,main,58元套餐,Plan 58,5800,100,10,2048,19.5,10,500,1024,20000,3000,5G,1\n"
#define PACKAGE_CL "CL,vas,彩铃,Tone,500,0,0,0,0,0,0,0,0,100,,1\n"
#define PEOPLE_HEAD                                                                          \
	"msisdn,name,language,class,region,joined_on,status,balance_fen,points,puk,package," \
	"services\n"
#define PERSON_1 \
	"13800000001,晓雨,zh-Hans,personal,浦东,2020-01-01,active,3520,9,01234567,58,CL\n"
#define USAGE_HEAD "msisdn,month,voice_min,sms,data_mb,bill_fen\n"

static struct fixture f;

static inline void setup(void)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
}

static inline void teardown(void)
{
	fixture_end(&f);
}

static inline const char *in_path(void)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/in.csv", f.folder);
	return path;
}

static inline void write_file(const char *text)
{
	FILE *file = fopen(in_path(), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static inline struct import_plan plan_of(const char *kind)
{
	return (struct import_plan){
		.kind = kind, .path = in_path(), .as_of = SINCE, .now = SINCE
	};
}

static inline enum err check_file(struct import *im, struct fault *fault)
{
	struct store_reader *r;
	enum err e;

	ck_assert_int_eq(store_reader_open(f.store, &r, fault), ERR_OK);
	e = import_check(im, r, fault);
	store_reader_close(r);
	return e;
}

/* Slices of n rows, at most `slices` of them; ERR_OK when it stopped before the end. */
static inline enum err apply_slices(struct import *im, size_t n, int slices,
                                    struct fault *fault)
{
	enum err e = ERR_OK;

	for (int i = 0; i < slices && e == ERR_OK; i++) {
		e = import_read(im, n, fault);
		if (e != ERR_OK)
			break;
		import_hand_over(im);
		ck_assert_msg(import_apply(im, f.store) == ERR_OK, "%s",
		              store_fault(f.store));
		import_show(im);
	}
	return e;
}

/* The file that is there as one of that kind, `slice` rows at a time, to its end. */
static inline enum err import_file(const char *kind, size_t slice, struct fault *fault)
{
	const struct import_plan plan = plan_of(kind);
	struct import *im = NULL;
	enum err e;

	*fault = (struct fault){ "" };
	e = import_open(&plan, &im, fault);
	if (e != ERR_OK)
		return e;
	e = check_file(im, fault);
	if (e == ERR_OK) {
		ck_assert_int_eq(import_begin(im, f.store), ERR_OK);
		e = apply_slices(im, slice, INT32_MAX, fault);
		e = e == ERR_END ? import_end(im, f.store, NULL) : e;
	}
	import_close(im);
	return e;
}

static inline enum err import(const char *kind, const char *text, struct fault *fault)
{
	write_file(text);
	return import_file(kind, IMPORT_SLICE, fault);
}

static inline void import_well(const char *kind, const char *text)
{
	struct fault fault;

	ck_assert_msg(import(kind, text, &fault) == ERR_OK, "%s", fault.text);
}

static inline void import_packages_and_person(void)
{
	import_well("packages", PACKAGES_HEAD PACKAGE_58 PACKAGE_CL);
	import_well("subscribers", PEOPLE_HEAD PERSON_1);
}

/* A whole table as text: a line a row, its values joined by |. */
static inline struct str table_text(const char *table)
{
	struct store_table t;
	struct buf out = buf_make((size_t)16 * 1024 * 1024);
	struct str text;

	ck_assert_int_eq(store_inspect(f.store, table, &f.arena, &t), ERR_OK);
	for (size_t i = 0; i < t.n_rows * t.n_columns; i++) {
		buf_puts(&out, t.value[i]);
		buf_putc(&out, i % t.n_columns + 1 == t.n_columns ? '\n' : '|');
	}
	text = arena_str(&f.arena, buf_str(&out));
	buf_free(&out);
	return text;
}

#endif
