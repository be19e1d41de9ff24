/*
 * fold_map.c - which character stands for which: OpenCC's Traditional to
 * Simplified by character, and the overlay file on top.
 */
#include <errno.h>
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "fold_priv.h"
#include "text/utf8.h"

enum {
	CHAIN_MAX = 8, /* a to b to c ...: longer is a circle */
	LINE_MAX_N = 1024
};

/* Where OpenCC's tables have entries; compatibility forms went with NFKC. */
static const struct {
	uint32_t first, last;
} han[] = { { 0x3400, 0x9fff }, { 0x20000, 0x2ebef }, { 0x30000, 0x323af } };

static void map_add(struct fold_map *map, uint32_t from, uint32_t to, unsigned line)
{
	if (map->n == map->cap) {
		map->cap = map->cap == 0 ? 8192 : map->cap * 2;
		map->pair = xrealloc(map->pair, map->cap * sizeof(*map->pair));
	}
	map->pair[map->n++] = (struct fold_pair){ from, to, line };
}

static int by_from(const void *a, const void *b)
{
	const struct fold_pair *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* The overlay's lines before OpenCC's pair for the same character. */
static int by_from_then_line(const void *a, const void *b)
{
	const struct fold_pair *x = a, *y = b;
	const int d = by_from(a, b);

	return d != 0 ? d : (x->line < y->line) - (x->line > y->line);
}

static const struct fold_pair *map_find(const struct fold_map *map, uint32_t cp)
{
	const struct fold_pair key = { .from = cp };

	return map->n == 0 ? NULL
	                   : bsearch(&key, map->pair, map->n, sizeof(key), by_from);
}

uint32_t fold_map_get(const struct fold_map *map, uint32_t cp)
{
	const struct fold_pair *found = map_find(map, cp);

	return found != NULL ? found->to : cp;
}

/* -- OpenCC ---------------------------------------------------------------------- */

/*
 * All ideographs in the order of their codes: as neighbours they make none of the
 * phrases that OpenCC would convert as one (the unit test holds it to that), and
 * a separator after each would cost half as much time again.
 */
static void list_han(struct buf *out)
{
	for (size_t r = 0; r < sizeof(han) / sizeof(han[0]); r++) {
		for (uint32_t cp = han[r].first; cp <= han[r].last; cp++)
			buf_put_utf8(out, cp);
	}
}

/* Character by character; false when the two are not of the same number. */
static bool add_changed(struct fold_map *map, struct str from, struct str to)
{
	size_t i = 0, k = 0;
	uint32_t a, b;

	while (i < from.n && k < to.n) {
		i += utf8_next(from.p + i, from.n - i, &a);
		k += utf8_next(to.p + k, to.n - k, &b);
		if (b == UTF8_BAD)
			return false;
		if (a != b)
			map_add(map, a, b, 0);
	}
	return i == from.n && k == to.n;
}

static enum err add_opencc(struct fold_map *map, struct fault *fault)
{
	struct buf list = buf_make(1 << 20);
	opencc_t cc = opencc_open("t2s.json");
	char *to;
	bool ok;

	/* The library's own mark of failure is (opencc_t)-1. */
	if ((intptr_t)cc == -1) {
		fault_set(fault, "OpenCC t2s.json: %s; install libopencc-data",
		          opencc_error());
		return ERR_NOT_FOUND;
	}
	list_han(&list);
	to = opencc_convert_utf8(cc, buf_cstr(&list), list.n);
	ok = to != NULL && add_changed(map, buf_str(&list), str_of(to));
	if (!ok)
		fault_set(fault,
		          "OpenCC t2s.json does not convert character by character");
	opencc_convert_utf8_free(to);
	(void)opencc_close(cc);
	buf_free(&list);
	return ok ? ERR_OK : ERR_CORRUPT;
}

/* -- the overlay ----------------------------------------------------------------- */

/* The one character that s is; false if it is none or several. */
static bool one_char(struct str s, uint32_t *cp)
{
	return s.n > 0 && utf8_next(s.p, s.n, cp) == s.n && *cp != UTF8_BAD;
}

static const char *pair_check(struct str from, struct str to, uint32_t *f, uint32_t *t)
{
	if (!one_char(from, f) || !one_char(to, t))
		return "expected one character, a tab, one character";
	if (!fold_is_plain(*f))
		return "the first character never gets here: NFKC or upper case change it";
	if (!fold_is_plain(*t) || !fold_is_kept(*t))
		return "the second character does not stand in folded text";
	return NULL;
}

static enum err read_line(struct fold_map *map, struct str line, unsigned number,
                          const char *path, struct fault *fault)
{
	struct str rest = line, from;
	const char *wrong;
	uint32_t f, t;

	(void)str_cut(&rest, '#', &line);
	rest = str_trim(line);
	if (rest.n == 0)
		return ERR_OK;
	(void)str_cut(&rest, '\t', &from);
	wrong = pair_check(from, str_trim(rest), &f, &t);
	if (wrong != NULL) {
		fault_set(fault, "%s:%u: %s", path, number, wrong);
		return ERR_SYNTAX;
	}
	map_add(map, f, t, number);
	return ERR_OK;
}

static enum err add_overlay(struct fold_map *map, const char *path, struct fault *fault)
{
	FILE *in = fopen(path, "r");
	char line[LINE_MAX_N];
	enum err e = ERR_OK;

	if (in == NULL) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		return ERR_NOT_FOUND;
	}
	for (unsigned number = 1; e == ERR_OK && fgets(line, sizeof(line), in) != NULL;
	     number++)
		e = read_line(map, str_of(line), number, path, fault);
	if (e == ERR_OK && ferror(in)) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		e = ERR_IO;
	}
	(void)fclose(in);
	return e;
}

/* -- both together ---------------------------------------------------------------- */

/* Sorts, and leaves of OpenCC's pair and the overlay's the latter. */
static enum err merge(struct fold_map *map, const char *path, struct fault *fault)
{
	size_t n = 0;

	qsort(map->pair, map->n, sizeof(*map->pair), by_from_then_line);
	for (size_t i = 0; i < map->n; i++) {
		if (n == 0 || map->pair[n - 1].from != map->pair[i].from) {
			map->pair[n++] = map->pair[i];
		} else if (map->pair[i].line != 0) {
			fault_set(fault,
			          "%s:%u: this character was given in line %u already",
			          path, map->pair[n - 1].line, map->pair[i].line);
			return ERR_SYNTAX;
		}
	}
	map->n = n;
	return ERR_OK;
}

/* Follows chains to their ends. */
static enum err settle(struct fold_map *map, const char *path, struct fault *fault)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct fold_pair *next = &map->pair[i];
		uint32_t to = next->to;

		for (int step = 0; (next = map_find(map, to)) != NULL; step++) {
			if (step == CHAIN_MAX) {
				fault_set(fault,
				          "%s:%u: these characters lead in a circle",
				          path, next->line);
				return ERR_SYNTAX;
			}
			to = next->to;
		}
		map->pair[i].to = to;
	}
	return ERR_OK;
}

enum err fold_map_load(struct fold_map *map, const char *overlay, struct fault *fault)
{
	enum err e = add_opencc(map, fault);

	if (e == ERR_OK && overlay != NULL)
		e = add_overlay(map, overlay, fault);
	if (e == ERR_OK)
		e = merge(map, overlay, fault);
	if (e == ERR_OK)
		e = settle(map, overlay, fault);
	if (e != ERR_OK) {
		free(map->pair);
		*map = (struct fold_map){ 0 };
	}
	return e;
}
