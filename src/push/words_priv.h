/*
 * words_priv.h - what no text of a campaign may say of its own, found where it stands.
 */
#ifndef PUSH_WORDS_PRIV_H
#define PUSH_WORDS_PRIV_H

#include "base/buf.h"
#include "push/rules.h"

/* What is wrong with a text, for people; column: the character, from 1; 0: nothing is. */
struct blemish {
	size_t column;
	struct str what; /* the word; lies in the arena */
};

/* A word of the rules that is not within one that they allow. */
struct blemish words_refused(const struct push_rules *r, struct str text,
                             struct arena *a);

/* A price in digits or numerals: "20元", "二十块", "￥20", "20 yuan", "1{fee}元". */
struct blemish words_price(struct str text, struct arena *a);

#endif
