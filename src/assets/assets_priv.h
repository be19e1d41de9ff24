/*
 * assets_priv.h - files of the grammar folder that have a form of their own.
 */
#ifndef ASSETS_ASSETS_PRIV_H
#define ASSETS_ASSETS_PRIV_H

#include "assets/assets.h"

/* tools.conf; a folder without it has no tools. */
MUST_CHECK enum err assets_load_tools(struct assets *a, const char *folder,
                                      struct fault *fault);

/* groups.conf; without it the rules are group_rules_defaults(). */
MUST_CHECK enum err assets_load_groups(struct assets *a, const char *folder,
                                       struct fault *fault);

/* push.conf; without it the rules are push_rules_defaults(). */
MUST_CHECK enum err assets_load_push(struct assets *a, const char *folder,
                                     struct fault *fault);

/* Whether tags.conf can be taken; the office reads it when it needs it. */
MUST_CHECK enum err assets_check_tags(const char *folder, struct fault *fault);

/* Errands, questions, shops and promises; *out and its strings lie in a. */
MUST_CHECK enum err assets_load_desk(const char *folder, const struct fold *fold,
                                     struct arena *a, struct desk *out,
                                     struct fault *fault);

#endif
