/*
 * story.h - a fixture file as a list of steps; reading only, nothing is run.
 *
 *   story: what the file shows, in words; more lines may follow
 *   # a comment, anywhere
 *   [clock]        YYYY-MM-DD HH:MM:SS
 *   [packages] [subscribers] [usage] [bills] [payments] [details] [resources]
 *   [subscriptions] [complaints] [consents] [groups] [members] [orders] [tasks]
 *   [deeds] [pins] [reminders] [preferences] [bonds] [requests] [coupons]
 *   [campaigns] [targets]
 *                  CSV as imported, with a header; absent columns have defaults;
 *                  or "use NAME" for the lines of NAME.<section>.csv, which lies
 *                  beside the file or in a folder above it
 *   [terms]        CODE terms, as in terms.tsv, instead of those of the folder
 *   [tools]        KIND.CODE parameters, as in tools.conf, instead of those of the folder
 *   [managers]     of campaigns: boss 13900000002 approves
 *   [options]      plain_yes_fen 2000
 *   [script]
 *   13800000001 [to 10086] > CXYE     a text comes in
 *   ack 0x14                          its response, where it is not 0x00
 *   < 余额{*}                          the message that goes back
 *   no reply                          none does
 *   +5s                               time passes (s, m, h, d)
 *   restart                           the process dies and starts again
 *   [rows]
 *   inbox: count=2 state=0            so many rows have these values (default 1)
 *
 * Sections may be repeated; they are worked through in the order of the file.
 * Texts without an expectation between them make one turn.  What stands in a text is
 * described in replay/pattern.h, the notes in brackets in struct story_note.
 */
#ifndef REPLAY_STORY_H
#define REPLAY_STORY_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/changes.h"
#include "push/rules.h"
#include "replay/pattern.h"
#include "text/coding.h"

enum {
	STORY_MAX = 1 << 20, /* octets of a file */
	STORY_MANAGERS = 8
};

/* In brackets between the sender's number and ">". */
struct story_note {
	struct str to;    /* [to 10086]: number written to */
	struct str group; /* [link smsc-b]: link group */
	bool untrusted;   /* [untrusted]: the link vouches for no sender */
	bool lost;        /* [lost]: the response to its reply never comes */
	bool too_many;    /* [too many]: over the rate of one number */
	bool hex;         /* [hex]: the text is octets, "00 41" */
	bool udh;         /* [part]: long by header */
	bool has_coding;
	enum coding
		coding; /* [gsm7] [latin1] [ascii] [ucs2] [binary]; default: the smallest */
	int64_t dcs;    /* [dcs 0xf5]: data_coding announced; -1: that of the coding */
	int64_t times;         /* [times 400]: the text so often */
	int64_t session;       /* [session 2] that brings it; 0: the current one */
	int64_t reply_session; /* [reply session 2] that accepts its reply; 0: the same */
	int64_t refused; /* [refused 0x0b]: status of its reply's response; 0: accepted */
	int64_t seq, total, ref; /* [part 1/2 ref 7] by header, [sar 1/2 ref 7] by TLV */
};

struct story_line {
	struct str text;
	int number; /* from 1 */
};

/* A table: its rows as they stand in `path`. */
struct story_csv {
	const char *path;
	struct story_line header;
	SET_OF(struct story_line) rows;
};

enum story_kind {
	STORY_CLOCK, /* value: UTC s */
	STORY_TABLE, /* table, csv */
	STORY_TEXT,  /* number, note, text */
	STORY_ACK,   /* value: command_status */
	STORY_REPLY, /* number, or empty for the last sender; text */
	STORY_SILENCE,
	STORY_PASS, /* value: ms */
	STORY_RESTART,
	STORY_EXPECT /* text: "table: column=value ..." */
};

struct story_item {
	enum story_kind kind;
	int line;
	struct str number, text;
	int64_t value;
	struct story_note *note;
	const char *table; /* "subscribers"; static */
	struct story_csv *csv;
};

struct story {
	const char *path;
	struct str title, content;
	struct str terms;               /* a file terms.tsv; {NULL}: that of the folder */
	SET_OF(struct tool_text) tools; /* likewise of tools.conf */
	struct push_manager manager[STORY_MANAGERS];
	size_t n_managers;
	int64_t plain_yes_fen;
	SET_OF(struct story_item) items;
};

/*
 * Reads content; what *out holds lies in it and in the arena.  Files of "use" are
 * opened.  On error the fault is "file:line: what was expected".
 */
MUST_CHECK enum err story_parse(const char *path, struct str content, struct arena *a,
                                struct story *out, struct fault *fault);

/* Reads notes such as "[to 10086] [lost]" over the defaults.  ERR_SYNTAX with a fault. */
MUST_CHECK enum err story_parse_notes(struct str notes, struct story_note *out,
                                      struct fault *fault);

/* Reads a whole file of at most STORY_MAX octets.  ERR_NOT_FOUND, ERR_TOO_BIG, ERR_IO. */
MUST_CHECK enum err story_load(const char *path, struct arena *a, struct str *content,
                               struct fault *fault);

/* Numbers as in stories: decimal, or hexadecimal after "0x". */
MUST_CHECK enum err story_number(struct str s, int64_t *out);

#endif
