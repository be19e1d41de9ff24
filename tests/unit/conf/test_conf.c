/*
 * test_conf.c - the configuration: what loads, and what is said about what does not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "conf/conf.h"
#include "support/suite.h"

/* libconfig 1.5 forgets the text before a syntax error; it is not ours to free. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

static char folder[64], path[96], secret[96];

static void write_file(const char *to, const char *text, size_t n)
{
	FILE *f = fopen(to, "we");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static void set_up(void)
{
	strcpy(folder, "/tmp/test_conf.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/c", folder);
	(void)snprintf(secret, sizeof(secret), "%s/s", folder);
}

static void tear_down(void)
{
	(void)unlink(path);
	(void)unlink(secret);
	(void)rmdir(folder);
}

static struct conf *load_text(const char *text, struct fault *fault, enum err *e)
{
	struct conf *c = NULL;

	write_file(path, text, strlen(text));
	*e = conf_load(path, &c, fault);
	ck_assert_int_eq(*e == ERR_OK, c != NULL);
	ck_assert_int_eq(*e == ERR_OK, fault->text[0] == '\0');
	return c;
}

static struct conf *must_load(const char *text)
{
	struct fault fault = { 0 };
	enum err e;
	struct conf *c = load_text(text, &fault, &e);

	ck_assert_msg(e == ERR_OK, "%s", fault.text);
	return c;
}

#define NEEDED       "name = \"a\"; host = \"h\"; system_id = \"i\"; numbers = ( \"10086\" ); "
#define LINKED(text) "links = ( {\n" NEEDED text " } );"

/* What must be said; %s stands for the file. */
/* clang-format off */
static const struct {
	const char *text;
	enum err err;
	const char *fault;
} bad[] = {
	{ LINKED("bind = \"receiver\";"), ERR_RANGE,
	  "%s: link \"a\" only receives, and no link of its group \"10086\" can send the "
	  "answers; add a transmitter with the same group, or bind as transceiver" },
	{ "stroe = \"x\";", ERR_SYNTAX, "%s:1: key \"stroe\": unknown; did you mean \"store\"?" },
	{ "\nlink = ();", ERR_SYNTAX, "%s:2: key \"link\": unknown; did you mean \"links\"?" },
	{ "listen = \"x\";", ERR_SYNTAX, "%s:1: key \"listen\": unknown; it belongs into http" },
	{ "zz = 1;", ERR_SYNTAX,
	  "%s:1: key \"zz\": unknown; known are store, grammar, timezone, default_language, "
	  "hotline, brand, plain_yes_fen, links, http, log, limits, capture, retention, import, secrets" },
	{ "http = { zzzzzz = 1; };", ERR_SYNTAX,
	  "%s:1: key \"zzzzzz\": unknown; known are listen, port" },
	{ LINKED("\nprot = 1;"), ERR_SYNTAX,
	  "%s:3: key \"prot\": unknown; did you mean \"port\"?" },
	{ LINKED("port = \"2775\";"), ERR_SYNTAX,
	  "%s:2: key \"port\": needs a whole number without quotes, such as 2775" },
	{ LINKED("port = 27.75;"), ERR_SYNTAX,
	  "%s:2: key \"port\": needs a whole number without quotes, such as 2775" },
	{ LINKED("port = 0;"), ERR_RANGE,
	  "%s:2: key \"port\": 0 is out of bounds; it must be 1 to 65535" },
	{ LINKED("port = 65536;"), ERR_RANGE,
	  "%s:2: key \"port\": 65536 is out of bounds; it must be 1 to 65535" },
	{ LINKED("trusted = \"true\";"), ERR_SYNTAX,
	  "%s:2: key \"trusted\": needs true or false without quotes" },
	{ LINKED("trusted = 1;"), ERR_SYNTAX,
	  "%s:2: key \"trusted\": needs true or false without quotes" },
	{ LINKED("bind = \"trx\";"), ERR_RANGE,
	  "%s:2: key \"bind\": \"trx\" is not one of transceiver|transmitter|receiver" },
	{ LINKED("password = \"123456789\";"), ERR_RANGE,
	  "%s:2: key \"password\": 9 octets are too long; it holds 8 at most" },
	{ LINKED("password = 12345678;"), ERR_SYNTAX,
	  "%s:2: key \"password\": needs a text in quotes, such as \"secret\"" },
	{ LINKED("marketing = \"10690086x\";"), ERR_RANGE,
	  "%s:2: key \"marketing\": \"10690086x\": is no number; digits only, the 4 of the "
	  "campaign follow them" },
	{ LINKED("senders = \"138, +86139\";"), ERR_RANGE,
	  "%s:2: key \"senders\": \"138, +86139\": expected prefixes of numbers as subscribers "
	  "have them, such as \"138,139\"; \"\" for all" },
	{ LINKED("senders = \"138,\";"), ERR_RANGE,
	  "%s:2: key \"senders\": \"138,\": expected prefixes of numbers as subscribers "
	  "have them, such as \"138,139\"; \"\" for all" },
	{ LINKED("marketing = \"12345678901234567\";"), ERR_RANGE,
	  "%s:2: key \"marketing\": 17 octets are too long; it holds 16 at most" },
	{ LINKED("system_type = ( 1 );"), ERR_SYNTAX,
	  "%s:2: key \"system_type\": needs a text in quotes, such as \"\"" },
	{ LINKED("system_type = \"a\\nb\";"), ERR_RANGE,
	  "%s:2: key \"system_type\": holds a control character" },
	{ LINKED("password = \"a\"; password_file = \"b\";"), ERR_RANGE,
	  "%s:2: key \"password_file\": \"b\": the link has a password too; keep one of them" },
	{ LINKED("tls = true;"), ERR_RANGE, "%s:2: key \"tls\": \"true\": TLS is not supported "
	  "yet; reach this SMSC over a private line or a tunnel" },
	{ "hotline = 13800000000;", ERR_RANGE,
	  "%s:1: 13800000000: numbers go up to 2147483647; those of phones stand in quotes" },
	{ "# 13800000000\n/* 13800000000\n*/ hotline = 0x100000000L;", ERR_RANGE,
	  "%s:3: 0x100000000L: numbers go up to 2147483647; those of phones stand in quotes" },
	{ "hotline = \"\\\"13800000000\"; // 13800000000\nstore = -2147483649", ERR_RANGE,
	  "%s:2: -2147483649: numbers go up to 2147483647; those of phones stand in quotes" },
	{ "links = ( { name = \"a\"; host = \"h\"; system_id = \"i\"; numbers = ( 10086 ); } );",
	  ERR_SYNTAX,
	  "%s:1: key \"numbers\": needs a text in quotes, such as \"10086\"" },
	{ "links = ( { name = \"a\"; host = \"h\"; system_id = \"i\"; numbers = \"10086\"; } );",
	  ERR_SYNTAX, "%s:1: key \"numbers\": needs a list of texts in quotes, such as "
	  "( \"10086\", \"10086*\" )" },
	{ "links = ( { name = \"a\"; host = \"h\"; system_id = \"i\"; numbers = ( ); } );",
	  ERR_RANGE, "%s:1: key \"numbers\": 0 numbers; there must be 1 to 64" },
	{ "links = ( { name = \"a\"; host = \"h\"; system_id = \"i\"; numbers = ( \"1*0\" ); } );",
	  ERR_RANGE, "%s:1: key \"numbers\": \"1*0\" is neither digits (\"10086\") nor a prefix "
	  "(\"10086*\")" },
	{ "links = ( { name = \"a\"; host = \"h\"; system_id = \"i\"; "
	  "numbers = ( \"1\", \"1\" ); } );",
	  ERR_RANGE, "%s:1: key \"numbers\": \"1\" stands there twice" },
	{ "links = ( { name = \"a\"; host = \"h\"; system_id = \"i\"; } );", ERR_SYNTAX,
	  "%s:1: key \"numbers\": missing; Service numbers served here: exact \"10086\" or prefix "
	  "\"10086*\"" },
	{ "links = (\n{ name = \"a\"; system_id = \"i\"; numbers = ( \"1\" ); } );", ERR_SYNTAX,
	  "%s:2: key \"host\": missing; Name or address of the SMSC" },
	{ "links = ( { name = \"a\"; host = \"\"; } );", ERR_RANGE,
	  "%s:1: key \"host\": must not be empty" },
	{ "links = (\n{ " NEEDED "},\n{ " NEEDED "} );", ERR_RANGE,
	  "%s:3: key \"name\": \"a\": two links have this name; give each its own" },
	{ "links = { };", ERR_SYNTAX,
	  "%s:1: \"links\" needs a list of groups: ( { name = \"a\"; } )" },
	{ "links = ( 1 );", ERR_SYNTAX,
	  "%s:1: \"links\" needs a group of keys in braces: { key = value; }" },
	{ "http = 1;", ERR_SYNTAX,
	  "%s:1: \"http\" needs a group of keys in braces: { key = value; }" },
	{ "log = { level = \"loud\"; };", ERR_RANGE,
	  "%s:1: key \"level\": \"loud\" is not one of error|warn|info|debug" },
	{ "store = \"a\";\nstore = \"b\";", ERR_SYNTAX, "%s:2: duplicate setting name: "
	  "this key or group stands there twice; keep one" },
	{ "store = \n= 1;", ERR_SYNTAX, "%s:2: syntax error: expected key = value; "
	  "look for a quote, bracket or = that is missing here or in the line before" },
	{ "store = \"a\";\ngrammar = \"b;\n\nbrand = 1", ERR_SYNTAX,
	  "%s:2: the text that begins here has no closing quote" },
	{ "@include \"x\"", ERR_SYNTAX,
	  "%s:1: @include is not supported: keep all in one file" },
};
/* clang-format on */

