/*
 * suite.h - the main() that every unit test program would write the same, and how long
 * tests wait: no test asks how fast a machine is, only what becomes true on it in the end.
 *
 *   SUITE("base/str", tcase_add_test(tc, a); tcase_add_test(tc, b);)
 */
#ifndef SUPPORT_SUITE_H
#define SUPPORT_SUITE_H

#include <check.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
	GENEROUS_S = 120 /* for what has to come of itself */
};

/* Check's own patience with a test is 4 s. */
__attribute__((constructor)) static inline void be_patient(void)
{
	(void)setenv("CK_DEFAULT_TIMEOUT", "600", 0);
}

#define SUITE(name, ...)                                          \
	int main(void)                                            \
	{                                                         \
		Suite *s = suite_create(name);                    \
		TCase *tc = tcase_create("all");                  \
		SRunner *sr;                                      \
		int failed;                                       \
                                                                  \
		__VA_ARGS__                                       \
		suite_add_tcase(s, tc);                           \
		sr = srunner_create(s);                           \
		srunner_run_all(sr, CK_ENV);                      \
		failed = srunner_ntests_failed(sr);               \
		srunner_free(sr);                                 \
		return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE; \
	}

#endif
