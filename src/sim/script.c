/*
 * script.c - reads a simulator's script and throws its dice; see sim/smsc.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/dice.h"
#include "script_priv.h"
#include "smpp/status.h"

enum {
	LINE_LENGTH = 256, /* octets of a line at most */
	KNOWN_MAX = 400,   /* octets of a list of all rules */
	DELAY_MAX_MS = 3600 * 1000
};

const struct smsc_script script_none = { .redeliver_ms = 30000 };

/* -- values ------------------------------------------------------------------ */

/* Takes the next word off *rest; "" at the end. */
static struct str word(struct str *rest)
{
	struct str w = str_trim(*rest);
	size_t n = 0;

	while (n < w.n && w.p[n] != ' ' && w.p[n] != '\t')
		n++;
	*rest = str_trim((struct str){ w.p + n, w.n - n });
	return (struct str){ w.p, n };
}

static bool take_suffix(struct str *s, struct str suffix)
{
	if (s->n < suffix.n || memcmp(s->p + s->n - suffix.n, suffix.p, suffix.n) != 0)
		return false;
	s->n -= suffix.n;
	return true;
}

static bool number(struct str s, int64_t min, int64_t max, int *out)
{
	int64_t v;

	if (str_i64(s, &v) != ERR_OK || v < min || v > max)
		return false;
	*out = (int)v;
	return true;
}

/* "10%", "0.25%" */
static bool share(struct str s, int *out)
{
	struct str whole, part = { 0 };
	int percent, hundredths = 0;

	if (!take_suffix(&s, STR("%")) || !str_cut(&s, '.', &whole) ||
	    !number(whole, 0, 100, &percent))
		return false;
	if (s.p != NULL) {
		part = s;
		if (part.n < 1 || part.n > 2 || !number(part, 0, 99, &hundredths))
			return false;
		hundredths *= part.n == 1 ? 10 : 1;
	}
	*out = percent * 100 + hundredths;
	return *out <= SCRIPT_WHOLE;
}

static bool duration(struct str s, bool seconds, int *out)
{
	int v;

	if (!number(s, 0, seconds ? DELAY_MAX_MS / 1000 : DELAY_MAX_MS, &v))
		return false;
	*out = seconds ? v * 1000 : v;
	return true;
}

/* "ms" before "s": the longer suffix first. */
static bool take_unit(struct str *s, bool *seconds)
{
	*seconds = false;
	if (take_suffix(s, STR("ms")))
		return true;
	*seconds = true;
	return take_suffix(s, STR("s"));
}

static bool status(struct str s, uint32_t *out)
{
	char text[12], *end;

	if (s.n < 3 || s.n >= sizeof(text) || !str_starts(s, STR("0x")))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = (uint32_t)strtoul(text, &end, 16);
	return *end == '\0' && *out != 0;
}

static bool text_of(struct str s, char *out, size_t size)
{
	if (s.n == 0 || s.n >= size)
		return false;
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
	return true;
}

/* -- rules ------------------------------------------------------------------- */

struct rule {
	const char *words;  /* what the line begins with */
	const char *values; /* what follows, for a person */
	bool (*read)(struct smsc_script *s, const struct rule *rule, struct str values);
	size_t offset; /* of the share, for read_share() */
};

static bool read_share(struct smsc_script *s, const struct rule *rule, struct str values)
{
	void *member = (char *)s + rule->offset;

	return share(values, member);
}

static bool read_password(struct smsc_script *s, const struct rule *rule,
                          struct str values)
{
	struct script_password *p = &s->password[s->n_passwords];

	(void)rule;
	if (s->n_passwords == SCRIPT_PASSWORDS ||
	    !text_of(word(&values), p->system_id, sizeof(p->system_id)) ||
	    !text_of(word(&values), p->password, sizeof(p->password)))
		return false;
	s->n_passwords++;
	return values.n == 0;
}

/* "80ms", "20..80ms", "1..2s" */
static bool read_delay(struct smsc_script *s, const struct rule *rule, struct str values)
{
	const size_t dots = str_find(values, STR(".."));
	struct str from, to;
	bool seconds;

	(void)rule;
	if (!take_unit(&values, &seconds))
		return false;
	from = to = values;
	if (dots != SIZE_MAX) {
		from.n = dots;
		to = (struct str){ values.p + dots + 2, values.n - dots - 2 };
	}
	return duration(from, seconds, &s->delay_min_ms) &&
	       duration(to, seconds, &s->delay_max_ms) &&
	       s->delay_min_ms <= s->delay_max_ms;
}

static bool read_refuse(struct smsc_script *s, const struct rule *rule, struct str values)
{
	(void)rule;
	return share(word(&values), &s->refuse) &&
	       status(word(&values), &s->refuse_status) && values.n == 0;
}

static bool read_drop(struct smsc_script *s, const struct rule *rule, struct str values)
{
	(void)rule;
	return number(values, 1, INT32_MAX, &s->drop_every);
}