START_TEST(a_bad_file_is_told_its_line_and_remedy)
{
	struct fault fault = { 0 };
	char expected[512];
	enum err e;
	struct conf *c = load_text(bad[_i].text, &fault, &e);

	ck_assert_ptr_null(c);
	ck_assert_int_eq(e, bad[_i].err);
	/* A single %s, in a table of this file. */
	(void)snprintf(expected, sizeof(expected), "%s%s", path,
	               bad[_i].fault + strlen("%s"));
	ck_assert_str_eq(fault.text, expected);
}
END_TEST

START_TEST(a_byte_order_mark_is_passed_over)
{
	struct conf *c = must_load("\xef\xbb\xbf"
	                           "links = (\n{ " NEEDED "} );\n");

	ck_assert_int_eq((int)c->n_links, 1);
	conf_destroy(c);
}
END_TEST

START_TEST(the_example_of_the_manual_loads)
{
	struct conf *c = must_load(
		"store   = \"sqlite:var/smshall.db\";\n"
		"grammar = \"grammar\";\n"
		"timezone = \"Asia/Shanghai\";\n"
		"links = (\n"
		"  { name = \"smsc-a\"; host = \"127.0.0.1\"; port = 2775; bind = "
		"\"transceiver\";   # or transmitter, receiver\n"
		"    system_id = \"hall\"; password = \"secret\"; system_type = \"\";"
		"                 # or password_file\n"
		"    numbers = ( \"10086\" ); window = 100; rate_per_s = 0; tls = false; "
		"trusted = true; }\n"
		");\n"
		"http  = { listen = \"127.0.0.1\"; port = 10086; };\n"
		"log   = { level = \"info\"; };\n");

	ck_assert_uint_eq(c->n_links, 1);
	ck_assert_str_eq(c->links[0].name, "smsc-a");
	ck_assert_str_eq(c->links[0].password, "secret");
	ck_assert_int_eq(c->links[0].port, 2775);
	ck_assert(c->links[0].trusted);
	ck_assert_int_eq(c->http_port, 10086);
	conf_destroy(c);
}
END_TEST

