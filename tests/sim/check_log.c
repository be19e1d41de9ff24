/*
 * check_log.c - a log of the simulator as tables in memory.
 *
 * Octets of texts are read as ASCII (data_coding 0) or UTF-16BE (8): made-up data keep
 * to what is alike there.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check_priv.h"

enum {
	KEYS = 8 /* of a line, at most */
};

static const char schema[] =
	"CREATE TABLE text (m INTEGER PRIMARY KEY, from_ TEXT, to_ TEXT, trusted, parts, raw, body, at);"
	"CREATE TABLE deliver (m, part, s, at);"
	"CREATE TABLE answer (m, part, s, status, at);"
	"CREATE TABLE unanswered (m, part, s, at);"
	"CREATE TABLE submit (n INTEGER PRIMARY KEY, s, from_ TEXT, to_ TEXT, ref, total, seq, body, "
	"status, at, told, wall, until);"
	"CREATE TABLE figure (n, word TEXT);"
	"CREATE TABLE gone (s INTEGER PRIMARY KEY, at);"
	"CREATE TABLE death (at, how);"
	"CREATE TABLE hit (name, s, at);"
	"CREATE TABLE secret (word TEXT PRIMARY KEY) WITHOUT ROWID;"
	"CREATE TABLE logged (word TEXT);"
	"CREATE TABLE stored (place TEXT);"
	"CREATE TABLE subscriber (msisdn INTEGER PRIMARY KEY, balance, points);"
	"CREATE TABLE marker (word TEXT PRIMARY KEY, msisdn TEXT);"
	"CREATE TABLE soak (hour, sessions, fds, events, heap, disk);"
	"CREATE TABLE seed (links, window);"
	"CREATE TABLE fault (name, at);"
	"CREATE TABLE excuse (kind, why, key);"
	"CREATE TABLE settled (yes);"
	"CREATE TABLE end_ (lives, wall);"
	"CREATE TABLE planned (id INTEGER PRIMARY KEY, from_ TEXT, sells, offer, fee, most, stock, budget);"
	"CREATE TABLE chosen (campaign INTEGER, msisdn INTEGER, bar, all_, room, held, PRIMARY KEY (campaign, msisdn)) WITHOUT ROWID;"
	"CREATE TABLE turned (n INTEGER PRIMARY KEY, campaign, go, sent, at);"
	"CREATE INDEX text_from ON text (from_);"
	"CREATE INDEX submit_to ON submit (to_);"
	"CREATE INDEX answer_m ON answer (m);"
	"CREATE INDEX deliver_m ON deliver (m);";

/* Octets of the digit that the text begins with, in either width, or 0. */
static size_t digit_at(const char *text)
{
	if (*text >= '0' && *text <= '9')
		return 1;
	return strncmp(text, "\xef\xbc", 2) == 0 && text[2] >= '\x90' && text[2] <= '\x99'
	               ? 3
	               : 0;
}

/*
 * kept(text): what two texts have in common that may differ in what is kept of them.
 * Digits are blanked; of what has a PIN or a number only letters are looked at.
 */
static void kept(sqlite3_context *call, int n, sqlite3_value **arg)
{
	const char *text = (const char *)sqlite3_value_text(arg[0]);
	char out[LINE];
	size_t k = 0;

	(void)n;
	while (*text != '\0' && k + 1 < sizeof(out)) {
		const size_t digit = digit_at(text);

		out[k++] = digit > 0 ? '*' : *text;
		text += digit > 0 ? digit : 1;
	}
	out[k] = '\0';
	if (strstr(out, "******") != NULL) {
		const size_t all = k;

		k = 0;
		for (size_t i = 0; i < all; i++) {
			if (out[i] == '*' || isalpha((unsigned char)out[i]) != 0)
				out[k++] = (char)tolower((unsigned char)out[i]);
		}
	}
	sqlite3_result_text(call, out, (int)k, SQLITE_TRANSIENT);
}

/* ---- lines of the log ---- */

