/*
 * test_office.c - the socket of a running gateway: who may ask, what is answered, and
 * imports while texts come.
 */
#include <signal.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "asker.h"
#include "office/office.h"
#include "office/wire.h"

enum {
	ROWS = 9000,
	MANY_ROWS = 60000, /* for more than a tenth of a second */
	CLIENTS = 8,
	RELOADERS = 4 /* each loads a grammar, which takes its time under a sanitizer */
};

static struct asker asker[CLIENTS + 1];

static void set_up_all(void)
{
	memset(asker, 0, sizeof(asker));
	for (size_t i = 0; i < COUNT_OF(asker); i++)
		asker[i].fd = -1;
	(void)signal(SIGPIPE, SIG_IGN); /* as the program does */
	set_up();
	populate();
}

static void tear_down_all(void)
{
	for (size_t i = 0; i < COUNT_OF(asker); i++) {
		if (asker[i].fd >= 0)
			(void)close(asker[i].fd);
	}
	tear_down();
}

/* ---- what is asked, and files ---- */

static void dial_and_ask(struct asker *a, const char *kind)
{
	char request[256];

	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"import\",\"kind\":\"%s\",\"path\":"
	               "\"%s/hall.csv\"}\n",
	               kind, t.folder);
	dial_and_say(a, request);
}

static void put_package(const char *code, const char *name)
{
	FILE *f = csv();

	(void)fprintf(f,
	              "code,kind,name_zh,name_en,fee_fen,voice_min,sms,data_mb,"
	              "over_voice_fen_per_min,over_sms_fen,over_data_fen_per_block,"
	              "data_block_mb,over_data_cap_fen,cost_fen,network,on_sale\n"
	              "%s,main,%s,%s,5800,100,10,2048,19.5,10,500,1024,20000,3000,5G,1\n",
	              code, name, name);
	ck_assert_int_eq(fclose(f), 0);
}

/* ---- who may ask ---- */

START_TEST(the_socket_is_its_owner_s_alone)
{
	const struct sockaddr_un at = address();
	struct stat st;
	mode_t mask = umask(0);

	start_one("");
	(void)umask(mask);
	ck_assert_int_eq(stat(at.sun_path, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	stop();
	ck_assert_int_eq(stat(at.sun_path, &st), -1);
}
END_TEST

START_TEST(a_socket_left_behind_is_no_obstacle)
{
	const struct sockaddr_un at = address();
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	(void)close(fd);
	start_one("");
	dial_and_ask(&asker[0], "nothing");
	RUN_UNTIL_HEARD(&asker[0], "expected one of packages");
}
END_TEST

START_TEST(eight_may_ask_at_a_time)
{
	start_one("");
	for (size_t i = 0; i < CLIENTS; i++)
		dial(&asker[i]);
	dial(&asker[CLIENTS]);
	RUN_UNTIL_HEARD(&asker[CLIENTS], "8 requests");
	RUN_UNTIL_HEARD(&asker[CLIENTS], "\n");
	for (size_t i = 0; i < CLIENTS; i++)
		ck_assert(!hears(&asker[i], "\n") && !asker[i].closed);
	hang_up(&asker[3]);
	for (int tries = 0; !hears(&asker[3], "expected one of"); tries++) {
		ck_assert_int_lt(tries, 1000); /* until it has seen that one go */
		dial_and_ask(&asker[3], "nothing");
		RUN_UNTIL_HEARD(&asker[3], "\n");
	}
}
END_TEST

/* ---- what is no request ---- */

START_TEST(garbage_is_answered_and_harmless)
{
	static const struct {
		const char *octets;
		size_t n;
	} cases[] = { { "\n", 1 },
		      { "\0\0\0\n", 4 },
		      { "\xff\xfe\n", 3 },
		      { "GET / HTTP/1.1\r\n\r\n", 18 },
		      { "{\"do\":\"dance\"}\n{\"do\":\"dance\"}\n", 30 },
		      { "[[[[[[\n", 7 } };

	start_one("");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		dial(&asker[0]);
		send_octets(&asker[0], cases[i].octets, cases[i].n);
		RUN_UNTIL_HEARD(&asker[0], "{\"error\":\"request");
		RUN_UNTIL_HEARD(&asker[0], "\n");
		hang_up(&asker[0]);
	}
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1);
}
END_TEST

START_TEST(a_request_without_end_is_cut)
{
	static char many[3 * OFFICE_REQUEST_MAX];

	memset(many, ' ', sizeof(many));
	start_one("");
	dial(&asker[0]);
	(void)send(asker[0].fd, many, sizeof(many), MSG_NOSIGNAL);
	RUN_UNTIL_HEARD(&asker[0], "longer than 65536");
}
END_TEST

