/*
 * kept.c - what is kept of a text: neither PINs nor identity numbers, wherever they stand.
 *
 * Digits that may be one (six, twelve and more in a run) stay only where the command that
 * was understood explains them: a month, the number of an order.  Where a text names what
 * is secret, or answers a question for it, no digit stays.  A digit is one in any form:
 * also a Chinese numeral, and one of several with a blank between each two.
 */
#include <stdio.h>

#include "model/secrets.h"
#include "turn_priv.h"

enum {
	MANY_DIGITS = 12, /* several PINs in one, an identity number */
	FEW_NUMERALS = 4, /* fewer Chinese ones are words: 一下, 两三次 */
	FEW_TURNS = 3     /* fewer are such words beside a number */
};

/* But no telephone number. */
static bool may_be_secret(size_t digits)
{
	return digits == PIN_DIGITS || digits >= MANY_DIGITS;
}

/* {text} is whatever was said. */
static bool is_free(const struct grammar_slot *s)
{
	return s->type == GRAMMAR_TEXT && !s->secret && strcmp(s->name, "text") == 0;
}

static bool is_among(const int *ints, size_t n, struct str digits)
{
	int64_t v;

	if (str_i64(digits, &v) != ERR_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ints[i] == v)
			return true;
	return false;
}

static bool explains(const struct grammar_slot *s, struct str digits)
{
	char month[32];

	if (s->secret || is_free(s))
		return false;
	if (s->type == GRAMMAR_INTS)
		return is_among(s->ints, s->n_ints, digits);
	if (s->type == GRAMMAR_TEXT)
		return str_find(s->text, digits) < s->text.n;
	(void)snprintf(month, sizeof(month), "%04d%02d", month_year(s->month),
	               month_of_year(s->month));
	return str_eq(digits, str_of(month));
}

static bool stays(const struct grammar_command *c, struct str digits)
{
	if (!may_be_secret(digits.n))
		return true;
	for (size_t i = 0; c != NULL && i < c->n_slots; i++)
		if (explains(&c->slot[i], digits))
			return true;
	return false;
}

/* What is to be blanked, and how. */
struct rule {
	bool all;                        /* every digit */
	const struct grammar_command *c; /* explains some; may be NULL */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Octets of the digit at i, or 0. */
static size_t digit_at(struct str s, size_t i)
{
	static const struct str numerals = {
		"零一二三四五六七八九〇○幺壹贰叁肆伍陆柒捌玖", 66
	};
	size_t at;

	if (i < s.n && is_digit(s.p[i]))
		return 1;
	if (i + 3 > s.n || (uint8_t)s.p[i] < 0xe0)
		return 0;
	at = str_find(numerals, (struct str){ s.p + i, 3 });
	return at < numerals.n && at % 3 == 0 ? 3 : 0;
}

struct run {
	size_t octets, digits;
	size_t turns; /* from 0 to 9 to Chinese numerals or back */
	bool plain;   /* together, 0 to 9 */
	bool words;   /* Chinese numerals */
};

/* Of one kind, or mixed: 8六4二1三.  8 6 4 2: one, a blank, one. */
static struct run run_of(struct str s, size_t i, bool mixed)
{
	size_t width = digit_at(s, i);
	struct run r = { width, width > 0 ? 1 : 0, 0, width == 1, width > 1 };
	bool apart = false;

	while (width > 0) {
		const size_t at = i + r.octets;
		const bool blank = at < s.n && s.p[at] == ' ';
		const size_t next = digit_at(s, at + (blank ? 1 : 0));
		const bool fits = next > 0 && (mixed || next == width);

		if (!fits || (blank ? r.digits > 1 && !apart : apart) ||
		    (blank && digit_at(s, at + 1 + next) > 0))
			break;
		apart = blank;
		r.plain = r.plain && !blank && next == 1;
		r.words = r.words && next > 1;
		r.turns += next != width ? 1 : 0;
		r.octets += next + (blank ? 1 : 0);
		r.digits++;
		width = next;
	}
	return r;
}

/*
 * 135790一直 is a PIN and a word, and so is 13800000001一直 a number and one: mixed is
 * what has the length of a PIN, or changes its kind more than a word beside a number does.
 */
static struct run run_at(struct str s, size_t i)
{
	const struct run r = run_of(s, i, true);

