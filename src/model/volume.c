/*
 * volume.c - see model/volume.h.
 */
#include <inttypes.h>

#include "model/volume.h"

enum {
	MB = 1024,
	GB = 1024 * 1024 /* KiB */
};

struct str volume_text(struct arena *a, int64_t kib)
{
	const int64_t mb = kib / MB + (kib % MB >= MB / 2 ? 1 : 0);
	const int64_t tenths = kib / GB * 10 + (kib % GB * 10 + GB / 2) / GB;

	if (mb < 1024)
		return arena_printf(a, "%" PRId64 "MB", mb);
	if (tenths % 10 == 0)
		return arena_printf(a, "%" PRId64 "GB", tenths / 10);
	return arena_printf(a, "%" PRId64 ".%" PRId64 "GB", tenths / 10, tenths % 10);
}

int64_t voice_minutes(int64_t seconds)
{
	return seconds / 60 + (seconds % 60 > 0 ? 1 : 0);
}