/* A peer that has said all it has to say still hears the answer. */
START_TEST(half_a_connection_is_enough)
{
	start_one("");
	dial_and_ask(&asker[0], "nothing");
	ck_assert_int_eq(shutdown(asker[0].fd, SHUT_WR), 0);
	RUN_UNTIL_HEARD(&asker[0], "expected one of");
}
END_TEST

/* ---- imports ---- */

START_TEST(texts_are_answered_while_rows_come_in)
{
	unsigned before_end = 0;

	put_people(MANY_ROWS);
	start_one("");
	dial_and_ask(&asker[0], "subscribers");
	for (unsigned i = 0; i < 200 && before_end < 20; i++) {
		(void)deliver("a", "13900000001", i % 2 == 0 ? "CXYE" : "CXHF");
		RUN_UNTIL(smsc.submits == i + 1 && smsc.responses == i + 1);
		before_end += hears(&asker[0], "{\"ok\":true}") ? 0 : 1;
	}
	ck_assert_uint_ge(before_end, 20);
	RUN_UNTIL_HEARD(&asker[0], "{\"ok\":true}\n");
	ck_assert_ptr_nonnull(strstr(asker[0].heard, "subscribers: 60000 rows in "));
	ck_assert_ptr_nonnull(strstr(asker[0].heard, "{\"progress\":["));
	hang_up(&asker[0]);
	stop();
	ck_assert_uint_eq(rows("import", "rows_done", "60000"), 1);
}
END_TEST

START_TEST(who_hangs_up_does_not_stop_an_import)
{
	put_people(ROWS);
	start_one("");
	dial_and_ask(&asker[0], "subscribers");
	RUN_UNTIL_HEARD(&asker[0], "progress");
	hang_up(&asker[0]);
	dial_and_ask(&asker[1], "nothing"); /* answered behind it */
	RUN_UNTIL_HEARD(&asker[1], "expected one of");
	stop();
	ck_assert_uint_eq(rows("account", "balance_fen", "4200"), ROWS);
}
END_TEST

/* Whether the last line of progress tells of rows: its third figure is not 0. */
static bool has_rows(struct asker *a)
{
	const char *line = a->heard, *next;

	if (!hears(a, "progress"))
		return false;
	while ((next = strstr(line + 1, "{\"progress\":[")) != NULL)
		line = next;
	line = strrchr(line, ',');
	return line != NULL && line[1] != '0';
}

START_TEST(a_drain_stops_an_import_and_the_next_start_ends_it)
{
	put_people(MANY_ROWS);
	start_one("");
	dial_and_ask(&asker[0], "subscribers");
	RUN_AND_LOOK(has_rows(&asker[0]));
	stop();
	ck_assert_msg(hears(&asker[0], "goes on at the next start"), "%s",
	              asker[0].heard);
	hang_up(&asker[0]);
	ck_assert_uint_eq(rows("import", "state", "0"), 1);
	ck_assert_uint_eq(rows("import", "rows_done", "0"), 0);
	start_one("");
	dial_and_ask(&asker[1], "nothing"); /* answered behind it */
	RUN_UNTIL_HEARD(&asker[1], "expected one of");
	stop();
	ck_assert_uint_eq(rows("import", "state", "1"), 1);
	ck_assert_uint_eq(rows("import", "rows_done", "60000"), 1);
}
END_TEST

/* A lock of the test's own holds the import: what is short must not wait behind it. */
START_TEST(a_trace_does_not_wait_behind_an_import)
{
	sqlite3 *db;
	char path[128];

	put_people(3);
	start_one("");
	(void)snprintf(path, sizeof(path), "%s/hall.db", t.folder);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	                 SQLITE_OK);
	dial_and_ask(&asker[0], "subscribers");
	dial_and_say(&asker[1], "{\"do\":\"trace\",\"msisdn\":\"13900000001\"}\n");
	RUN_UNTIL_HEARD(&asker[1], "{\"ok\":true}");
	ck_assert(!hears(&asker[0], "{\"ok\"") && !hears(&asker[0], "{\"error\""));
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	RUN_UNTIL_HEARD(&asker[0], "{\"ok\":true}");
}
END_TEST

START_TEST(a_drain_ends_desk_and_bench)
{
	put_people(MANY_ROWS);
	start_one("");
	dial_and_ask(&asker[0], "subscribers");
	RUN_AND_LOOK(has_rows(&asker[0]));
	for (size_t i = 1; i < CLIENTS; i++)
		dial_and_say(&asker[i],
		             "{\"do\":\"trace\",\"msisdn\":\"13900000001\"}\n");
	RUN_UNTIL_HEARD(&asker[1], "{\"ok\":true}");
	stop();
	ck_assert(hears(&asker[0], "goes on at the next start"));
	for (size_t i = 1; i < CLIENTS; i++) /* or not let in any more */
		ck_assert_msg(hears(&asker[i], "{\"ok\":true}") ||
		                      hears(&asker[i], "the process ends") ||
		                      asker[i].n == 0,
		              "%s", asker[i].heard);
}
END_TEST

