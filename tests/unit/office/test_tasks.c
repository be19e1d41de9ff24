/*
 * test_tasks.c - the work that waits for people: shown, taken, answered, closed; codes
 * for signing in.
 */
#include "../store/raw.h"
#include "fixture.h"

#define TASK(id, kind, desk, due, text)                                                    \
	"INSERT INTO task (id, kind, msisdn, owner_since, at, inbox, text, desk, due_at, " \
	"context) VALUES (" id ", '" kind "', 13800000001, 0, 1000, 1, '" text             \
	"', '" desk "', " due ", 'texts=1');"

static void setup(void)
{
	set_up();
	close_office();
	raw_at(t.url + strlen("sqlite:"),
	       TASK("1001", "agent", "agent", "0", "人工")
	               TASK("1002", "complaint", "complaint", "5000", "=HYPERLINK(\"x\")")
	                       TASK("1003", "errand", "shop", "2000", "BK \x1b[2J"));
	open_office();
}

static const char *line(int n)
{
	const char *at = t.said;

	while (n-- > 0)
		at = strchr(at, '\n') + 1;
	return at;
}

START_TEST(what_is_promised_first_comes_first)
{
	ask_well("{\"do\":\"tasks\",\"now\":3000}");
	ck_assert_ptr_nonnull(strstr(line(0), "OVERDUE   #1003"));
	ck_assert_ptr_nonnull(strstr(line(1), "task      #1002"));
	ck_assert_ptr_nonnull(strstr(line(2), "task      #1001"));
	assert_said("msisdn=13800000001");
	assert_said("due=\"1970-01-01 08:33:20.000\"");
	ck_assert_ptr_null(strchr(t.said, '\x1b'));
	ask_well("{\"do\":\"tasks\",\"now\":3000,\"late\":true}");
	ck_assert_ptr_nonnull(strstr(line(0), "#1003"));
	ck_assert_str_eq(line(1), "");
	ask_well("{\"do\":\"tasks\",\"desk\":\"agent\"}");
	ck_assert_ptr_nonnull(strstr(line(0), "#1001"));
	ck_assert_str_eq(line(1), "");
	ask_well("{\"do\":\"tasks\",\"limit\":1}");
	assert_said("(the first 1; more with --limit");
	ask_well("{\"do\":\"tasks\",\"desk\":\"nobody\"}");
	assert_said("no task to be shown");
}
END_TEST

START_TEST(a_csv_has_every_column_and_no_formula)
{
	ask_well("{\"do\":\"tasks\",\"csv\":true,\"now\":3000}");
	ck_assert_int_eq(
		strncmp(t.said,
	                "id,kind,desk,owner,msisdn,at,due,overdue,taken,order,text,"
	                "context,answer,done,score\n1003,\"errand\",\"shop\",\"\","
	                "13800000001,1970-01-01 08:16:40,1970-01-01 08:33:20,\"yes\",,,",
	                100),
		0);
	assert_said("\"'=HYPERLINK(\"\"x\"\")\",\"texts=1\",\"\",,\n");
}
END_TEST

START_TEST(taken_answered_and_done)
{
	ask_well(
		"{\"do\":\"tasks\",\"act\":\"take\",\"task\":\"T1002\",\"by\":\"anna\"}");
	assert_said("T1002: open, anna\n");
	ask_well("{\"do\":\"tasks\",\"act\":\"answer\",\"task\":\"1002\",\"by\":\"bob\","
	         "\"say\":\" looked at \",\"now\":3000}");
	assert_said("T1002: open, bob (was anna); its subscriber is told");
	ask_well("{\"do\":\"tasks\",\"desk\":\"complaint\"}");
	assert_said("owner=bob");
	assert_said("answer=\"looked at\"");
	ask_well("{\"do\":\"tasks\",\"act\":\"done\",\"task\":\"t1002\",\"by\":\"bob\","
	         "\"now\":4000}");
	assert_said("T1002: closed, bob; its subscriber is told");
	ask_well("{\"do\":\"tasks\",\"desk\":\"complaint\"}");
	assert_said("no task to be shown");
	ask_well("{\"do\":\"tasks\",\"closed\":true}");
	assert_said("done=\"1970-01-01 09:06:40.000\"");
	ask_well("{\"do\":\"tasks\",\"act\":\"drop\",\"task\":\"T1001\",\"by\":\"bob\"}");
	assert_said("T1001: closed, bob\n");
}
END_TEST