	return r.turns >= FEW_TURNS || (r.turns > 0 && r.digits == PIN_DIGITS)
	               ? r
	               : run_of(s, i, false);
}

static bool run_stays(const struct rule *rule, const struct run *r, struct str digits)
{
	if (rule->all)
		return r->words && r->digits < FEW_NUMERALS;
	return r->plain ? stays(rule->c, digits) : r->digits < PIN_DIGITS;
}

/* How many digits have to go; to: they become stars there, or NULL. */
static size_t blank_digits(struct str s, const struct rule *r, char *to)
{
	size_t blanked = 0;

	for (size_t i = 0; i < s.n;) {
		const struct run run = run_at(s, i);

		if (run.octets > 0 &&
		    !run_stays(r, &run, (struct str){ s.p + i, run.octets })) {
			if (to != NULL)
				memset(to + i, '*', run.octets);
			blanked += run.digits;
		}
		i += run.octets > 0 ? run.octets : 1;
	}
	return blanked;
}

static struct str blanked(struct turn *t, struct str s, const struct rule *r)
{
	char *p = arena_alloc(&t->arena, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	(void)blank_digits(s, r, p);
	return (struct str){ p, s.n };
}

static size_t count_digits(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += is_digit(s.p[i]) ? 1 : 0;
	return n;
}

/* As it came where its digits are plain and together, else folded. */
static struct str blank_text(struct turn *t, struct str text, struct str folded,
                             const struct rule *r)
{
	const size_t secret = blank_digits(folded, r, NULL);

	if (text.n <= FOLD_MAX && count_digits(folded) == count_digits(text) &&
	    blank_digits(text, r, NULL) >= secret)
		return secret == 0 ? text : blanked(t, text, r);
	return secret == 0 && text.n <= FOLD_MAX ? text : blanked(t, folded, r);
}

static struct str fold(struct turn *t, struct str text)
{
	struct folded *f = arena_new(&t->arena, struct folded);

	fold_text(t->conf.fold, text, f);
	return (struct str){ f->p, f->n };
}

/* Digits in groups of six, and nothing else: a PIN that nothing asked for. */
static bool looks_secret(struct str folded)
{
	bool any = false;

	for (size_t i = 0; i < folded.n;) {
		const struct run run = run_at(folded, i);

		if (run.digits % PIN_DIGITS != 0 ||
		    (run.octets == 0 && folded.p[i] != FOLD_SEP))
			return false;
		any |= run.digits > 0;
		i += run.octets > 0 ? run.octets : 1;
	}
	return any;
}

static bool names_secret(struct str folded)
{
	static const char *const words[] = {
		"密码",     "口令",     "验证码",   "身份证", "证件",    "证号",
		"PASSWORD", "PASSCODE", "PIN CODE", "PIN",    "ID CARD", "ID NUMBER"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_find(folded, str_of(words[i])) < folded.n)
			return true;
	return false;
}

static bool holds_secret(const struct grammar_command *c)
{
	for (size_t i = 0; i < c->n_slots; i++)
		if (c->slot[i].secret)
			return true;
	return false;
}

static bool has_free_text(const struct grammar_command *c)
{
	for (size_t i = 0; i < c->n_slots; i++)
		if (is_free(&c->slot[i]))
			return true;
	return false;
}

static bool is_all(const struct job *job, struct str folded)
{
	const struct grammar_command *c = &job->command;
	const bool open = c->intent == NULL || has_free_text(c);

	return holds_secret(c) || (open && names_secret(folded)) ||
	       looks_secret(folded) ||
	       (job->question.who != NULL && hall_secret(&job->question));
}

struct str kept_text(struct turn *t, const struct job *job)
{
	const struct str folded = job->question.who != NULL ? job->question.folded
	                                                    : fold(t, job->text);

	return blank_text(t, job->text, folded,
	                  &(struct rule){ is_all(job, folded), &job->command });
}

void kept_make(struct turn *t, struct job *job)
{
	struct hall_question *q = &job->question;
	const struct rule r = { is_all(job, q->folded), &job->command };

	job->kept = kept_text(t, job);
	q->text = job->kept;
	if (blank_digits(q->folded, &r, NULL) > 0)
		q->folded = blanked(t, q->folded, &r);
}

struct str kept_said(struct turn *t, struct str text)
{
	const struct str folded = fold(t, text);

	return blank_text(t, text, folded, &(struct rule){ names_secret(folded), NULL });
}

void kept_free_text(struct turn *t, struct grammar_command *c)
{
	for (size_t i = 0; i < c->n_slots; i++)
		if (is_free(&c->slot[i]))
			c->slot[i].text = kept_said(t, c->slot[i].text);
}
