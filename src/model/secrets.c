/*
 * secrets.c - see model/secrets.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "model/changes.h"
#include "model/secrets.h"

void changes_pin(struct changes *c, const struct dossier *d)
{
	changes_add(c, pins, (struct pin_row){ d->msisdn, d->sub.owner_since, d->pin });
}

void changes_status(struct changes *c, struct dossier *d, enum sub_status status)
{
	d->sub.status = status;
	changes_add(c, statuses,
	            (struct status_change){ d->msisdn, d->sub.owner_since, status });
}

void changes_language(struct changes *c, struct dossier *d, enum language language)
{
	d->sub.language = language;
	changes_add(c, languages,
	            (struct language_change){ d->msisdn, d->sub.owner_since, language });
}

bool pin_locked(const struct pin *p, int64_t now)
{
	return now < p->locked_until;
}

/* Each digit as far from the one before it: 0 equal, 1 and -1 runs. */
static bool is_run(const char *p)
{
	const int step = p[1] - p[0];

	if (step < -1 || step > 1)
		return false;
	for (size_t i = 2; i < PIN_DIGITS; i++)
		if (p[i] - p[i - 1] != step)
			return false;
	return true;
}

static bool is_twice_the_same(const char *p)
{
	return memcmp(p, p + PIN_DIGITS / 2, PIN_DIGITS / 2) == 0;
}

static bool has_few_digits(const char *p)
{
	unsigned seen = 0, n = 0;

	for (size_t i = 0; i < PIN_DIGITS; i++)
		seen |= 1U << (p[i] - '0');
	for (; seen != 0; seen &= seen - 1)
		n++;
	return n <= 2;
}

static int two(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

static bool is_date(const char *p)
{
	const int month = two(p + 2), day = two(p + 4);

	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool pin_weak(struct str pin, int64_t msisdn)
{
	char number[32];
	int n;

	if (pin.n != PIN_DIGITS)
		return true;
	for (size_t i = 0; i < pin.n; i++)
		if (pin.p[i] < '0' || pin.p[i] > '9')
			return true;
	n = snprintf(number, sizeof(number), "%" PRId64, msisdn);
	if (n >= PIN_DIGITS && memcmp(number + n - PIN_DIGITS, pin.p, PIN_DIGITS) == 0)
		return true;
	return is_run(pin.p) || has_few_digits(pin.p) || is_twice_the_same(pin.p) ||
	       is_date(pin.p);
}