START_TEST(what_cannot_be_is_refused_and_changes_nothing)
{
	static const struct {
		const char *request, *why;
	} wrong[] = {
		{ "\"act\":\"finish\"", "take, answer, done or drop" },
		{ "\"act\":\"take\"", "such as T2071" },
		{ "\"act\":\"take\",\"task\":\"x\",\"by\":\"a\"", "such as T2071" },
		{ "\"act\":\"take\",\"task\":\"T1001\"", "\"by\" is missing" },
		{ "\"act\":\"take\",\"task\":\"T9999\",\"by\":\"a\"",
		  "there is no task T9999" },
		{ "\"act\":\"take\",\"task\":\"T1001\",\"by\":\"a\",\"say\":\"b\"",
		  "unexpected" },
		{ "\"act\":\"answer\",\"task\":\"T1001\",\"by\":\"a\"",
		  "what is he told" },
		{ "\"act\":\"answer\",\"task\":\"T1001\",\"by\":\"a\",\"say\":\"  \"",
		  "what is he told" },
		{ "\"desk\":7", "\"desk\" is no text" },
		{ "\"limit\":0", "\"limit\"" },
	};
	char request[512], many[256];
	struct fault fault;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)snprintf(request, sizeof(request), "{\"do\":\"tasks\",%s}",
		               wrong[i].request);
		ck_assert_int_ne(ask(request, &fault), ERR_OK);
		ck_assert_msg(strstr(fault.text, wrong[i].why) != NULL, "%s: %s", request,
		              fault.text);
	}
	memset(many, 'x', 151);
	many[151] = '\0';
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"tasks\",\"act\":\"done\",\"task\":\"T1001\",\"by\":"
	               "\"a\",\"say\":\"%s\"}",
	               many);
	ck_assert_int_ne(ask(request, &fault), ERR_OK);
	ck_assert_ptr_nonnull(strstr(fault.text, "150"));
	ask_well("{\"do\":\"tasks\",\"desk\":\"agent\"}");
	ck_assert_ptr_null(strstr(t.said, "owner="));
	/* Closed once. */
	ask_well("{\"do\":\"tasks\",\"act\":\"done\",\"task\":\"T1001\",\"by\":\"a\"}");
	ck_assert_int_ne(ask("{\"do\":\"tasks\",\"act\":\"done\",\"task\":\"T1001\","
	                     "\"by\":\"a\"}",
	                     &fault),
	                 ERR_OK);
	ck_assert_ptr_nonnull(strstr(fault.text, "closed already"));
}
END_TEST

/* ---- codes for signing in ---- */

static enum err try_code(const char *code, int now)
{
	struct fault fault;
	char request[128];

	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"login\",\"msisdn\":\"13800000001\",\"code\":\"%s\","
	               "\"now\":%d}",
	               code, now);
	return ask(request, &fault);
}

static void put_code(void)
{
	close_office();
	raw_at(t.url + strlen("sqlite:"),
	       "REPLACE INTO subscriber (msisdn, owner_since, joined_on, status, language, "
	       "class, real_name, name, region, network, terminal, puk, package) VALUES "
	       "(13800000001, 7, 0, 0, 0, 0, 1, '', '', '', '', '', '58');"
	       "REPLACE INTO login VALUES (13800000001, 7, '046213', 3000, 0);");
	open_office();
}

START_TEST(a_code_is_used_once_in_its_time_by_its_owner)
{
	put_code();
	ck_assert_int_eq(try_code("046213", 3000), ERR_OK);
	assert_said("right");
	ck_assert_int_eq(try_code("046213", 3000), ERR_REFUSED);
	put_code();
	ck_assert_int_eq(try_code("046213", 3001), ERR_REFUSED);
	put_code();
	close_office();
	raw_at(t.url + strlen("sqlite:"), "UPDATE subscriber SET owner_since = 8;");
	open_office();
	ck_assert_int_eq(try_code("046213", 2000), ERR_REFUSED);
}
END_TEST

START_TEST(five_wrong_codes_end_the_right_one)
{
	put_code();
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(try_code("000000", 2000), ERR_REFUSED);
	ck_assert_int_eq(try_code("046213", 2000), ERR_OK);
	put_code();
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(try_code("", 2000), ERR_REFUSED);
	ck_assert_int_eq(try_code("046213", 2000), ERR_REFUSED);
}
END_TEST

SUITE("office/tasks", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, what_is_promised_first_comes_first);
      tcase_add_test(tc, a_csv_has_every_column_and_no_formula);
      tcase_add_test(tc, taken_answered_and_done);
      tcase_add_test(tc, what_cannot_be_is_refused_and_changes_nothing);
      tcase_add_test(tc, a_code_is_used_once_in_its_time_by_its_owner);
      tcase_add_test(tc, five_wrong_codes_end_the_right_one);)
