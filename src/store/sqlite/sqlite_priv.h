/*
 * sqlite_priv.h - the SQLite backend: its own state and what its files share.
 *
 * One connection does every write and every checkpoint; readers are opened read
 * only.  (SQLite 3.7.0 to 3.51.2 can lose commits when a second connection writes
 * or checkpoints a WAL database.)
 */
#ifndef STORE_SQLITE_SQLITE_PRIV_H
#define STORE_SQLITE_SQLITE_PRIV_H

#include "sql_priv.h"
#include "store/backend.h"
#include "store/people.h"

enum {
	SQLITE_TABLES_MAX = 64,
	SQLITE_BUSY_MS = 2000,    /* wait for a stranger's lock, such as an open shell */
	SQLITE_WAL_LIMIT = 262144 /* frames: 1 GiB */
};

/* What the lock file says about the WAL; see wal_priv.h. */
struct wal_note {
	char state; /* WAL_... */
	uint32_t chain, round;
	uint32_t frames;  /* that are durable */
	uint64_t base;    /* of the file; 0: not known */
	uint64_t last_id; /* of a text in the file or the WAL */
	bool padded;      /* not noted: the last frame may be one too many */
};

enum {
	WAL_UNKNOWN = 0,
	WAL_NONE = 'n',     /* there is none */
	WAL_STARTING = 's', /* one is made now */
	WAL_USED = 'u',
	WAL_MOVING = 'm', /* a checkpoint is under way */
	WAL_ENDED = 'e'   /* all of it is in the file; it may be gone */
};

struct sqlite_store {
	struct store store;
	struct sql sql;
	char *path;
	int lock_fd;     /* holds the owner's lock; -1 in memory */
	int wal_pages;   /* frames in the WAL after the last commit */
	int tried_pages; /* of them, what the last checkpoint found, also one that failed */
	bool again;      /* there is more to move, which a reader or a full disk kept */
	int wal_limit;   /* with so many frames nothing more is written */
	struct store_wal wal; /* octets: see sqlite_wal() */
	struct wal_note note;
	bool bulk;     /* the last transaction brought rows in by the thousand */
	bool unsynced; /* its commit is not synced */
	bool orphans;  /* receipts wait for their message's response */
	sqlite3_stmt *forget[SQLITE_TABLES_MAX]; /* made when first needed */
	size_t n_forget;
	enum err broken; /* ERR_OK, or why no transaction may begin any more */
};

static inline struct sqlite_store *sqlite_of(struct store *s)
{
	return (struct sqlite_store *)s;
}

static inline struct sql *sql_of(struct store *s)
{
	return &sqlite_of(s)->sql;
}

static inline bool sqlite_in_memory(const char *path)
{
	return strcmp(path, ":memory:") == 0;
}

/* lock.c: takes the owner's lock on <path>.lock; ERR_BUSY names the other owner. */
MUST_CHECK enum err sqlite_lock(const char *path, int *fd, struct fault *fault);
void sqlite_unlock(int fd);
/* Puts the stranger that holds the write lock into the fault, if the system tells. */
void sqlite_name_holder(struct sqlite_store *s);
/* As well the one that reads and so keeps the WAL from being emptied. */
void sqlite_name_reader(struct sqlite_store *s);

/* wal_note.c: before SQLite sees the WAL; lock: what sqlite_lock() gave.  ERR_CORRUPT. */
MUST_CHECK enum err sqlite_wal_check(const char *path, int lock, struct fault *fault);
/* The file is exchanged: nothing is known (or, with none, it has no WAL). */
void sqlite_wal_forget(int lock, bool none);
/* Before the first write; behind a commit; before a checkpoint, and when one took all. */
void sqlite_wal_starts(struct sqlite_store *s);
void sqlite_wal_committed(struct sqlite_store *s, uint32_t frames);
void sqlite_wal_moves(struct sqlite_store *s, bool ended);

