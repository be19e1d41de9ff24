/*
 * volume.h - data volumes (int64 KiB) and voice (int64 seconds) as replies show them.
 */
#ifndef MODEL_VOLUME_H
#define MODEL_VOLUME_H

#include "base/arena.h"

/* Whole MB up to 1023 ("512MB"), then GB with one decimal ("18.9GB", "20GB" when whole). */
struct str volume_text(struct arena *a, int64_t kib);

/* Whole minutes begun: 61 s are 2. */
int64_t voice_minutes(int64_t seconds);

#endif
