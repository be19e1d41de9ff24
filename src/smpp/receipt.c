/*
 * receipt.c - see smpp/receipt.h.
 */
#include <strings.h>

#include "smpp/receipt.h"
#include "smpp/tlv.h"
#include "smpp/udh.h"

enum {
	ESM_TYPE = 0x3c, /* bits of esm_class: what kind of message */
	ESM_RECEIPT = 0x04,
	ESM_INTERMEDIATE = 0x20
};

/* Words of `stat`; of two for one state the first is appendix B's. */
static const struct {
	const char *word;
	enum smpp_message_state state;
} words[] = {
	{ "ENROUTE", SMPP_STATE_ENROUTE },
	{ "DELIVRD", SMPP_STATE_DELIVERED },
	{ "EXPIRED", SMPP_STATE_EXPIRED },
	{ "DELETED", SMPP_STATE_DELETED },
	{ "UNDELIV", SMPP_STATE_UNDELIVERABLE },
	{ "ACCEPTD", SMPP_STATE_ACCEPTED },
	{ "UNKNOWN", SMPP_STATE_UNKNOWN },
	{ "REJECTD", SMPP_STATE_REJECTED },
	{ "DELIVERED", SMPP_STATE_DELIVERED },
	{ "DELIVERD", SMPP_STATE_DELIVERED },
	{ "UNDELIVERABLE", SMPP_STATE_UNDELIVERABLE },
	{ "UNDELIVERED", SMPP_STATE_UNDELIVERABLE },
	{ "UNDELIVRD", SMPP_STATE_UNDELIVERABLE },
	{ "FAILED", SMPP_STATE_UNDELIVERABLE },
	{ "ACCEPTED", SMPP_STATE_ACCEPTED },
	{ "REJECTED", SMPP_STATE_REJECTED },
	{ "BUFFERED", SMPP_STATE_ENROUTE },
	{ "BUFFRED", SMPP_STATE_ENROUTE },
};

/* Keys of the text form.  The text itself runs to the end. */
static const struct {
	struct str name;
	size_t offset; /* of the struct span in struct smpp_receipt */
} keys[] = {
	{ { "id", 2 }, offsetof(struct smpp_receipt, id) },
	{ { "sub", 3 }, offsetof(struct smpp_receipt, sub) },
	{ { "dlvrd", 5 }, offsetof(struct smpp_receipt, dlvrd) },
	{ { "submit date", 11 }, offsetof(struct smpp_receipt, submit_date) },
	{ { "done date", 9 }, offsetof(struct smpp_receipt, done_date) },
	{ { "stat", 4 }, offsetof(struct smpp_receipt, stat) },
	{ { "err", 3 }, offsetof(struct smpp_receipt, err) },
	{ { "text", 4 }, offsetof(struct smpp_receipt, text) },
};
enum {
	KEYS = sizeof(keys) / sizeof(keys[0]),
	WORDS = sizeof(words) / sizeof(words[0])
};

const char *smpp_message_state_text(enum smpp_message_state state)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (words[i].state == state)
			return words[i].word;
	}
	return "";
}

bool smpp_message_state_final(enum smpp_message_state state)
{
	return state != SMPP_STATE_NONE && state != SMPP_STATE_ENROUTE &&
	       state != SMPP_STATE_ACCEPTED;
}

static enum smpp_message_state state_of_word(struct span word)
{
	for (size_t i = 0; word.n > 0 && i < WORDS; i++) {
		if (strlen(words[i].word) == word.n &&
		    strncasecmp(words[i].word, (const char *)word.p, word.n) == 0)
			return words[i].state;
	}
	return SMPP_STATE_NONE;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

static struct span skip_blanks(struct span s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = span_skip(s, 1);
	return s;
}

static struct span trim_end(struct span s)
{
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* The key that s begins with, its colon included; KEYS when none.  *after is what follows. */
static size_t key_at(struct span s, struct span *after)
{
	for (size_t i = 0; i < KEYS; i++) {
		const struct str name = keys[i].name;

		if (s.n <= name.n || strncasecmp((const char *)s.p, name.p, name.n) != 0)
			continue;
		*after = skip_blanks(span_skip(s, name.n));
		if (after->n > 0 && after->p[0] == ':') {
			*after = span_skip(*after, 1);
			return i;
		}
	}
	return KEYS;
}

/* The value after a key's colon: up to the next blank, or nothing where a key follows. */
static struct span take_value(struct span *s, size_t key)
{
	struct span after, value;