START_TEST(defaults_make_a_short_file_complete)
{
	struct conf *c = must_load(
		"links = ( { name = \"a\"; host = \"h\"; system_id = \"i\"; "
		"numbers = [ \"10086\", \"10087*\" ]; bind = \"transmitter\"; "
		"} );");
	const struct conf_link *l = &c->links[0];

	ck_assert_str_eq(c->store, "sqlite:var/smshall.db");
	ck_assert_str_eq(c->default_language, "zh-Hans");
	ck_assert_str_eq(c->brand, "");
	ck_assert_int_eq(c->max_waiting, 16384);
	ck_assert_int_eq(c->burst, 100);
	ck_assert_int_eq(c->refill_per_s, 10);
	ck_assert_int_eq(l->port, 2775);
	ck_assert_int_eq(l->bind, CONF_TRANSMITTER);
	ck_assert_int_eq(l->window, 100);
	ck_assert_str_eq(l->password, "");
	ck_assert_str_eq(l->alphabet, "gsm7");
	ck_assert_str_eq(l->group, "10086,10087*");
	ck_assert(!l->trusted && !l->tls);
	conf_destroy(c);
}
END_TEST

START_TEST(a_file_without_links_is_fine)
{
	struct conf *c = must_load("");

	ck_assert_uint_eq(c->n_links, 0);
	conf_destroy(c);
	conf_destroy(conf_defaults());
	conf_destroy(NULL);
}
END_TEST

