/*
 * fuzz_wire.c - any octets as lines of the control socket's answer: what reads is
 * written as a line that reads the same.
 */
#include <stdlib.h>

#include "office/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct wire *w, struct arena *a)
{
	struct buf line = buf_make(1 << 24);
	struct wire again;

	wire_put(&line, w);
	if (line.failed || line.n == 0 || line.p[line.n - 1] != '\n')
		abort();
	if (wire_read((struct str){ line.p, line.n - 1 }, a, &again) != ERR_OK ||
	    again.kind != w->kind)
		abort();
	buf_free(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = arena_make((size_t)1 << 28);
	struct str rest = { (const char *)data, size }, line;
	struct wire w;

	if (size > WIRE_LINE_MAX)
		return 0;
	while (str_cut(&rest, '\n', &line)) {
		if (wire_read(line, &a, &w) == ERR_OK)
			check(&w, &a);
	}
	arena_free(&a);
	return 0;
}