static bool read_receipts(struct smsc_script *s, const struct rule *rule,
                          struct str values)
{
	static const char *const names[] = {
		[RECEIPTS_ON] = "on",
		[RECEIPTS_OFF] = "off",
		[RECEIPTS_BEFORE_RESPONSE] = "before-response"
	};

	(void)rule;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!str_eq(values, str_of(names[i])))
			continue;
		s->receipts = (enum script_receipts)i;
		return true;
	}
	return false;
}

static bool read_redeliver(struct smsc_script *s, const struct rule *rule,
                           struct str values)
{
	bool seconds;

	(void)rule;
	return take_unit(&values, &seconds) &&
	       duration(values, seconds, &s->redeliver_ms) && s->redeliver_ms > 0;
}

#define AT(member) offsetof(struct smsc_script, member)

static const struct rule rules[] = {
	{ "password", "SYSTEM_ID PASSWORD", read_password, 0 },
	{ "delay submit", "20..80ms", read_delay, 0 },
	{ "throttle", "10%", read_share, AT(throttle) },
	{ "queue-full", "5%", read_share, AT(queue_full) },
	{ "refuse", "1% 0x0B", read_refuse, 0 },
	{ "drop-link every", "500", read_drop, 0 },
	{ "lose response", "1%", read_share, AT(lose_response) },
	{ "duplicate deliver", "2%", read_share, AT(duplicate) },
	{ "receipts", "on|off|before-response", read_receipts, 0 },
	{ "redeliver", "5s", read_redeliver, 0 },
};

/* Whether the line begins with the rule's words; then *values is what follows them. */
static bool begins(struct str line, const char *words, struct str *values)
{
	struct str rest = str_of(words);

	while (rest.n > 0) {
		if (!str_eq(word(&line), word(&rest)))
			return false;
	}
	*values = line;
	return true;
}

static enum err unknown_rule(const char *path, unsigned line, struct fault *fault)
{
	struct buf known = buf_make(KNOWN_MAX);

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		buf_printf(&known, "%s%s", i > 0 ? ", " : "", rules[i].words);
	fault_set(fault, "%s:%u: unknown rule; known are %s", path, line,
	          buf_cstr(&known));
	buf_free(&known);
	return ERR_SYNTAX;
}

static enum err read_line(struct smsc_script *s, struct str text, const char *path,
                          unsigned line, struct fault *fault)
{
	struct str code, values;

	if (!str_cut(&text, '#', &code))
		return ERR_OK;
	code = str_trim(code);
	if (code.n == 0)
		return ERR_OK;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!begins(code, rules[i].words, &values))
			continue;
		if (rules[i].read(s, &rules[i], values))
			return ERR_OK;
		fault_set(fault, "%s:%u: expected \"%s %s\"", path, line, rules[i].words,
		          rules[i].values);
		return ERR_SYNTAX;
	}
	return unknown_rule(path, line, fault);
}

enum err smsc_script_load(const char *path, struct smsc_script **out, struct fault *fault)
{
	struct smsc_script *s = xcalloc(1, sizeof(*s));
	FILE *f = fopen(path, "re");
	char text[LINE_LENGTH];
	enum err e = ERR_OK;

	*s = script_none;
	if (f == NULL) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		free(s);
		return ERR_NOT_FOUND;
	}
	for (unsigned line = 1; e == ERR_OK && fgets(text, sizeof(text), f) != NULL;
	     line++)
		e = read_line(s, str_of(text), path, line, fault);
	(void)fclose(f);
	if (e == ERR_OK)
		*out = s;
	else
		free(s);
	return e;
}

void smsc_script_destroy(struct smsc_script *s)
{
	free(s);
}

/* -- dice -------------------------------------------------------------------- */

bool script_happens(int share_of, uint64_t *seed)
{
	return share_of > 0 && (int)dice_below(seed, SCRIPT_WHOLE) < share_of;
}

uint32_t script_submit_status(const struct smsc_script *s, uint64_t *seed)
{
	if (script_happens(s->throttle, seed))
		return SMPP_ESME_RTHROTTLED;
	if (script_happens(s->queue_full, seed))
		return SMPP_ESME_RMSGQFUL;
	return script_happens(s->refuse, seed) ? s->refuse_status : SMPP_ESME_ROK;
}

uint32_t script_bind_status(const struct smsc_script *s, struct str system_id,
                            struct str password)
{
	uint32_t refusal = s->n_passwords > 0 ? SMPP_ESME_RINVSYSID : SMPP_ESME_ROK;

	for (size_t i = 0; i < s->n_passwords; i++) {
		if (!str_eq(system_id, str_of(s->password[i].system_id)))
			continue;
		if (str_eq(password, str_of(s->password[i].password)))
			return SMPP_ESME_ROK;
		refusal = SMPP_ESME_RINVPASWD;
	}
	return refusal;
}