START_TEST(a_password_file_is_read_without_its_line_end)
{
	char text[256];
	struct conf *c;

	write_file(secret, "geheim\r\n", 8);
	(void)snprintf(text, sizeof(text), LINKED("password_file = \"%s\";"), secret);
	c = must_load(text);
	ck_assert_str_eq(c->links[0].password, "geheim");
	conf_destroy(c);
}
END_TEST

START_TEST(a_bad_password_file_is_named)
{
	struct fault missing = { 0 }, long_one = { 0 };
	char text[256];
	enum err e;

	(void)snprintf(text, sizeof(text), LINKED("password_file = \"%s\";"), secret);
	ck_assert_ptr_null(load_text(text, &missing, &e));
	ck_assert_int_eq(e, ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(missing.text, secret));
	ck_assert_ptr_nonnull(strstr(missing.text, "mode 0400"));
	write_file(secret, "123456789", 9);
	ck_assert_ptr_null(load_text(text, &long_one, &e));
	ck_assert_int_eq(e, ERR_RANGE);
	ck_assert_ptr_nonnull(strstr(long_one.text, "8 octets at most"));
	ck_assert_ptr_null(strstr(long_one.text, "123456789"));
}
END_TEST

START_TEST(what_is_no_text_file_is_refused)
{
	struct fault absent = { 0 }, a_folder = { 0 }, nul = { 0 };
	struct conf *c = NULL;

	ck_assert_int_eq(conf_load(path, &c, &absent), ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(absent.text, path));
	ck_assert_int_eq(conf_load(folder, &c, &a_folder), ERR_SYNTAX);
	write_file(path, "store = \"a\0b\";", 14);
	ck_assert_int_eq(conf_load(path, &c, &nul), ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(nul.text, "NUL"));
	ck_assert_ptr_null(c);
}
END_TEST

