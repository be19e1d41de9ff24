/*
 * message_id.c - the forms of a message id; see smpp/receipt.h.
 *
 * Ids have up to 64 digits, so a value is held as its digits and converted
 * from base to base by the school method.
 */
#include <string.h>

#include "smpp/receipt.h"

enum {
	ID_LONGEST = 64 /* octets, message_id of 3.4 */
};

/* The digit's value, or 16 for what is none. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	return 16;
}

static bool all_below(const char *p, size_t n, unsigned base)
{
	for (size_t i = 0; i < n; i++) {
		if (digit_value(p[i]) >= base)
			return false;
	}
	return true;
}

/* Writes the digits of `id`, which are of base `from`, in base `to`; returns how many. */
static size_t convert(const char *id, size_t n, unsigned from, unsigned to,
                      char out[static SMPP_ID_MAX])
{
	uint8_t digit[SMPP_ID_MAX] = { 0 }; /* of the result, the lowest first */
	size_t used = 1;

	for (size_t i = 0; i < n; i++) {
		unsigned carry = digit_value(id[i]);

		for (size_t k = 0; k < used; k++) {
			carry += digit[k] * from;
			digit[k] = (uint8_t)(carry % to);
			carry /= to;
		}
		for (; carry > 0 && used < SMPP_ID_MAX; carry /= to)
			digit[used++] = (uint8_t)(carry % to);
	}
	for (size_t k = 0; k < used; k++)
		out[k] = "0123456789abcdef"[digit[used - 1 - k]];
	return used;
}

static void add_converted(struct smpp_id_forms *f, unsigned from, unsigned to)
{
	const char *id = f->form[0].p;
	const size_t n = f->form[0].n;

	if (!all_below(id, n, from))
		return;
	f->form[f->n].n = convert(id, n, from, to, f->form[f->n].p);
	f->n++;
}

struct smpp_id_forms smpp_id_forms(struct span id)
{
	struct smpp_id_forms f = { 0 };

	while (id.n > 1 && id.p[0] == '0')
		id = span_skip(id, 1);
	if (id.n == 0 || id.n > ID_LONGEST)
		return f;
	for (size_t i = 0; i < id.n; i++) {
		const char c = (char)id.p[i];

		f.form[0].p[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	f.form[0].n = id.n;
	f.n = 1;
	add_converted(&f, 10, 16);
	add_converted(&f, 16, 10);
	return f;
}
