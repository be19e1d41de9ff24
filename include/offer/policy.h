/*
 * policy.h - the marketer's limits, as data: life-cycle stages, guards, costs, weights.
 *
 * Read from grammar/offer.conf; immutable.  Shares are in 1/10,000 (basis points), money
 * is in li, so that every verdict is exact.
 */
#ifndef OFFER_POLICY_H
#define OFFER_POLICY_H

#include "base/fault.h"
#include "offer/learn.h"
#include "offer/usage.h"

/* In the order in which they are tested: the first that fits is the stage. */
#define STAGE_LIST(X)                                                              \
	X(BARRED, "barred")       /* owes, a complaint open: service texts only */ \
	X(SILENT, "silent")       /* no use for some months */                     \
	X(AT_RISK, "at_risk")     /* complained lately, or declined twice */       \
	X(NEW, "new")             /* not long here */                              \
	X(ENDING, "contract_end") /* the contract ends soon */                     \
	X(DECLINING, "declining") /* uses less and less */                         \
	X(GROWING, "growing")     /* uses more and more */                         \
	X(MATURE, "mature")

enum stage {
#define X(constant, name) STAGE_##constant,
	STAGE_LIST(X)
#undef X
	STAGES
};
const char *stage_name(enum stage s); /* as in files */
/*
 * Numbers of some stages, "new=500, at_risk=0"; the others stay.  ERR_SYNTAX: it is
 * something else.
 */
MUST_CHECK enum err stages_parse(struct str text, int64_t out[STAGES]);

struct stage_limits {
	int32_t down, up;  /* 1: packages of a lower, higher fee may be pushed unasked */
	int32_t depth_bp;  /* G1: most that an offer may save, of the present bill */
	int32_t margin_bp; /* G2: least margin of the new bill */
};

/* Which services are offered to go with what is held. */
enum services {
	SERVICES_NONE,
	SERVICES_TRIALS, /* only those that can be tried first */
	SERVICES_ALL
};

/* All members are int32_t: the file's table reaches them by offset (src/offer/policy.c). */
struct policy {
	int32_t weight
		[USAGE_MONTHS]; /* of months, oldest first; 0: is not looked at; sum 1..64 */
	struct stage_limits stage[STAGES];
	int32_t up_bp; /* G1: most that a dearer bill may cost more, of the present */
	int32_t binding_bp;   /* used so far, an allowance is binding */
	int32_t give_bp;      /* G2: most margin that is given away, of the present */
	int32_t regret_bp;    /* G3: share of months that must be no dearer */
	int32_t shock_li;     /* G4: most that the worst month may be dearer */
	int32_t material_li;  /* G5: an offer saves at least the larger of both; */
	int32_t material_bp;  /*     below 0: may cost more */
	int32_t still_months; /* G6: since the last change of the main package */
	int32_t again_days;   /* G6: before the same package is offered again */
	int32_t months_least; /* G6: usable ones */
	/*
	 * With fewer, the others are what is typical of at least so many customers; 0: never.
	 * 1: such may be pushed something all the same.
	 */
	int32_t thin_people, thin_push;
	int32_t asked_li; /* who asks is named what saves so much a month */
	int32_t insured_months; /* a package that was recommended is no dearer; 0: not promised */
	int32_t horizon; /* H: months for which an offer is valued */
	/* Assumed until campaigns have measured them: who accepts; who leaves within H, */
	struct learn_shift accept;                /* and how the offer moves that */
	int32_t accept_bp, leave_bp;              /* untold; */
	int32_t leave_accept_bp, leave_refuse_bp; /* told */
	int32_t text_li;                          /* what a segment costs */
	int32_t fatigue_li; /* what each message of the last 30 days makes one more cost */
	int32_t segments;   /* of an offer's text, where it is not written yet */
	int32_t believed;   /* what is assumed counts as if so many had been asked */
	int32_t explore_bp; /* of those a campaign is drawn for, by what acceptance may be */
	/* Services that go with what is held: enum services, by stage; */
	int32_t services[STAGES];
	/* least owners of both, least lift in bp; */
	int32_t support, lift_bp;
	/* who takes one, or a free trial of it; who leaves, told. */
	int32_t service_bp, trial_bp, service_leave_accept_bp, service_leave_refuse_bp;
	int32_t trial_kept_bp;     /* of those who tried, order it afterwards */
	int32_t cost_li_per[DIMS]; /* variable cost, li for policy_cost_units() */
	int32_t stimulated_bp;     /* more use when a binding allowance is lifted */
	int32_t trend_up_bp, trend_down_bp; /* stages growing, declining; both >= 0 */
	int32_t new_months, ending_days, silent_months;
};

/* The table of the design, with which a hall starts. */
struct policy policy_defaults(void);

/* Units that cost_li_per is the cost of: a minute, a text, a GB. */
int64_t policy_cost_units(enum tariff_dim d);

/* A text of the file, with its line: "mature.depth" is "10". */
struct policy_text {
	struct str name, text;
	int line;
};

/*
 * Puts the texts over *out, which the caller has filled.  ERR_SYNTAX or ERR_RANGE with a
 * fault that names path and line: no such limit, no number, one out of its range, no
 * weight at all.
 */
MUST_CHECK enum err policy_parse(const char *path, const struct policy_text *text,
                                 size_t n, struct policy *out, struct fault *fault);

#endif
