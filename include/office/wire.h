/*
 * wire.h - what travels over the Unix socket beside the database.
 *
 * One request a connection: the JSON object of office.h on one line, with its newline
 * at most OFFICE_REQUEST_MAX octets, within 10 s.  The answer is lines of JSON:
 *
 *   {"line":"TEXT"}                   a line of the answer
 *   {"progress":[DONE,TOTAL,ROWS]}    how far it is: octets or pages; rows, or 0
 *   {"ok":true}                       the last line: it is done
 *   {"error":"TEXT"}                  the last line: it is not, and why
 *
 * A line of progress is left out when the peer reads slowly; no other is.  Who hangs up
 * does not stop what was asked for.
 */
#ifndef OFFICE_WIRE_H
#define OFFICE_WIRE_H

#include <sys/un.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

enum {
	WIRE_LINE_MAX = 256 * 1024 /* octets of a line of the answer, as JSON */
};

enum wire_kind {
	WIRE_LINE,
	WIRE_PROGRESS,
	WIRE_OK,
	WIRE_ERROR
};

struct wire {
	enum wire_kind kind;
	struct str text; /* WIRE_LINE, WIRE_ERROR */
	int64_t done, total, rows;
};

/* Appends w with its newline; NUL and octets that are no UTF-8 become '?'. */
void wire_put(struct buf *out, const struct wire *w);
/* Reads a line without its newline; strings lie in a.  ERR_SYNTAX. */
MUST_CHECK enum err wire_read(struct str line, struct arena *a, struct wire *out);

/* Appends the path of the socket of a store: its database's and ".sock".  false: in memory. */
bool wire_path(const char *url, struct buf *out);

/*
 * A path as an address, however long its folder's name is: dirfd is its folder, open
 * (-1: not needed); the caller closes it when it has bound or connected.
 * ERR_NOT_FOUND (no such folder), ERR_TOO_BIG (the name itself), with a fault.
 */
MUST_CHECK enum err wire_address(const char *path, struct sockaddr_un *out, int *dirfd,
                                 struct fault *fault);

#endif