/* schema.c: checks the schema; with upgrade, brings it up to date. */
MUST_CHECK enum err sqlite_schema(struct sql *q, const char *url, bool upgrade,
                                  struct fault *fault);

/* connect.c: opens a connection with the settings that all of them have. */
MUST_CHECK enum err sqlite_connect(struct sql *q, const char *path, int flags);
/* To read the file alone, without the WAL and shared memory beside it, nor making any. */
MUST_CHECK enum err sqlite_connect_alone(struct sql *q, const char *path);

/*
 * backup.c: how far a quick_check of db is.  It reads the file twice, the pages as trees and
 * then the rows; what the cache holds is not read again.
 */
struct sqlite_look {
	sqlite3 *db;
	const struct store_watch *watch;
	int64_t total, before; /* octets; pages read before */
};
struct sqlite_look sqlite_look(sqlite3 *db, const struct store_watch *watch);
bool sqlite_look_on(const struct sqlite_look *look);

/* forget.c */
enum err sqlite_forget(struct store *s);
void sqlite_forget_end(struct sqlite_store *s);

/* transaction.c */
enum err sqlite_begin(struct store *s);
enum err sqlite_begin_bulk(struct store *s);
enum err sqlite_commit(struct store *s);
void sqlite_rollback(struct store *s);
enum err sqlite_tend(struct store *s, enum store_tending how);
void sqlite_wal(const struct store *s, struct store_wal *out);

/* load.c */
enum err sqlite_load_seen(struct store *s, struct arena *a, struct store_seen *seen,
                          size_t n);
/* parked.c: NEED_PIN. */
enum err sqlite_load_pin(struct sql *q, struct arena *a, struct dossier *d);
enum err sqlite_has_pins(struct store *s, bool *out);
enum err sqlite_forget_pins(struct store *s);
enum err sqlite_load_parked(struct store *s, struct arena *a, int64_t id,
                            struct parked_row **rows, size_t *n);
enum err sqlite_load_parts(struct store *s, struct arena *a, struct store_parts *p);
void sqlite_outbox_row(sqlite3_stmt *row, struct arena *a, struct outbox_row *out);

/* dossier.c */
enum err sqlite_load_dossiers(struct store *s, struct arena *a, struct dossier **d,
                              size_t n);
enum err sqlite_load_needs(struct store *s, struct arena *a, struct dossier **d,
                           const unsigned *need, size_t n, int64_t now);

/* Their parts: subscribers alone, then what stands beside them, then needs. */
enum err sqlite_subscribers(struct sql *q, struct arena *a, struct dossier **d, size_t n);
enum err sqlite_besides(struct sql *q, struct arena *a, struct dossier **d, size_t n);
enum err sqlite_needs(struct sql *q, struct arena *a, struct dossier **d,
                      const unsigned *need, size_t n, int64_t now);

/* tools.c */
enum err sqlite_load_tools(struct sql *q, struct arena *a, struct dossier **d,
                           const unsigned *need, size_t n);
enum err sqlite_record_tools(struct sqlite_store *s, const struct changes *c);

/* history.c: of what is not loaded yet */
enum err sqlite_load_history(struct sql *q, struct arena *a, struct dossier **d,
                             const unsigned *need, size_t n, int64_t now);

/* desk.c: NEED_QUEUE, NEED_HABITS. */
enum err sqlite_load_queue(struct sql *q, struct arena *a, struct dossier *d);
enum err sqlite_load_unread(struct sql *q, struct arena *a, struct dossier *d);
enum err sqlite_load_habits(struct sql *q, struct arena *a, struct dossier *d);

enum err sqlite_tasks_to_tell(struct store *s, struct arena *a, int64_t now, size_t limit,
                              struct store_told **rows, size_t *n);
enum err sqlite_use_login(struct store *s, int64_t msisdn, struct str code, int64_t now,
                          bool *right);
