/*
 * errand.h - what the owner of a store does unasked, between requests: it goes on with
 * imports of an earlier life, takes files from the watched folder, and once a day
 * removes what has been kept long enough.
 */
#ifndef OFFICE_ERRAND_H
#define OFFICE_ERRAND_H

#include "base/clock.h"
#include "office/office.h"

struct errands;

/* conf and log are borrowed. */
struct errands *errands_create(const struct conf *conf, const struct log *log,
                               struct clock now);
void errands_destroy(struct errands *e); /* NULL is fine */

/*
 * Does what is due; call about every second, at once when it returns true: there is more.
 * What fails is logged.
 */
bool errands_run(struct errands *e, const struct office_host *host, struct clock now);

/* Looks at campaigns when that is due; errands_run() does so, too. */
void errands_tend(struct errands *e, const struct office_host *host, struct clock now);

/*
 * The folder that is watched for CSV files: KIND.csv or KIND-anything.csv.  A file is
 * taken when its size and time have not changed for 2 s; packages first, then groups,
 * subscribers, the others, each by name.  What was imported goes to done/NAME.TIME, what
 * is refused to refused/NAME with NAME.error beside it, both in the folder.
 */
struct watch;
struct watch *watch_create(const char *folder, const struct log *log);
void watch_destroy(struct watch *w); /* NULL is fine */
/* Takes at most one file; true: there may be more to do at once. */
bool watch_run(struct watch *w, const struct office_host *host, struct clock now);
/* That file, whose import an earlier life began, is done; one elsewhere is none of its. */
void watch_settle(struct watch *w, struct str path, int64_t now_s);

/*
 * The first 03:00 local after last (UTC s; 0: never ran), with up to spread seconds
 * behind it so that neighbours do not start as one.
 */
int64_t errand_next_day(int64_t last, int64_t spread);

#endif
