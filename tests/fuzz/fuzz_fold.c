/*
 * fuzz_fold.c - any octets as a text: folding twice is folding once, and the
 * offsets stay in order inside the raw text.  Run from the top of the tree.
 */
#include <stdlib.h>

#include "text/fold.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void check(const struct folded *f, size_t raw_n)
{
	uint32_t cp;

	need(f->n <= FOLD_MAX && f->p[f->n] == '\0' && f->from[f->n] <= raw_n);
	for (size_t i = 0; i < f->n; i++)
		need(f->from[i] <= f->from[i + 1] && f->from[i] < raw_n);
	for (size_t i = 0; i < f->n;) {
		i += utf8_next(f->p + i, f->n - i, &cp);
		need(cp != UTF8_BAD);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fold *fold;
	struct folded once, twice;

	if (fold == NULL)
		need(fold_create("grammar/fold.tsv", &fold, NULL) == ERR_OK);
	fold_text(fold, (struct str){ (const char *)data, size }, &once);
	check(&once, size);
	fold_text(fold, (struct str){ once.p, once.n }, &twice);
	need(once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);
	return 0;
}
