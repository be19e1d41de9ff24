/*
 * bodies.h - pdu.def once more, as lists to loop over, and random bodies made from it.
 */
#ifndef UNIT_SMPP_BODIES_H
#define UNIT_SMPP_BODIES_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "smpp/list.h"
#include "smpp/pdu.h"
#include "smpp/status.h"

/* -- the layouts once more, as lists to loop over --------------------------- */

enum kind {
	U8_FIELD,
	CSTR_FIELD,
	OCTETS_FIELD,
	DEST_FIELD,
	UNSUCCESS_FIELD,
	TLVS_FIELD
};

struct field {
	const char *pdu;
	enum kind kind;
	size_t offset, max;
	uint32_t status;
};

#define FIELD(pdu, kind, field, max, status) \
	{ #pdu, kind, offsetof(struct smpp_##pdu, field), max, SMPP_ESME_##status },
#define U8(pdu, field)                  FIELD(pdu, U8_FIELD, field, 1, ROK)
#define CSTR(pdu, field, max, status)   FIELD(pdu, CSTR_FIELD, field, max, status)
#define OCTETS(pdu, field, max, status) FIELD(pdu, OCTETS_FIELD, field, max, status)
#define LIST(pdu, field, entry, status) FIELD(pdu, entry##_FIELD, field, 254, status)
#define TLVS(pdu, field)                FIELD(pdu, TLVS_FIELD, field, 0, ROK)
static const struct field fields[] = {
#include "smpp/pdu.def"
};

#define BEGIN(pdu, name, id) { id, #pdu },
#define BEGIN_RESP(pdu, id)  { id | SMPP_RESP, #pdu },
#define EMPTY(pdu, name, id) { id, #pdu },
#define EMPTY_RESP(pdu, id)  { id | SMPP_RESP, #pdu },
static const struct {
	uint32_t id;
	const char *name;
} commands[] = {
#include "smpp/pdu.def"
};

enum {
	FIELDS = sizeof(fields) / sizeof(fields[0]),
	COMMANDS = sizeof(commands) / sizeof(commands[0])
};

static inline bool is_of(const struct field *f, int command)
{
	return strcmp(f->pdu, commands[command].name) == 0;
}

static inline void *member(union smpp_body *body, const struct field *f)
{
	return (unsigned char *)body + f->offset;
}

static inline struct span *span_at(union smpp_body *body, const struct field *f)
{
	return member(body, f);
}

static inline const struct field *tlvs_of(int command)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (is_of(&fields[i], command) && fields[i].kind == TLVS_FIELD)
			return &fields[i];
	}
	return NULL;
}

/* -- random bodies ---------------------------------------------------------- */

static struct buf pool; /* what the spans of a random body point into */

static inline void pool_start(void)
{
	pool = buf_make(1 << 20);
	ck_assert_ptr_nonnull(buf_room(&pool, 1 << 19)); /* so that it never moves */
}

static inline void pool_stop(void)
{
	ck_assert(!pool.failed);
	buf_free(&pool);
}

static inline unsigned below(unsigned n)
{
	return (unsigned)rand() % n;
}

static inline struct span random_octets(size_t n, unsigned lowest)
{
	const size_t at = pool.n;

	for (size_t i = 0; i < n; i++)
		buf_putc(&pool, (char)(lowest + below(256 - lowest)));
	return span_skip(buf_span(&pool), at);
}

static inline struct span random_list(enum kind kind)
{
	struct buf list = buf_make(1 << 16);
	const unsigned n = below(5) == 0 ? 254 : below(4);
	struct span octets;

	for (unsigned i = 0; i < n; i++) {
		const struct span address = random_octets(below(21), 1);

		if (kind == DEST_FIELD)
			smpp_dest_put(&list,
			              &(struct smpp_dest){ SMPP_DEST_SME + below(2), 1, 1,
			                                   address });
		else
			smpp_unsuccess_put(&list,
			                   &(struct smpp_unsuccess){ 1, 1, address, 11 });
	}
	ck_assert(!list.failed);
	octets = (struct span){ pool.n + (const uint8_t *)pool.p, list.n };
	buf_put(&pool, list.p, list.n);
	buf_free(&list);
	return octets;
}

static inline struct span random_tlvs(void)
{
	const size_t at = pool.n;

	for (unsigned i = below(4); i > 0; i--) {
		const size_t n = below(40);

		buf_put_be16(&pool, (uint16_t)(0x1400 + below(0x1000)));
		buf_put_be16(&pool, (uint16_t)n);
		(void)random_octets(n, 0);
	}
	return span_skip(buf_span(&pool), at);
}

static inline struct span random_value(const struct field *f)
{
	if (f->kind == CSTR_FIELD)
		return random_octets(below(3) == 0 ? f->max - 1 : below((unsigned)f->max),
		                     1);
	if (f->kind == OCTETS_FIELD)
		return random_octets(below(3) == 0 ? f->max : below((unsigned)f->max + 1),
		                     0);
	return f->kind == TLVS_FIELD ? random_tlvs() : random_list(f->kind);
}

static inline void random_body(int command, union smpp_body *body)
{
	memset(body, 0, sizeof(*body));
	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *f = &fields[i];

		if (!is_of(f, command))
			continue;
		if (f->kind == U8_FIELD)
			*(uint8_t *)member(body, f) = (uint8_t)below(256);
		else
			*span_at(body, f) = random_value(f);
	}
}

static inline bool same_bodies(int command, union smpp_body *a, union smpp_body *b)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *f = &fields[i];

		if (!is_of(f, command))
			continue;
		if (f->kind == U8_FIELD) {
			if (*(uint8_t *)member(a, f) != *(uint8_t *)member(b, f))
				return false;
			continue;
		}
		const struct span x = *span_at(a, f), y = *span_at(b, f);
		if (x.n != y.n || (x.n > 0 && memcmp(x.p, y.p, x.n) != 0))
			return false;
	}
	return true;
}

#endif
