/*
 * main.h - the last lines of each test program of this room.
 */
#ifndef UNIT_SMPP_MAIN_H
#define UNIT_SMPP_MAIN_H

#include <check.h>
#include <stdlib.h>

/* Runs one suite with one case, filled by `fill`. */
static inline int run_suite(const char *name, void (*fill)(TCase *tc))
{
	Suite *s = suite_create(name);
	TCase *tc = tcase_create("all");
	SRunner *sr = srunner_create(s);
	int failed;

	fill(tc);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