/* Every fifth octet of a good file cut off, and changed: refused or read, no crash. */
START_TEST(damaged_files_end_in_a_fault)
{
	struct buf sample = buf_make(1 << 16);
	struct fault fault;
	struct conf *c;
	char *text;

	conf_print_sample(&sample);
	text = sample.p;
	for (size_t i = 0; i < sample.n; i += 5) {
		const char kept = text[i];

		for (int change = 0; change < 2; change++) {
			fault = (struct fault){ 0 };
			c = NULL;
			text[i] = change == 0 ? (char)(kept ^ 0x15) : '"';
			write_file(path, text, change == 0 ? sample.n : i + 1);
			if (conf_load(path, &c, &fault) == ERR_OK)
				conf_destroy(c);
			else
				ck_assert_int_eq(strncmp(fault.text, path, strlen(path)),
				                 0);
		}
		text[i] = kept;
	}
	buf_free(&sample);
}
END_TEST

START_TEST(passwords_are_not_printed)
{
	struct conf *c = must_load(
		"links = ( { name = \"a\"; host = \"h\"; system_id = \"s\"; "
		"password = \"sekret1\"; numbers = ( \"10086\" ); "
		"trusted = true; port = 2776; } );");
	struct buf out = buf_make(1 << 16);

	conf_print(c, &out);
	ck_assert_ptr_null(strstr(buf_cstr(&out), "sekret1"));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "port = 2776;"));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "numbers = ( \"10086\" );"));
	buf_free(&out);
	conf_destroy(c);
}
END_TEST

/* The line of the sample that sets it. */
static void put_line_of(struct buf *out, const char *sample, struct str key)
{
	struct buf start = buf_make(64);
	const char *line;

	buf_printf(&start, "\n    %.*s = ", STR_ARG(key));
	line = strstr(sample, buf_cstr(&start));
	ck_assert_msg(line != NULL, "%s is no line of the sample", buf_cstr(&start));
	buf_puts(out, (struct str){ line, strcspn(line + 1, "\n") + 1 });
	buf_free(&start);
}

START_TEST(what_the_sample_says_has_to_be_set_is_all)
{
	struct buf sample = buf_make(1 << 16), least = buf_make(1 << 10),
		   of_least = buf_make(1 << 16), of_all = buf_make(1 << 16);
	struct conf *a, *b;
	const char *from, *end, *at;

	conf_print_sample(&sample);
	from = strstr(buf_cstr(&sample), "in each,\n# ");
	ck_assert_ptr_nonnull(from);
	from += strlen("in each,\n# ");
	end = strstr(from, " have to be set");
	ck_assert_ptr_nonnull(end);
	buf_puts(&least, STR("links = ( {"));
	for (at = from; at < end; at += strspn(at, ", ")) {
		const size_t n = strcspn(at, ", ");

		if (n != strlen("and") || strncmp(at, "and", n) != 0)
			put_line_of(&least, buf_cstr(&sample), (struct str){ at, n });
		at += n;
	}
	buf_puts(&least, STR("\n} );\n"));
	a = must_load(buf_cstr(&least));
	b = must_load(buf_cstr(&sample));
	conf_print(a, &of_least);
	conf_print(b, &of_all);
	ck_assert_msg(strcmp(buf_cstr(&of_least), buf_cstr(&of_all)) == 0,
	              "set no more than that, and it is:\n%.3000s", buf_cstr(&of_least));
	conf_destroy(a);
	conf_destroy(b);
	buf_free(&of_all);
	buf_free(&of_least);
	buf_free(&least);
	buf_free(&sample);
}
END_TEST

START_TEST(the_sample_is_the_table_and_loads)
{
	struct buf sample = buf_make(1 << 16);
	struct fault fault = { 0 };
	struct conf *c = NULL, *defaults = conf_defaults();
	char shipped[1 << 14];
	FILE *f = fopen("etc/smshall.conf", "re");
	size_t n;

	conf_print_sample(&sample);
	ck_assert_ptr_nonnull(f);
	n = fread(shipped, 1, sizeof(shipped) - 1, f);
	shipped[n] = '\0';
	(void)fclose(f);
	ck_assert_msg(strcmp(shipped, buf_cstr(&sample)) == 0,
	              "etc/smshall.conf is not what serve --print-config prints");
	ck_assert_msg(conf_load("etc/smshall.conf", &c, &fault) == ERR_OK, "%s",
	              fault.text);
	ck_assert_uint_eq(c->n_links, 1);
	ck_assert_str_eq(c->links[0].password, "secret");
	ck_assert_str_eq(c->store, defaults->store);
	ck_assert_int_eq(c->http_port, defaults->http_port);
	buf_free(&sample);
	conf_destroy(c);
	conf_destroy(defaults);
}
END_TEST

