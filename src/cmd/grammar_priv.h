/*
 * grammar_priv.h - the parts of `smshall grammar` that ask the owner of the store.
 */
#ifndef CMD_GRAMMAR_PRIV_H
#define CMD_GRAMMAR_PRIV_H

#include "cmd/command.h"

extern const struct command grammar_misses, grammar_diff;

#endif
