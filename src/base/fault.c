/*
 * fault.c - see base/fault.h.
 */
#include <stdarg.h>
#include <stdio.h>

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
