/*
 * names.c - names of values in a text, and texts made of parts of it.
 */
#include <string.h>

#include "match_priv.h"

/* The longest word of t at i, whose letters may be parted as words are; its end in *end. */
static uint32_t longest(const struct trie *t, const struct folded *f, size_t i, size_t to,
                        size_t *end)
{
	uint32_t node = 0, found = 0;

	for (size_t k = i; k < to; k++) {
		if (f->p[k] == FOLD_SEP && k > i && k + 1 < to &&
		    is_letter(f->p[k - 1]) && is_letter(f->p[k + 1]))
			continue;
		node = trie_step(t, node, f->p[k]);
		if (node == 0)
			break;
		if (t->node[node].value == 0 || !words_alone(f, i, k + 1 - i))
			continue;
		found = t->node[node].value;
		*end = k + 1;
	}
	return found;
}

bool name_at(const struct grammar *g, const struct folded *f, size_t i, size_t to,
             struct name *out)
{
	bool found = false;

	if (i >= to || !begins_char(f->p[i]))
		return false;
	for (size_t k = 0; k < g->n_lists; k++) {
		size_t end = i;
		const uint32_t entry = longest(&g->list[k]->names, f, i, to, &end);

		if (entry == 0 || (found && end <= out->to))
			continue;
		*out = (struct name){ i, end, k, entry };
		found = true;
	}
	return found;
}

void folded_add(struct folded *to, const struct folded *f, size_t from, size_t end)
{
	memcpy(to->p + to->n, f->p + from, end - from);
	memcpy(to->from + to->n, f->from + from, (end - from) * sizeof(f->from[0]));
	to->n += end - from;
	to->p[to->n] = '\0';
	to->from[to->n] = f->from[end];
}
