/*
 * assets.h - what the hall reads from the grammar folder, loaded as one thing: fold
 * table (with fold.tsv), *.gram, replies.<language>.conf, and the hall made of them.
 */
#ifndef ASSETS_ASSETS_H
#define ASSETS_ASSETS_H

#include "base/buf.h"
#include "base/fault.h"
#include "grammar/grammar.h"
#include "hall/hall.h"
#include "push/rules.h"
#include "store/tags.h"

struct assets {
	struct fold *fold;
	struct grammar *grammar;
	struct replies *replies;
	struct hall *hall;
	struct arena arena;        /* of terms */
	struct terms_list terms;   /* terms.tsv */
	struct tools tools;        /* tools.conf */
	struct policy policy;      /* offer.conf */
	struct group_rules groups; /* groups.conf */
	struct push_rules push;    /* push.conf */
	struct desk desk;          /* errands.conf, desk.conf, faq.*.conf, stores.tsv */
};

/*
 * Loads all from folder.  now (UTC seconds) is what months in the grammar's examples
 * are read against.  hall and its strings are copied where they are kept.  Lint's
 * complaints and warnings are appended to report (may be NULL), one a line.
 * On error the fault names file, line and remedy.
 */
MUST_CHECK enum err assets_load(const char *folder, const struct hall_conf *hall,
                                int64_t now, struct assets **out, struct buf *report,
                                struct fault *fault);
/*
 * The same without lint and the grammar's examples, in a fraction of the time: for those
 * who ask beside a hall that was started with that folder.
 */
MUST_CHECK enum err assets_load_unjudged(const char *folder, const struct hall_conf *hall,
                                         int64_t now, struct assets **out,
                                         struct fault *fault);
void assets_destroy(struct assets *a);

/*
 * Reads a file of limits such as offer.conf over *out.  Its texts lie in the arena for a
 * while.  On error the fault names file and line.
 */
MUST_CHECK enum err assets_read_policy(const char *path, struct arena *a,
                                       struct policy *out, struct fault *fault);

/* The limits of that folder, its offer.conf alone; policy_defaults() without one. */
MUST_CHECK enum err assets_read_limits(const char *folder, struct arena *a,
                                       struct policy *out, struct fault *fault);

/* The tools of that folder, its tools.conf alone; strings in the arena. */
MUST_CHECK enum err assets_read_tools(const char *folder, struct arena *a,
                                      struct tools *out, struct fault *fault);

/* The rules of campaigns of that folder, its push.conf alone; strings in the arena. */
MUST_CHECK enum err assets_read_push(const char *folder, struct arena *a,
                                     struct push_rules *out, struct fault *fault);

/*
 * Reads a file of tags such as tags.conf; where there is none there are no tags.  Freed by
 * the caller.  policy: as for tag_rules_make().  On error the fault names file, line and,
 * within a rule, column.
 */
MUST_CHECK enum err assets_load_tags(const char *path, const struct policy *policy,
                                     struct tag_rules **out, struct fault *fault);

/* A language by its name, such as "zh-Hans"; LANG_ZH_HANS when it is none. */
enum language assets_language(struct str name);

#endif
