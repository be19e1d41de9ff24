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

/* A number that the hall made up, and its variable. */
struct made {
	const char *kind;
	struct str digits, to; /* the receiver's number */
	char name[16];
};

struct teller {
	const struct assets *assets;
	struct grammar_matcher *matcher;
	struct redact *redact;
	struct record_tally *tally;
	struct buf *out;
	struct arena *arena, match;
	int64_t now_s; /* of the story */
	const struct places *places;
	struct made made[PATTERN_VARS];
	size_t n_made;
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

/* ---- numbers that the hall made up ---- */

static size_t run_of_digits(struct str s, size_t at)
{
	size_t n = 0;

	if (at > 0 && is_digit(s.p[at - 1]))
		return 0;
	while (at + n < s.n && is_digit(s.p[at + n]))
		n++;
	return n;
}

/*
 * The newest of that kind, or of any; the numbers of prompts are each receiver's own, and
 * after another one the same digits are another number.
 */
static const struct made *find_made(const struct teller *t, const char *kind,
                                    struct str to, struct str digits)
{
	for (size_t i = t->n_made; i-- > 0;) {
		const struct made *m = &t->made[i];
		const bool is_nonce = strcmp(m->kind, "nonce") == 0;

		if ((kind != NULL && strcmp(m->kind, kind) != 0) ||
		    (is_nonce && !str_eq(m->to, to)))
			continue;
		if (str_eq(m->digits, digits))
			return m;
		if (kind != NULL && is_nonce)
			return NULL;
	}
	return NULL;
}

static const char *bind(struct teller *t, const char *kind, struct str to,
                        struct str digits)
{
	const struct made *known = find_made(t, kind, to, digits);
	struct made *m = &t->made[t->n_made];
	int n = 1;

	if (known != NULL)
		return known->name;
	if (t->n_made == PATTERN_VARS)
		return "*";
	for (size_t i = 0; i < t->n_made; i++)
		n += strcmp(t->made[i].kind, kind) == 0 ? 1 : 0;
	*m = (struct made){ .kind = kind, .to = to, .digits = digits };
	(void)snprintf(m->name, sizeof(m->name), n > 1 ? "%s%d" : "%s", kind, n);
	t->n_made++;
	return m->name;
}

/* The variable for s.p[at..at+n), or NULL; a reply gives them, a text repeats them. */
static const char *variable(struct teller *t, struct str s, size_t at, size_t n,
                            struct str who, bool is_reply)
{
	const struct str digits = { s.p + at, n };
	const char *kind = is_reply ? places_name(t->places, s, at, n) : NULL;
	const struct made *m;

	if (is_reply)
		return kind != NULL ? bind(t, kind, who, digits) : NULL;
	m = find_made(t, NULL, who, digits);
	return m != NULL ? m->name : NULL;
}

/* Appends s as a pattern. */
static void put_pattern(struct teller *t, struct str s, struct str who, bool is_reply)
{
	size_t plain = 0;

	for (size_t i = 0; i < s.n;) {
		const size_t n = run_of_digits(s, i);
		const char *name = n > 0 ? variable(t, s, i, n, who, is_reply) : NULL;

		if (name != NULL) {
			pattern_quote((struct str){ s.p + plain, i - plain }, t->out);
			buf_printf(t->out, "{%s}", name);
			plain = i + n;
		}
		i += n > 0 ? n : 1;
	}
	pattern_quote((struct str){ s.p + plain, s.n - plain }, t->out);
}

/* One-time codes are secrets: the same made-up one in the reply and in the texts behind. */
static void redact_codes(struct teller *t, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const size_t n = run_of_digits(s, i);
		const char *kind = n > 0 ? places_name(t->places, s, i, n) : NULL;

		if (kind != NULL && strcmp(kind, "passcode") == 0)
			(void)redact_secret(t->redact, (struct str){ s.p + i, n });
	}
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

static void tell_text(struct teller *t, struct said *x, struct str who)
{
	const enum coding coding = coding_of_dcs(x->data_coding, CODING_GSM7);
	const bool faithful = is_faithful(x, coding);

	t->tally->texts++;
	find_told(t, x);
	buf_puts(t->out, redact_number(t->redact, x->from));
	put_notes(t, x, coding, faithful);
	buf_puts(t->out, STR(" > "));
	if (faithful)
		put_pattern(t, x->told, who, false);
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
			tell_text(t, x, e->number);
		else
			leave_out(t, x);
	}
	for (size_t i = 0; i < e->replies.n; i++) {
		t->tally->replies++;
		if (before == t->tally->texts)
			buf_printf(t->out, "%.*s ",
			           STR_ARG(redact_number(t->redact, e->number)));
		buf_puts(t->out, STR("< "));
		redact_codes(t, e->replies.row[i]->text);
		put_pattern(t, redacted(t, e->replies.row[i]->text, false), e->number,
		            true);
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
		            .places = places_create(assets, talk->arena),
		            .arena = talk->arena,
		            .match = arena_make((size_t)MATCH_ARENA * 2) };

	if (talk->exchanges.n > 0)
		put_clock(&t, talk->exchanges.row[0]->at_ms / 1000);
	for (size_t i = 0; i < talk->exchanges.n; i++)
		tell_exchange(&t, talk->exchanges.row[i]);
	arena_free(&t.match);
	grammar_matcher_destroy(t.matcher);
}