enum err sqlite_count_tasks(struct store *s, int64_t now, int64_t *open, int64_t *late);
/* The first columns of a row of tasks, as SQL_TASKS has them. */
void sqlite_task_row(sqlite3_stmt *row, struct arena *a, struct task_view *out);

/* The first columns of a row of orders, as SQL_ORDERS has them. */
void sqlite_order_row(sqlite3_stmt *row, struct arena *a, struct order *out);

/* groups.c */
enum err sqlite_load_group(struct sql *q, struct arena *a, struct dossier *d);
enum err sqlite_load_customers(struct sql *q, struct arena *a, struct dossier *d);
enum err sqlite_load_group_month(struct sql *q, struct arena *a, struct dossier *d);
void sqlite_place_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out);

/* campaigns.c: NEED_PUSHES, and what turns write */
enum err sqlite_load_pushes(struct sql *q, struct arena *a, struct dossier *d,
                            int64_t now);
enum err sqlite_record_campaigns(struct sqlite_store *s, const struct changes *c);
/* The target of a message that never left has its turn again, as outbox_mark says. */
enum err sqlite_target_again(struct sql *q, const struct outbox_mark *m);
/* The columns of a campaign and of a target, as SQL_CAMPAIGNS and SQL_TARGETS have them. */
struct campaign_row sqlite_campaign_row(sqlite3_stmt *row, struct arena *a);
enum err sqlite_load_campaigns(struct sql *q, enum sql_id statement,
                               const struct sql_value *v, size_t n_values,
                               struct arena *a, struct campaign_row **rows, size_t *n);
struct target_row sqlite_target_row(sqlite3_stmt *row, struct arena *a);

/* campaign_view.c: NEED_CAMPAIGN, and what managers decide */
enum err sqlite_load_campaign(struct sql *q, struct arena *a, struct dossier *d);
enum err sqlite_record_rulings(struct sqlite_store *s, const struct changes *c);

/* receipts.c */
enum err sqlite_record_receipt(struct sqlite_store *s, const struct receipt_row *r);
/* A receipt may have come before the response that names its message. */
enum err sqlite_adopt_receipt(struct sqlite_store *s, const struct outbox_mark *m);

/* record.c */
enum err sqlite_record(struct store *s, const struct changes *c);

/* between.c: at start and between turns */
enum err sqlite_ids(struct store *s, struct store_ids *out);
enum err sqlite_load_ready(struct store *s, struct arena *a, int64_t after, size_t limit,
                           struct outbox_row **rows, size_t *n);
enum err sqlite_recover(struct store *s, size_t *n_ambiguous);
enum err sqlite_count_parts(struct store *s, int64_t *n);
enum err sqlite_stale_parts(struct store *s, struct arena *a, int64_t before_ms,
                            int64_t told_ms, size_t limit, struct part_row **rows,
                            size_t *n);
enum err sqlite_due_orders(struct store *s, struct arena *a, int64_t now, size_t limit,
                           struct store_due **rows, size_t *n);
/* kind, digits */
struct address sqlite_address(sqlite3_stmt *row, int column, struct arena *a);
/* The first columns of a row of reminders, as SQL_REMINDERS has them. */
void sqlite_reminder_row(sqlite3_stmt *row, struct arena *a, struct reminder *out);
enum err sqlite_due_reminders(struct store *s, struct arena *a, int64_t now, size_t limit,
                              struct store_reminder **rows, size_t *n);
enum err sqlite_take_delayed(struct store *s, struct arena *a, int64_t now, size_t limit,
                             struct delayed_row **rows, size_t *n);
enum err sqlite_expire_dialogues(struct store *s, struct arena *a, int64_t before,
                                 size_t limit, struct str **prompts, size_t *n);
enum err sqlite_setting(struct store *s, const char *name, struct arena *a,
                        struct str *value);
enum err sqlite_set_setting(struct store *s, const char *name, struct str value);

