/*
 * test_trust.c - T26: files that others may change are refused, with the remedy; and
 * which links a reload takes for the same.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "conf/conf.h"
#include "support/suite.h"

static char folder[64], conf[128];

static void set_up(void)
{
	FILE *f;

	(void)snprintf(folder, sizeof(folder), "/tmp/smshall-trust-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(conf, sizeof(conf), "%s/a.conf", folder);
	f = fopen(conf, "we");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(conf, 0644), 0);
}

static void tear_down(void)
{
	(void)unlink(conf);
	ck_assert_int_eq(rmdir(folder), 0);
}

static const struct {
	unsigned file, folder; /* modes */
	bool by_folder;        /* the folder is asked for */
	enum err verdict;
} modes[] = {
	{ 0644, 0755, false, ERR_OK },      { 0600, 0755, false, ERR_OK },
	{ 0664, 0755, false, ERR_OK },      { 0666, 0755, false, ERR_REFUSED },
	{ 0602, 0755, false, ERR_REFUSED }, { 0644, 0755, true, ERR_OK },
	{ 0646, 0755, true, ERR_REFUSED },  { 0644, 0777, true, ERR_REFUSED },
	{ 0644, 01777, true, ERR_REFUSED },
};

START_TEST(t26_what_everyone_may_write_is_refused)
{
	struct fault fault = { "" };

	ck_assert_int_eq(chmod(conf, modes[_i].file), 0);
	ck_assert_int_eq(chmod(folder, modes[_i].folder), 0);
	ck_assert_int_eq(conf_trusted(modes[_i].by_folder ? folder : conf, &fault),
	                 modes[_i].verdict);
	if (modes[_i].verdict != ERR_OK) {
		ck_assert_ptr_nonnull(strstr(fault.text, folder));
		ck_assert_ptr_nonnull(strstr(fault.text, "chmod o-w"));
	}
	ck_assert_int_eq(chmod(folder, 0755), 0);
}
END_TEST

/* Only root can give files away; whoever is not has no such file to try with. */
START_TEST(t26_a_foreign_owner_is_told)
{
	struct fault fault = { "" };
	const bool given = chown(conf, 12345, (gid_t)-1) == 0;

	ck_assert_int_eq(conf_trusted(conf, &fault), given ? ERR_STATE : ERR_OK);
	ck_assert_int_eq(strstr(fault.text, "user 12345") != NULL, given);
}
END_TEST

START_TEST(what_is_not_there_is_for_others_to_say)
{
	ck_assert_int_eq(conf_trusted("/tmp/smshall-none", NULL), ERR_OK);
}
END_TEST

static struct conf *load(const char *link)
{
	FILE *f = fopen(conf, "we");
	struct fault fault = { "" };
	struct conf *c;

	ck_assert_ptr_nonnull(f);
	(void)fprintf(f,
	              "links = ( { name = \"a\"; host = \"h\"; system_id = \"s\"; "
	              "password = \"p\"; %s } );\n",
	              link);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_msg(conf_load(conf, &c, &fault) == ERR_OK, "%s", fault.text);
	return c;
}

#define NUMBERS "numbers = ( \"1\", \"2\" );"

static const struct {
	const char *link;
	bool equal;
} links[] = {
	{ NUMBERS, true },
	{ NUMBERS "window = 100;", true },
	{ NUMBERS "window = 99;", false },
	{ NUMBERS "bind = \"transmitter\";", false },
	{ NUMBERS "trusted = true;", false },
	{ NUMBERS "group = \"g\";", false },
	{ "numbers = ( \"1\" );", false },
	{ "numbers = ( \"1\", \"3\" ); group = \"1,2\";", false },
};

START_TEST(a_link_is_the_same_with_all_its_keys)
{
	struct conf *a = load(NUMBERS), *b = load(links[_i].link);

	ck_assert_int_eq(conf_link_equal(&a->links[0], &b->links[0]), links[_i].equal);
	conf_destroy(a);
	conf_destroy(b);
}
END_TEST

SUITE("conf/trust", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, t26_what_everyone_may_write_is_refused, 0,
	                    COUNT_OF(modes));
	tcase_add_test(tc, t26_a_foreign_owner_is_told);
	tcase_add_test(tc, what_is_not_there_is_for_others_to_say);
	tcase_add_loop_test(tc, a_link_is_the_same_with_all_its_keys, 0, COUNT_OF(links));
})
