/*
 * tell.c - what was said, as the lines of a story; see record_priv.h.
 */
#include "record_priv.h"
#include "replay/pattern.h"
#include "replay/story.h"
#include "text/utf8.h"

enum {
	TOLD_MAX = 1 << 19, /* octets of one text in a story */
	STEP_MAX = 36500,   /* the most that one "+" may count */
	CODE_MIN = 4,       /* digits alone: a PIN or a nonce */
	CODE_MAX = 8,
	MATCH_ARENA = GRAMMAR_ARENA
};

struct teller {
	const struct assets *assets;
	struct grammar_matcher *matcher;
	struct redact *redact;
	struct record_tally *tally;
	struct buf *out;
	struct arena *arena, match;
	int64_t now_s; /* of the story */
	struct {
		struct str digits;
		char name[16];
	} id[PATTERN_VARS];
	size_t n_ids;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- secrets ---- */

static bool is_code(struct str text)
{
	const struct str s = str_trim(text);

	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
	}
	return s.n >= CODE_MIN && s.n <= CODE_MAX;
}

static bool holds_secret(struct teller *t, struct str text)
{
	struct grammar_command c;

	arena_reset(&t->match);
	grammar_match(t->assets->grammar, t->matcher, text,
	              (struct grammar_context){ .kind = GRAMMAR_NO_CONTEXT }, t->now_s,
	              &t->match, &c);
	for (size_t i = 0; i < c.n_slots; i++) {
		if (c.slot[i].secret)
			return true;
	}
	for (size_t k = 0; k < c.n_suggestions; k++) {
		for (size_t i = 0; i < c.suggestion[k].n_slots; i++) {
			if (c.suggestion[k].slot[i].secret)
				return true;
		}
	}
	/* What is not understood may be a PIN command with a slip of the finger. */
	return c.intent == NULL || is_code(text);
}

/* ---- ids ---- */

/* Behind these words stands a number that the hall gave out. */
static const struct {
	const char *word, *name;
} id_words[] = {
	{ "编号T", "task" },       { "编号", "task" },    { "編號", "task" },
	{ "T", "task" },           { "订单", "order" },   { "訂單", "order" },
	{ "request is ", "task" }, { "order ", "order" }, { "Order ", "order" },
};

static const char *id_name(struct teller *t, struct str digits, const char *word)
{
	int n = 1;

	for (size_t i = 0; i < t->n_ids; i++) {
		if (str_eq(t->id[i].digits, digits))
			return t->id[i].name;
		n += strncmp(t->id[i].name, word, strlen(word)) == 0 ? 1 : 0;
	}
	if (t->n_ids == PATTERN_VARS)
		return "*";
	t->id[t->n_ids].digits = digits;
	(void)snprintf(t->id[t->n_ids].name, sizeof(t->id[0].name), n > 1 ? "%s%d" : "%s",
	               word, n);
	return t->id[t->n_ids++].name;
}

/* The kind of id that stands at s.p[at], by the word before it; NULL: none. */
static const char *id_word(struct str s, size_t at)
{
	for (size_t i = 0; i < sizeof(id_words) / sizeof(id_words[0]); i++) {
		const struct str w = str_of(id_words[i].word);
		const bool letter = at > w.n && w.p[0] >= 'A' && w.p[0] <= 'Z' &&
		                    s.p[at - w.n - 1] >= 'A' && s.p[at - w.n - 1] <= 'z';

		if (at >= w.n && memcmp(s.p + at - w.n, w.p, w.n) == 0 && !letter)
			return id_words[i].name;
	}
	return NULL;
}

static size_t run_of_digits(struct str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && is_digit(s.p[at + n]))
		n++;
	return n;
}

