/*
 * fuzz_template.c - any octets as a template: it is refused with a column, or
 * compiles and prints no more than its own text and values.
 */
#include <stdlib.h>

#include "text/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "a", "b" };
	/* Each value is as long as its "{a}", and would be a variable if read again. */
	const struct str values[] = { STR("{b}"), { NULL, 0 } };
	struct fault fault = { 0 };
	struct buf out = buf_make(1 << 20);
	struct template *t;
	enum err e = template_compile((struct str){ (const char *)data, size }, names, 2,
	                              &t, &fault);

	need((e == ERR_OK) == (fault.text[0] == '\0'));
	if (e == ERR_OK) {
		template_render(t, values, &out);
		need(!out.failed && out.n <= size);
		need((template_uses(t) & ~3U) == 0);
		template_destroy(t);
	}
	buf_free(&out);
	return 0;
}