/* data.c */
enum err sqlite_load_catalogue(struct store *s, struct arena *a, struct catalogue *out);
enum err sqlite_catalogue(struct sql *q, struct arena *a, struct catalogue *out);
enum err sqlite_put_package(struct sql *q, const struct package *p);
/* Uses a, which it empties. */
enum err sqlite_put_subscriber(struct store *s, struct arena *a,
                               const struct subscriber_row *r);

/* put.c */
enum err sqlite_put(struct store *s, enum store_kind kind, const void *rows, size_t n,
                    int64_t as_of, size_t *left_out);

/* stroll.c */
struct stroll {
	struct sql *q;
	enum sql_id rows;  /* from the number ?1 on, in order; the number is column 0 */
	sqlite3_stmt *row; /* stands on the row at; NULL: nowhere */
	bool placed;
	int64_t sought; /* the last number asked for */
	int64_t at;     /* the first row that is not before it; INT64_MAX: none */
};
/*
 * To the row of that number; ERR_NOT_FOUND.  The numbers should mostly ascend.  Until
 * stroll_end() a cursor stands on the table, which must not be written.
 */
MUST_CHECK enum err stroll_to(struct stroll *s, int64_t msisdn);
void stroll_end(struct stroll *s);

/* put_usage.c: rows of any numbers; *left_out: those whose number is no subscriber's */
enum err sqlite_put_usage(struct sql *q, const struct usage_row *r, size_t n,
                          int64_t as_of, size_t *left_out);

/* imports.c: the table import, and what a file is checked against */
enum err sqlite_put_import(struct store *s, struct import_row *row);
enum err sqlite_reader_imports(struct store_reader *r, struct arena *a,
                               struct import_row **rows, size_t *n);
enum err sqlite_reader_has_subscribers(struct store_reader *r, const int64_t *msisdn,
                                       bool *known, size_t n);
enum err sqlite_reader_has_groups(struct store_reader *r, const struct str *code,
                                  bool *known, size_t n);
enum err sqlite_reader_catalogue(struct store_reader *r, struct arena *a,
                                 struct catalogue *out);

/* reader.c */
enum err sqlite_reader_open(const struct store *s, struct store_reader **out,
                            struct fault *fault);
void sqlite_reader_close(struct store_reader *r);
void sqlite_reader_stop(struct store_reader *r);
enum err sqlite_reader_check(struct store_reader *r, const struct store_watch *watch,
                             struct fault *fault);
/* The reader's connection, for one query more: it has a second from now. */
struct sql *sqlite_reader_sql(struct store_reader *r);

/* people.c: tables beside that of the people, each read by SQL_PEOPLE_name. */
#define PEOPLE_BESIDE(X) \
	X(USAGE)         \
	X(HELD)          \
	X(ACCOUNTS)      \
	X(LEDGER)        \
	X(COMPLAINTS)    \
	X(ORDERS)        \
	X(OFFERED)       \
	X(GROUPS)

enum people_beside {
#define X(name) BESIDE_##name,
	PEOPLE_BESIDE(X)
#undef X
	BESIDE_COUNT,
	PEOPLE_ALL = (1 << BESIDE_COUNT) - 1
};

struct people_walk {
	int64_t now, upto; /* upto: the last number */
	unsigned beside;   /* bits of people_beside: the others are as if empty */
	void (*take)(void *ctx, const struct store_person *p);
	void *ctx;
};

/*
 * store_people() of numbers behind *after, within a transaction; ERR_BUSY where the
 * reader's time was up, *after being the last of whom all was read.
 */
MUST_CHECK enum err people_walk(struct sql *q, const struct people_walk *w,
                                int64_t *after);
/* The number of the n-th behind `after`, or INT64_MAX. */
MUST_CHECK enum err people_upto(struct sql *q, int64_t after, size_t n, int64_t *upto);

/* schema.c: refuses a file that is no store, or of a schema this program does not know. */
MUST_CHECK enum err sqlite_schema_known(struct sql *q, const char *url, int64_t *number,
                                        struct fault *fault);

#endif
