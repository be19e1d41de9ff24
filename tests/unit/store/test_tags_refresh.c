/*
 * test_tags_refresh.c - the refresh of tags in slices: what is put, renewed, dropped, left.
 */
#include "base/buf.h"
#include "store/sweep.h"
#include "tags_fixture.h"

static int64_t count(const char *text)
{
	return raw_int(raw_path(&f), text);
}

static struct tag_def kept_tag(const char *name, const char *rule)
{
	return (struct tag_def){ .name = str_of(name), .rule = str_of(rule), .days = 10 };
}

static struct tag_rules *rules_of(const struct tag_def *def, size_t n)
{
	struct tag_rules *rules = NULL;
	struct fault fault = { "" };

	ck_assert_msg(tag_rules_make("tags.conf", def, n, NULL, &rules, &fault) == ERR_OK,
	              "%s", fault.text);
	return rules;
}

static struct tag_rules *one_rule(const char *name, const char *rule)
{
	const struct tag_def d = kept_tag(name, rule);

	return rules_of(&d, 1);
}

static struct tag_slice look(struct tag_rules *rules, int64_t from, size_t rows,
                             int64_t now)
{
	struct tag_slice s = { .from = from, .rows = rows, .now = now, .all = true };
	struct fault fault = { "" };

	ck_assert_msg(store_tags_slice(reader, rules, &f.arena, &s, &fault) == ERR_OK,
	              "%s", fault.text);
	return s;
}

static void write_all(const struct tag_slice *s)
{
	ck_assert_msg(store_tags_write(f.store, s->change, s->n_changes, s->now, NULL) ==
	                      ERR_OK,
	              "%s", store_fault(f.store));
}

/* Changes made by a refresh at that time. */
static size_t run_all(struct tag_rules *rules, size_t rows, int64_t now)
{
	struct tag_slice s = { .to = -1 };
	size_t n = 0;

	while (!s.last) {
		s = look(rules, s.to, rows, now);
		write_all(&s);
		n += s.n_changes;
	}
	return n;
}

static void put_people(int n)
{
	for (int i = 0; i < n; i++) {
		const struct subscriber_row p = person(NUMBER + i, SINCE);

		put_person(&f, &p);
	}
}

START_TEST(slices_of_any_size_come_to_the_same)
{
	struct tag_rules *rules = one_rule("a", "region");

	put_people(5);
	for (size_t rows = 1; rows <= 6; rows++) {
		sql("DELETE FROM tag");
		ck_assert_uint_eq(run_all(rules, rows, NOW), 5);
		ck_assert_int_eq(
			count("SELECT count(*) FROM tag WHERE name = 'a' AND value = "
		              "'Pudong' AND computed = 1 AND as_of = 1795017600 AND "
		              "until = 1795017600 + 10 * 86400 AND owner_since = "
		              "1577808000"),
			5);
		ck_assert_uint_eq(run_all(rules, rows, NOW), 0);
	}
	tag_rules_free(rules);
}
END_TEST

START_TEST(a_tag_is_renewed_after_half_of_its_life)
{
	struct tag_rules *rules = one_rule("a", "region");

	put_people(1);
	ck_assert_uint_eq(run_all(rules, 9, NOW), 1);
	ck_assert_uint_eq(run_all(rules, 9, NOW + 5 * DAY - 1), 0);
	ck_assert_uint_eq(run_all(rules, 9, NOW + 5 * DAY), 1);
	ck_assert_int_eq(count("SELECT until FROM tag"), NOW + 15 * DAY);
	tag_rules_free(rules);
}
END_TEST

