/* Contract of model/secrets.h: which PINs are too easy to guess, and when one is locked. */
#include "model/secrets.h"
#include "support/suite.h"

static const struct {
	const char *pin;
	bool weak;
} pins[] = {
	{ "000000", true },  { "123456", true },  { "987654", true },
	{ "012345", true },  { "800000", true },  { "121212", true },
	{ "112211", true },  { "123123", true },  { "907007", true },
	{ "851231", true },  { "010101", true },  { "13579", true },
	{ "1357901", true }, { "13579x", true },  { "", true },
	{ "246813", false }, { "975318", false }, { "135790", false },
	{ "908173", false }, { "901399", false },
};

START_TEST(weak_pins_are_told_apart)
{
	for (size_t i = 0; i < COUNT_OF(pins); i++)
		ck_assert_msg(pin_weak(str_of(pins[i].pin), INT64_C(13800907007)) ==
		                      pins[i].weak,
		              "%s", pins[i].pin);
}
END_TEST

START_TEST(a_lock_ends)
{
	const struct pin p = { .locked_until = 1000 };

	ck_assert(pin_locked(&p, 999));
	ck_assert(!pin_locked(&p, 1000));
}
END_TEST

SUITE("model/secrets", tcase_add_test(tc, weak_pins_are_told_apart);
      tcase_add_test(tc, a_lock_ends);)
