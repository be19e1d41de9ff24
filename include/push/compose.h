/*
 * compose.h - the texts of a campaign: compiled once with all that law and house ask for,
 * rendered for each target.
 *
 * A commercial text gets its way out and signature from the rules (push.conf), at its end;
 * it names prices by {fee} or {price}, never by digits before 元 or "yuan" of its own,
 * promises nothing superlative, and stays within the campaign's segments for every target.
 */
#ifndef PUSH_COMPOSE_H
#define PUSH_COMPOSE_H

#include "base/buf.h"
#include "model/tools.h"
#include "push/campaign.h"
#include "push/rules.h"

/*
 * X(NAME, name, longest octets): variables of a text; one that has no value leaves out its
 * [part]
 */
#define PUSH_VARIABLE_LIST(X)                                                  \
	X(NAME, "name", 60)       /* of the offer, in the text's language */   \
	X(FEE, "fee", 12)         /* yuan a month, or once */                  \
	X(SAVING, "saving", 12)   /* yuan a month, from his own bills */       \
	X(REASON, "reason", 240)  /* the sentence from his own bills */        \
	X(VOLUME, "volume", 24)   /* what it holds: "10GB" */                  \
	X(UNTIL, "until", 24)     /* the last day of the offer */              \
	X(DAYS, "days", 6)        /* of a trial, or that something is valid */ \
	X(PRICE, "price", 12)     /* yuan, of a flash sale */                  \
	X(POINTS, "points", 10)   /* that it costs */                          \
	X(LEFT, "left", 10)       /* of a stock, as it is sent */              \
	X(GIFT, "gift", 60)       /* what comes with it */                     \
	X(REPLY, "reply", 6)      /* what to answer: "1" */                    \
	X(PACKAGE, "package", 60) /* that he has */                            \
	X(LINK, "link", 0)        /* content.link, with a token of his own */

enum push_variable {
#define X(constant, name, most) PUSH_VAR_##constant,
	PUSH_VARIABLE_LIST(X)
#undef X
	PUSH_VARIABLES
};

/* What is offered under a code. */
struct ware {
	struct str code;               /* as it is ordered */
	const char *intent;            /* "flash.buy" */
	const struct package *package; /* NULL: none */
	const struct tool *tool;       /* NULL: none */
};
/* Whether that kind offers tools, not packages and services. */
bool ware_is_tool(enum campaign_kind k);
/* False: nothing of that kind has the code.  tools may be NULL. */
bool ware_find(enum campaign_kind k, struct str code, const struct catalogue *packages,
               const struct tools *tools, struct ware *out);
/* The next tool behind `at` (NULL: the first) that the kind may offer, or NULL. */
const struct tool *ware_next(enum campaign_kind k, const struct tools *tools,
                             const struct tool *at);

/* A sale that has not begun, or is over, is on sale no more than a package off sale. */
bool ware_on_sale(const struct ware *w, int64_t now);
/* What is left of it; INT64_MAX: no limit, or none is known. */
int64_t ware_stock(const struct ware *w, const struct stocks *stocks);
/* enum need bits that texts and stock of that kind want. */
unsigned compose_loads(enum campaign_kind k);

struct composed; /* all arms in all languages; immutable */

/* ERR_SYNTAX, ERR_RANGE with all faults: arm, language, position, what to do. */
MUST_CHECK enum err compose_make(const struct campaign *c, const struct push_rules *r,
                                 struct composed **out, const struct faults *faults);
void compose_free(struct composed *c); /* NULL is fine */
/* Gives ERR_RANGE with a fault of an arm's text, as campaign_complain() does. */
enum err compose_complain(const struct campaign *c, unsigned arm, enum language l,
                          const struct faults *faults, const char *fmt, ...)
	PRINTF_LIKE(5, 6);

/* That in which an arm's text is rendered for it: zh_hans where the arm has none in it. */
enum language compose_language(const struct composed *c, unsigned arm, enum language l);

/*
 * Appends the text in that language (compose_language); values[]: of
 * enum push_variable, p NULL: none.  Gives its segments, 0: more than the campaign allows.
 */
unsigned compose_render(const struct composed *c, unsigned arm, enum language language,
                        const struct str values[PUSH_VARIABLES], struct buf *out);

/* The values that are known of the offered package: NAME, FEE, VOLUME; in a. */
void compose_values(const struct package *p, enum language language, struct arena *a,
                    struct str values[PUSH_VARIABLES]);

struct compose_case {
	const struct campaign *campaign;
	const struct target_row *target;
	struct str package; /* that he has */
	enum language language;
	const uint8_t *salt; /* of the campaign, CAMPAIGN_SALT */
	const struct catalogue *packages;
	const struct tools *tools;   /* NULL: none */
	const struct stocks *stocks; /* NULL: all is there still */
	int64_t now;                 /* UTC s */
};
/* All of them for a target; in a. */
void compose_target(const struct compose_case *k, struct arena *a,
                    struct str values[PUSH_VARIABLES]);
/* content.link with that token in it; in a. */
struct str compose_link(const struct campaign *c, struct str token, struct arena *a);
/* Whether another system has something to do beside each message. */
bool compose_hands(const struct campaign *c);
/* Bits of the variables that an arm's text cannot do without in that language. */
uint32_t compose_needs(const struct composed *c, unsigned arm, enum language language);
const char *compose_name(enum push_variable v);
/* Until when "1" is the offer of a message of then: the last second of that local day. */
int64_t compose_until(const struct campaign *c, int64_t now);

#endif
