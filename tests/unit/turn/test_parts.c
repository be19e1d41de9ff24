/*
 * test_parts.c - long messages of one phone, whose parts come late, in any order or never
 * while its references come round: what is taken for a text was one, and once.
 */
#include <stdlib.h>

#include "fixture.h"
#include "support/noise.h"

enum {
	SEEDS = 10,
	MESSAGES = 300, /* to the hall, of a seed */
	PARTS_MOST = 3,
	EACH_MS = 7500, /* that a phone takes for a long message, at least */
	ELSEWHERE = 40, /* long messages to others between two of them, at most */
	LOST_EVERY = 8, /* parts */
	LATE_EVERY = 4, /* others are as good as at once */
	AT_ONCE_MS = 5000,
	MINUTE_MS = 60000
};

/* References, and how late a part comes at most: before its reference has come round. */
static const struct width {
	unsigned first, mask;
	int64_t late_ms;
	int64_t wait_ms; /* so long after the first part the last one is still waited for */
} widths[] = {
	{ 250, 0xff, 11 * MINUTE_MS, 19 * MINUTE_MS },
	{ 300, 0xffff, 50 * MINUTE_MS, 69 * MINUTE_MS },
};

static struct message {
	uint16_t ref;
	unsigned total, came, taken;
	int64_t first_ms, last_ms; /* of those that came */
	bool refused;              /* one of them */
} message[MESSAGES];

static struct part {
	unsigned of, seq;
	int64_t at_ms;
} part[MESSAGES * PARTS_MOST];
static size_t n_parts;

static void set_up(void)
{
	set_up_people(1);
	memset(message, 0, sizeof(message));
	n_parts = 0;
}

static int by_time(const void *left, const void *right)
{
	const struct part *l = left, *r = right;

	return l->at_ms < r->at_ms ? -1 : l->at_ms > r->at_ms;
}

static void send_part(struct noise *dice, unsigned of, unsigned seq, int64_t at_ms,
                      int64_t late_ms)
{
	const bool late = noise_below(dice, LATE_EVERY) == 0;

	if (noise_below(dice, LOST_EVERY) == 0)
		return;
	at_ms += (int64_t)noise_below(dice, (unsigned)(late ? late_ms : AT_ONCE_MS));
	part[n_parts++] = (struct part){ of, seq, at_ms };
}

static void send_all(const struct width *w, uint64_t seed)
{
	struct noise dice = noise_open(seed);
	unsigned ref = w->first;
	int64_t at_ms = hall.now_ms;

	for (unsigned i = 0; i < MESSAGES; i++) {
		const unsigned sent = 1 + noise_below(&dice, ELSEWHERE);

		ref += sent;
		at_ms += (int64_t)sent * EACH_MS;
		message[i].ref = (uint16_t)(ref & w->mask);
		message[i].total = 2 + noise_below(&dice, PARTS_MOST - 1);
		for (unsigned seq = 1; seq <= message[i].total; seq++)
			send_part(&dice, i, seq, at_ms, w->late_ms);
	}
	noise_close(&dice);
	qsort(part, n_parts, sizeof(*part), by_time);
}

/* No two parts are alike. */
static const char *words_of(unsigned of, unsigned seq)
{
	static char words[8];

	(void)snprintf(words, sizeof(words), "q%c%c%c.", (char)('a' + of / 26),
	               (char)('a' + of % 26), (char)('w' + seq));
	return words;
}

static unsigned message_with(struct str text)
{
	char whole[8 * PARTS_MOST];

	for (unsigned i = 0; i < MESSAGES; i++) {
		whole[0] = '\0';
		for (unsigned seq = 1; seq <= message[i].total; seq++)
			(void)strcat(whole, words_of(i, seq));
		if (str_eq(text, str_of(whole)))
			return i;
	}
	ck_abort_msg("nobody wrote %.*s", STR_ARG(text));
	return 0;
}

static void tick_until(int64_t at_ms)
{
	while (hall.now_ms + MINUTE_MS < at_ms) {
		hall.now_ms += MINUTE_MS;
		ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
	}
	hall.now_ms = at_ms;
}

