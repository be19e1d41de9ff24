/*
 * choice_order.c - the first of many by a key in float, without sorting all.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "choice_priv.h"

uint32_t choice_order(float key)
{
	uint32_t bits;

	memcpy(&bits, &key, sizeof(bits));
	return bits >> 31 ? ~bits : bits | 0x80000000U;
}

uint32_t choice_cut(const float *key, size_t n, size_t most)
{
	uint32_t *count = xcalloc(1 << 16, sizeof(*count));
	size_t sum = 0;
	uint32_t at = 0;

	for (size_t i = 0; i < n; i++)
		count[choice_order(key[i]) >> 16]++;
	for (; at < (1 << 16) - 1; at++) {
		sum += count[at];
		if (sum >= most)
			break;
	}
	free(count);
	return at;
}