/* The value of key in the line, or "". */
static const char *value(const char *line, const char *key, char *out, size_t size)
{
	const size_t n = strlen(key);
	const char *at = line;
	size_t k = 0;

	out[0] = '\0';
	while ((at = strchr(at, ' ')) != NULL) {
		at++;
		if (strncmp(at, key, n) != 0 || at[n] != '=')
			continue;
		for (at += n + 1; *at != ' ' && *at != '\0' && k + 1 < size; at++)
			out[k++] = *at;
		out[k] = '\0';
		return out;
	}
	return out;
}

static int64_t number(const char *line, const char *key)
{
	char word[32];

	return strtoll(value(line, key, word, sizeof(word)), NULL, 10);
}

static size_t unhex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned octet;

	while (sscanf(hex + 2 * n, "%2x", &octet) == 1) /* NOLINT(cert-err34-c) */
		out[n++] = (uint8_t)octet;
	return n;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static size_t read_utf16(const uint8_t *p, size_t n, char *out)
{
	size_t k = 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		uint32_t c = (uint32_t)p[i] << 8 | p[i + 1];

		if (c >= 0xd800 && c < 0xdc00 && i + 3 < n) {
			c = 0x10000 + ((c - 0xd800) << 10) +
			    (((uint32_t)p[i + 2] << 8 | p[i + 3]) - 0xdc00);
			i += 2;
		}
		k += put_utf8(out + k, c);
	}
	return k;
}

/* And the brackets of a signature, which the alphabet of SMS escapes. */
static size_t read_ascii(const uint8_t *p, size_t n, char *out)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == 0x1b)
			continue;
		out[k++] = (char)p[i];
		if (i > 0 && p[i - 1] == 0x1b && (p[i] == '<' || p[i] == '>'))
			out[k - 1] = p[i] == '<' ? '[' : ']';
	}
	return k;
}

/* Runs of digits and points: balances, points, PUKs. */
static void take_figures(sqlite3 *db, int64_t n, const char *text, size_t size)
{
	sqlite3_stmt *put = prepare(db, "INSERT INTO figure VALUES (?1, ?2)");

	for (size_t i = 0; i < size;) {
		const size_t digits = strspn(text + i, "0123456789.");

		if (digits == 0) {
			i++;
			continue;
		}
		(void)sqlite3_bind_int64(put, 1, n);
		(void)sqlite3_bind_text(put, 2, text + i, (int)digits, SQLITE_TRANSIENT);
		(void)sqlite3_step(put);
		(void)sqlite3_reset(put);
		i += digits;
	}
	(void)sqlite3_finalize(put);
}

/* An SMPP time such as "261122203000032+", in quarters of an hour from UTC; 0: none. */
static int64_t utc(const char *text)
{
	struct tm t = { .tm_isdst = 0 };
	int quarters;

	if (sscanf(text, "%2d%2d%2d%2d%2d%2d%*1d%2d+", &t.tm_year, &t.tm_mon, &t.tm_mday,
	           &t.tm_hour, &t.tm_min, &t.tm_sec, &quarters) != 7)
		return 0;
	t.tm_year += 100;
	t.tm_mon--;
	return (int64_t)timegm(&t) - INT64_C(900) * quarters;
}