static void bring(const struct part *p)
{
	struct message *m = &message[p->of];
	struct turn_input in;

	tick_until(p->at_ms);
	in = text_of(0, words_of(p->of, p->seq));
	in.ref = m->ref;
	in.total = (uint8_t)m->total;
	in.seq = (uint8_t)p->seq;
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	m->refused = m->refused || in.status != TURN_OK;
	m->first_ms = m->came == 0 ? p->at_ms : m->first_ms;
	m->last_ms = p->at_ms;
	m->came++;
	if (in.text.n > 0)
		message[message_with(in.text)].taken++;
	arena_reset(&hall.arena);
}

START_TEST(what_is_taken_for_a_text_was_one)
{
	const struct width *w = &widths[_i / SEEDS];
	unsigned late = 0;

	send_all(w, (uint64_t)_i);
	for (size_t i = 0; i < n_parts; i++)
		bring(&part[i]);
	for (unsigned i = 0; i < MESSAGES; i++) {
		const struct message *m = &message[i];
		const int64_t took_ms = m->last_ms - m->first_ms;

		ck_assert_uint_le(m->taken, 1);
		if (m->came < m->total || m->refused || took_ms > w->wait_ms)
			continue;
		ck_assert_msg(m->taken == 1, "message %u of reference %u", i, m->ref);
		late += took_ms > 10 * MINUTE_MS; /* its sender was told */
	}
	ck_assert_uint_gt(late, 0);
}
END_TEST

/* The second message of that reference is in another coding: it begins anew. */
START_TEST(a_part_in_another_coding_is_of_another_message)
{
	static const struct {
		const char *text;
		uint8_t coding, seq;
		bool whole;
	} came[] = {
		{ "CX", 1, 1, false },
		{ "\0Y\0E", 8, 2, false },
		{ "\0C\0X", 8, 1, true },
	};

	for (size_t i = 0; i < COUNT_OF(came); i++) {
		struct turn_input in = text_of(0, "");

		in.octets = (struct span){ (const uint8_t *)came[i].text,
			                   came[i].coding == 8 ? 4 : 2 };
		in.data_coding = came[i].coding;
		in.ref = 7;
		in.total = 2;
		in.seq = came[i].seq;
		ck_assert_int_eq(run_all(&in, 1), ERR_OK);
		ck_assert_uint_eq(in.status, TURN_OK);
		ck_assert_int_eq(str_eq(in.text, STR("CXYE")), came[i].whole);
	}
}
END_TEST

/* Of three, the second comes when the sender was told; minutes of the third. */
static const struct {
	unsigned ref;
	int second, third;
	bool whole;
} waits[] = {
	{ 7, 12, 18, true },   { 7, 18, 22, false },  { 255, 18, 22, false },
	{ 256, 18, 22, true }, { 256, 68, 69, true }, { 256, 68, 75, false },
};

START_TEST(what_comes_late_does_not_make_the_rest_wait_longer)
{
	const int64_t from_ms = hall.now_ms;
	const int at[] = { 0, waits[_i].second, waits[_i].third };
	struct turn_input in;

	for (int k = 0; k < 3; k++) {
		tick_until(from_ms + (int64_t)at[k] * MINUTE_MS);
		in = text_of(0, k == 0 ? "CX" : k == 1 ? "Y" : "E");
		in.ref = (uint16_t)waits[_i].ref;
		in.total = 3;
		in.seq = (uint8_t)(k + 1);
		ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	}
	ck_assert_int_eq(str_eq(in.text, STR("CXYE")), waits[_i].whole);
}
END_TEST

SUITE("turn/parts", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, what_is_taken_for_a_text_was_one, 0,
	                    (int)COUNT_OF(widths) * SEEDS);
	tcase_add_loop_test(tc, what_comes_late_does_not_make_the_rest_wait_longer, 0,
	                    COUNT_OF(waits));
	tcase_add_test(tc, a_part_in_another_coding_is_of_another_message);
})
