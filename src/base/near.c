/*
 * near.c - see base/near.h.
 */
#include "base/near.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t near_distance(struct str a, struct str b)
{
	size_t d[NEAR_MAX + 1][NEAR_MAX + 1];

	if (a.n > NEAR_MAX || b.n > NEAR_MAX)
		return SIZE_MAX;
	for (size_t i = 0; i <= a.n; i++) {
		for (size_t j = 0; j <= b.n; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = least(d[i - 1][j], d[i][j - 1]) + 1;
			d[i][j] = least(d[i][j],
			                d[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]));
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[a.n][b.n];
}
