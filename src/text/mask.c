/*
 * mask.c - see text/mask.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text/mask.h"

enum {
	LONG = 10, /* digits from which three and four are shown */
	SHORT = 3  /* digits from which the first and the last are */
};

/* Senders may be any octets: nothing but what an address is written with. */
static char shown(char c)
{
	const bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	                (c >= 'a' && c <= 'z') || c == '+';

	if (!ok)
		c = '?';
	return c;
}

const char *mask_number(char out[static MASK_MAX], struct str digits)
{
	const size_t head = digits.n >= LONG ? 3 : digits.n >= SHORT ? 1 : 0;
	const size_t tail = digits.n >= LONG ? 4 : head;
	size_t n = 0;

	for (size_t i = 0; i < head; i++)
		out[n++] = shown(digits.p[i]);
	for (int i = 0; i < 4 && digits.n > 0; i++)
		out[n++] = '*';
	for (size_t i = digits.n - tail; i < digits.n; i++)
		out[n++] = shown(digits.p[i]);
	out[n] = '\0';
	return out;
}

const char *mask_msisdn(char out[static MASK_MAX], int64_t msisdn)
{
	char digits[MASK_MAX];

	(void)snprintf(digits, sizeof(digits), "%" PRId64, msisdn);
	return mask_number(out, str_of(digits));
}

void mask_runs(char *text, size_t n, size_t digits)
{
	size_t run = 0;

	for (size_t i = 0; i <= n; i++) {
		if (i < n && text[i] >= '0' && text[i] <= '9') {
			run++;
			continue;
		}
		if (run == digits)
			memset(text + i - run, '*', run);
		run = 0;
	}
}
