/*
 * note.c - the notes in brackets of a text in a story; see replay/story.h.
 */
#include <stdlib.h>

#include "replay/story.h"

enum note_kind {
	NOTE_FLAG,
	NOTE_WORD,
	NOTE_NUMBER,
	NOTE_CODING,
	NOTE_PART
};

struct note_rule {
	const char *word;
	enum note_kind kind;
	size_t at;        /* offset of the member */
	int64_t min, max; /* of a number; of a coding, min is the coding */
};

#define AT(member) offsetof(struct story_note, member)
/* Longer words before those that begin them. */
/* clang-format off */
static const struct note_rule rules[] = {
	{ "to",            NOTE_WORD,   AT(to), 0, 0 },
	{ "link",          NOTE_WORD,   AT(group), 0, 0 },
	{ "untrusted",     NOTE_FLAG,   AT(untrusted), 0, 0 },
	{ "lost",          NOTE_FLAG,   AT(lost), 0, 0 },
	{ "too many",      NOTE_FLAG,   AT(too_many), 0, 0 },
	{ "hex",           NOTE_FLAG,   AT(hex), 0, 0 },
	{ "times",         NOTE_NUMBER, AT(times), 1, 65536 },
	{ "session",       NOTE_NUMBER, AT(session), 1, 1000000 },
	{ "reply session", NOTE_NUMBER, AT(reply_session), 1, 1000000 },
	{ "refused",       NOTE_NUMBER, AT(refused), 1, 0xffff },
	{ "dcs",           NOTE_NUMBER, AT(dcs), 0, 255 },
	{ "gsm7",          NOTE_CODING, AT(coding), CODING_GSM7, 0 },
	{ "latin1",        NOTE_CODING, AT(coding), CODING_LATIN1, 0 },
	{ "ascii",         NOTE_CODING, AT(coding), CODING_ASCII, 0 },
	{ "ucs2",          NOTE_CODING, AT(coding), CODING_UCS2, 0 },
	{ "binary",        NOTE_CODING, AT(coding), CODING_BINARY, 0 },
	{ "part",          NOTE_PART,   AT(udh), 1, 0 },
	{ "sar",           NOTE_PART,   AT(udh), 0, 0 },
};
/* clang-format on */
#undef AT

enum err story_number(struct str s, int64_t *out)
{
	char digits[20], *end;
	unsigned long long v;

	if (!str_starts(s, STR("0x")))
		return str_i64(s, out);
	if (s.n < 3 || s.n > 2 + 8)
		return ERR_SYNTAX;
	memcpy(digits, s.p + 2, s.n - 2);
	digits[s.n - 2] = '\0';
	v = strtoull(digits, &end, 16);
	if (*end != '\0' || digits[0] == '-' || digits[0] == '+' || digits[0] == ' ')
		return ERR_SYNTAX;
	*out = (int64_t)v;
	return ERR_OK;
}

static bool number_within(struct str s, int64_t min, int64_t max, int64_t *out)
{
	int64_t v;

	if (story_number(str_trim(s), &v) != ERR_OK || v < min || v > max)
		return false;
	*out = v;
	return true;
}

/* "1/2 ref 7" */
static bool take_part(struct str s, struct story_note *out)
{
	struct str seq, total, ref;

	return str_cut(&s, '/', &seq) && str_cut(&s, ' ', &total) &&
	       str_cut(&s, ' ', &ref) && str_eq(ref, STR("ref")) &&
	       number_within(seq, 0, 255, &out->seq) &&
	       number_within(total, 0, 255, &out->total) &&
	       number_within(s, 0, 0xffff, &out->ref);
}

static bool apply(const struct note_rule *r, struct str value, struct story_note *out)
{
	char *const at = (char *)out + r->at;

	switch (r->kind) {
	case NOTE_FLAG:
		memcpy(at, &(bool){ true }, sizeof(bool));
		return value.n == 0;
	case NOTE_WORD:
		memcpy(at, &value, sizeof(value));
		return value.n > 0;
	case NOTE_NUMBER: {
		int64_t v;

		if (!number_within(value, r->min, r->max, &v))
			return false;
		memcpy(at, &v, sizeof(v));
		return true;
	}
	case NOTE_CODING:
		out->coding = (enum coding)r->min;
		out->has_coding = true;
		return value.n == 0;
	case NOTE_PART:
		out->udh = r->min == 1;
		return take_part(value, out);
	}
	return false;
}

/* The rule whose word is the whole note or is followed by a blank. */
static const struct note_rule *find_rule(struct str note)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct str word = str_of(rules[i].word);

		if (str_starts(note, word) && (note.n == word.n || note.p[word.n] == ' '))
			return &rules[i];
	}
	return NULL;
}

static enum err take_note(struct str note, struct story_note *out, struct fault *fault)
{
	const struct note_rule *r = find_rule(note);
	size_t n;

	if (r == NULL) {
		fault_set(
			fault,
			"unknown note [%.*s]; known are to, link, untrusted, lost, too many, "
			"hex, times, session, reply session, refused, dcs, gsm7, latin1, "
			"ascii, ucs2, binary, part, sar",
			STR_ARG(note));
		return ERR_SYNTAX;
	}
	n = strlen(r->word);
	if (apply(r, str_trim((struct str){ note.p + n, note.n - n }), out))
		return ERR_OK;
	fault_set(fault, "note [%.*s]: %s", STR_ARG(note),
	          r->kind == NOTE_PART     ? "expected such as [part 1/2 ref 7]"
	          : r->kind == NOTE_NUMBER ? "expected a number within its range"
	          : r->kind == NOTE_WORD   ? "expected a word behind it"
	                                   : "expected nothing behind the word");
	return ERR_SYNTAX;
}

enum err story_parse_notes(struct str notes, struct story_note *out, struct fault *fault)
{
	enum err e;

	for (notes = str_trim(notes); notes.n > 0; notes = str_trim(notes)) {
		const size_t close = str_find(notes, STR("]"));

		if (notes.p[0] != '[' || close == SIZE_MAX) {
			fault_set(fault, "expected [note] at \"%.*s\"", STR_ARG(notes));
			return ERR_SYNTAX;
		}
		e = take_note((struct str){ notes.p + 1, close - 1 }, out, fault);
		if (e != ERR_OK)
			return e;
		notes = (struct str){ notes.p + close + 1, notes.n - close - 1 };
	}
	return ERR_OK;
}