static void take_submit(sqlite3 *db, const char *line, int64_t at)
{
	sqlite3_stmt *put = prepare(db,
	                            "INSERT INTO submit VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
	                            "?7, ?8, ?9, ?10, NULL, ?11, ?12)");
	char from[32], to[32], until[32], hex[1024], text[LINE];
	uint8_t octets[LINE];
	size_t n, skip = 0, k;

	n = unhex(value(line, "octets", hex, sizeof(hex)), octets);
	if (number(line, "udh") != 0)
		skip = (size_t)octets[0] + 1;
	if (number(line, "dcs") == 8) {
		k = read_utf16(octets + skip, n - skip, text);
	} else {
		k = read_ascii(octets + skip, n - skip, text);
	}
	text[k] = '\0';
	(void)sqlite3_bind_int64(put, 1, number(line, "n"));
	(void)sqlite3_bind_int64(put, 2, number(line, "s"));
	(void)sqlite3_bind_text(put, 3, value(line, "from", from, sizeof(from)), -1,
	                        NULL);
	(void)sqlite3_bind_text(put, 4, value(line, "to", to, sizeof(to)), -1, NULL);
	(void)sqlite3_bind_int(put, 5, skip > 0 ? octets[3] : 0);
	(void)sqlite3_bind_int(put, 6, skip > 0 ? octets[4] : 1);
	(void)sqlite3_bind_int(put, 7, skip > 0 ? octets[5] : 1);
	(void)sqlite3_bind_text(put, 8, text, (int)k, NULL);
	(void)sqlite3_bind_int64(put, 9, number(line, "status"));
	(void)sqlite3_bind_int64(put, 10, at);
	(void)sqlite3_bind_int64(put, 11, number(line, "wall"));
	(void)sqlite3_bind_int64(put, 12,
	                         utc(value(line, "until", until, sizeof(until))));
	if (sqlite3_step(put) != SQLITE_DONE)
		die("submit", sqlite3_errmsg(db));
	(void)sqlite3_finalize(put);
	take_figures(db, number(line, "n"), text, k);
}

static void take_text(sqlite3 *db, const char *line, int64_t at)
{
	sqlite3_stmt *put = prepare(
		db, "INSERT INTO text VALUES (?1, ?2, ?3, ?4, ?5, ?6, kept(?6), ?7)");
	char from[32], to[32], hex[LINE];
	uint8_t body[LINE];
	const size_t n = unhex(value(line, "text", hex, sizeof(hex)), body);

	(void)sqlite3_bind_int64(put, 1, number(line, "m"));
	(void)sqlite3_bind_text(put, 2, value(line, "from", from, sizeof(from)), -1,
	                        NULL);
	(void)sqlite3_bind_text(put, 3, value(line, "to", to, sizeof(to)), -1, NULL);
	(void)sqlite3_bind_int64(put, 4, number(line, "trusted"));
	(void)sqlite3_bind_int64(put, 5, number(line, "parts"));
	(void)sqlite3_bind_text(put, 6, (const char *)body, (int)n, NULL);
	(void)sqlite3_bind_int64(put, 7, at);
	if (sqlite3_step(put) != SQLITE_DONE)
		die("text", sqlite3_errmsg(db));
	(void)sqlite3_finalize(put);
}

