/*
 * store_files.h - the files of a store that a benchmark makes.
 */
#ifndef BENCH_STORE_FILES_H
#define BENCH_STORE_FILES_H

#include <stdio.h>
#include <unistd.h>

static inline void store_files_remove(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char name[512];

		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)unlink(name);
	}
}

#endif