START_TEST(a_tag_goes_with_what_it_said)
{
	struct tag_rules *had = one_rule("a", "region"), *none = one_rule("a", "0"),
			 *other = one_rule("b", "0"), *changed = one_rule("a", "'x'");

	put_people(2);
	ck_assert_uint_eq(run_all(had, 9, NOW), 2);
	ck_assert_uint_eq(run_all(changed, 9, NOW), 2);
	ck_assert_int_eq(count("SELECT count(*) FROM tag WHERE value = 'x'"), 2);
	ck_assert_uint_eq(run_all(none, 9, NOW), 2);
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 0);
	ck_assert_uint_eq(run_all(had, 9, NOW), 2);
	ck_assert_uint_eq(run_all(other, 9, NOW), 2); /* defined no more */
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 0);
	tag_rules_free(had);
	tag_rules_free(none);
	tag_rules_free(other);
	tag_rules_free(changed);
}
END_TEST

START_TEST(what_is_not_kept_is_counted_all_the_same)
{
	struct tag_def d = kept_tag("a", "region");
	struct tag_rules *rules;
	struct tag_slice s;

	d.days = 0;
	rules = rules_of(&d, 1);
	put_people(3);
	s = look(rules, -1, 9, NOW);
	ck_assert_uint_eq(s.n_changes, 0);
	ck_assert_int_eq(s.holders[0], 3);
	ck_assert(s.last);
	tag_rules_free(rules);
}
END_TEST

START_TEST(imported_tags_stay_as_they_are)
{
	struct tag_rules *rules = one_rule("a", "region"), *none = one_rule("b", "0");
	const struct tag_row in = { NUMBER, STR("a"), STR("by hand"), 0 };
	struct tag_slice s;

	put_people(2);
	s = look(rules, -1, 9, NOW);
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_TAGS, &in, 1, SINCE, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	write_all(&s); /* worked out before the import came */
	ck_assert_int_eq(
		count("SELECT count(*) FROM tag WHERE value = 'by hand' AND until = 0 "
	              "AND as_of = 1577808000 AND computed = 0"),
		1);
	ck_assert_uint_eq(run_all(rules, 9, NOW), 0);
	ck_assert_uint_eq(run_all(none, 9, NOW), 1); /* that of the second number */
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 1);
	/* An import takes the place of what was worked out. */
	ck_assert_uint_eq(run_all(rules, 9, NOW), 1);
	s = look(none, -1, 9, NOW); /* it would go */
	ck_assert_uint_eq(s.n_changes, 1);
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(
		store_put(f.store, STORE_TAGS,
	                  &(const struct tag_row){ NUMBER + 1, STR("a"), STR("x"), 0 }, 1,
	                  SINCE, NULL),
		ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	write_all(&s);
	ck_assert_int_eq(count("SELECT count(*) FROM tag WHERE computed = 0"), 2);
	ck_assert_uint_eq(run_all(none, 9, NOW), 0);
	tag_rules_free(rules);
	tag_rules_free(none);
}
END_TEST

START_TEST(a_new_owner_has_none_of_the_old_ones_tags)
{
	const struct subscriber_row later = person(NUMBER, SINCE + DAY);
	struct tag_rules *rules = one_rule("a", "region");
	struct tag_slice before;

	put_people(1);
	ck_assert_uint_eq(run_all(rules, 9, NOW), 1);
	sql("DELETE FROM tag");
	before = look(rules, -1, 9, NOW);
	ck_assert_uint_eq(before.n_changes, 1);
	put_person(&f, &later);
	write_all(&before); /* of the owner before */
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 0);
	ck_assert_uint_eq(run_all(rules, 9, NOW), 1);
	put_person(&f, &(struct subscriber_row){ .sub = later.sub,
	                                         .account = later.account });
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 1);
	ck_assert_int_eq(count("SELECT owner_since FROM tag"), SINCE + DAY);
	put_people(1);
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 0);
	/* One that was left behind all the same is nobody's. */
	ck_assert_uint_eq(run_all(rules, 9, NOW), 1);
	sql("UPDATE tag SET owner_since = 1");
	ck_assert_uint_eq(run_all(rules, 9, NOW), 1);
	ck_assert_int_eq(count("SELECT owner_since FROM tag"), SINCE);
	tag_rules_free(rules);
}
END_TEST

