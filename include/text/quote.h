/*
 * quote.h - text in quotes, as JSON has it: whatever it holds, it is one line, and drives
 * no terminal.
 */
#ifndef TEXT_QUOTE_H
#define TEXT_QUOTE_H

#include "base/buf.h"

/*
 * Appends s between quotes.  Control characters (C0, DEL, C1) are escaped; NUL, which
 * readers of JSON refuse, and octets that are no UTF-8 become U+FFFD, each alone.
 */
void quote_put(struct buf *out, struct str s);

#endif
