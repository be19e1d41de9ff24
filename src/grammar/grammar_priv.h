/*
 * grammar_priv.h - what a loaded grammar is made of.
 *
 * Everything hangs in the grammar's arena and is constant once loaded, but for
 * the tries and the compiled patterns, which grammar_destroy releases.
 */
#ifndef GRAMMAR_PRIV_H
#define GRAMMAR_PRIV_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "grammar/grammar.h"
#include "trie.h"

enum {
	MAX_FILES = 64,
	MAX_FILE = 1024 * 1024, /* octets of a .gram or list file, or of texts */
	MAX_LINES = 20000,      /* of all files together */
	MAX_INTENTS = 256,
	MAX_RULES = 4096,
	MAX_TYPES = 64,
	MAX_WORDS = 256,
	MAX_LISTS = 16,
	MAX_ENTRIES = 1024, /* of one list */
	MAX_ANCHORS = 8192, /* required words of all templates */
	MAX_EXAMPLES = 8192,
	MAX_PARAMS = 8,      /* slots written in one rule */
	MAX_PATTERN = 16384, /* octets of one compiled template's source */
	MAX_FULL = 4096,     /* codes with their list entries, for suggestions and lint */
	MAX_FORBID = 64,     /* lists used in unless; bits of a word */
	MAX_MARKS = 32,
	MAX_PREFER = 64,
	MAX_EITHER = 3,
	MAX_VOCABULARY = 7168, /* words of all about rules and their fillers */
	MAX_NEAR = 8192,       /* words that mistyped ones are compared with */
	MAX_SETS = 4,          /* of one about rule */
	MAX_PREFACES = 128,
	MAX_PREFACE_WORDS = 2048,
	MAX_SPELLINGS = 2048, /* words that stand for others */
	CODE_MAX = 24,        /* octets of a code */
	SKIP_WORD = 1,        /* values of the trie of skip words: it goes; ... */
	SKIP_KEEP = 2         /* ... it stays, whatever stands in it */
};

/* The word of the vocabulary that any number is; no text holds it. */
#define NUMERAL "{n}"

/* One line of a file: "  say  [ASK] {month}" is a member with key "say". */
struct line {
	const char *file; /* its last component */
	unsigned no;
	bool member; /* indented */
	struct str key, rest;
};

struct list_entry {
	struct str code;   /* as sent in replies and stored; not folded */
	struct str sample; /* a folded name, for lint */
	bool more;         /* the slot behind it applies ("phone" column) */
};

struct list {
	struct str file;
	struct list_entry *entry;
	size_t n;
	struct trie names; /* folded without FOLD_SEP -> entry + 1 */
	struct str *name;  /* all of them folded, n_names */
	size_t n_names;
	struct str pattern; /* alternation of all names, the longest first */
};

struct slot_kind;

struct slot_type {
	struct str name;
	const struct slot_kind *kind;
	unsigned min, max; /* digits, letters or value, as the kind says */
	bool secret;
	const struct list *list;
};

struct param {
	const char *name;
	const struct slot_type *type;
	bool optional;
};

/* A word to be looked for in the folded text; a mark (?), in the text as typed. */
struct plain {
	struct str text;
	bool mark;
};

struct word {
	struct str name;
	const struct line *line;
	struct expr *expr;
	struct plain *plain; /* its alternatives when it has no brackets; for unless */
	size_t n_plain;
	uint64_t bit; /* among the lists that forbid; 0: not used so */
};

/* A mark that forbids, and for which lists. */
struct mark {
	struct str text;
	uint64_t lists;
};

/* Words of the vocabulary, a bit each. */
struct wordset {
	uint64_t bit[MAX_VOCABULARY / 64];
};

/*
 * A sentence in any order: a word of each set and all slots, the rest words that
 * the rule allows.
 */
struct about {
	struct wordset set[MAX_SETS], allow; /* allow holds the sets too */
	size_t n_sets;
	bool with; /* names its own fillers */
};

/* A word that a mistyped one may stand for; in chains by its first and last character. */
struct near_word {
	struct str text; /* folded: all Han, or one word of letters */
	uint16_t first_next, last_next;
	uint8_t chars;
};

enum rule_kind {
	RULE_CODE,
	RULE_SAY,
	RULE_ABOUT,
	RULE_EITHER,
	RULE_CONTEXT
};

struct intent;

struct rule {
	enum rule_kind kind;
	const struct line *line;
	const char *where;     /* "hall.gram:14 code" */
	struct intent *intent; /* NULL: either */
	struct param param[MAX_PARAMS];
	size_t n_params;
	/* RULE_CODE */
	struct str code;   /* folded, without FOLD_SEP */
	bool digits;       /* digits only: no FOLD_SEP inside, no digit behind */
	bool wordy;        /* a slot may hold words: skip words must go first */
	bool fresh;        /* newcode: lint is stricter */
	struct rule *same; /* the next one with this code */
	/* the others */
	struct about *about; /* RULE_ABOUT */
	pcre2_code *exact;   /* covers all */
	pcre2_code *loose;   /* leaves something; NULL when leftover is 0 */
	unsigned leftover;   /* characters of a text that the template need not cover */
	uint64_t own;   /* lists that forbid, of which it always holds a word itself */
	bool bare;      /* some text of it is the name of a list's entry, and no more */
	bool free_text; /* takes in any text: less specific than other templates */
	const struct str *sample; /* texts that it accepts, for lint */
	size_t n_samples;
	struct intent *either[MAX_EITHER];
	size_t n_either;
	enum grammar_context_kind context;
	unsigned index; /* into the matcher's stamps */
};

