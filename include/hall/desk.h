/*
 * desk.h - what people and shops do, and what they promise, as data: orders that end
 * elsewhere, the question list, shops, hours.  Read from the grammar folder.
 *
 * All of it is made once, in an arena, and immutable afterwards; strings lie there.
 */
#ifndef HALL_DESK_H
#define HALL_DESK_H

#include "hall/replies.h"
#include "text/fold.h"

enum {
	DESK_KEYS = 24, /* of a question, or a region's names */
	DESK_ERRANDS = 64,
	DESK_QUESTIONS = 256,
	DESK_SHOPS = 4096,
	DESK_NEAR = 3, /* questions that a menu offers */
	DESK_ANSWER_SEGMENTS = 3
};

/* An order that ends elsewhere; by enum language. */
struct errand {
	struct str code;
	struct str desk; /* who does it: "shop", "installer", "web" */
	int days;        /* within which; 1..366 */
	int promise; /* days within which the desk does its part; 0: he comes himself */
	bool by_himself; /* no desk has anything to do: desk = "self" */
	struct str name[LANG_COUNT], papers[LANG_COUNT], where[LANG_COUNT];
};

struct keys {
	struct str key[DESK_KEYS]; /* folded */
	size_t n;
};

/* By enum language. */
struct question {
	struct str id;
	struct str title[LANG_COUNT], answer[LANG_COUNT];
	struct keys keys; /* of all languages */
};

struct shop {
	struct keys regions;
	struct str name, address, hours, english;
	struct str hant_name, hant_address; /* as name and address where none is given */
	struct str hant_place;              /* "": as the first of regions */
};

struct desk {
	const struct fold *fold; /* borrowed; NULL: nothing can be searched */
	struct errand *errand;
	size_t n_errands;
	struct question *question;
	size_t n_questions;
	struct shop *shop;
	size_t n_shops;
	int agent_minutes;           /* for each hand-over; 0: nothing is promised */
	int agent_people;            /* at least 1 when minutes are given */
	int agent_from, agent_until; /* hours of the day, 0..24 */
	int complaint_hours, suggestion_hours;
};

/* The files; one with n == 0 says nothing. */
struct desk_files {
	struct reply_file errands, rules, questions[LANG_COUNT];
	const char *shops_path;
	struct str shops;
};

/*
 * Fills *out from the files.  ERR_SYNTAX with a fault, "file:line: what was expected".
 */
MUST_CHECK enum err desk_make(const struct desk_files *files, const struct fold *fold,
                              struct arena *a, struct desk *out, struct fault *fault);

/* desk may be NULL in these. */
const struct errand *desk_errand(const struct desk *d, struct str code);
const struct question *desk_question(const struct desk *d, struct str id);

/*
 * The questions that the text is nearest to, best first: 0..DESK_NEAR of them.  One
 * alone when it is clearly the best.
 */
size_t desk_search(const struct desk *d, struct str text, struct arena *a,
                   const struct question *out[DESK_NEAR]);

/*
 * The question that a text is about which is no command: a key of it stands in the text
 * whole and is a good part of it, and no other question's does so better; or NULL.
 */
const struct question *desk_about(const struct desk *d, struct str text, struct arena *a);

/* The shops of a region, in the file's order: those that it names, at most max. */
size_t desk_shops(const struct desk *d, struct str region, struct arena *a,
                  const struct shop **out, size_t max);

#endif
