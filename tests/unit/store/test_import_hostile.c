/*
 * test_import_hostile.c - files as no program should write them: each is refused in the
 * words of the table, or read for what it means; nothing of a refused one is stored.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import_fixture.h"

#define ROW        "13800000001,2020-12,7,8,9,1\n"
#define LITERAL(s) s, sizeof(s) - 1

enum {
	HANGS_S = 20,
	MEMORY_KIB = 32 * 1024 /* that a file of any size may take on top */
};

/* Octets of a usage file, and the fault behind its path; NULL: it is one row. */
static const struct {
	const char *text;
	size_t n;
	const char *fault;
} contents[] = {
	{ LITERAL(""), ":1: empty: expected a line with the columns' names" },
	{ LITERAL("\n"), ":1: column : not known, expected msisdn,month," },
	{ LITERAL("\xEF\xBB\xBF"), ":1: empty: expected a line with the columns' names" },
	{ LITERAL("\xEF\xBB\xBF" USAGE_HEAD ROW), NULL },
	{ LITERAL("msisdn,month,voice_min,sms,data_mb,bill_fen\r\n"
	          "13800000001,2020-12,7,8,9,1\r\n"),
	  NULL },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,7,8,9,1"), NULL },
	{ LITERAL(USAGE_HEAD "\"13800000001\",\"2020-12\",\"7\",8,9,1\n"), NULL },
	{ LITERAL("\xFF\xFEm\0s\0i\0s\0d\0n\0"),
	  ":1:1: not UTF-8 text: save the file as UTF-8" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,7\0,8,9,1\n"),
	  ":2:22: not UTF-8 text: save the file as UTF-8" },
	{ LITERAL(USAGE_HEAD ROW "13800000001,2020-11,\xC0\xB1,8,9,1\n"),
	  ":3:21: not UTF-8 text: save the file as UTF-8" },
	{ LITERAL(USAGE_HEAD ROW "13800000001,2020-11,\xED\xA0\x80,8,9,1\n"),
	  ":3:21: not UTF-8 text: save the file as UTF-8" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,7,8,9,1\r13800000001,2020-11,7\n"),
	  ":2:28: a field with quotes, line ends or commas has to stand in quotes" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,\"7,8,9,1\n" ROW),
	  ":2:21: this quote is never closed" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,7\",8,9,1\n"),
	  ":2:22: a field with quotes, line ends or commas has to stand in quotes" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,\"7\"7,8,9,1\n"),
	  ":2:24: expected a comma behind the closing quote" },
	{ LITERAL(USAGE_HEAD ROW "\n"),
	  ":3: got 1 fields, expected 6 as in the first line" },
	{ LITERAL(USAGE_HEAD "13800000001;2020-12;7;8;9;1\n"),
	  ":2: got 1 fields, expected 6 as in the first line" },
	{ LITERAL("msisdn;month;voice_min;sms;data_mb;bill_fen\n"),
	  ":1: column msisdn;month;voice_min;sms;data_mb;bill_fen: not known, expected "
	  "msisdn,month," },
	{ LITERAL(ROW),
	  ":1: column 13800000001: not known, expected msisdn,month,voice_min," },
	{ LITERAL("msisdn,month,voice_min,sms,bill_fen\n"),
	  ":1: column data_mb: is missing: smshall import usage lists all" },
	{ LITERAL("msisdn,month,voice_min,sms,data_mb,bill_fen,month\n"),
	  ":1: column month: stands twice" },
	{ LITERAL("msisdn,month,voice_min,sms,data_mb,bill_fen,x\n"),
	  ":1: column x: not known, expected msisdn,month,voice_min,sms,data_mb,bill_fen" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,-1,8,9,1\n"),
	  ":2: column voice_min: got \"-1\", expected a whole number from 0 to 10000000" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,+1,8,9,1\n"),
	  ":2: column voice_min: got \"+1\", expected a whole number from 0 to 10000000" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,1e3,8,9,1\n"),
	  ":2: column voice_min: got \"1e3\", expected a whole number from 0 to 10000000" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12, 1,8,9,1\n"),
	  ":2: column voice_min: got \" 1\", expected a whole number from 0 to 10000000" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,0x1,8,9,1\n"),
	  ":2: column voice_min: got \"0x1\", expected a whole number from 0 to 10000000" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,10000001,8,9,1\n"),
	  ":2: column voice_min: got \"10000001\", expected a whole number from 0 to "
	  "10000000" },
	{ LITERAL(USAGE_HEAD "13800000001,2020-12,7,8,9,9223372036854775808\n"),
	  ":2: column bill_fen: got \"9223372036854775808\", expected fen, a whole number, "
	  "or nothing while the month is not billed" },
	{ LITERAL(USAGE_HEAD
	          "13800000001,2020-12,7,8,9,-99999999999999999999999999999\n"),
	  ":2: column bill_fen: got \"-99999999999999999999999999999\", expected fen, " },
	{ LITERAL(USAGE_HEAD "99999999999999999999,2020-12,7,8,9,1\n"),
	  ":2: column msisdn: got \"99999999999999999999\", expected a number of 5 to 15 "
	  "digits" },
};

