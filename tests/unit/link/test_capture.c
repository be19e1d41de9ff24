/*
 * test_capture.c - the file that a capture writes: its mode, its size, its end.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link/capture.h"
#include "support/suite.h"

static char folder[] = "/tmp/test-capture-XXXXXX";
static char path[64], older[64];
static struct capture *capture;

static const uint8_t pdu[16] = { 0, 0, 0, 16, 0, 0, 0, 0x15, 0, 0, 0, 0, 0, 0, 0, 1 };

enum {
	LINE = 13 + 1 + 3 + 1 + 2 + 1 + 32 + 1 /* octets of one line of it */
};

static void set_up(void)
{
	struct fault fault = { "" };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/capture", folder);
	(void)snprintf(older, sizeof(older), "%s/capture.1", folder);
	ck_assert_msg(capture_open(path, (int64_t)LINE * 3, NULL, &capture, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
}

static void tear_down(void)
{
	capture_close(capture);
	(void)unlink(path);
	(void)unlink(older);
	(void)rmdir(folder);
}

static long size_of(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 ? (long)st.st_size : -1;
}

static void pass(struct tap *t, bool out, int times)
{
	for (int i = 0; i < times; i++)
		tap_octets(t, out, (struct span){ pdu, sizeof(pdu) });
}

START_TEST(a_full_file_makes_room)
{
	struct tap *t = tap_create(capture, "lnk");

	pass(t, false, 3);
	ck_assert_int_eq(size_of(path), LINE * 3);
	ck_assert_int_eq(size_of(older), -1);
	pass(t, false, 1);
	ck_assert_int_eq(size_of(path), LINE);
	ck_assert_int_eq(size_of(older), LINE * 3);
	pass(t, false, 6);
	ck_assert_int_eq(size_of(path), LINE);
	ck_assert_int_eq(size_of(older), LINE * 3);
	tap_destroy(t);
}
END_TEST

START_TEST(it_is_for_its_owner_alone_and_goes_on)
{
	struct tap *t = tap_create(capture, "lnk");
	struct fault fault = { "" };
	struct stat st;

	pass(t, false, 1);
	tap_destroy(t);
	capture_close(capture);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(capture_open(path, (int64_t)LINE * 3, NULL, &capture, &fault),
	                 ERR_OK);
	t = tap_create(capture, "lnk");
	pass(t, true, 1);
	ck_assert_int_eq(size_of(path), LINE * 2 + 1);
	tap_destroy(t);
}
END_TEST

/* The links must not notice. */
START_TEST(a_folder_that_goes_away_ends_it)
{
	struct tap *t = tap_create(capture, "lnk");

	pass(t, false, 3);
	(void)unlink(path);
	(void)rmdir(folder);
	pass(t, false, 5);
	ck_assert_int_eq(size_of(path), -1);
	tap_destroy(t);
}
END_TEST

START_TEST(a_file_that_cannot_be_is_named)
{
	struct capture *other = NULL;
	struct fault fault = { "" };

	ck_assert_int_eq(capture_open("/no/such/folder/capture", 1, NULL, &other, &fault),
	                 ERR_IO);
	ck_assert_ptr_nonnull(strstr(fault.text, "/no/such/folder/capture"));
}
END_TEST

SUITE("link/capture", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, a_full_file_makes_room);
      tcase_add_test(tc, it_is_for_its_owner_alone_and_goes_on);
      tcase_add_test(tc, a_folder_that_goes_away_ends_it);
      tcase_add_test(tc, a_file_that_cannot_be_is_named);)
