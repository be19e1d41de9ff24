/*
 * input.c - a text of a story as an input of a turn: what intake does with a PDU.
 */
#include "run_priv.h"
#include "smpp/address.h"

enum {
	TEXT_MAX = 128 * 1024,  /* octets of one text as UTF-8 */
	OCTETS_MAX = 256 * 1024 /* and in its alphabet */
};

/* "00 41 d800": pairs of digits, blanks anywhere between them. */
static enum err hex_octets(struct str s, struct buf *out, struct fault *fault)
{
	for (s = str_trim(s); s.n > 0; s = str_trim(s)) {
		char pair[] = "0x00";
		int64_t octet;

		if (s.n >= 2)
			memcpy(pair + 2, s.p, 2);
		if (s.n < 2 || story_number(str_of(pair), &octet) != ERR_OK) {
			fault_set(fault,
			          "expected pairs of hexadecimal digits at \"%.*s\"",
			          STR_ARG(s));
			return ERR_SYNTAX;
		}
		buf_putc(out, (char)octet);
		s = (struct str){ s.p + 2, s.n - 2 };
	}
	return ERR_OK;
}

/* The item's text with its variables, as often as the note says. */
static enum err full_text(struct run *r, const struct story_item *item, struct buf *out,
                          struct fault *fault)
{
	struct pattern p;
	struct buf once = buf_make(TEXT_MAX);
	enum err e = pattern_compile(item->text, r->arena, &p, fault);

	if (e == ERR_OK)
		e = pattern_fill(&p, &r->vars, &once, fault);
	for (int64_t i = 0; e == ERR_OK && i < item->note->times; i++)
		buf_puts(out, buf_str(&once));
	if (e == ERR_OK && (once.failed || out->failed)) {
		fault_set(fault, "a text may have %d octets", TEXT_MAX);
		e = ERR_TOO_BIG;
	}
	buf_free(&once);
	return e;
}

static enum coding coding_for(const struct story_note *note, struct str utf8)
{
	if (note->has_coding)
		return note->coding;
	if (note->hex)
		return CODING_BINARY;
	return coding_fits(CODING_GSM7, utf8) ? CODING_GSM7 : CODING_UCS2;
}

static enum err encode(struct run *r, const struct story_item *item,
                       struct turn_input *out, struct fault *fault)
{
	struct buf utf8 = buf_make(TEXT_MAX), octets = buf_make(OCTETS_MAX);
	enum err e = full_text(r, item, &utf8, fault);
	enum coding coding;

	if (e == ERR_OK) {
		coding = coding_for(item->note, buf_str(&utf8));
		out->data_coding = item->note->dcs >= 0 ? (uint8_t)item->note->dcs
		                                        : coding_dcs(coding);
		if (item->note->hex)
			e = hex_octets(buf_str(&utf8), &octets, fault);
		else
			e = coding_encode(coding, buf_str(&utf8), &octets);
	}
	if (e != ERR_OK)
		fault_set(fault, "the text does not exist in that alphabet");
	else
		out->octets = (struct span){
			(const uint8_t *)arena_str(r->arena, buf_str(&octets)).p, octets.n
		};
	buf_free(&utf8);
	buf_free(&octets);
	return e;
}

/* "+8613…" is international, letters are a name, anything else plain digits. */
static struct address address_of(struct str number)
{
	if (number.p[0] == '+')
		return (struct address){ SMPP_TON_INTERNATIONAL,
			                 SMPP_NPI_ISDN,
			                 { number.p + 1, number.n - 1 } };
	if (number.p[0] < '0' || number.p[0] > '9')
		return (struct address){ SMPP_TON_ALPHANUMERIC, SMPP_NPI_UNKNOWN,
			                 number };
	return (struct address){ SMPP_TON_UNKNOWN, SMPP_NPI_ISDN, number };
}

static int64_t msisdn_of(const struct address *from)
{
	int64_t msisdn;

	if (from->ton == SMPP_TON_ALPHANUMERIC ||
	    smpp_msisdn((struct span){ (const uint8_t *)from->digits.p, from->digits.n },
	                &msisdn) != ERR_OK)
		return 0;
	return msisdn;
}

enum err input_make(struct run *r, const struct story_item *item, struct turn_input *out,
                    struct fault *fault)
{
	const struct story_note *note = item->note;

	*out = (struct turn_input){
		.kind = TURN_TEXT,
		.at_ms = r->world.now_ms,
		.session = note->session != 0 ? note->session : r->world.session,
		.group = note->group.n > 0 ? note->group : STR("10086"),
		.from = address_of(item->number),
		.to = address_of(note->to.n > 0 ? note->to : STR("10086")),
		.udh = note->udh,
		.alphabet = CODING_GSM7,
		.ref = (uint16_t)note->ref,
		.total = (uint8_t)note->total,
		.seq = (uint8_t)note->seq,
		.limit = note->too_many ? TURN_TOO_MANY : TURN_WITHIN,
	};
	out->msisdn = note->untrusted ? 0 : msisdn_of(&out->from);
	return encode(r, item, out, fault);
}
