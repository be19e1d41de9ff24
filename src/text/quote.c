/*
 * quote.c - see text/quote.h.
 */
#include "text/quote.h"

#include "text/utf8.h"

void quote_put(struct buf *out, struct str s)
{
	buf_putc(out, '"');
	while (s.n > 0) {
		uint32_t cp;
		const size_t step = utf8_next(s.p, s.n, &cp);

		if (cp == UTF8_BAD || cp == 0)
			buf_put_utf8(out, 0xfffd);
		else if (cp == '\n')
			buf_puts(out, STR("\\n"));
		else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
			buf_printf(out, "\\u%04x", (unsigned)cp);
		else if (cp == '"' || cp == '\\')
			buf_printf(out, "\\%c", (int)cp);
		else
			buf_put(out, s.p, step);
		s = (struct str){ s.p + step, s.n - step };
	}
	buf_putc(out, '"');
}