START_TEST(answers_know_packages_that_were_just_imported)
{
	start_one("");
	(void)deliver("a", "13900000001", "CXTC");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	ck_assert_ptr_nonnull(strstr(smsc.submit[0].text, "Plan 58"));
	put_package("58", "Plan Renamed");
	dial_and_ask(&asker[0], "packages");
	RUN_UNTIL_HEARD(&asker[0], "{\"ok\":true}");
	(void)deliver("a", "13900000001", "CXTC.");
	RUN_UNTIL(smsc.submits == 2 && smsc.responses == 2);
	ck_assert_msg(strstr(smsc.submit[1].text, "Plan Renamed") != NULL, "%s",
	              smsc.submit[1].text);
}
END_TEST

/* ---- reload ---- */

#define RELOAD  "{\"do\":\"reload\"}\n"
#define DRY_RUN "{\"do\":\"reload\",\"dry_run\":true}\n"

/* By two clerks, and by a signal: one after the other, while texts are answered. */
START_TEST(reloads_stand_in_line)
{
	start_one("");
	for (size_t i = 0; i < RELOADERS; i++) {
		dial_and_say(&asker[i], i % 2 == 0 ? RELOAD : DRY_RUN);
		gateway_reload(t.gateway);
	}
	(void)deliver("a", "13900000001", "CXYE");
	for (size_t i = 0; i < RELOADERS; i++) {
		RUN_UNTIL_HEARD(&asker[i], "{\"ok\":true}");
		ck_assert_ptr_nonnull(strstr(asker[i].heard,
		                             i % 2 == 0 ? "reloaded: " : "would change"));
	}
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
}
END_TEST

START_TEST(a_drain_ends_reloads)
{
	start_one("");
	for (size_t i = 0; i < RELOADERS; i++)
		dial_and_say(&asker[i], i % 2 == 0 ? RELOAD : DRY_RUN);
	RUN_UNTIL_HEARD(&asker[_i], "{\"line\"");
	stop();
	for (size_t i = 0; i < RELOADERS; i++)
		ck_assert_msg(hears(&asker[i], "{\"ok\":true}") ||
		                      hears(&asker[i], "the process ends") ||
		                      hears(&asker[i], "\"line\"") || asker[i].n == 0,
		              "%s", asker[i].heard);
}
END_TEST

START_TEST(requests_go_by_the_configuration_of_now)
{
	char request[128];

	start_one("");
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"retention\",\"dry_run\":true,\"now\":%lld}\n",
	               (long long)t.clock.wall_s + 20 * 86400);
	dial_and_say(&asker[0], request);
	RUN_UNTIL_HEARD(&asker[0], "{\"ok\":true}");
	ck_assert_ptr_null(strstr(asker[0].heard, "would go"));
	write_conf(LINK("a", TRUSTED), "retention = { texts_days = 9; };");
	dial_and_say(&asker[1], RELOAD);
	RUN_UNTIL_HEARD(&asker[1], "{\"ok\":true}");
	/* A text is old once it is settled, which is noted a moment after its answer. */
	while (strstr(asker[2].heard, "older than 9 days would go") == NULL) {
		if (asker[2].fd >= 0)
			hang_up(&asker[2]);
		dial_and_say(&asker[2], request);
		RUN_UNTIL_HEARD(&asker[2], "{\"ok\":true}");
	}
}
END_TEST

SUITE("gateway/office", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_all, tear_down_all);
	tcase_add_test(tc, the_socket_is_its_owner_s_alone);
	tcase_add_test(tc, a_socket_left_behind_is_no_obstacle);
	tcase_add_test(tc, eight_may_ask_at_a_time);
	tcase_add_test(tc, garbage_is_answered_and_harmless);
	tcase_add_test(tc, a_request_without_end_is_cut);
	tcase_add_test(tc, half_a_connection_is_enough);
	tcase_add_test(tc, texts_are_answered_while_rows_come_in);
	tcase_add_test(tc, who_hangs_up_does_not_stop_an_import);
	tcase_add_test(tc, a_drain_stops_an_import_and_the_next_start_ends_it);
	tcase_add_test(tc, a_trace_does_not_wait_behind_an_import);
	tcase_add_test(tc, a_drain_ends_desk_and_bench);
	tcase_add_test(tc, answers_know_packages_that_were_just_imported);
	tcase_add_test(tc, reloads_stand_in_line);
	tcase_add_loop_test(tc, a_drain_ends_reloads, 0, 2);
	tcase_add_test(tc, requests_go_by_the_configuration_of_now);
})
