/*
 * fault.c - see base/fault.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/fault.h"

void fault_set(struct fault *f, const char *fmt, ...)
{
	va_list ap;

	if (f == NULL || f->text[0] != '\0')
		return;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

void faults_add(const struct faults *f, const char *fmt, ...)
{
	struct fault one = { .text = "" };
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(one.text, sizeof(one.text), fmt, ap);
	va_end(ap);
	fault_set(f->first, "%s", one.text);
	if (f->all != NULL)
		buf_printf(f->all, "%s\n", one.text);
}