START_TEST(changes_that_need_a_restart_are_listed)
{
	struct conf *a = must_load("store = \"sqlite:a\"; hotline = \"1\";");
	struct conf *b = must_load(
		"store = \"sqlite:b\"; hotline = \"2\"; http = { port = 1; };");
	struct buf keys = buf_make(1024);

	conf_restart_keys(a, a, &keys);
	ck_assert_uint_eq(keys.n, 0);
	conf_restart_keys(a, b, &keys);
	ck_assert_str_eq(buf_cstr(&keys), "store, http.port");
	buf_free(&keys);
	conf_destroy(a);
	conf_destroy(b);
}
END_TEST

#define HALL(more)                                                                      \
	" host = \"127.0.0.1\"; system_id = \"h\"; numbers = ( \"10086\" ); trusted = " \
	"true; " more

/* Each change by its key, with both values and when it counts. */
START_TEST(changes_are_told_with_their_time)
{
	struct conf *started = must_load("http = { port = 1; };");
	struct conf *running = must_load(
		"http = { port = 2; }; links = ("
		"{ name = \"a\";" HALL(
			"password = \"old\";") "},"
					       "{ name = \"b\";" HALL(
						       "password = \"x\";") "},"
									    "{ name = \"c\";" HALL(
										    "password = \"x\";") "});");
	struct conf *now = must_load(
		"http = { port = 2; }; log = { level = \"debug\"; }; links = ("
		"{ name = \"a\";" HALL(
			"password = \"new\"; window = 7;") "},"
							   "{ name = \"b\";" HALL(
								   "password = \"x\";") "},"
											"{ name = \"d\";" HALL(
												"password = \"x\";") "});");
	struct buf out = buf_make(4096);

	conf_changes(running, running, running, &out);
	ck_assert_uint_eq(out.n, 0);
	conf_changes(started, running, now, &out);
	ck_assert_str_eq(
		buf_cstr(&out),
		"log.level: \"info\" -> \"debug\", at reload\n"
		"link c: goes, it unbinds at reload\n"
		"link a: password: \"(not shown)\" -> \"(not shown)\"; window: 100 -> 7; "
		"it unbinds and binds again, at reload\n"
		"link d: is new, it binds at reload\n"
		"http.port: 1 -> 2, at the next start only\n");
	buf_free(&out);
	conf_destroy(started);
	conf_destroy(running);
	conf_destroy(now);
}
END_TEST

SUITE("conf", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_bad_file_is_told_its_line_and_remedy, 0,
	                    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, a_byte_order_mark_is_passed_over);
	tcase_add_test(tc, the_example_of_the_manual_loads);
	tcase_add_test(tc, defaults_make_a_short_file_complete);
	tcase_add_test(tc, a_file_without_links_is_fine);
	tcase_add_test(tc, a_password_file_is_read_without_its_line_end);
	tcase_add_test(tc, a_bad_password_file_is_named);
	tcase_add_test(tc, what_is_no_text_file_is_refused);
	tcase_add_test(tc, damaged_files_end_in_a_fault);
	tcase_add_test(tc, passwords_are_not_printed);
	tcase_add_test(tc, what_the_sample_says_has_to_be_set_is_all);
	tcase_add_test(tc, the_sample_is_the_table_and_loads);
	tcase_add_test(tc, changes_that_need_a_restart_are_listed);
	tcase_add_test(tc, changes_are_told_with_their_time);
})