/* Appends s as a pattern, ids as variables; in a text of a subscriber only known ones. */
static void put_pattern(struct teller *t, struct str s, bool binds)
{
	size_t plain = 0;

	for (size_t i = 0; i < s.n;) {
		const size_t n = i == 0 || !is_digit(s.p[i - 1]) ? run_of_digits(s, i)
		                                                 : 0;
		const struct str digits = { s.p + i, n };
		const char *word = n > 0 ? id_word(s, i) : NULL;
		bool known = false;

		for (size_t k = 0; k < t->n_ids; k++)
			known = known || str_eq(t->id[k].digits, digits);
		if (word == NULL || (!binds && !known)) {
			i += n > 0 ? n : 1;
			continue;
		}
		pattern_quote((struct str){ s.p + plain, i - plain }, t->out);
		buf_printf(t->out, "{%s}", id_name(t, digits, word));
		i += n;
		plain = i;
	}
	pattern_quote((struct str){ s.p + plain, s.n - plain }, t->out);
}

/* ---- texts ---- */

static struct str redacted(struct teller *t, struct str text, bool secret)
{
	struct buf b = buf_make(TOLD_MAX);
	struct str out;

	redact_text(t->redact, text, secret, &b);
	out = arena_str(t->arena, buf_str(&b));
	buf_free(&b);
	return out;
}

static size_t count_characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80 ? 1 : 0;
	return n;
}

/* The first n characters off *rest; all of it when last. */
static struct str take_characters(struct str *rest, size_t n, bool last)
{
	struct str out = { rest->p, last ? rest->n : 0 };

	while (!last && out.n < rest->n) {
		if (((unsigned char)rest->p[out.n] & 0xc0) != 0x80 && n-- == 0)
			break;
		out.n++;
	}
	*rest = (struct str){ rest->p + out.n, rest->n - out.n };
	return out;
}

/* A number may begin in one part and end in the next: the whole is replaced, then cut. */
static void tell_long(struct teller *t, struct said *head)
{
	struct buf all = buf_make(TOLD_MAX);
	struct str rest;

	for (const struct said *x = head; x != NULL; x = x->rest)
		buf_puts(&all, x->text);
	rest = redacted(t, buf_str(&all), holds_secret(t, buf_str(&all)));
	for (struct said *x = head; x != NULL; x = x->rest) {
		x->told = take_characters(&rest, count_characters(x->text),
		                          x->rest == NULL);
		x->is_told = true;
	}
	buf_free(&all);
}

static void find_told(struct teller *t, struct said *x)
{
	if (x->head != NULL && !x->is_told)
		tell_long(t, x->head);
	/* Of a part alone nobody knows what its digits belong to. */
	if (!x->is_told)
		x->told = redacted(t, x->text, x->total > 1 || holds_secret(t, x->text));
	x->is_told = true;
}

/* Whether the text, in its alphabet, is these octets again. */
static bool is_faithful(const struct said *x, enum coding coding)
{
	struct buf again = buf_make(TOLD_MAX);
	bool same;

	same = coding != CODING_BINARY &&
	       coding_encode(coding, x->text, &again) == ERR_OK &&
	       again.n == x->octets.n &&
	       (again.n == 0 || memcmp(again.p, x->octets.p, again.n) == 0);
	buf_free(&again);
	return same;
}

static const char *coding_note(enum coding c)
{
	static const char *const notes[] = { [CODING_GSM7] = "gsm7",
		                             [CODING_LATIN1] = "latin1",
		                             [CODING_UCS2] = "ucs2",
		                             [CODING_ASCII] = "ascii",
		                             [CODING_BINARY] = "binary" };

	return notes[c];
}

/* Octets that are no text; digits among them may be anybody's. */
static void put_octets(struct teller *t, struct span octets)
{
	for (size_t i = 0; i < octets.n; i++)
		buf_printf(t->out, "%s%02x", i > 0 ? " " : "",
		           (unsigned)(is_digit((char)octets.p[i]) ? (uint8_t)48
		                                                  : octets.p[i]));
}

