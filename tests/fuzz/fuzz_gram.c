/*
 * fuzz_gram.c - any octets as a .gram file: loading ends with a grammar or a fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "grammar/grammar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int memfd_create(const char *name, unsigned flags);

static struct fold *fold(void)
{
	static struct fold *f;
	struct fault fault = { "" };

	if (f == NULL && fold_create(NULL, &f, &fault) != ERR_OK)
		abort();
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int fd = memfd_create("gram", 0);
	struct buf report = buf_make(1 << 20);
	struct fault fault = { "" };
	struct grammar *g = NULL;
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (grammar_load(path, fold(), 1774000000, &g, &report, &fault) == ERR_OK)
		grammar_destroy(g);
	else if (fault.text[0] == '\0')
		abort();
	buf_free(&report);
	(void)close(fd);
	return 0;
}
