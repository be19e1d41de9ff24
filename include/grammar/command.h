/*
 * command.h - a command as text, and back: "service.open code=LLB10 month@2026-09 n#1,3".
 *
 * What a dialogue keeps is read again against the grammar of then: an intent that is
 * gone is an error, values are the service's to check.  "=" text (%XX for what would
 * not be plain), "@" a month, "#" integers.
 */
#ifndef GRAMMAR_COMMAND_H
#define GRAMMAR_COMMAND_H

#include "base/buf.h"
#include "grammar/grammar.h"

/* Appends the command; secret values are left out.  An unknown one is "". */
void grammar_command_print(const struct grammar_command *c, struct buf *out);

/* Its strings are in the arena; ERR_NOT_FOUND: no such intent, ERR_SYNTAX. */
MUST_CHECK enum err grammar_command_parse(const struct grammar *g, struct str text,
                                          struct arena *arena,
                                          struct grammar_command *out);

/* Adds a slot, or gives it another value; keeps them sorted by name.  False: no room. */
bool grammar_command_set(struct grammar_command *c, struct grammar_slot slot);

#endif
