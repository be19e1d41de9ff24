/*
 * test_errand.c - the watched folder and the day's clean-up, under a clock of the test.
 */
#include "fixture.h"
#include "office/errand.h"

static struct watch *w;
static struct clock now = { .mono_us = 5000000, .wall_s = 1760000000 };

static void set_up_watch(void)
{
	char folder[128];

	set_up();
	(void)snprintf(folder, sizeof(folder), "%s/in", t.folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	w = watch_create(folder, NULL);
}

static void tear_down_watch(void)
{
	watch_destroy(w);
	tear_down();
}

static void pass(int64_t ms)
{
	now.mono_us += ms * 1000;
	now.wall_s += ms / 1000;
}

/* How many names in folder begin with prefix and end with suffix. */
static int names(const char *folder, const char *prefix, const char *suffix)
{
	char path[256];
	const struct dirent *d;
	DIR *dir;
	int n = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", t.folder, folder);
	dir = opendir(path);
	if (dir == NULL)
		return 0;
	while ((d = readdir(dir)) != NULL) {
		const size_t length = strlen(d->d_name);

		n += d->d_name[0] != '.' &&
		     strncmp(d->d_name, prefix, strlen(prefix)) == 0 &&
		     length >= strlen(suffix) &&
		     strcmp(d->d_name + length - strlen(suffix), suffix) == 0;
	}
	(void)closedir(dir);
	return n;
}

START_TEST(a_file_is_taken_once_it_stays_as_it_is)
{
	put_file("in/packages.csv", PACKAGES_HEAD);
	for (int i = 0; i < 5; i++) { /* it grows */
		char text[2048];

		ck_assert(!watch_run(w, &t.host, now));
		pass(1900);
		(void)snprintf(text, sizeof(text), "%s%.*s", PACKAGES_HEAD, 10 + i,
		               PACKAGE_58);
		put_file("in/packages.csv", text);
	}
	put_file("in/packages.csv", PACKAGES_HEAD PACKAGE_58);
	ck_assert(!watch_run(w, &t.host, now));
	pass(1999);
	ck_assert(!watch_run(w, &t.host, now));
	ck_assert_uint_eq(rows("package"), 0);
	pass(1);
	ck_assert(watch_run(w, &t.host, now));
	ck_assert_uint_eq(rows("package"), 1);
	ck_assert_int_eq(names("in/done", "packages.csv.2025", ""), 1);
	ck_assert(!watch_run(w, &t.host, now));
}
END_TEST

START_TEST(what_others_refer_to_comes_first)
{
	put_people("in/subscribers.csv", 2);
	put_file("in/usage-1.csv", "msisdn,month,voice_min,sms,data_mb,bill_fen\n"
	                           "13900000001,2025-09,1,1,1,1\n");
	put_file("in/packages-new.csv", PACKAGES_HEAD PACKAGE_58);
	(void)watch_run(w, &t.host, now);
	pass(2000);
	for (int i = 0; i < 3; i++)
		ck_assert(watch_run(w, &t.host, now));
	ck_assert_int_eq(names("in/done", "", ""), 3);
	ck_assert_int_eq(names("in/refused", "", ""), 0);
	ck_assert_uint_eq(rows("subscriber"), 2);
}
END_TEST

START_TEST(a_bad_file_is_put_aside_with_its_reason)
{
	char line[512] = "", path[256];
	FILE *f;

	put_file("in/packages-bad.csv", PACKAGES_HEAD "58,main\n");
	put_file("in/packages-good.csv", PACKAGES_HEAD PACKAGE_58);
	(void)watch_run(w, &t.host, now);
	pass(2000);
	ck_assert(watch_run(w, &t.host, now));
	ck_assert(watch_run(w, &t.host, now));
	ck_assert_int_eq(names("in/refused", "packages-bad.csv", ""), 2);
	(void)snprintf(path, sizeof(path), "%s/in/refused/packages-bad.csv.error",
	               t.folder);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	(void)fclose(f);
	ck_assert_msg(strstr(line, "packages-bad.csv:2: ") != NULL, "%s", line);
	ck_assert_uint_eq(rows("package"), 1);
}
END_TEST

START_TEST(what_was_taken_and_refused_is_counted)
{
	struct office_figures figures = { 0 };

	t.host.figures = &figures;
	put_file("in/packages-bad.csv", PACKAGES_HEAD "58,main\n");
	put_file("in/packages-good.csv", PACKAGES_HEAD PACKAGE_58);
	(void)watch_run(w, &t.host, now);
	pass(2000);
	while (watch_run(w, &t.host, now))
		;
	ck_assert_uint_eq(metric_get(&figures.taken), 1);
	ck_assert_uint_eq(metric_get(&figures.refused), 1);
	ck_assert_uint_eq(metric_get(&figures.rows), 1);
	ck_assert_uint_eq(metric_get(&figures.import[STORE_PACKAGES].size), 1);
	ck_assert_uint_gt(metric_get(&figures.import[STORE_PACKAGES].at), 0);
	ck_assert_uint_eq(metric_get(&figures.import[STORE_USAGE].at), 0);
	ck_assert_uint_eq(metric_get(&figures.backup.at), 0);
}
END_TEST

START_TEST(other_files_are_left_alone)
{
	static const char *const others[] = { "in/package.csv",   "in/packages.csv.part",
		                              "in/.packages.csv", "in/packages.txt",
		                              "in/packagesx.csv", "in/.csv" };

	for (size_t i = 0; i < COUNT_OF(others); i++)
		put_file(others[i], PACKAGES_HEAD PACKAGE_58);
	(void)watch_run(w, &t.host, now);
	pass(10000);
	ck_assert(!watch_run(w, &t.host, now));
	ck_assert_uint_eq(rows("package"), 0);
}
END_TEST

/* Neither the file's fault nor its end: it stays and is tried again a minute later. */
START_TEST(a_file_that_the_process_s_end_stopped_stays)
{
	put_file("in/packages.csv", PACKAGES_HEAD PACKAGE_58);
	(void)watch_run(w, &t.host, now);
	pass(2000);
	t.pieces_until = 1;
	ck_assert(!watch_run(w, &t.host, now));
	ck_assert_int_eq(names("in", "packages.csv", ""), 1);
	t.pieces_until = 0;
	pass(59000);
	ck_assert(!watch_run(w, &t.host, now));
	pass(1000);
	ck_assert(watch_run(w, &t.host, now));
	ck_assert_uint_eq(rows("package"), 1);
}
END_TEST

START_TEST(what_was_gone_on_with_is_put_aside_too)
{
	char path[256];

	put_file("in/packages.csv", PACKAGES_HEAD PACKAGE_58);
	put_file("packages.csv", PACKAGES_HEAD PACKAGE_58);
	(void)snprintf(path, sizeof(path), "%s/packages.csv", t.folder);
	watch_settle(w, str_of(path), now.wall_s); /* elsewhere */
	ck_assert_int_eq(names("in/done", "", ""), 0);
	(void)snprintf(path, sizeof(path), "%s/in/packages.csv", t.folder);
	watch_settle(w, str_of(path), now.wall_s);
	ck_assert_int_eq(names("in/done", "packages.csv.", ""), 1);
	ck_assert_int_eq(names("in", "packages.csv", ""), 0);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_no_harm)
{
	struct watch *other = watch_create("/nonexistent/in", NULL);

	ck_assert(!watch_run(other, &t.host, now));
	watch_destroy(other);
}
END_TEST

START_TEST(a_day_ends_at_three)
{
	static const struct {
		const char *last, *next;
	} cases[] = {
		{ "2026-10-20 02:59:59", "2026-10-20 03:00:00" },
		{ "2026-10-20 03:00:00", "2026-10-21 03:00:00" },
		{ "2026-10-20 23:00:00", "2026-10-21 03:00:00" },
		{ "2026-12-31 12:00:00", "2027-01-01 03:00:00" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t last, next;

		ck_assert_int_eq(civil_parse_time(str_of(cases[i].last), &last), ERR_OK);
		ck_assert_int_eq(civil_parse_time(str_of(cases[i].next), &next), ERR_OK);
		ck_assert_int_eq(errand_next_day(last, 0), next);
		ck_assert_int_eq(errand_next_day(last, 59), next + 59);
	}
}
END_TEST

/* Once a day, also over restarts; not in the first minute of a life. */
START_TEST(the_clean_up_runs_once_a_day)
{
	struct clock at = now;
	int64_t last = 0;
	int runs = 0;

	for (int life = 0; life < 3; life++) {
		struct errands *e = errands_create(t.conf, NULL, at);

		for (int hour = 0; hour < 24; hour++) {
			struct arena a = arena_make(4096);
			struct str value;
			int64_t cleaned = 0;

			(void)errands_run(e, &t.host, at);
			if (store_setting(t.store, "cleaned_at", &a, &value) == ERR_OK)
				ck_assert_int_eq(str_i64(value, &cleaned), ERR_OK);
			arena_free(&a);
			ck_assert(life > 0 || hour > 0 || cleaned == 0);
			runs += cleaned != last;
			last = cleaned;
			at.wall_s += 3600;
			at.mono_us += INT64_C(3600000000);
		}
		errands_destroy(e);
	}
	ck_assert_int_eq(runs, 4); /* at once, and on each of three mornings */
}
END_TEST

SUITE("office/errand", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up_watch, tear_down_watch);
      tcase_add_test(tc, a_file_is_taken_once_it_stays_as_it_is);
      tcase_add_test(tc, what_others_refer_to_comes_first);
      tcase_add_test(tc, a_bad_file_is_put_aside_with_its_reason);
      tcase_add_test(tc, what_was_taken_and_refused_is_counted);
      tcase_add_test(tc, other_files_are_left_alone);
      tcase_add_test(tc, a_file_that_the_process_s_end_stopped_stays);
      tcase_add_test(tc, what_was_gone_on_with_is_put_aside_too);
      tcase_add_test(tc, a_folder_that_is_not_there_is_no_harm);
      tcase_add_test(tc, a_day_ends_at_three);
      tcase_add_test(tc, the_clean_up_runs_once_a_day);)