/* Events whose values go into columns as they are; "" is the line's time. */
static const struct {
	const char *event, *sql, *key[KEYS];
} plain[] = {
	{ "deliver",
	  "INSERT INTO deliver VALUES (?1, ?2, ?3, ?4)",
	  { "m", "part", "s", "" } },
	{ "answer",
	  "INSERT INTO answer VALUES (?1, ?2, ?3, ?4, ?5)",
	  { "m", "part", "s", "status", "" } },
	{ "unanswered",
	  "INSERT INTO unanswered VALUES (?1, ?2, ?3, ?4)",
	  { "m", "part", "s", "" } },
	{ "told", "UPDATE submit SET told = ?2 WHERE n = ?1", { "n", "" } },
	{ "gone", "INSERT INTO gone VALUES (?1, ?2)", { "s", "" } },
	{ "death", "INSERT INTO death VALUES (?2, ?1)", { "how", "" } },
	{ "fault", "INSERT INTO fault VALUES (?1, ?2)", { "name", "" } },
	{ "hit", "INSERT INTO hit VALUES (?1, ?2, ?3)", { "name", "s", "" } },
	{ "secret", "INSERT OR IGNORE INTO secret VALUES (?1)", { "word" } },
	{ "subscriber",
	  "INSERT INTO subscriber VALUES (?1, ?2, ?3)",
	  { "msisdn", "balance", "points" } },
	{ "marker", "INSERT INTO marker VALUES (?1, ?2)", { "word", "msisdn" } },
	{ "seed", "INSERT INTO seed VALUES (?1, ?2)", { "links", "window" } },
	{ "settled", "INSERT INTO settled VALUES (?1)", { "yes" } },
	{ "end", "INSERT INTO end_ VALUES (?1, ?2)", { "lives", "wall" } },
	{ "campaign",
	  "INSERT INTO planned VALUES (?1, CAST(?2 AS TEXT), ?3, ?4, ?5, ?6, ?7, ?8)",
	  { "id", "from", "sells", "offer", "fee", "most", "stock", "budget" } },
	{ "target",
	  "INSERT INTO chosen VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	  { "campaign", "msisdn", "bar", "all", "room", "held" } },
	{ "halt",
	  "INSERT INTO turned VALUES (NULL, ?1, 0, ?2, ?3)",
	  { "campaign", "sent", "" } },
	{ "go",
	  "INSERT INTO turned VALUES (NULL, ?1, 1, ?2, ?3)",
	  { "campaign", "sent", "" } },
	{ "soak",
	  "INSERT INTO soak VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	  { "hour", "sessions", "fds", "events", "heap", "disk" } },
};

static bool is_number(const char *word)
{
	return word[0] != '\0' && strspn(word, "0123456789-") == strlen(word);
}

static void take_plain(sqlite3 *db, size_t i, const char *line, int64_t at)
{
	sqlite3_stmt *put = prepare(db, plain[i].sql);
	char word[KEYS][64];

	for (int k = 0; k < KEYS && plain[i].key[k] != NULL; k++) {
		const char *key = plain[i].key[k];

		if (key[0] == '\0')
			(void)sqlite3_bind_int64(put, k + 1, at);
		else if (is_number(value(line, key, word[k], sizeof(word[k]))))
			(void)sqlite3_bind_int64(put, k + 1, strtoll(word[k], NULL, 10));
		else
			(void)sqlite3_bind_text(put, k + 1, word[k], -1, NULL);
	}
	if (sqlite3_step(put) != SQLITE_DONE)
		die(line, sqlite3_errmsg(db));
	(void)sqlite3_finalize(put);
}

static void take_line(sqlite3 *db, const char *line)
{
	char *rest;
	const int64_t at = strtoll(line, &rest, 10);
	char event[32];

	if (sscanf(rest, " %31s", event) != 1)
		die("a line without an event", line);
	if (strcmp(event, "submit") == 0)
		take_submit(db, line, at);
	if (strcmp(event, "text") == 0)
		take_text(db, line, at);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(event, plain[i].event) == 0)
			take_plain(db, i, line, at);
	}
}

void log_read(sqlite3 *db, const char *path)
{
	static char line[LINE];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		die(path, "cannot be read");
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		take_line(db, line);
	}
	(void)fclose(f);
}

/* ---- the gateway's own log ---- */

/* Runs of six digits of what the gateway logged, if it was written down (trace). */
void log_read_trace(sqlite3 *db, const char *path)
{
	static char line[LINE];
	sqlite3_stmt *put = prepare(db, "INSERT INTO logged SELECT word FROM secret "
	                                "WHERE word = ?1");
	FILE *f = fopen(path, "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		for (const char *at = line; *at != '\0'; at++) {
			const size_t digits = strspn(at, "0123456789");

			if (digits == 6) {
				(void)sqlite3_bind_text(put, 1, at, 6, SQLITE_STATIC);
				(void)sqlite3_step(put);
				(void)sqlite3_reset(put);
			}
			at += digits > 0 ? digits - 1 : 0;
		}
	}
	if (f != NULL)
		(void)fclose(f);
	(void)sqlite3_finalize(put);
}

/* day(at): the second of China's day. */
static void day(sqlite3_context *call, int n, sqlite3_value **arg)
{
	(void)n;
	sqlite3_result_int64(call, (sqlite3_value_int64(arg[0]) + 8 * 3600) % 86400);
}

void log_tables(sqlite3 *db)
{
	(void)sqlite3_create_function(db, "day", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
	                              NULL, day, NULL, NULL);
	(void)sqlite3_create_function(db, "kept", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
	                              NULL, kept, NULL, NULL);
	run(db, schema);
}
