/*
 * test_pins.c - texts with passwords through the running gateway: hashed on a thread of
 * their own, beside other texts, a reload, and the way down; and the key of the hashes.
 */
#include <sys/stat.h>

#include "fixture.h"

enum {
	PHONES = 24
};

static char code[PHONES][8];

static const char *number(unsigned phone)
{
	static char text[PHONES][16];

	(void)snprintf(text[phone], sizeof(text[phone]), "%lld",
	               (long long)FIRST + (long long)phone);
	return text[phone];
}

/* The last message to that phone, or NULL; *n: how many there were since `from`. */
static const char *said_to(unsigned phone, unsigned from, unsigned *n)
{
	const char *last = NULL;

	*n = 0;
	for (unsigned i = from; i < smsc.submits; i++) {
		if (strcmp(smsc.submit[i].to, number(phone)) != 0)
			continue;
		last = smsc.submit[i].text;
		(*n)++;
	}
	return last;
}

static void get_codes(void)
{
	unsigned n;

	for (unsigned i = 0; i < PHONES; i++)
		(void)deliver("a", number(i), "MMCZ");
	RUN_UNTIL(smsc.submits == PHONES && status_now().queued == 0);
	for (unsigned i = 0; i < PHONES; i++) {
		const char *text = said_to(i, 0, &n);

		ck_assert_ptr_nonnull(text);
		ck_assert_int_eq(sscanf(text, "Code %7[0-9]", code[i]), 1);
	}
}

static void set_pins(void)
{
	for (unsigned i = 0; i < PHONES; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "%.6s#246813#246813", code[i]);
		(void)deliver("a", number(i), text);
	}
}

/* Each phone has had one message since, and that its password is set. */
static void all_are_set(unsigned from)
{
	for (unsigned i = 0; i < PHONES; i++) {
		unsigned n;
		const char *text = said_to(i, from, &n);

		ck_assert_uint_eq(n, 1);
		ck_assert_msg(strstr(text, "password is set") != NULL, "%s", text);
	}
}

START_TEST(they_are_answered_beside_others_and_a_reload)
{
	unsigned balance;

	start_one("");
	get_codes();
	set_pins();
	balance = deliver("a", "13900000100", "CXYE");
	gateway_reload(t.gateway);
	RUN_UNTIL(smsc.response[balance] != PENDING && smsc.submits == 2 * PHONES + 1 &&
	          status_now().queued == 0);
	all_are_set(PHONES);
	stop();
	ck_assert_uint_eq(rows("inbox", "state", "3"), 0);
}
END_TEST

START_TEST(what_waits_at_the_end_is_answered_after_the_next_start)
{
	start_one("");
	get_codes();
	set_pins();
	RUN_UNTIL(smsc.responses == 2 * PHONES);
	stop();
	start_one("");
	RUN_UNTIL(smsc.submits >= 2 * PHONES && status_now().queued == 0);
	stop();
	all_are_set(PHONES);
	ck_assert_uint_eq(rows("inbox", "state", "3"), 0);
	ck_assert_uint_eq(rows("outbox", "state", "2"), 2 * PHONES);
}
END_TEST

/* ---- the key ---- */

static const char *pepper(void)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/hall.db.pepper", t.folder);
	return path;
}

static void is_refused(const char *because)
{
	struct fault fault = { "" };

	ck_assert_int_ne(try_start(LINK("a", TRUSTED), "", false, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, because) != NULL && strstr(fault.text, pepper()),
	              "%s", fault.text);
	conf_destroy(t.conf);
	t.gateway = NULL;
}

static void write_pepper(char digit)
{
	FILE *f;

	(void)unlink(pepper());
	f = fopen(pepper(), "we");
	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < 64; i++)
		(void)fputc(digit, f);
	(void)fputc('\n', f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(pepper(), 0400), 0);
}

START_TEST(t4_the_hall_does_not_serve_without_the_key_of_its_passwords)
{
	struct stat st;

	start_one("secrets = { pin_passes = 1; pin_memory_mb = 1; };");
	ck_assert_int_eq(stat(pepper(), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0400);
	get_codes();
	set_pins();
	RUN_UNTIL(smsc.submits == 2 * PHONES && status_now().queued == 0);
	stop();
	ck_assert_int_eq(chmod(pepper(), 0444), 0);
	is_refused("chmod 0400");
	write_pepper('a');
	is_refused("not the pepper");
	ck_assert_int_eq(unlink(pepper()), 0);
	is_refused("is missing");
}
END_TEST

static void set_up_pins(void)
{
	set_up();
	populate();
}

SUITE("gateway/pins", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up_pins, tear_down);
      tcase_add_test(tc, they_are_answered_beside_others_and_a_reload);
      tcase_add_test(tc, what_waits_at_the_end_is_answered_after_the_next_start);
      tcase_add_test(tc, t4_the_hall_does_not_serve_without_the_key_of_its_passwords);)
