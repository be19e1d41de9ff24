/*
 * package.h - packages (main tariffs, add-ons, value-added services) and their list.
 */
#ifndef MODEL_PACKAGE_H
#define MODEL_PACKAGE_H

#include "base/arena.h"
#include "base/str.h"
#include "model/outer.h"
#include "model/subscriber.h"

enum package_kind {
	PACKAGE_MAIN,
	PACKAGE_ADDON,
	PACKAGE_VAS
};

/* The kind's name in files: "main", "addon", "vas"; NULL past the end. */
const char *package_kind_name(enum package_kind k);

enum {
	PACKAGE_CLASSES = 2 /* of customers: enum sub_class */
};

/* What its customers use, a month: the mean of closed months; model/typical.h. */
struct typical {
	int64_t people; /* of whom it is; 0: not known */
	int64_t voice_s, sms, data_kib;
};

struct package {
	struct str code; /* unique; "58", "LLB10" */
	struct str name_zh, name_en;
	struct str name_hant;           /* "": name_zh is shown in Traditional, too */
	int64_t fee_fen;                /* a month */
	int64_t voice_s, sms, data_kib; /* included a month */
	int64_t over_voice_li_per_min;
	int64_t over_sms_li;
	int64_t over_data_fen_per_block;
	int64_t data_block_kib; /* 0: data is not charged by volume */
	/* Most that each costs a month beyond its allowance; 0: no cap. */
	int64_t over_voice_cap_fen, over_sms_cap_fen, over_data_cap_fen;
	struct outer outer[DIMS]; /* other prices further out */
	int64_t cost_fen;         /* the operator's own; never shown to subscribers */
	struct str network;       /* "4G", "5G"; free text */
	enum package_kind kind;
	bool on_sale;
	struct typical typical[PACKAGE_CLASSES]; /* worked out, not imported */
	int64_t popular; /* likewise: who ordered it of late; model/popular.h */
};

/* All packages, sorted by code; small (hundreds), held in memory. */
struct catalogue {
	struct package *package; /* owned with their strings, by whoever loaded it */
	size_t n;
};

/* NULL when there is none. */
const struct package *catalogue_find(const struct catalogue *c, struct str code);

/*
 * All that a subscriber is promised by it, as text to compare and to keep:
 * "38|3800|7200|0|10485760|..." - code, fee in fen, included seconds, texts and KiB, prices
 * beyond.  The code and the fee can be read again: package_terms_fee().
 */
struct str package_terms(const struct package *p, struct arena *a);
/* The fee in fen of such a text; -1: it is none. */
int64_t package_terms_fee(struct str terms);

/* The name in the language asked for, else in another, else the code. */
struct str package_name(const struct package *p, enum language language);

/*
 * What a month's use comes to beyond the allowance: so many minutes, texts or blocks of data
 * begun at each price.  Voice is charged by the minute begun, data by the block begun.
 */
struct overuse {
	unsigned n; /* 0: nothing beyond, or data that is not charged by volume */
	struct {
		int64_t count, li; /* of one */
	} step[OUTER_TIERS + 1];
	int64_t cap_fen; /* 0: no cap */
	int64_t fen;     /* half a fen is one; no more than the cap */
};
/* used: seconds, texts, KiB. */
struct overuse package_overuse(const struct package *p, enum tariff_dim d, int64_t used);

/* A month under a tariff: fee, then each kind beyond its allowance. */
struct tariff_bill {
	int64_t fee_fen, over_voice_fen, over_sms_fen, over_data_fen;
	int64_t total_fen;
};
struct tariff_bill tariff_bill(const struct package *p, int64_t voice_s, int64_t sms,
                               int64_t data_kib);

#endif