/* A row at a time: what is wrong with the last is met behind slices that were stored. */
static enum err read_file(struct fault *fault)
{
	return import_file("usage", 1, fault);
}

static void refused(const char *text)
{
	struct fault fault;

	ck_assert_int_ne(read_file(&fault), ERR_OK);
	ck_assert_msg(
		strncmp(fault.text, in_path(), strlen(in_path())) == 0 &&
			strncmp(fault.text + strlen(in_path()), text, strlen(text)) == 0,
		"got \"%s\", expected \"%s\"", fault.text, text);
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, 0);
}

static void write_octets(const char *p, size_t n)
{
	FILE *file = fopen(in_path(), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(p, 1, n, file), n);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(what_is_wrong_inside_is_said_with_its_place)
{
	struct fault fault;

	import_packages_and_person();
	write_octets(contents[_i].text, contents[_i].n);
	if (contents[_i].fault != NULL) {
		refused(contents[_i].fault);
		return;
	}
	ck_assert_msg(read_file(&fault) == ERR_OK, "%s", fault.text);
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, 1);
	ck_assert_int_eq(dossier_of(&f, NUMBER).usage[0].voice_s, 7 * 60);
}
END_TEST

START_TEST(a_header_alone_is_no_row)
{
	struct fault fault;

	import_packages_and_person();
	write_file(USAGE_HEAD);
	ck_assert_msg(read_file(&fault) == ERR_OK, "%s", fault.text);
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, 0);
}
END_TEST

/* ---- what is no such file ---- */

static void put_folder(void)
{
	ck_assert_int_eq(mkdir(in_path(), 0700), 0);
}

/* Nobody writes into it. */
static void put_pipe(void)
{
	ck_assert_int_eq(mkfifo(in_path(), 0600), 0);
}

static void put_device(void)
{
	ck_assert_int_eq(symlink("/dev/zero", in_path()), 0);
}

static void put_loop(void)
{
	ck_assert_int_eq(symlink(in_path(), in_path()), 0);
}

static void put_nothing(void)
{
}

static const struct {
	void (*put)(void);
	const char *fault;
} things[] = {
	{ put_folder, ": expected a file, not a folder, pipe or device" },
	{ put_pipe, ": expected a file, not a folder, pipe or device" },
	{ put_device, ": expected a file, not a folder, pipe or device" },
	{ put_loop, ": Too many levels of symbolic links" },
	{ put_nothing, ": No such file or directory" },
};

START_TEST(what_is_no_file_is_refused_at_once)
{
	import_packages_and_person();
	(void)remove(in_path());
	things[_i].put();
	(void)alarm(HANGS_S);
	refused(things[_i].fault);
	(void)alarm(0);
	(void)remove(in_path());
}
END_TEST

/* Who may read everything is somebody else for the while. */
START_TEST(a_file_that_may_not_be_read)
{
	const uid_t nobody = 65534;
	const bool almighty = geteuid() == 0;
	const struct import_plan plan = plan_of("usage");
	struct fault fault = { "" };
	struct import *im = NULL;
	char expected[256];
	enum err e;

	write_file(USAGE_HEAD ROW);
	ck_assert_int_eq(chmod(in_path(), 0), 0);
	ck_assert_int_eq(chmod(f.folder, 0755), 0);
	ck_assert(!almighty || seteuid(nobody) == 0);
	e = import_open(&plan, &im, &fault);
	ck_assert(!almighty || seteuid(0) == 0);
	ck_assert_int_eq(e, ERR_IO);
	(void)snprintf(expected, sizeof(expected), "%s: Permission denied", in_path());
	ck_assert_str_eq(fault.text, expected);
}
END_TEST

