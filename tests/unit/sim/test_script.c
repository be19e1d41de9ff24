/*
 * test_script.c - the simulator's scripts: what they mean, and what is said of bad ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/sim/script_priv.h"
#include "smpp/status.h"
#include "support/suite.h"

static char path[64];

static enum err load(const char *text, struct smsc_script **out, struct fault *fault)
{
	FILE *f;
	int fd;
	enum err e;

	strcpy(path, "/tmp/test_script.XXXXXX");
	fd = mkstemp(path);
	f = fd >= 0 ? fdopen(fd, "w") : NULL;
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	e = smsc_script_load(path, out, fault);
	(void)unlink(path);
	return e;
}

START_TEST(every_rule_of_the_manual_is_read)
{
	struct smsc_script *s = NULL;
	struct fault fault = { .text = "" };
	enum err e = load("# all of them\n"
	                  "password hall secret      # the gateway\n"
	                  "\n"
	                  "  delay submit 20..80ms\n"
	                  "throttle 10%\n"
	                  "queue-full 5%\n"
	                  "refuse 1% 0x0B\n"
	                  "drop-link every 500\n"
	                  "lose response 0.25%\n"
	                  "duplicate\tdeliver 2.5%\n"
	                  "receipts before-response\n"
	                  "redeliver 5s",
	                  &s, &fault);

	ck_assert_msg(e == ERR_OK, "%s", fault.text);
	ck_assert_int_eq(s->delay_min_ms, 20);
	ck_assert_int_eq(s->delay_max_ms, 80);
	ck_assert_int_eq(s->throttle, 1000);
	ck_assert_int_eq(s->queue_full, 500);
	ck_assert_int_eq(s->refuse, 100);
	ck_assert_uint_eq(s->refuse_status, 0x0b);
	ck_assert_int_eq(s->drop_every, 500);
	ck_assert_int_eq(s->lose_response, 25);
	ck_assert_int_eq(s->duplicate, 250);
	ck_assert_int_eq(s->receipts, RECEIPTS_BEFORE_RESPONSE);
	ck_assert_int_eq(s->redeliver_ms, 5000);
	ck_assert_uint_eq(s->n_passwords, 1);
	smsc_script_destroy(s);
}
END_TEST

static const struct {
	const char *text, *fault;
} bad[] = {
	{ "throttle 101%", ":1: expected \"throttle 10%\"" },
	{ "throttle 100.01%", ":1: expected \"throttle 10%\"" },
	{ "throttle -1%", ":1: expected \"throttle 10%\"" },
	{ "throttle 10", ":1: expected \"throttle 10%\"" },
	{ "\nthrottle 1.234%", ":2: expected \"throttle 10%\"" },
	{ "throttle", ":1: expected \"throttle 10%\"" },
	{ "delay submit 80..20ms", ":1: expected \"delay submit 20..80ms\"" },
	{ "delay submit 20", ":1: expected \"delay submit 20..80ms\"" },
	{ "delay submit ..ms", ":1: expected \"delay submit 20..80ms\"" },
	{ "refuse 1%", ":1: expected \"refuse 1% 0x0B\"" },
	{ "refuse 1% 0x00", ":1: expected \"refuse 1% 0x0B\"" },
	{ "refuse 1% 0x0G", ":1: expected \"refuse 1% 0x0B\"" },
	{ "refuse 1% 0x0B 3", ":1: expected \"refuse 1% 0x0B\"" },
	{ "password hall", ":1: expected \"password SYSTEM_ID PASSWORD\"" },
	{ "password hall 123456789", ":1: expected \"password SYSTEM_ID PASSWORD\"" },
	{ "drop-link every 0", ":1: expected \"drop-link every 500\"" },
	{ "receipts maybe", ":1: expected \"receipts on|off|before-response\"" },
	{ "redeliver 0s", ":1: expected \"redeliver 5s\"" },
	{ "delay deliver 1s", ":1: unknown rule; known are password, delay submit, " },
	{ "throttles 1%", ":1: unknown rule; known are password, delay submit, " },
};

START_TEST(a_bad_line_is_told_what_was_expected)
{
	struct smsc_script *s = NULL;
	struct fault fault = { .text = "" };

	ck_assert_int_eq(load(bad[_i].text, &s, &fault), ERR_SYNTAX);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(strncmp(fault.text, path, strlen(path)), 0);
	ck_assert_int_eq(
		strncmp(fault.text + strlen(path), bad[_i].fault, strlen(bad[_i].fault)),
		0);
}
END_TEST

START_TEST(a_missing_file_is_named)
{
	struct smsc_script *s = NULL;
	struct fault fault = { .text = "" };

	ck_assert_int_eq(smsc_script_load("/nonexistent/script", &s, &fault),
	                 ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(fault.text, "/nonexistent/script"));
}
END_TEST

START_TEST(shares_come_out_as_written)
{
	struct smsc_script s = script_none;
	unsigned throttled = 0, full = 0, refused = 0;
	uint64_t seed = 1;

	s.throttle = 1000;
	s.queue_full = 500;
	s.refuse = 100;
	s.refuse_status = 0x0b;
	for (int i = 0; i < 100000; i++) {
		const uint32_t status = script_submit_status(&s, &seed);

		throttled += status == SMPP_ESME_RTHROTTLED ? 1 : 0;
		full += status == SMPP_ESME_RMSGQFUL ? 1 : 0;
		refused += status == 0x0b ? 1 : 0;
	}
	ck_assert(throttled > 9500 && throttled < 10500);
	ck_assert(full > 4200 && full < 4800); /* 5% of what is not throttled */
	ck_assert(refused > 700 && refused < 1000);
	ck_assert(!script_happens(0, &seed));
	ck_assert(script_happens(SCRIPT_WHOLE, &seed));
}
END_TEST

START_TEST(passwords_bind_only_whom_they_name)
{
	struct smsc_script s = script_none;

	ck_assert_uint_eq(script_bind_status(&s, STR("any"), STR("")), SMPP_ESME_ROK);
	s.n_passwords = 2;
	s.password[0] = (struct script_password){ "hall", "secret" };
	s.password[1] = (struct script_password){ "hall", "other" };
	ck_assert_uint_eq(script_bind_status(&s, STR("hall"), STR("secret")), 0);
	ck_assert_uint_eq(script_bind_status(&s, STR("hall"), STR("other")), 0);
	ck_assert_uint_eq(script_bind_status(&s, STR("hall"), STR("")),
	                  SMPP_ESME_RINVPASWD);
	ck_assert_uint_eq(script_bind_status(&s, STR("any"), STR("secret")),
	                  SMPP_ESME_RINVSYSID);
}
END_TEST

SUITE("script", {
	tcase_add_test(tc, every_rule_of_the_manual_is_read);
	tcase_add_loop_test(tc, a_bad_line_is_told_what_was_expected, 0,
	                    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, a_missing_file_is_named);
	tcase_add_test(tc, shares_come_out_as_written);
	tcase_add_test(tc, passwords_bind_only_whom_they_name);
})
