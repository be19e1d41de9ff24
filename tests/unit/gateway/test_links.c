/*
 * test_links.c - as many links as one hall may have: each binds and answers, another
 * setting of all of them is taken, and what they cost is bounded.
 */
#include <dirent.h>
#include <malloc.h>

#include "fixture.h"

enum {
	FDS_EACH = 2,         /* of a link: its own, and the SMSC's end of it in here */
	FDS_ELSE = 40,        /* of everything else */
	OCTETS_EACH = 1 << 19 /* of a link and its peer */
};

static const char *name(int link)
{
	static char text[CONF_LINKS + 1][16];

	(void)snprintf(text[link], sizeof(text[link]), "l%02d", link);
	return text[link];
}

/* n links, each of a group of its own: nobody else sends what it is asked. */
static const char *links(int n, const char *more)
{
	static char text[(CONF_LINKS + 1) * 256];
	size_t at = 0;

	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at,
			"%s{ name = \"%s\"; @ system_id = \"%s\"; numbers = "
			"( \"10086\" ); group = \"%s\"; " TRUSTED "%s }\n",
			i > 0 ? "," : "", name(i), name(i), name(i), more);
	ck_assert_uint_lt(at, sizeof(text));
	return text;
}

static unsigned descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n;
}

static bool all_bound(unsigned accepted)
{
	if (smsc.accepted < accepted)
		return false;
	for (int i = 0; i < CONF_LINKS; i++)
		if (bound(name(i)) == NULL)
			return false;
	return true;
}

/* A text on each, answered on that one. */
static void all_answer(void)
{
	const unsigned from = smsc.submits, responses = smsc.responses;

	for (int i = 0; i < CONF_LINKS; i++) {
		char number[16];

		(void)snprintf(number, sizeof(number), "%lld", (long long)FIRST + i);
		(void)deliver(name(i), number, "CXYE");
	}
	RUN_UNTIL(smsc.responses == responses + CONF_LINKS &&
	          smsc.submits >= from + CONF_LINKS && status_now().queued == 0);
	ck_assert_uint_eq(smsc.submits, from + CONF_LINKS);
	for (unsigned i = from; i < smsc.submits; i++) {
		const struct submit *s = &smsc.submit[i];
		const int link = (int)(strtoll(s->to, NULL, 10) - FIRST);

		ck_assert(link >= 0 && link < CONF_LINKS);
		ck_assert_str_eq(peer_of(s->by)->account, name(link));
		ck_assert_ptr_nonnull(strstr(s->text, "7777.00"));
	}
}

START_TEST(each_of_64_binds_and_answers)
{
	start(links(CONF_LINKS, ""), "");
	RUN_UNTIL(all_bound(CONF_LINKS));
	all_answer();
	ck_assert_uint_le(descriptors(), CONF_LINKS * FDS_EACH + FDS_ELSE);
}
END_TEST

START_TEST(all_of_64_may_change_at_once)
{
	start(links(CONF_LINKS, ""), "");
	RUN_UNTIL(all_bound(CONF_LINKS));
	write_conf(links(CONF_LINKS, " window = 7;"), "");
	gateway_reload(t.gateway);
	RUN_UNTIL(all_bound(2 * CONF_LINKS));
	ck_assert_str_eq(status_now().reload_refusal, "");
	all_answer();
	ck_assert_uint_le(descriptors(), CONF_LINKS * FDS_EACH + FDS_ELSE);
}
END_TEST

static size_t heap_with(int n)
{
	size_t used;

	start(links(n, ""), "");
	RUN_UNTIL(bound(name(n - 1)) != NULL && bound(name(0)) != NULL);
	used = mallinfo2().uordblks;
	stop();
	return used;
}

START_TEST(a_link_costs_little_memory)
{
	size_t one, all;

	(void)heap_with(1);
	one = heap_with(1);
	all = heap_with(CONF_LINKS);
	ck_assert_uint_lt(all, one + (CONF_LINKS - 1) * (size_t)OCTETS_EACH);
}
END_TEST

START_TEST(the_65th_is_refused_by_its_place)
{
	struct fault fault = { "" };
	char place[160];

	write_conf(links(CONF_LINKS + 1, ""), "");
	ck_assert_int_eq(conf_load(t.conf_path, &t.conf, &fault), ERR_RANGE);
	/* Below two lines of others and the links' bracket. */
	(void)snprintf(place, sizeof(place), "%s:%d: this is link 65", t.conf_path,
	               3 + CONF_LINKS + 1);
	ck_assert_msg(strstr(fault.text, place) != NULL, "%s", fault.text);
	ck_assert_ptr_nonnull(strstr(fault.text, "at most 64"));
}
END_TEST

static void set_up_links(void)
{
	set_up();
	populate();
}

SUITE("gateway/links", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up_links, tear_down);
      tcase_add_test(tc, each_of_64_binds_and_answers);
      tcase_add_test(tc, all_of_64_may_change_at_once);
      tcase_add_test(tc, a_link_costs_little_memory);
      tcase_add_test(tc, the_65th_is_refused_by_its_place);)
