/*
 * rehearse.h - what new tariffs or limits would do, before they are sold.
 *
 * The kernel over the catalogue with the rehearsed packages in it, subscribers in as many
 * portions as the caller likes.  Their months are taken to come again.  Three courses:
 *
 *   stay    nobody moves; only who holds a package that is changed pays otherwise
 *   ask     everybody asks and takes the cheapest that he may have (offer_cheapest())
 *   push    who is offered something by the guards takes it (offer_best(), of those kept)
 */
#ifndef OFFER_REHEARSE_H
#define OFFER_REHEARSE_H

#include "offer/mass.h"

#define REHEARSE_COURSES(X) X(STAY, "stay") X(ASK, "ask") X(PUSH, "push")

enum rehearse_course {
#define X(constant, name) REHEARSE_##constant,
	REHEARSE_COURSES(X)
#undef X
	REHEARSE_COURSE_COUNT
};
const char *rehearse_course_name(enum rehearse_course c);

enum {
	REHEARSE_DEPTHS = 21, /* over -45 %, steps of 5 %, 0 alone, .. over 45 % */
	REHEARSE_DEPTH_STEP = 5,
	REHEARSE_YUAN = 201, /* bands of a yuan: -100 and more .. 100 and more */
	REHEARSE_NOUGHT = REHEARSE_YUAN / 2
};

/* Money is li a month, each subscriber's rounded down to the li. */
struct rehearsed {
	int64_t revenue_li, margin_li;
	size_t *moves; /* [from * tariffs + to], by index; from may be to */
	size_t winners, losers, same; /* pay less, more, as much as now */
	int64_t won_li, lost_li;      /* by how much, both >= 0 */
	size_t depth
		[REHEARSE_DEPTHS]; /* what is saved of the present bill without add-ons */
	size_t yuan[REHEARSE_YUAN]; /* what is saved, of those whose bill changes */
	/*
	 * Insured: chosen by the months before the last insured_months, what the new package
	 * would have been dearer in these, in fen; and of how many.  Not of who stays.
	 */
	int64_t reserve_fen;
	size_t insured, credited;
};

struct rehearsal {
	const struct tariffs *tariffs; /* with the rehearsed packages */
	const struct tariff
		*was;  /* [tariffs->n]: as they are now; package NULL: is new */
	bool *changed; /* [tariffs->n]: whether these differ */
	const struct policy *policy;
	struct policy earlier;         /* without the months that are insured */
	size_t subjects;               /* of whom something can be said; */
	size_t unknown;                /* without main package or months */
	size_t thin;                   /* of subjects: fewer months than months_least */
	int64_t revenue_li, margin_li; /* now */
	struct rehearsed course[REHEARSE_COURSE_COUNT];
	struct mass_present *present; /* of a portion; owned */
	struct mass_candidate *out;
	size_t room;
};

/* All but what rehearsal_end() frees is borrowed or in the arena. */
struct rehearsal rehearsal_begin(const struct tariffs *t, const struct tariff *was,
                                 const struct policy *policy, struct arena *a);
void rehearse(struct rehearsal *r, const struct usage_set *u,
              const struct mass_subjects *s);
void rehearsal_end(struct rehearsal *r);

/* The least band at or below which that share (0..100) of the counted lie; in yuan. */
int rehearsed_percentile(const struct rehearsed *c, unsigned percent);

/* From one package to another under a course, most first; those who stay are left out. */
struct rehearsed_move {
	size_t from, to, n;
};
size_t rehearsed_moves(const struct rehearsal *r, enum rehearse_course c, struct arena *a,
                       struct rehearsed_move **out);

#endif
