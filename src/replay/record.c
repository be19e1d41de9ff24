/*
 * record.c - see replay/record.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "record_priv.h"

enum {
	CAPTURE_MAX = 256 << 20, /* octets of a capture */
	STORY_OUT_MAX = 512 << 20
};

/* Half of the address space would do; what limits is RECORD_MESSAGES and CAPTURE_MAX. */
#define ARENA_LIMIT ((size_t)4 << 30)

static enum err read_file(const char *path, struct buf *out, struct fault *fault)
{
	FILE *f = fopen(path, "rbe");
	size_t n;
	char *p;

	if (f == NULL) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		return ERR_NOT_FOUND;
	}
	do {
		p = buf_room(out, 1 << 16);
		n = p != NULL ? fread(p, 1, 1 << 16, f) : 0;
		out->n += n;
	} while (n > 0);
	n = ferror(f) != 0;
	(void)fclose(f);
	if (n != 0)
		fault_set(fault, "%s: cannot be read", path);
	else if (out->failed)
		fault_set(fault, "%s: larger than %d MiB: record a part of it", path,
		          CAPTURE_MAX >> 20);
	return n != 0 ? ERR_IO : out->failed ? ERR_TOO_BIG : ERR_OK;
}

static enum err read_lines(struct str rest, const char *path, struct talker *t,
                           struct fault *fault)
{
	struct buf octets = buf_make(SMPP_CAPTURE_PDU);
	struct smpp_captured c;
	struct str line, words;
	enum err e = ERR_OK;
	int64_t at_ms;
	int number = 0;

	while (e == ERR_OK && str_cut(&rest, '\n', &line)) {
		const bool whole = rest.p != NULL; /* a last line may be cut short */

		number++;
		e = smpp_capture_take(line, &octets, &c);
		if (e == ERR_OK)
			talker_pdu(t, &c);
		else if (smpp_capture_is_deed(line, &at_ms, &words))
			talker_deed(t, at_ms, words);
		if (e == ERR_NOT_FOUND || !whole)
			e = ERR_OK;
	}
	if (e != ERR_OK)
		fault_set(
			fault,
			"%s:%d: expected a PDU as \"MILLISECONDS LINK in|out HEX\", or a "
			"pcap file",
			path, number);
	buf_free(&octets);
	return e;
}

static void take_pdu(void *ctx, const struct smpp_captured *c)
{
	talker_pdu(ctx, c);
}

static enum err read_capture(const struct record_conf *conf, struct arena *a,
                             struct talk *out, struct fault *fault)
{
	struct talker *t = talker_create(a, conf->msisdn);
	struct buf file = buf_make(CAPTURE_MAX);
	enum err e = read_file(conf->capture, &file, fault);

	if (e == ERR_OK && smpp_is_pcap(buf_span(&file)))
		e = smpp_pcap_read(buf_span(&file), take_pdu, t, fault);
	else if (e == ERR_OK)
		e = read_lines(buf_str(&file), conf->capture, t, fault);
	if (e == ERR_OK)
		e = talker_end(t, out);
	if (e == ERR_TOO_BIG)
		fault_set(fault,
		          "%s: more than %d messages: record a part, or one number",
		          conf->capture, RECORD_MESSAGES);
	talker_destroy(t);
	buf_free(&file);
	return e;
}

/* The senders that may be subscribers, in order of appearance, each once. */
static size_t list_senders(const struct talk *talk, struct redact *r, int64_t *out)
{
	int64_t next = 0;
	size_t n = 0;

	for (size_t i = 0; i < talk->exchanges.n; i++) {
		const int64_t msisdn = talk_msisdn(talk->exchanges.row[i]->number);
		const int64_t made_up = msisdn != 0 ? redact_msisdn(r, msisdn) : 0;

		/* Made-up numbers are given in this order: a new one is the next. */
		if (made_up == INT64_C(13800000000) + next) {
			out[n++] = msisdn;
			next++;
		}
	}
	return n;
}

/* Of a story that goes on for a day, the time is enough to find the place. */
static void put_deeds(const struct talk *talk, struct buf *out)
{
	if (talk->deeds.n > 0)
		buf_puts(out,
		         STR("# Meanwhile the office was asked for what this story does "
		             "not do; answers behind it may be others:\n"));
	for (size_t i = 0; i < talk->deeds.n; i++) {
		const struct meanwhile *d = &talk->deeds.row[i];
		const struct civil at = civil_of(d->at_ms / 1000);

		buf_printf(out, "# %04d-%02d-%02d %02d:%02d:%02d %.*s\n", at.year,
		           at.month, at.day, at.hour, at.minute, at.second,
		           STR_ARG(d->words));
	}
}

static enum err write_story(const struct record_conf *conf, const struct talk *talk,
                            const struct assets *assets, struct record_tally *tally,
                            struct fault *fault)
{
	struct redact *r = redact_create(talk->arena);
	struct buf out = buf_make(STORY_OUT_MAX);
	int64_t *sender = arena_array(talk->arena, int64_t, talk->exchanges.n + 1);
	const size_t n = list_senders(talk, r, sender);
	const int64_t now = talk->exchanges.n > 0 ? talk->exchanges.row[0]->at_ms / 1000
	                                          : 0;
	enum err e = ERR_OK;

	buf_puts(&out, STR("story: recorded; numbers, names and ids are made up\n"));
	put_deeds(talk, &out);
	if (conf->store != NULL)
		e = rows_export(conf->store, sender, n, now, pins_find(talk, assets, r),
		                r, talk->arena, &out, fault);
	if (e == ERR_OK)
		tell(talk, assets, r, tally, &out);
	if (e == ERR_OK && (out.failed || fwrite(out.p, 1, out.n, conf->out) != out.n ||
	                    fflush(conf->out) != 0)) {
		fault_set(fault, "cannot write the story: %s", strerror(errno));
		e = ERR_IO;
	}
	redact_destroy(r);
	buf_free(&out);
	return e;
}

enum err record_story(const struct record_conf *conf, struct record_tally *out,
                      struct fault *fault)
{
	const struct hall_conf hall = { .default_language = LANG_ZH_HANS,
		                        .hotline = STR("10086") };
	struct arena a = arena_make(ARENA_LIMIT);
	struct assets *assets = NULL;
	struct talk talk;
	enum err e = read_capture(conf, &a, &talk, fault);

	if (e == ERR_OK)
		e = assets_load(conf->grammar, &hall,
		                civil_to_utc((struct civil){
					.year = 2026, .month = 10, .day = 20 }),
		                &assets, NULL, fault);
	if (e == ERR_OK) {
		*out = (struct record_tally){ 0, 0, 0 };
		e = write_story(conf, &talk, assets, out, fault);
	}
	assets_destroy(assets);
	arena_free(&a);
	return e;
}