START_TEST(an_erased_number_has_none_and_gets_none)
{
	struct store_erasure e = { .msisdn = NUMBER, .pseudonym = -77 };
	struct tag_rules *rules = one_rule("a", "region");
	struct tag_slice s;

	put_people(2);
	ck_assert_uint_eq(run_all(rules, 9, NOW), 2);
	s = look(rules, -1, 9, NOW + 9 * DAY);
	ck_assert_uint_eq(s.n_changes, 2);
	while (!e.ended)
		ck_assert_int_eq(store_erase_step(f.store, &e, 100), ERR_OK);
	ck_assert_int_eq(count("SELECT count(*) FROM tag"), 1);
	write_all(&s);
	ck_assert_int_eq(count("SELECT count(*) FROM tag WHERE msisdn = 13800000001"), 0);
	tag_rules_free(rules);
}
END_TEST

START_TEST(a_refresh_under_way_is_kept_and_counted_at_its_end)
{
	const struct tag_def d[] = { kept_tag("a", "region"), kept_tag("b", "0") };
	struct tag_rules *rules = rules_of(d, 2);
	struct tag_refresh g = { .only = STR("silent"),
		                 .revision = INT64_MAX,
		                 .now = NOW,
		                 .upto = NUMBER,
		                 .seen = 7,
		                 .put = 8,
		                 .dropped = 9 };
	struct tag_refresh got;
	struct tag_count n[2];
	struct fault fault = { "" };

	ck_assert_int_eq(store_tags_under_way(reader, &f.arena, &got, &fault),
	                 ERR_NOT_FOUND);
	g.holders[0] = INT64_C(0x123456789abcdef);
	g.holders[TAGS_MAX - 1] = 3;
	ck_assert_int_eq(store_tags_write(f.store, NULL, 0, NOW, &g), ERR_OK);
	ck_assert_int_eq(store_tags_under_way(reader, &f.arena, &got, &fault), ERR_OK);
	assert_text(got.only, "silent");
	ck_assert_int_eq(got.revision, g.revision);
	ck_assert_int_eq(got.now, NOW);
	ck_assert_int_eq(got.upto, NUMBER);
	ck_assert_int_eq(got.seen + got.put + got.dropped, 24);
	ck_assert_mem_eq(got.holders, g.holders, sizeof(g.holders));
	ck_assert_int_eq(store_tags_counts(reader, rules, n, &fault), ERR_OK);
	ck_assert_int_eq(n[0].holders, -1);
	g.only = STR("");
	ck_assert_int_eq(store_tags_end(f.store, rules, &g), ERR_OK);
	ck_assert_int_eq(store_tags_under_way(reader, &f.arena, &got, &fault),
	                 ERR_NOT_FOUND);
	ck_assert_int_eq(store_tags_counts(reader, rules, n, &fault), ERR_OK);
	ck_assert_int_eq(n[0].holders, INT64_C(0x123456789abcdef));
	ck_assert_int_eq(n[0].as_of, NOW);
	ck_assert_int_eq(n[1].holders, 0);
	tag_rules_free(rules);
}
END_TEST

SUITE("store/tags_refresh", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, slices_of_any_size_come_to_the_same);
      tcase_add_test(tc, a_tag_is_renewed_after_half_of_its_life);
      tcase_add_test(tc, a_tag_goes_with_what_it_said);
      tcase_add_test(tc, what_is_not_kept_is_counted_all_the_same);
      tcase_add_test(tc, imported_tags_stay_as_they_are);
      tcase_add_test(tc, a_new_owner_has_none_of_the_old_ones_tags);
      tcase_add_test(tc, an_erased_number_has_none_and_gets_none);
      tcase_add_test(tc, a_refresh_under_way_is_kept_and_counted_at_its_end);)
