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

struct assets {
	struct fold *fold;
	struct grammar *grammar;
	struct replies *replies;
	struct hall *hall;
	struct arena arena;      /* of terms */
	struct terms_list terms; /* terms.tsv */
	struct tools tools;      /* tools.conf */
	struct desk desk;        /* errands.conf, desk.conf, faq.*.conf, stores.tsv */
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
void assets_destroy(struct assets *a);

/* A language by its name, such as "zh-Hans"; LANG_ZH_HANS when it is none. */
enum language assets_language(struct str name);

#endif
