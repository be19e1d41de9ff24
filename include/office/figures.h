/*
 * figures.h - what came of imports, backups and refreshes of tags last: for /metrics.
 *
 * Written by the thread that runs them, read by any.  The store keeps the last ones as
 * settings, so that a start, or a command while nobody serves, does not make them look
 * missing.
 */
#ifndef OFFICE_FIGURES_H
#define OFFICE_FIGURES_H

#include "base/metric.h"
#include "store/rows.h"

/*
 * When it ended (UTC s; 0: never), how much: rows of an import, octets of a backup, rows
 * that a refresh changed, and how long it took; one that was interrupted: since it went on.
 */
struct office_last {
	struct metric at, size, us;
};

struct office_figures {
	struct office_last import[STORE_KINDS], backup, tags;
	struct metric rows;           /* imported since the start */
	struct metric taken, refused; /* files of the watched folder, since the start */
};

/* The name of a kind: "usage". */
const char *office_kind_name(enum store_kind kind);

#endif
