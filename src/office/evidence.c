/*
 * evidence.c - the task "evidence": what a number agreed to, ordered and was charged,
 * each with the text as received and the reply as sent, for a dispute.
 *
 *   {"do":"evidence","msisdn":"13800000001","code":"58","order":12,"json":false}
 *
 * The last line is the SHA-256 of all lines before it, each with its newline; so a file
 * made of the report is checked by  head -n -1 FILE | sha256sum
 */
#include <inttypes.h>

#include <sodium.h>

#include "care_priv.h"

enum {
	LINE_OCTETS = 65536 /* of an event */
};

struct paper {
	struct office_call *c;
	crypto_hash_sha256_state digest;
	struct buf line;
	bool json, failed;
};

static void end_line(struct paper *p)
{
	p->failed = p->failed || p->line.failed;
	buf_putc(&p->line, '\n');
	(void)crypto_hash_sha256_update(&p->digest, (const uint8_t *)p->line.p,
	                                p->line.n);
	office_line(p->c, (struct str){ p->line.p, p->line.n - 1 });
	buf_reset(&p->line);
}

static void put_head(struct paper *p, const struct store_report *r, int64_t now)
{
	if (p->json) {
		buf_printf(&p->line,
		           "{\"evidence_of\":\"%" PRId64 "\",\"made_ms\":%" PRId64
		           ",\"events\":%zu,\"complete\":%s}",
		           r->msisdn, now * 1000, r->n, r->cut ? "false" : "true");
		end_line(p);
		return;
	}
	buf_printf(&p->line, "Evidence of %" PRId64 ", made ", r->msisdn);
	show_time(&p->line, now * 1000);
	buf_printf(&p->line, ", %zu events%s", r->n,
	           r->cut ? ", the newest only: older ones are left out" : "");
	end_line(p);
}

static void put_event(struct paper *p, const struct store_event *e)
{
	if (p->json)
		show_json(&p->line, e);
	else
		show_line(&p->line, e, false);
	end_line(p);
}

static void put_digest(struct paper *p)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash) + 1];

	(void)crypto_hash_sha256_final(&p->digest, hash);
	(void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	if (p->json)
		office_say(p->c, "{\"sha256\":\"%s\"}", hex);
	else
		office_say(p->c, "SHA-256 of the lines above: %s", hex);
}

static enum err write_paper(struct office_call *c, const struct store_report *r,
                            int64_t now, bool json)
{
	struct paper p = { .c = c, .line = buf_make(LINE_OCTETS), .json = json };

	(void)crypto_hash_sha256_init(&p.digest);
	put_head(&p, r, now);
	for (size_t i = 0; i < r->n; i++)
		put_event(&p, &r->event[i]);
	buf_free(&p.line);
	if (p.failed) {
		fault_set(c->fault, "an event is longer than %d octets", LINE_OCTETS);
		return ERR_TOO_BIG;
	}
	put_digest(&p);
	return ERR_OK;
}

static enum err run(struct office_call *c)
{
	struct store_report r = { .code = STR(""), .limit = STORE_REPORT_ROWS };
	int64_t now = 0;
	bool json = false;
	enum err e = office_msisdn(c, &r.msisdn);

	if (e == ERR_OK && office_has(c, "code"))
		e = office_text(c, "code", &r.code);
	if (e == ERR_OK)
		e = office_number(c, "order", 1, INT64_MAX, &r.order);
	if (e == ERR_OK)
		e = office_flag(c, "json", &json);
	if (e == ERR_OK)
		e = office_now(c, &now);
	if (e == ERR_OK)
		e = store_evidence(c->host->reader, &c->arena, &r, c->fault);
	return e == ERR_OK ? write_paper(c, &r, now, json) : e;
}

const struct office_task office_evidence = { .name = "evidence", .run = run };
