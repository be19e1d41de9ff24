/*
 * campaign.h - what a campaign is to do: its definition, from a file of named texts such
 * as etc' campaigns (grammar of the file: src/push/definition.c has its table).
 *
 *   campaign = { code = "LL10-1"; title = "..."; kind = "match"; category = "data";
 *                owner = "anna"; };
 *   audience = { where = "over_months >= 3"; };
 *   offer    = { codes = "LL10, LL20"; days = "7"; };
 *   content  = { link = "https://…/{token}"; mms = "tone-guide"; };
 *   time     = { from = "2026-11-25"; until = "2026-12-05"; hours = "09:00-20:30"; };
 *   arm_a    = { share = "50"; zh_hans = "您近{months}个月…回复1办理"; en = "…"; };
 *   arm_b    = { share = "50"; zh_hans = "…"; };
 *
 * Immutable once made; strings lie in the arena that it was made in.  Shares are in
 * 1/10,000, money in li, times of day in minutes from local midnight.
 */
#ifndef PUSH_CAMPAIGN_H
#define PUSH_CAMPAIGN_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/campaign.h"
#include "model/notices.h"
#include "model/package.h"
#include "model/subscriber.h"

/* X(constant, name, commercial) */
#define CAMPAIGN_KIND_LIST(X)                                               \
	X(MATCH, "match", true) /* the matcher's best for each */           \
	X(CROSS, "cross", true) /* by what is held together */              \
	X(TRIAL, "trial", true) /* free for some days, then ends */         \
	X(FLASH, "flash", true)                                             \
	X(COUPON, "coupon", true)                                           \
	X(GIFT, "gift", true)                                               \
	X(BROADCAST, "broadcast", true) /* one offer, or none, for all */   \
	X(CARE, "care", false)          /* a notice of service; no offer */ \
	X(SURVEY, "survey", false)      /* asks; no offer */

enum campaign_kind {
#define X(constant, name, commercial) CAMPAIGN_KIND_##constant,
	CAMPAIGN_KIND_LIST(X)
#undef X
	CAMPAIGN_KINDS
};
const char *campaign_kind_name(enum campaign_kind k);
bool campaign_kind_sells(enum campaign_kind k); /* commercial */

enum {
	CAMPAIGN_TEXT_MAX = 65536, /* octets of a definition */
	CAMPAIGN_ARMS = 8,
	CAMPAIGN_OFFERS = 64,
	CAMPAIGN_AFTER = 8,
	CAMPAIGN_HELD_LEAST_BP = 500, /* held out, both groups together */
	ARM_CONTROL = 254,            /* this campaign's hold-out */
	ARM_UNIVERSAL = 255           /* that of all campaigns of a year */
};

/* Where its file says something. */
struct campaign_place {
	struct str key; /* "offer.codes" */
	int line;       /* 0: it is missing */
	bool misread;
};

struct campaign_arm {
	struct str name;   /* "a": of arm_a */
	unsigned share_bp; /* of those that are not held out; all together 10,000 */
	struct str text
		[LANG_COUNT]; /* templates, push/compose.h; zh_hans at least, "" none */
};

struct campaign {
	struct str code, title, owner;
	enum campaign_kind kind;
	enum pref_category category;
	struct str where; /* audience: a rule as in tags.conf; "": everybody */
	struct str offer[CAMPAIGN_OFFERS]; /* codes; none: whatever is on sale and fits */
	size_t n_offers;
	bool grant; /* kind trial: begun with the message, and "1" asks to keep it */
	/*
	 * https://... with {token} where each target's own goes; {link} of a text.  "": none.
	 * What a connector calls the multimedia message that goes with it; "": none.
	 */
	struct str link, mms;
	int offer_days; /* "1" is that offer at that price for so long */
	/* When it is drawn: once at its start, each day (who fits and is no target yet), or */
	bool daily;
	struct str after[CAMPAIGN_AFTER]; /* behind the answer of one of these intents */
	size_t n_after;
	int64_t from, until;  /* UTC s: nothing leaves outside */
	int from_min, to_min; /* of a local day */
	bool holidays;        /* also on the days of push.conf's list */
	unsigned control_bp;
	unsigned rate_per_s; /* segments; 0: as fast as answers allow */
	int64_t most;        /* targets that are sent; 0: no limit */
	int64_t budget_li;   /* segments, gifts and discounts; 0: no limit */
	int64_t stock;       /* of each offer, sent so often at most; 0: no limit */
	int64_t orders;      /* expected, that people can carry out; 0: no limit */
	unsigned profit_bp; /* margins of those who accept, of their bills; 0: no limit */
	struct str stages;  /* "new=500": so many people of a stage; "": no limit */
	unsigned worth; /* 1: no offers that are expected to cost more than they bring */
	unsigned segments_most; /* of a text, 1..4 */
	unsigned priority;      /* 0..9; of two, the higher one goes first */
	unsigned margin_bp;     /* least margin of an offer; 0: the policy's */
	int attribution_days;
	struct campaign_arm arm[CAMPAIGN_ARMS];
	size_t n_arms;
	const char *nought; /* a limit that is written as 0: its key; NULL: none is */
	const char *path;   /* for faults; NULL: it is of no file */
	const struct campaign_place *place;
	size_t n_places;
};

/*
 * Reads a definition, up to CAMPAIGN_TEXT_MAX octets; name stands for it in faults.
 * ERR_SYNTAX, ERR_RANGE: name, line, key, what was expected.
 */
MUST_CHECK enum err campaign_parse(const char *name, struct str text, struct arena *a,
                                   struct campaign *out, struct fault *fault);
/*
 * The same with all faults.  With some, *out holds what could be read where faults->all is
 * set, for campaign_check() alone, unless its n_places is 0.
 */
MUST_CHECK enum err campaign_read(const char *name, struct str text, struct arena *a,
                                  struct campaign *out, const struct faults *faults);

struct buf;
struct campaign_draft {
	struct str code, owner;
	enum campaign_kind kind;
	int64_t now; /* UTC s */
};
/* Appends a definition with every key and its help, to be filled in. */
void campaign_draft(const struct campaign_draft *of, struct buf *out);

struct push_rules;
struct tools;
/*
 * What forbids to submit it: an offer that is not on sale, hours outside those of the
 * house, too little held out, an end that is over, ...  ERR_RANGE, ERR_NOT_FOUND with all
 * faults, each naming line, key and what to do; what was misread is not looked at.
 */
MUST_CHECK enum err campaign_check(const struct campaign *c, const struct push_rules *r,
                                   const struct catalogue *packages,
                                   const struct tools *tools, int64_t now,
                                   const struct faults *faults);

/* NULL: the file says nothing of that key. */
const struct campaign_place *campaign_place(const struct campaign *c, struct str key);
/* Gives e with a fault of that key: where it stands, and the words. */
enum err campaign_complain(const struct campaign *c, struct str key, enum err e,
                           const struct faults *faults, const char *fmt, ...)
	PRINTF_LIKE(5, 6);
/* Whether the file says it so that it cannot be read. */
bool campaign_misread(const struct campaign *c, struct str key);

/* Of text, rules and the terms of offers, tools among them: CAMPAIGN_HASH digits and a NUL. */
void campaign_hash(struct str text, const struct campaign *c, const struct push_rules *r,
                   const struct catalogue *packages, const struct tools *tools,
                   char out[CAMPAIGN_HASH + 1]);

#endif
