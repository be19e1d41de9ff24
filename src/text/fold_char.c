/*
 * fold_char.c - the folding of a single character by Unicode's properties.
 *
 * Used to build the table of the BMP, and directly for the planes above it.
 */
#include <utf8proc.h>

#include "fold_priv.h"
#include "text/utf8.h"

enum {
	NFKC_MAX = 24 /* code points that one becomes; the longest today is 18 */
};

enum fate {
	KEEP,
	DROP,
	SEPARATE
};

/*
 * By general category.  Symbols count as punctuation: no code or word of the hall
 * holds one.  Marks are accents and variation selectors that NFKC left alone.
 * Private use holds the emoji of carriers.
 */
static const enum fate fate_of[] = {
	[UTF8PROC_CATEGORY_CN] = DROP,     [UTF8PROC_CATEGORY_LU] = KEEP,
	[UTF8PROC_CATEGORY_LL] = KEEP,     [UTF8PROC_CATEGORY_LT] = KEEP,
	[UTF8PROC_CATEGORY_LM] = KEEP,     [UTF8PROC_CATEGORY_LO] = KEEP,
	[UTF8PROC_CATEGORY_MN] = DROP,     [UTF8PROC_CATEGORY_MC] = DROP,
	[UTF8PROC_CATEGORY_ME] = DROP,     [UTF8PROC_CATEGORY_ND] = KEEP,
	[UTF8PROC_CATEGORY_NL] = KEEP,     [UTF8PROC_CATEGORY_NO] = KEEP,
	[UTF8PROC_CATEGORY_PC] = SEPARATE, [UTF8PROC_CATEGORY_PD] = SEPARATE,
	[UTF8PROC_CATEGORY_PS] = SEPARATE, [UTF8PROC_CATEGORY_PE] = SEPARATE,
	[UTF8PROC_CATEGORY_PI] = SEPARATE, [UTF8PROC_CATEGORY_PF] = SEPARATE,
	[UTF8PROC_CATEGORY_PO] = SEPARATE, [UTF8PROC_CATEGORY_SM] = SEPARATE,
	[UTF8PROC_CATEGORY_SC] = SEPARATE, [UTF8PROC_CATEGORY_SK] = SEPARATE,
	[UTF8PROC_CATEGORY_SO] = SEPARATE, [UTF8PROC_CATEGORY_ZS] = SEPARATE,
	[UTF8PROC_CATEGORY_ZL] = SEPARATE, [UTF8PROC_CATEGORY_ZP] = SEPARATE,
	[UTF8PROC_CATEGORY_CC] = DROP,     [UTF8PROC_CATEGORY_CF] = DROP,
	[UTF8PROC_CATEGORY_CS] = SEPARATE, [UTF8PROC_CATEGORY_CO] = SEPARATE,
};

static const utf8proc_property_t *property(uint32_t cp)
{
	return utf8proc_get_property((utf8proc_int32_t)cp);
}

static bool is_digit(uint32_t cp)
{
	return property(cp)->category == UTF8PROC_CATEGORY_ND;
}

/* Decimal digits stand in runs of ten, zero first (Unicode 15 section 4.6). */
static uint32_t ascii_digit(uint32_t cp)
{
	uint32_t first = cp;

	while (is_digit(first - 1))
		first--;
	return '0' + (cp - first) % 10;
}

static enum fate fate(uint32_t cp)
{
	/* Tabs and line breaks, of the controls. */
	if ((cp >= '\t' && cp <= '\r') || cp == 0x85)
		return SEPARATE;
	/* Fillers and joiners are invisible whatever their category. */
	return property(cp)->ignorable ? DROP : fate_of[property(cp)->category];
}

/* Flags, which the library declares as an enum. */
static const utf8proc_option_t decompose = (utf8proc_option_t)(UTF8PROC_DECOMPOSE |
                                                               UTF8PROC_COMPAT);
static const utf8proc_option_t compose = (utf8proc_option_t)(UTF8PROC_STABLE |
                                                             UTF8PROC_COMPOSE);

/* NFKC of one code point; returns how many there are in out. */
static size_t nfkc(uint32_t cp, utf8proc_int32_t out[static NFKC_MAX])
{
	int boundary = UTF8PROC_BOUNDCLASS_START;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, out, NFKC_MAX,
	                                             decompose, &boundary);

	assert(n > 0 && n <= NFKC_MAX);
	n = utf8proc_normalize_utf32(out, n, compose);
	assert(n > 0);
	return (size_t)n;
}

static uint32_t upper(uint32_t cp)
{
	return (uint32_t)utf8proc_toupper((utf8proc_int32_t)cp);
}

bool fold_is_plain(uint32_t cp)
{
	utf8proc_int32_t to[NFKC_MAX];

	return nfkc(cp, to) == 1 && upper((uint32_t)to[0]) == cp;
}

bool fold_is_kept(uint32_t cp)
{
	return fate(cp) == KEEP;
}

static void put(struct fold_char *out, uint32_t cp)
{
	assert(out->n + 4 <= FOLD_CHAR_MAX);
	out->n += (unsigned)utf8_put(out->p + out->n, cp);
}

void fold_char(const struct fold_map *map, uint32_t cp, struct fold_char *out)
{
	utf8proc_int32_t to[NFKC_MAX];
	const size_t n = nfkc(cp, to);

	out->n = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t c = fold_map_get(map, upper((uint32_t)to[i]));
		enum fate f = fate(c);

		if (f == SEPARATE)
			put(out, FOLD_SEP);
		else if (f == KEEP)
			put(out, is_digit(c) ? ascii_digit(c) : c);
	}
}