	*s = skip_blanks(*s);
	value = (struct span){ s->p, 0 };
	if (keys[key].offset == offsetof(struct smpp_receipt, text)) {
		value = *s;
	} else if (key_at(*s, &after) == KEYS) {
		while (value.n < s->n && !is_blank(s->p[value.n]))
			value.n++;
	}
	*s = span_skip(*s, value.n);
	return value;
}

static struct span skip_word(struct span s)
{
	while (s.n > 0 && !is_blank(s.p[0]))
		s = span_skip(s, 1);
	return s;
}

/* Fills in what the text has.  Of a key given twice the first counts. */
static void read_text(struct span s, struct smpp_receipt *out)
{
	unsigned char *base = (unsigned char *)out;
	struct span after, value;

	for (s = skip_blanks(trim_end(s)); s.n > 0; s = skip_blanks(s)) {
		const size_t key = key_at(s, &after);

		if (key == KEYS) {
			s = skip_word(s);
			continue;
		}
		value = take_value(&after, key);
		s = after;
		struct span *field = (void *)(base + keys[key].offset);
		if (field->n == 0)
			*field = value;
	}
}

/* Reads what the parameters have over what the text had. */
static void read_tlvs(struct span tlvs, struct smpp_receipt *out)
{
	struct smpp_tlv tlv;
	uint8_t state;

	if (smpp_tlv_find(tlvs, SMPP_TAG_RECEIPTED_MESSAGE_ID, &tlv) == ERR_OK &&
	    smpp_tlv_cstr(&tlv).n > 0)
		out->id = smpp_tlv_cstr(&tlv);
	if (smpp_tlv_find(tlvs, SMPP_TAG_MESSAGE_STATE, &tlv) == ERR_OK &&
	    smpp_tlv_u8(&tlv, &state) == ERR_OK && state >= SMPP_STATE_ENROUTE &&
	    state <= SMPP_STATE_REJECTED)
		out->state = (enum smpp_message_state)state;
	if (smpp_tlv_find(tlvs, SMPP_TAG_NETWORK_ERROR_CODE, &tlv) == ERR_OK)
		out->network_error = tlv.value;
}

static struct span text_of(const struct smpp_deliver_sm *sm)
{
	struct span text;

	return smpp_message_octets(sm, &text) == ERR_OK ? text : sm->short_message;
}

static bool says_so(const struct smpp_deliver_sm *sm)
{
	const int type = sm->esm_class & ESM_TYPE;

	return type == ESM_RECEIPT || type == ESM_INTERMEDIATE;
}

/* Whether the first key is the id and there is a stat. */
static bool looks_so(struct span text)
{
	struct span after;
	struct smpp_receipt r = { 0 };

	text = skip_blanks(text);
	if (key_at(text, &after) == KEYS || (text.p[0] | 0x20) != 'i')
		return false;
	read_text(text, &r);
	return r.stat.n > 0;
}

bool smpp_receipt_is(const struct smpp_deliver_sm *sm)
{
	return says_so(sm) || looks_so(text_of(sm));
}

enum err smpp_receipt_read(const struct smpp_deliver_sm *sm, struct smpp_receipt *out)
{
	struct smpp_receipt r = { 0 };

	if (!smpp_receipt_is(sm))
		return ERR_NOT_FOUND;
	r.intermediate = (sm->esm_class & ESM_TYPE) == ESM_INTERMEDIATE;
	read_text(text_of(sm), &r);
	r.state = state_of_word(r.stat);
	read_tlvs(sm->tlvs, &r);
	if (r.id.n == 0 && r.state == SMPP_STATE_NONE)
		return ERR_SYNTAX;
	*out = r;
	return ERR_OK;
}