/* ---- size ---- */

static long memory_kib(void)
{
	struct rusage used;

	ck_assert_int_eq(getrusage(RUSAGE_SELF, &used), 0);
	return used.ru_maxrss;
}

/* A gigabyte without end of line, of which the disk holds next to nothing. */
START_TEST(a_line_of_a_gigabyte_takes_no_memory)
{
	static const char *const heads[] = { "", "msisdn,month,\"", USAGE_HEAD,
		                             USAGE_HEAD "13800000001,\"" };
	static const char *const faults[] = {
		":1: a record of more than 65536 octets: is a quote missing?",
		":1: a record of more than 65536 octets: is a quote missing?",
		":2: a record of more than 65536 octets: is a quote missing?",
		":2: a record of more than 65536 octets: is a quote missing?"
	};
	long before;

	import_packages_and_person();
	write_file(heads[_i]);
	ck_assert_int_eq(truncate(in_path(), INT64_C(1) << 30), 0);
	before = memory_kib();
	refused(faults[_i]);
	ck_assert_int_lt(memory_kib() - before, MEMORY_KIB);
}
END_TEST

/* ---- change ---- */

static void append(const char *text)
{
	FILE *file = fopen(in_path(), "a");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* Between the reading that checks and the one that stores, also behind its first rows. */
START_TEST(a_file_that_grows_is_refused)
{
	const struct import_plan plan = plan_of("usage");
	struct fault fault = { "" };
	struct import *im;

	import_packages_and_person();
	write_file(USAGE_HEAD ROW "13800000001,2020-11,7,8,9,1\n");
	ck_assert_int_eq(import_open(&plan, &im, &fault), ERR_OK);
	ck_assert_int_eq(check_file(im, &fault), ERR_OK);
	ck_assert_int_eq(import_begin(im, f.store), ERR_OK);
	ck_assert_int_eq(apply_slices(im, 1, _i, &fault), ERR_OK);
	append("13800000001,2020-10,7,8,9,1\n");
	ck_assert_int_eq(apply_slices(im, 1, 1, &fault), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(
		fault.text, "in.csv: changed since it was checked: import it again"));
	ck_assert_uint_eq(dossier_of(&f, NUMBER).n_usage, (size_t)_i);
	import_close(im);
}
END_TEST

/* ---- what a person is told before ---- */

/* What is printed of a kind is a file that is read: but for what it refers to. */
START_TEST(each_kind_has_an_example_that_is_read)
{
	struct str rest = str_of(import_kinds()), name;
	size_t n = 0;

	import_packages_and_person();
	while (str_cut(&rest, ',', &name)) {
		struct buf out = buf_make(65536);
		const char *kind = arena_str(&f.arena, str_trim(name)).p, *file;
		struct fault fault;
		enum err e;

		ck_assert(import_columns(kind, &out));
		file = strstr(buf_cstr(&out), "A file of one row:\n");
		ck_assert_ptr_nonnull(file);
		e = import(kind, strchr(file, '\n') + 1, &fault);
		ck_assert_msg(e == ERR_OK || strstr(fault.text,
		                                    " that the store holds: ") != NULL,
		              "%s: %s", kind, fault.text);
		buf_free(&out);
		n++;
	}
	ck_assert_uint_eq(n, STORE_KINDS);
	ck_assert(!import_columns("cats", NULL));
}
END_TEST

SUITE("store/import_hostile", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, what_is_wrong_inside_is_said_with_its_place, 0,
                          COUNT_OF(contents));
      tcase_add_test(tc, a_header_alone_is_no_row);
      tcase_add_loop_test(tc, what_is_no_file_is_refused_at_once, 0, COUNT_OF(things));
      tcase_add_test(tc, a_file_that_may_not_be_read);
      tcase_add_loop_test(tc, a_line_of_a_gigabyte_takes_no_memory, 0, 4);
      tcase_add_loop_test(tc, a_file_that_grows_is_refused, 0, 2);
      tcase_add_test(tc, each_kind_has_an_example_that_is_read);)
