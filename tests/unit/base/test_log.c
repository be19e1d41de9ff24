/*
 * test_log.c - the log: one record a line whatever it is told, bounded under a flood.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "support/suite.h"

static char *written;
static size_t n_written;
static struct log l;

static void set_up(void)
{
	l = (struct log){ .to = open_memstream(&written, &n_written),
		          .level = LOG_DEBUG };
	ck_assert_ptr_nonnull(l.to);
}

static void tear_down(void)
{
	log_guard_destroy(l.guard);
	(void)fclose(l.to);
	free(written);
	memset(&l, 0, sizeof(l));
}

static unsigned count(const char *what)
{
	unsigned n = 0;

	for (const char *p = written; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

/* T15: whatever a subscriber writes, quoted or (by mistake) not. */
static const char *const hostile[] = {
	"\n{\"level\":\"error\",\"event\":\"forged\"}",
	"a\r\n2026-10-20T10:31:00+0800 error store.failed x=1",
	"\x1b[2J\x07\x7f",
	"\" level=error \\",
	"\xe2\x80\xa8 line separator",
};

START_TEST(t15_a_text_stays_one_record)
{
	char quoted[LOG_QUOTE_MAX];

	LOG(&l, LOG_INFO, "text", "text=%s", log_quote(quoted, str_of(hostile[_i])));
	LOG(&l, LOG_INFO, "text", "text=%s", hostile[_i]);
	LOG(&l, LOG_INFO, "next", "%s", "x=1");
	ck_assert_uint_eq(count("\n"), 3);
	for (size_t i = 0; i < n_written; i++)
		ck_assert(written[i] == '\n' ||
		          ((unsigned char)written[i] >= 0x20 && written[i] != 0x7f));
	ck_assert_ptr_nonnull(strstr(written, "\n20"));
}
END_TEST

START_TEST(a_long_line_is_cut)
{
	static char text[3 * LOG_LINE_MAX];

	memset(text, 'x', sizeof(text) - 1);
	LOG(&l, LOG_INFO, "long", "%s", text);
	LOG(&l, LOG_INFO, "next", "%s", "x");
	ck_assert_uint_eq(count("\n"), 2);
	ck_assert_uint_lt(n_written, 2 * LOG_LINE_MAX);
}
END_TEST

/* T15: of a flood only as much as its bucket; the others are not touched; it is told. */
START_TEST(t15_a_flood_is_cut_and_counted)
{
	l.guard = log_guard_create(10, 1);
	for (int i = 0; i < 100000; i++)
		LOG(&l, LOG_WARN, "flood", "i=%d", i);
	LOG(&l, LOG_WARN, "other", "%s", "x=1");
	/* A slow machine lets a few more through. */
	ck_assert_uint_ge(count(" flood "), 10);
	ck_assert_uint_le(count(" flood "), 200);
	ck_assert_uint_eq(count(" other "), 1);
	ck_assert_uint_eq(log_dropped(l.guard), 100000 - count(" flood "));
	log_tell_dropped(&l);
	log_tell_dropped(&l);
	ck_assert_uint_eq(count("log.dropped event=flood n="), 1);
}
END_TEST

/* More events than there are names in the program: still bounded. */
START_TEST(events_beyond_the_table_share_a_place)
{
	static char names[300][16];

	l.guard = log_guard_create(1, 1);
	for (int i = 0; i < 300; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "e%d", i);
		LOG(&l, LOG_WARN, names[i], "%s", "x");
	}
	ck_assert_uint_ge(count("\n"), 100);
	ck_assert_uint_lt(count("\n"), 200);
}
END_TEST

/* D3: a log that cannot be written costs lines, not the service. */
START_TEST(d3_a_full_disk_costs_lines)
{
	struct log full = { .to = fopen("/dev/full", "we"), .level = LOG_INFO };

	ck_assert_ptr_nonnull(full.to);
	full.guard = log_guard_create(1000, 1000);
	for (int i = 0; i < 100; i++)
		LOG(&full, LOG_INFO, "event", "i=%d", i);
	ck_assert_uint_eq(log_failed(full.guard), 100);
	ck_assert_uint_eq(log_dropped(full.guard), 0);
	(void)fclose(full.to);
	log_guard_destroy(full.guard);
}
END_TEST

static unsigned lines_of(const char *path)
{
	FILE *f = fopen(path, "re");
	unsigned n = 0;
	int c;

	ck_assert_ptr_nonnull(f);
	while ((c = fgetc(f)) != EOF)
		n += c == '\n' ? 1 : 0;
	(void)fclose(f);
	return n;
}

START_TEST(a_rotated_file_is_opened_anew)
{
	char folder[] = "/tmp/smshall-log-XXXXXX", path[64], moved[64];
	struct log file = { .level = LOG_INFO };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/log", folder);
	(void)snprintf(moved, sizeof(moved), "%s/log.1", folder);
	ck_assert_int_eq(log_open(&file, path), ERR_OK);
	LOG(&file, LOG_INFO, "one", "%s", "x");
	ck_assert_int_eq(rename(path, moved), 0);
	LOG(&file, LOG_INFO, "two", "%s", "x");
	ck_assert_int_eq(log_open(&file, path), ERR_OK);
	LOG(&file, LOG_INFO, "three", "%s", "x");
	ck_assert_uint_eq(lines_of(moved), 2);
	ck_assert_uint_eq(lines_of(path), 1);
	ck_assert_int_eq(log_open(&file, "/nowhere/log"), ERR_IO);
	LOG(&file, LOG_INFO, "four", "%s", "x");
	ck_assert_uint_eq(lines_of(path), 2);
	(void)fclose(file.to);
	(void)unlink(path);
	(void)unlink(moved);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(the_last_complaints_are_remembered)
{
	char recent[LOG_RECENT][LOG_RECENT_MAX];

	l.guard = log_guard_create(1000, 1);
	LOG(&l, LOG_INFO, "calm", "%s", "x");
	ck_assert_uint_eq(log_recent(l.guard, recent), 0);
	for (int i = 0; i < 20; i++)
		LOG(&l, LOG_WARN, "bad", "i=%d", i);
	ck_assert_uint_eq(log_recent(l.guard, recent), LOG_RECENT);
	ck_assert_ptr_nonnull(strstr(recent[0], "bad i=19"));
	ck_assert_ptr_nonnull(strstr(recent[LOG_RECENT - 1], "bad i=12"));
}
END_TEST

SUITE("base/log", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, t15_a_text_stays_one_record, 0, COUNT_OF(hostile));
	tcase_add_test(tc, a_long_line_is_cut);
	tcase_add_test(tc, t15_a_flood_is_cut_and_counted);
	tcase_add_test(tc, events_beyond_the_table_share_a_place);
	tcase_add_test(tc, d3_a_full_disk_costs_lines);
	tcase_add_test(tc, a_rotated_file_is_opened_anew);
	tcase_add_test(tc, the_last_complaints_are_remembered);
})
