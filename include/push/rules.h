/*
 * rules.h - what the house allows of all campaigns: grammar/push.conf, read by
 * assets/push.c.  Versioned data: another country swaps the file.
 */
#ifndef PUSH_RULES_H
#define PUSH_RULES_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/subscriber.h"

enum {
	PUSH_HOLIDAYS = 64,
	PUSH_WORDS = 64,  /* that no text may hold */
	PUSH_PEOPLE = 32, /* managers, numbers for tests */
	PUSH_ZONES = 64
};

/* Where clocks differ from the hall's. */
struct push_zone {
	struct str region; /* as subscribers have it; "*": all that are not named */
	int minutes;       /* east of Greenwich, all year */
};

/* Who may ask for and approve campaigns by SMS. */
struct push_manager {
	int64_t msisdn;
	struct str name;
	bool approves;
};

struct push_rules {
	struct str version;
	struct str signature[LANG_COUNT]; /* "【某某移动】": the end of every text */
	struct str exit[LANG_COUNT]; /* "拒收请回复R": before it, of commercial ones */
	/* What no text may hold, such as superlatives; what may stand there all the same. */
	struct str word[PUSH_WORDS], allowed[PUSH_WORDS];
	size_t n_words, n_allowed;
	bool express;         /* consent must have been given; else not refused */
	int from_min, to_min; /* minutes of his day in which anything leaves */
	int64_t holiday[PUSH_HOLIDAYS]; /* UTC s of local midnights, ascending */
	size_t n_holidays;
	struct push_zone zone[PUSH_ZONES];
	size_t n_zones;
	unsigned cap_days, cap,
		cap_fewer;         /* contacts in so many days; who asked for fewer */
	int again_days;            /* before the same offer is made again */
	int quiet_days;            /* after a complaint */
	unsigned universal_bp;     /* held out of everything */
	struct str universal_salt; /* of the year */
	unsigned canary_first, canary_share_bp; /* 100, then 1 %, then all */
	int canary_wait_s; /* each step is looked at so long after its last */
	unsigned stop_opt_out_bp, stop_failed_bp, stop_complained_bp, stop_errors_bp;
	unsigned capacity_per_s; /* orders and services that core systems take; 0: any */
	int64_t latency_ms;      /* of theirs, above which they are spared; 0: any */
	int64_t segment_li;      /* what a segment costs */
	/* What a contact costs, and how many would have been had elsewhere. */
	int64_t counter_li, hotline_li, contact_li;
	unsigned counter_bp, hotline_bp;
	bool desk_approves; /* false: approvers by text only, each by his own number */
	struct push_manager manager[PUSH_PEOPLE];
	size_t n_managers;
	int64_t tester[PUSH_PEOPLE]; /* numbers that test messages may go to */
	size_t n_testers;
};

/* With which a hall starts; strings are static. */
struct push_rules push_rules_defaults(void);

/* A text of the file, with its line: "hours.day" is "09:00-20:30". */
struct push_text {
	struct str name, text;
	int line;
};
/* Puts the texts over *out.  ERR_SYNTAX, ERR_RANGE with a fault that names path and line. */
MUST_CHECK enum err push_rules_parse(const char *path, const struct push_text *text,
                                     size_t n, struct arena *a, struct push_rules *out,
                                     struct fault *fault);

#endif
