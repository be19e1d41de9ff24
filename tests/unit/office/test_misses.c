/*
 * test_misses.c - texts of the store put to a grammar: those not understood, and those
 * that another grammar would take otherwise.
 */
#include "../store/raw.h"
#include "fixture.h"

#define TEXT(id, at, text, intent)                                                  \
	"INSERT INTO inbox VALUES (" #id ", 1, 0, 1, " #id ", " #at                 \
	", 13800000001, 0, 0, 0, '13800000001', '10086', 'a', '" text "', '" intent \
	"', '', 'r');"

static void put(void)
{
	close_office();
	raw_at(t.url + strlen("sqlite:"),
	       TEXT(1, 1000000, "瞧瞧钱袋", "") TEXT(2, 2000000, "CXYE", "balance.query")
	               TEXT(3, 3000000, "瞧瞧钱袋。", "")
	                       TEXT(4, 4000000, "打13800001111", "")
	                               TEXT(5, 5000000, "余额", "balance.query"));
	open_office();
}

START_TEST(what_was_not_understood_is_grouped)
{
	put();
	ask_well("{\"do\":\"misses\"}");
	assert_said("     2  \"瞧瞧钱袋");
	assert_said("     1  \"打###########\"");
	assert_said("3 texts not understood when they came, 2 different");
	ask_well("{\"do\":\"misses\",\"since\":3500}");
	assert_said("1 texts not understood when they came, 1 different");
	ask_well("{\"do\":\"misses\",\"last\":1,\"limit\":1}");
	assert_said("1 texts not understood when they came, 1 different");
}
END_TEST

/* With another grammar's eyes. */
START_TEST(another_grammar_may_be_asked)
{
	char request[512];

	put();
	put_file("t.gram", "intent purse.query effect read\n  say 瞧瞧钱袋\n");
	put_file("fold.tsv", "# none\n");
	(void)snprintf(request, sizeof(request), "{\"do\":\"misses\",\"grammar\":\"%s\"}",
	               t.folder);
	ask_well(request);
	assert_said("; 2 understood by now");
	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"differ\",\"before\":\"grammar\",\"after\":\"%s\"}",
	               t.folder);
	ask_well(request);
	assert_said("\"瞧瞧钱袋\"  unknown -> purse.query");
	assert_said("\"CXYE\"  balance.query -> unknown");
	assert_said("4 of the last 5 texts would change");
	(void)snprintf(
		request, sizeof(request),
		"{\"do\":\"differ\",\"before\":\"grammar\",\"after\":\"grammar\"}");
	ask_well(request);
	assert_said("0 of the last 5 texts would change");
}
END_TEST

START_TEST(wrong_requests_are_refused)
{
	static const struct {
		const char *request, *words;
	} cases[] = {
		{ "{\"do\":\"misses\",\"last\":0}", "last" },
		{ "{\"do\":\"misses\",\"limit\":\"x\"}", "limit" },
		{ "{\"do\":\"misses\",\"grammar\":\"/nowhere\"}", "/nowhere" },
		{ "{\"do\":\"differ\",\"before\":\"grammar\"}", "after" },
		{ "{\"do\":\"differ\",\"before\":\"grammar\",\"after\":\"/nowhere\"}",
		  "/nowhere" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fault fault;

		ck_assert_int_ne(ask(cases[i].request, &fault), ERR_OK);
		ck_assert_msg(strstr(fault.text, cases[i].words) != NULL, "%s: %s",
		              cases[i].request, fault.text);
	}
}
END_TEST

SUITE("office/misses", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, what_was_not_understood_is_grouped);
      tcase_add_test(tc, another_grammar_may_be_asked);
      tcase_add_test(tc, wrong_requests_are_refused);)
