/*
 * test_reload.c - files read again while the hall runs: C1 to C5, T26.
 */
#include <dirent.h>
#include <malloc.h>
#include <sys/stat.h>

#include "../../../src/gateway/gateway_priv.h"
#include "fixture.h"

static char grammar[64];
static FILE *sink; /* the log: complaints are wanted here */

static void copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	int c;

	ck_assert(in != NULL && out != NULL);
	while ((c = fgetc(in)) != EOF)
		(void)fputc(c, out);
	(void)fclose(in);
	ck_assert_int_eq(fclose(out), 0);
}

static const char *in_grammar(const char *file)
{
	static char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", grammar, file);
	return path;
}

/* Does what with each file of the folder. */
static void each_file(const char *folder,
                      void (*what)(const char *folder, const char *file))
{
	DIR *d = opendir(folder);
	const struct dirent *entry;

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] != '.')
			what(folder, entry->d_name);
	}
	(void)closedir(d);
}

static void copy_here(const char *folder, const char *file)
{
	char from[512];

	(void)snprintf(from, sizeof(from), "%s/%s", folder, file);
	copy_file(from, in_grammar(file));
}

static void remove_it(const char *folder, const char *file)
{
	(void)folder;
	(void)unlink(in_grammar(file));
}

static void set_up_reload(void)
{
	set_up();
	(void)snprintf(grammar, sizeof(grammar), "/tmp/smshall-grammar-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(grammar));
	each_file("grammar", copy_here);
	t.grammar = grammar;
	sink = fopen("/dev/null", "we");
	t.log.to = sink;
	populate();
}

static void tear_down_reload(void)
{
	tear_down();
	each_file(grammar, remove_it);
	ck_assert_int_eq(rmdir(grammar), 0);
	(void)fclose(sink);
}

static unsigned metric(const char *sample)
{
	struct buf out = buf_make(1 << 20);
	struct str rest, line;
	unsigned value = UINT32_MAX;

	gateway_metrics(t.gateway, &out);
	rest = buf_str(&out);
	while (rest.n > 0 && str_cut(&rest, '\n', &line)) {
		if (str_starts(line, str_of(sample)) && line.p[strlen(sample)] == ' ')
			value = (unsigned)strtoul(line.p + strlen(sample), NULL, 10);
	}
	buf_free(&out);
	return value;
}

static unsigned reloads(const char *outcome)
{
	char sample[64];

	(void)snprintf(sample, sizeof(sample), "smshall_reloads_total{outcome=\"%s\"}",
	               outcome);
	return metric(sample);
}

static void reload(void)
{
	const unsigned before = reloads("applied") + reloads("refused");

	gateway_reload(t.gateway);
	RUN_UNTIL(reloads("applied") + reloads("refused") > before);
}

static void is_answered(const char *account, const char *text, const char *wanted)
{
	const unsigned submits = smsc.submits, i = deliver(account, "13900000001", text);

	RUN_UNTIL(smsc.response[i] != PENDING && smsc.submits > submits &&
	          status_now().queued == 0);
	ck_assert_uint_eq(smsc.response[i], SMPP_ESME_ROK);
	ck_assert_msg(strstr(smsc.submit[submits % SUBMITS].text, wanted) != NULL, "%s",
	              smsc.submit[submits % SUBMITS].text);
}

/* The last reload was refused for that reason, and all is as it was. */
static void was_refused(const char *because)
{
	const char *why = status_now().reload_refusal;

	ck_assert_msg(strstr(why, because) != NULL, "\"%s\" in \"%s\"", because, why);
	ck_assert_uint_eq(reloads("refused"), 1);
	ck_assert_uint_eq(reloads("applied"), 0);
	is_answered("a", "CXYE", "As of");
}

static void append(const char *path, const char *text)
{
	FILE *f = fopen(path, "ae");

	ck_assert_ptr_nonnull(f);
	(void)fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* Replaces the first from of the file by to. */
static void change(const char *path, const char *from, const char *to)
{
	static char text[1 << 20];
	FILE *f = fopen(path, "re");
	size_t n;
	const char *at;

	ck_assert_ptr_nonnull(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	(void)fclose(f);
	at = strstr(text, from);
	ck_assert_ptr_nonnull(at);
	f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	(void)fprintf(f, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	ck_assert_int_eq(fclose(f), 0);
}

/* ---- C1 ---- */

static const struct {
	const char *more, *because;
} bad_confs[] = {
	{ "limits = { burst = 5;", "syntax error" },
	{ "limitz = { burst = 5; };", "did you mean \"limits\"?" },
	{ "limits = { burst = 0; };", "burst" },
	{ "log = { texts_until = \"tomorrow\"; };", "texts_until" },
	{ "default_language = \"fr\";", "default_language" },
};

START_TEST(c1_a_broken_configuration_is_refused)
{
	start_one("");
	write_conf(LINK("a", TRUSTED), bad_confs[_i].more);
	reload();
	was_refused(bad_confs[_i].because);
	ck_assert_ptr_nonnull(strstr(status_now().reload_refusal, t.conf_path));
	RUN_UNTIL(status_now().n_alarms == 1);
	ck_assert_str_eq(status_now().alarm[0].name, "reload_refused");
	write_conf(LINK("a", TRUSTED), "");
	reload();
	ck_assert_str_eq(status_now().reload_refusal, "");
	ck_assert_uint_eq(smsc.accepted, 1);
}
END_TEST

START_TEST(c1_a_missing_file_is_refused)
{
	start_one("");
	ck_assert_int_eq(unlink(t.conf_path), 0);
	reload();
	was_refused(t.conf_path);
}
END_TEST

START_TEST(c1_no_links_are_refused)
{
	start_one("");
	write_conf("", "");
	reload();
	was_refused("no links");
}
END_TEST

START_TEST(t26_files_that_everyone_may_write_are_refused)
{
	start_one("");
	if (_i == 0)
		ck_assert_int_eq(chmod(t.conf_path, 0666), 0);
	else
		ck_assert_int_eq(chmod(in_grammar("hall.gram"), 0666), 0);
	reload();
	was_refused("chmod o-w");
}
END_TEST

/* A made-up population answers to this machine only, also after a reload. */
START_TEST(a_synthetic_population_stays_at_home)
{
	struct store *s = open_store(STORE_OPEN);

	ck_assert_int_eq(store_set_setting(s, "synthetic", STR("1")), ERR_OK);
	store_close(s);
	start_one("");
	write_conf(LINK("a", TRUSTED) ", { name = \"far\"; host = \"192.0.2.1\"; "
	                              "system_id = \"s\"; password = \"p\"; "
	                              "numbers = ( \"10086\" ); }\n",
	           "");
	reload();
	was_refused("synthetic");
}
END_TEST

/* ---- C3, C4 ---- */

static const struct {
	const char *file, *text, *because;
} bad_grammars[] = {
	{ "services.gram", "intent a effect free\n", "services.gram:" },
	{ "services.gram", "intent a effect read\n  say (查\n", "services.gram:" },
	/* ambiguous: the code is another intent's */
	{ "services.gram", "intent a effect set\n  code CXYE\n", "services.gram:" },
	/* an example that does not come out */
	{ "services.gram", "intent a effect read\n  code QQQQ\n  ok \"RRRR\"\n",
	  "services.gram:" },
	/* nested so deep that matching could take long: all that a template can do of it */
	{ "services.gram",
	  "intent a effect read\n  say [[[[[[[[查]查]查]查]查]查]查]查] 额\n",
	  "services.gram:" },
	{ "hall.gram", "grammar 2\n", "hall.gram:" },
	{ "replies.en.conf", "nobody = { knows = \"x\"; };\n", "replies.en.conf:" },
	{ "replies.en.conf", "broken = {\n", "replies.en.conf:" },
};

START_TEST(c3_a_broken_grammar_is_refused)
{
	start_one("");
	append(in_grammar(bad_grammars[_i].file), bad_grammars[_i].text);
	reload();
	was_refused(bad_grammars[_i].because);
}
END_TEST

static const struct {
	const char *to;
} bad_templates[] = {
	{ "ok = \"As of {tomorrow} your" },
	{ "ok = \"As of {time" },
	{ "ok = \"0123456789012345678901234567890123456789012345678901234567890123456789"
	  "0123456789012345678901234567890123456789012345678901234567890123456789"
	  "0123456789012345678901234567890123456789012345678901234567890123456789"
	  "01234567890123456789 As of {time} your" },
};

START_TEST(c4_a_template_that_cannot_be_is_refused)
{
	start_one("");
	change(in_grammar("replies.en.conf"), "ok = \"As of {time} your",
	       bad_templates[_i].to);
	reload();
	was_refused("replies.en.conf:5");
}
END_TEST

START_TEST(good_files_are_in_use_at_once)
{
	start_one("");
	change(in_grammar("replies.en.conf"), "old = \"As of {time} (", "old = \"Now (");
	change(in_grammar("hall.gram"), "revision ", "revision 9");
	is_answered("a", "CXYE", "As of");
	reload();
	ck_assert_uint_eq(reloads("applied"), 1);
	is_answered("a", "CXYE", "Now (");
	ck_assert_int_eq(status_now().grammar_revision[0], '9');
	ck_assert_uint_eq(smsc.accepted, 1); /* the link never knew */
}
END_TEST

#define FIRST_OF_ALL                                                              \
	"ZZ = { days = \"7\"; desk = \"shop\"; name = \"a\"; name_hant = \"a\"; " \
	"name_en = \"something else\"; papers = \"a\"; papers_hant = \"a\"; "     \
	"papers_en = \"a\"; where = \"a\"; where_hant = \"a\"; where_en = \"a\"; };\n"

/* An answer means what was asked, or nothing: never what is asked now. */
START_TEST(what_is_open_keeps_its_meaning)
{
	start_one("");
	is_answered("a", "YSL", "1) SIM replacement");
	change(in_grammar("errands.conf"), "BK = {", FIRST_OF_ALL "BK = {");
	change(in_grammar("hall.gram"), "revision ", "revision 9");
	reload();
	ck_assert_uint_eq(reloads("applied"), 1);
	is_answered("a", "1", "SIM replacement");
	is_answered("a", "YSL", "1) something else");
	/* What was asked cannot be done any more. */
	change(in_grammar("tasks.gram"), "intent order.elsewhere ", "intent order.else ");
	change(in_grammar("tasks.gram"), "prefer order.elsewhere ", "prefer order.else ");
	change(in_grammar("hall.gram"),
	       "likely sayings.tsv unless OTHER_PERSON ELSEWHERE", "");
	reload();
	ck_assert_uint_eq(reloads("applied"), 2);
	is_answered("a", "1", "nothing was changed");
}
END_TEST

START_TEST(limits_are_applied)
{
	unsigned throttled = 0;

	start_one("");
	write_conf(LINK("a", TRUSTED), "limits = { burst = 2; refill_per_s = 1; };");
	reload();
	for (int i = 0; i < 20; i++) {
		const unsigned k = deliver("a", "13900000007", "CXYE");

		RUN_UNTIL(smsc.response[k] != PENDING);
		throttled += smsc.response[k] == SMPP_ESME_RTHROTTLED ? 1 : 0;
	}
	ck_assert_uint_ge(throttled, 10);
}
END_TEST

/* ---- C2 ---- */

/* What is under way on it is awaited; what comes meanwhile is given back. */
START_TEST(c2_a_removed_link_drains_then_closes)
{
	unsigned i;

	start(LINK("a", TRUSTED) "," LINK("b", TRUSTED), "");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	ck_assert_ptr_eq(smsc.submit[0].by, peer("a")->conn);
	write_conf(LINK("b", TRUSTED), "");
	reload();
	ck_assert_ptr_nonnull(bound("a"));
	i = deliver("a", "13900000002", "CXYE");
	RUN_UNTIL(smsc.response[i] != PENDING);
	ck_assert_uint_eq(smsc.response[i], SMPP_ESME_RMSGQFUL);
	smsc.mood = ACCEPT;
	answer_held(0);
	RUN_UNTIL(bound("a") == NULL && status_now().n_links == 1);
	is_answered("b", "CXYE", "As of");
	ck_assert_uint_eq(status_now().counts.resent, 0);
	ck_assert_uint_eq(smsc.accepted, 2);
}
END_TEST

/* An SMSC that never answers does not keep it; what it had goes by another. */
START_TEST(c2_a_link_leaves_in_its_time)
{
	start(LINK("a", TRUSTED) "," LINK("b", TRUSTED), "");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	smsc.mood = HOLD;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits == 1 && smsc.responses == 1);
	write_conf(LINK("b", TRUSTED), "");
	reload();
	smsc.mood = ACCEPT;
	RUN_UNTIL(bound("a") == NULL && smsc.submits == 2 && status_now().queued == 0);
	ck_assert_ptr_eq(smsc.submit[1].by, peer("b")->conn);
}
END_TEST

/* With no link of its group left, a reply waits until there is one again. */
START_TEST(c2_queued_replies_wait_for_a_link)
{
	start_one("");
	smsc.mood = REFUSE;
	smsc.status = SMPP_ESME_RTHROTTLED;
	smsc.refusals = 1000000;
	(void)deliver("a", "13900000001", "CXYE");
	RUN_UNTIL(smsc.submits >= 1 && smsc.responses == 1);
	write_conf("{ name = \"c\"; @ system_id = \"c\"; numbers = ( \"10010\" ); }\n",
	           "");
	reload();
	RUN_UNTIL(bound("a") == NULL && bound("c") != NULL && status_now().n_links == 1);
	ck_assert_uint_eq(status_now().queued, 1);
	smsc.mood = ACCEPT;
	smsc.submits = 0;
	write_conf(LINK("a", TRUSTED), "");
	reload();
	RUN_UNTIL(smsc.submits == 1 && status_now().queued == 0);
	ck_assert_ptr_eq(smsc.submit[0].by, peer("a")->conn);
}
END_TEST

/* The old bind ends before the new one begins: an SMSC may allow one only. */
START_TEST(c2_a_changed_link_binds_again)
{
	start_one("");
	write_conf(LINK("a", TRUSTED "window = 7;"), "");
	reload();
	RUN_UNTIL(smsc.accepted == 2 && bound("a") != NULL && status_now().n_links == 1);
	ck_assert_ptr_null(smsc.peer[0].conn);
	is_answered("a", "CXYE", "As of");
	ck_assert_uint_eq(status_now().link[0].window, 7);
}
END_TEST

/* ---- C5 ---- */

static unsigned open_files(void)
{
	return metric("smshall_open_files");
}

/* As an editor does it: a reader sees the file before or behind, never in between. */
static void write_whole(const char *links, const char *more)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s.new", t.conf_path);
	write_conf_to(path, links, more);
	ck_assert_int_eq(rename(path, t.conf_path), 0);
}

static struct {
	struct event *due;
	unsigned asked, most;
	bool without_reloads;
} load;

/* A hundred times a second: other files, a reload, a text. */
static void on_due(evutil_socket_t fd, short what, void *ctx)
{
	const unsigned i = load.asked;
	char from[24];

	(void)fd;
	(void)what;
	(void)ctx;
	/* Link b changes now and then, the texts come over a. */
	write_whole(i / 32 % 2 == 0 ? LINK("a", TRUSTED) "," LINK("b", "window = 9;")
	                            : LINK("a", TRUSTED) "," LINK("b", ""),
	            i % 3 == 0 ? "limits = { burst = 50; };" : "");
	if (!load.without_reloads)
		gateway_reload(t.gateway);
	if (i == load.most)
		return;
	load.asked++;
	(void)snprintf(from, sizeof(from), "%lld", (long long)(FIRST + i % SUBSCRIBERS));
	(void)deliver("a", from, "CXYE");
}

enum {
	LOAD_TEXTS = 64,          /* of a phase */
	LOAD_LEAST = 1,           /* reloads that were applied meanwhile */
	LOAD_GROWTH = 256 * 1024, /* octets; what is read from the files is megabytes */
	READERS_OPEN = 4          /* files, at their first question, whenever that is */
};

/* Octets by which what is allocated grew over a phase; of no use under a sanitizer. */
static int64_t grown_by(bool reloads_too)
{
	const struct reload *r = &t.gateway->reload;
	const size_t before = mallinfo2().uordblks;
	const unsigned applied = reloads("applied");

	load.without_reloads = !reloads_too;
	load.most = load.asked + LOAD_TEXTS;
	load.due = event_new(t.base, -1, EV_PERSIST, on_due, NULL);
	(void)event_add(load.due, &(struct timeval){ .tv_usec = 10000 });
	RUN_UNTIL(load.asked == load.most &&
	          (!reloads_too || reloads("applied") >= applied + LOAD_LEAST));
	event_free(load.due);
	RUN_UNTIL(smsc.responses == load.asked && status_now().queued == 0);
	RUN_UNTIL(r->under_way == NULL && r->coming == NULL && !r->again);
	reload();
	RUN_UNTIL(r->under_way == NULL && r->coming == NULL);
	RUN_UNTIL(status_now().n_links == 2 && bound("b") != NULL);
	return (int64_t)mallinfo2().uordblks - (int64_t)before;
}

START_TEST(c5_reloads_under_load)
{
	int64_t without, with;
	unsigned files;

	start(LINK("a", TRUSTED) "," LINK("b", TRUSTED), "");
	RUN_UNTIL(bound("a") != NULL && bound("b") != NULL);
	files = open_files();
	(void)grown_by(true);
	without = grown_by(false);
	with = grown_by(true);
	for (unsigned i = 0; i < load.asked; i++)
		ck_assert_uint_eq(smsc.response[i], SMPP_ESME_ROK);
	ck_assert_uint_eq(reloads("refused"), 0);
	RUN_UNTIL(open_files() <= files + READERS_OPEN);
	ck_assert_msg(with < without + LOAD_GROWTH, "%lld octets, %lld without reloads",
	              (long long)with, (long long)without);
}
END_TEST

SUITE("gateway/reload", {
	TCase *whole = tcase_create("whole"); /* before open_house(): each is read */

	tcase_add_checked_fixture(whole, set_up_reload, tear_down_reload);
	tcase_add_test(whole, c5_reloads_under_load);
	suite_add_tcase(s, whole);
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up_reload, tear_down_reload);
	tcase_add_loop_test(tc, c1_a_broken_configuration_is_refused, 0,
	                    COUNT_OF(bad_confs));
	tcase_add_test(tc, c1_a_missing_file_is_refused);
	tcase_add_test(tc, c1_no_links_are_refused);
	tcase_add_loop_test(tc, t26_files_that_everyone_may_write_are_refused, 0, 2);
	tcase_add_test(tc, a_synthetic_population_stays_at_home);
	tcase_add_loop_test(tc, c3_a_broken_grammar_is_refused, 0,
	                    COUNT_OF(bad_grammars));
	tcase_add_loop_test(tc, c4_a_template_that_cannot_be_is_refused, 0,
	                    COUNT_OF(bad_templates));
	tcase_add_test(tc, good_files_are_in_use_at_once);
	tcase_add_test(tc, what_is_open_keeps_its_meaning);
	tcase_add_test(tc, limits_are_applied);
	tcase_add_test(tc, c2_a_removed_link_drains_then_closes);
	tcase_add_test(tc, c2_a_link_leaves_in_its_time);
	tcase_add_test(tc, c2_queued_replies_wait_for_a_link);
	tcase_add_test(tc, c2_a_changed_link_binds_again);
})
