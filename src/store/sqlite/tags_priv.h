/*
 * tags_priv.h - what the files of tags share: the words of rules, rows of `known`, rules
 * at work.
 */
#ifndef STORE_SQLITE_TAGS_PRIV_H
#define STORE_SQLITE_TAGS_PRIV_H

#include "sqlite_priv.h"
#include "store/people.h"
#include "store/tags.h"

/* ---- known ---- */

enum known_column {
#define X(name, type, source, what) KNOWN_##name,
#include "store/known.def"
#undef X
	KNOWN_COLUMNS
};
_Static_assert(KNOWN_COLUMNS <= 64, "columns are bits of a uint64_t");

struct known_value {
	enum {
		KNOWN_NULL,
		KNOWN_INT,
		KNOWN_TEXT
	} type;
	int64_t i;
	struct str text;
};

struct known {
	int64_t msisdn, owner_since;
	struct known_value v[KNOWN_COLUMNS];
};

struct known_slice {
	int64_t from, to_most; /* numbers behind from, up to to_most */
	size_t rows;           /* at most */
	int64_t now;           /* UTC s */
	uint64_t columns;      /* that are wanted: bits of known_column */
	const struct policy *policy;
	struct known *row;
	size_t n;
};

/* tags_known.c: packages: of catalogue_find().  Rows and texts in a. */
MUST_CHECK enum err known_load(struct sql *q, const struct catalogue *packages,
                               struct arena *a, struct known_slice *s);

/*
 * tags_people.c: its rows, with what is known by a walk along the people and those tables
 * beside (bits of people_beside).  ERR_BUSY: out of time.
 */
MUST_CHECK enum err known_people(struct sql *q, const struct catalogue *packages,
                                 struct arena *a, unsigned beside, struct known_slice *s);

/* Told once: the library takes long for dates. */
struct known_now {
	int64_t at; /* UTC s */
	struct civil today;
	month_t month;
	int64_t month_begins;
};

static inline void known_set(struct known *k, enum known_column c, int64_t v)
{
	k->v[c] = (struct known_value){ .type = KNOWN_INT, .i = v };
}

static inline void known_set_text(struct known *k, enum known_column c, struct str s)
{
	k->v[c] = (struct known_value){ .type = KNOWN_TEXT, .text = s };
}

/* ---- tags_usage.c: pure ---- */

/* main: the main package, or NULL. */
void known_set_usage(struct known *k, const struct package *main,
                     const struct store_person *p, const struct known_now *now);

/* ---- tags_recent.c: pure ---- */

enum {
	KNOWN_LIST_OCTETS = 512
};
/* What the add-ons that are open give. */
struct known_addons {
	int64_t voice_s, data_kib;
};
void known_set_month(struct known *k, const struct package *main,
                     const struct store_person *p, const struct known_addons *addons,
                     const struct known_now *now);
/* Adds one to a list that lacks it; what passes KNOWN_LIST_OCTETS is left out. */
void known_add_code(struct known *k, enum known_column c, struct str code,
                    struct arena *a);

/* ---- tags_words.c: pure ---- */

enum tag_word_kind {
	WORD_END,
	WORD_COLUMN, /* which: of known_column */
	WORD_KEYWORD,
	WORD_FUNCTION,
	WORD_NUMBER,
	WORD_TEXT, /* a string, with its quotes */
	WORD_SIGN,
	WORD_SEMICOLON,
	WORD_BAD /* why says what is wrong with it */
};

struct tag_word {
	enum tag_word_kind kind;
	struct str text;
	size_t which;
	const char *why;  /* of a bad one */
	const char *near; /* the column that it resembles, or NULL */
};

/* The word at octet *at, behind blanks; *at moves behind it. */
struct tag_word tag_word_next(struct str rule, size_t *at);
bool tag_word_is(const struct tag_word *w, const char *keyword);
/* Whether a rule may call that function; the authorizer's question. */
bool tag_function_is_known(const char *name);
const char *known_name(size_t column);

/* ---- rules ---- */

struct tag_part {
	size_t at, n;     /* of its expression in the rule or score */
	int64_t points;   /* of a score; else 0 */
	uint64_t columns; /* that it speaks of */
};

struct tag_rule {
	struct tag_def def;
	size_t first, n; /* parts */
	uint64_t columns;
};

struct tag_rules {
	struct arena arena;
	struct tag_rule rule[TAGS_MAX];
	struct tag_def def[TAGS_MAX];
	struct tag_part part[TAG_PARTS_MAX];
	size_t n, n_parts;
	uint64_t columns; /* that any of them speaks of */
	int64_t revision;
	struct policy policy; /* by which stages are told */
	struct fault fault;
	struct sql memory;  /* an empty database */
	sqlite3_stmt *work; /* a column of result for each part */
	int steps;          /* of the virtual machine, within one evaluation */
	char digits[TAGS_MAX][24];
};

/* ---- tags_read.c ---- */

/* A definition that is being read; its rule is r->rule[r->n]. */
struct tag_reading {
	struct tag_rules *r;
	const char *path;
	const struct tag_def *def;
	struct fault *fault;
};

/* Adds the parts of g->def to the rules. */
MUST_CHECK enum err tag_read(const struct tag_reading *g);
/* Sets the fault: why, and where: an octet of the rule.  Gives e. */
enum err tag_refuse(const struct tag_reading *g, size_t at, struct str word,
                    const char *why, enum err e);

/* ---- tags_rules.c ---- */

/* Index of the definition, or TAGS_MAX. */
size_t tag_rules_find(const struct tag_rules *r, struct str name);
/*
 * What each definition says of k: value[i], "" when it does not hold; alive until the
 * next call.
 */
MUST_CHECK enum err tag_rules_say(struct tag_rules *r, const struct known *k,
                                  struct str *value);
/* Of the last tag_rules_say(): "+30 over_months >= 2 (over_months=4)". */
void tag_rules_why(struct tag_rules *r, const struct known *k, size_t i, struct buf *out);

#endif