struct intent {
	struct grammar_intent pub; /* first: grammar_code() leads back from it */
	const struct line *line;
	const struct rule *canon; /* first code rule */
	uint64_t unless;          /* bits of the lists that forbid its templates */
	unsigned leftover;
	bool reserved, beside, alike, own, has_leftover, has_confirm, has_no, has_rule;
};

struct example {
	const struct line *line;
	const struct intent *intent;
	struct str text;
	enum grammar_context_kind context;
	unsigned menu_n;
	struct str slots; /* "month=2026-03 n=1,2"; sorted by name */
	bool positive;
};

struct anchor {
	const struct rule *rule;
	struct anchor *next;
};

/* A code as somebody would send it: CXYE, KTVOLTE, BGTC38. */
struct full_code {
	struct str text;
	const struct rule *rule;
	const struct list_entry *entry; /* NULL: the code alone */
};

/* A reason beside a command; behind is NULL where it only stands before. */
/* A bit each. */
struct prefaces {
	uint64_t bits[MAX_PREFACES / 64];
};

struct preface {
	const struct line *line;
	pcre2_code *before, *behind;
	const struct intent *only; /* beside a command of this one; NULL: of any */
};

struct likely;

struct grammar {
	struct arena arena;
	const struct fold *fold;
	struct str revision;
	int64_t today;
	unsigned leftover; /* default of read intents */
	uint64_t spoil;    /* bits of the lists that forbid leftovers */
	uint64_t refuse;   /* bits of the lists that forbid a rule or leftovers */
	unsigned reason;   /* characters of a clause before a command that acts */
	uint64_t happens;  /* bit of the list of which it holds a word */
	uint64_t unsaid;   /* bits of the lists of which it holds none */
	uint64_t unlike;   /* bits of the lists that speak against a likeness */
	unsigned sent;     /* characters beside a code and the number to send it to */
	uint64_t unsent;   /* bits of the lists of which they hold none */
	unsigned sold;     /* the same of a code that costs */
	uint64_t unsold;
	unsigned aside;                 /* characters of a clause beside a question */
	uint64_t apart;                 /* bits of the lists of which it holds none */
	unsigned matter;                /* characters beside what an order behind is of */
	uint64_t astray;                /* bits of the lists of which they hold none */
	uint64_t whose, toward, acting; /* bits of the lists of others.c */
	const struct intent
		*of_others;   /* what is made of figures of others; NULL: none */
	unsigned suggest_min; /* letters; 0: no suggestions */

	struct intent *intent[MAX_INTENTS];
	struct rule *rule[MAX_RULES];
	struct slot_type *type[MAX_TYPES];
	struct word *word[MAX_WORDS];
	struct list *list[MAX_LISTS];
	struct example *example[MAX_EXAMPLES];
	struct full_code *full; /* n_full */
	struct {
		const struct intent *winner, *loser;
	} prefer[MAX_PREFER];
	size_t n_intents, n_rules, n_types, n_words, n_lists, n_examples, n_full,
		n_prefer;

	struct trie codes;   /* -> rule index + 1, then rule->same */
	struct trie skip;    /* words that mean nothing anywhere; SKIP_... */
	struct trie carrier; /* words that wrap a code */
	struct trie hearsay; /* the same of a code that costs nothing */
	struct trie advert; /* the same of one that costs, where it is sent to is named */
	struct trie harmless;    /* phrases of which no word forbids */
	struct trie wish;        /* of who wants what costs and no rule fits */
	struct trie begging;     /* makes an order of a text that ends in one of ... */
	struct trie tail;        /* ... these: 帮我开通彩铃好吗 */
	struct trie lead;        /* said before any command */
	struct trie link;        /* joins a second command to a first */
	struct trie both;        /* behind several values: all of them */
	struct trie asks;        /* before or behind one that reads */
	struct trie address;     /* who is spoken to, at the beginning */
	struct trie trail;       /* at the end of a clause: what was named before */
	struct trie same, sound; /* words that stand for others -> spelling[] + 1 */
	struct str spelling[MAX_SPELLINGS];
	size_t n_spellings;
	struct preface preface[MAX_PREFACES];
	size_t n_prefaces;
	struct trie preface_word;    /* required words of prefaces -> preface_of[] + 1 */
	struct prefaces *preface_of; /* MAX_PREFACE_WORDS */
	size_t n_preface_words;
	struct trie anchors; /* -> anchor[] + 1 */
	struct anchor *anchor[MAX_ANCHORS];
	struct str *anchor_word; /* of each anchor; MAX_ANCHORS */
	size_t n_anchors;
	struct trie vocabulary; /* -> word of a wordset + 1 */
	struct str *word_text;  /* MAX_VOCABULARY */
	size_t n_vocabulary;
	struct wordset filler;  /* what about rules allow that say nothing else */
	struct wordset topic;   /* words of all sets */
	size_t numeral;         /* word of the vocabulary that any number is + 1 */
	struct near_word *near; /* MAX_NEAR; 0 is none */
	size_t n_near;
	uint16_t near_first[256], near_last[256];
	const struct likely *likely;   /* NULL: no text is taken for what it is like */
	struct trie forbid;            /* words of unless lists -> forbids[] + 1 */
	uint64_t forbids[MAX_ANCHORS]; /* the lists that hold the word */
	struct mark mark[MAX_MARKS];
	size_t n_forbids, n_marks, n_forbid_lists;

	pcre2_compile_context *compile;
};

/* list.c: the file of a slot, cached by its name; NULL after a complaint. */
struct build;
const struct list *list_load(struct build *b, const struct line *l, struct str file);
void list_free(struct list *l);

#endif
