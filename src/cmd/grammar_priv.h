/*
 * grammar_priv.h - the parts of `smshall grammar` and `smshall tags` that ask the owner
 * of the store.
 */
#ifndef CMD_GRAMMAR_PRIV_H
#define CMD_GRAMMAR_PRIV_H

/* argv[0] is the word behind "grammar".  Give the exit status. */
int grammar_misses(int argc, char **argv);
int grammar_diff(int argc, char **argv);
/* argv[0] is the command. */
int tags_ask(int argc, char **argv);

#endif