static void put_notes(struct teller *t, const struct said *x, enum coding coding,
                      bool faithful)
{
	const bool gsm7 = coding_fits(CODING_GSM7, x->told);

	if (!str_eq(x->to, STR("10086")))
		buf_printf(t->out, " [to %.*s]",
		           STR_ARG(redact_number(t->redact, x->to)));
	if (x->total > 1)
		buf_printf(t->out, " [%s %u/%u ref %u]", x->udh ? "part" : "sar", x->seq,
		           x->total, x->ref);
	if (!faithful)
		buf_puts(t->out, STR(" [hex]"));
	else if (coding != (gsm7 ? CODING_GSM7 : CODING_UCS2))
		buf_printf(t->out, " [%s]", coding_note(coding));
	if (!faithful || x->data_coding != coding_dcs(coding))
		buf_printf(t->out, " [dcs 0x%02x]", x->data_coding);
}

static void tell_text(struct teller *t, struct said *x)
{
	const enum coding coding = coding_of_dcs(x->data_coding, CODING_GSM7);
	const bool faithful = is_faithful(x, coding);

	t->tally->texts++;
	find_told(t, x);
	buf_puts(t->out, redact_number(t->redact, x->from));
	put_notes(t, x, coding, faithful);
	buf_puts(t->out, STR(" > "));
	if (faithful)
		put_pattern(t, x->told, false);
	else
		put_octets(t, x->octets);
	buf_putc(t->out, '\n');
}

static void leave_out(struct teller *t, const struct said *x)
{
	t->tally->left_out++;
	buf_printf(t->out, "# a text of %.*s is left out: ",
	           STR_ARG(redact_number(t->redact, x->from)));
	if (x->answered)
		buf_printf(t->out, "refused with status 0x%02x\n", (unsigned)x->status);
	else
		buf_puts(t->out, STR("the capture holds no response to it\n"));
}

/* ---- time and exchanges ---- */

static void put_clock(struct teller *t, int64_t at_s)
{
	const struct civil c = civil_of(at_s);

	buf_printf(t->out, "[clock]\n%04d-%02d-%02d %02d:%02d:%02d\n[script]\n", c.year,
	           c.month, c.day, c.hour, c.minute, c.second);
	t->now_s = at_s;
}

static void pass_to(struct teller *t, int64_t at_s)
{
	while (t->now_s < at_s) {
		const int64_t s = at_s - t->now_s < STEP_MAX ? at_s - t->now_s : STEP_MAX;

		buf_printf(t->out, "+%llds\n", (long long)s);
		t->now_s += s;
	}
}

static void tell_exchange(struct teller *t, const struct exchange *e)
{
	const size_t before = t->tally->texts;
	/* What comes by itself is due when it has come, not before. */
	pass_to(t, (e->at_ms + (e->texts.n == 0 ? 999 : 0)) / 1000);
	for (size_t i = 0; i < e->texts.n; i++) {
		struct said *x = e->texts.row[i];

		if (x->answered && x->status == 0)
			tell_text(t, x);
		else
			leave_out(t, x);
	}
	for (size_t i = 0; i < e->replies.n; i++) {
		t->tally->replies++;
		if (before == t->tally->texts)
			buf_printf(t->out, "%.*s ",
			           STR_ARG(redact_number(t->redact, e->number)));
		buf_puts(t->out, STR("< "));
		put_pattern(t, redacted(t, e->replies.row[i]->text, false), true);
		buf_putc(t->out, '\n');
	}
	if (e->replies.n == 0 && before != t->tally->texts)
		buf_puts(t->out, STR("no reply\n"));
}

void tell(const struct talk *talk, const struct assets *assets, struct redact *r,
          struct record_tally *tally, struct buf *out)
{
	struct teller t = { .assets = assets,
		            .matcher = grammar_matcher_create(assets->grammar),
		            .redact = r,
		            .tally = tally,
		            .out = out,
		            .arena = talk->arena,
		            .match = arena_make((size_t)MATCH_ARENA * 2) };

	if (talk->exchanges.n > 0)
		put_clock(&t, talk->exchanges.row[0]->at_ms / 1000);
	for (size_t i = 0; i < talk->exchanges.n; i++)
		tell_exchange(&t, talk->exchanges.row[i]);
	arena_free(&t.match);
	grammar_matcher_destroy(t.matcher);
}
