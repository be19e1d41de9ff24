/*
 * backend.h - what a backend of the store provides; store.c picks one by URL.
 *
 * Each function keeps the contract of its namesake in store/store.h.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/store.h"

struct import_row; /* store/import.h */

struct store_ops {
	void (*close)(struct store *s);
	enum err (*forget)(struct store *s);
	enum err (*begin)(struct store *s);
	enum err (*begin_bulk)(struct store *s);
	enum err (*commit)(struct store *s);
	void (*rollback)(struct store *s);
	enum err (*tend)(struct store *s, enum store_tending how);
	void (*wal)(const struct store *s, struct store_wal *out);
	enum err (*load_seen)(struct store *s, struct arena *a, struct store_seen *seen,
	                      size_t n);
	enum err (*load_dossiers)(struct store *s, struct arena *a, struct dossier **d,
	                          size_t n);
	enum err (*load_needs)(struct store *s, struct arena *a, struct dossier **d,
	                       const unsigned *need, size_t n, int64_t now);
	enum err (*has_pins)(struct store *s, bool *out);
	enum err (*forget_pins)(struct store *s);
	enum err (*load_parked)(struct store *s, struct arena *a, int64_t id,
	                        struct parked_row **rows, size_t *n);
	enum err (*load_parts)(struct store *s, struct arena *a, struct store_parts *p);
	enum err (*record)(struct store *s, const struct changes *c);
	enum err (*ids)(struct store *s, struct store_ids *out);
	enum err (*load_ready)(struct store *s, struct arena *a, int64_t after,
	                       size_t limit, struct outbox_row **rows, size_t *n);
	enum err (*recover)(struct store *s, size_t *n_ambiguous);
	enum err (*count_parts)(struct store *s, int64_t *n);
	enum err (*stale_parts)(struct store *s, struct arena *a, int64_t before_ms,
	                        int64_t told_ms, size_t limit, struct part_row **rows,
	                        size_t *n);
	enum err (*due_orders)(struct store *s, struct arena *a, int64_t now,
	                       size_t limit, struct store_due **rows, size_t *n);
	enum err (*due_reminders)(struct store *s, struct arena *a, int64_t now,
	                          size_t limit, struct store_reminder **rows, size_t *n);
	enum err (*tasks_to_tell)(struct store *s, struct arena *a, int64_t now,
	                          size_t limit, struct store_told **rows, size_t *n);
	enum err (*count_tasks)(struct store *s, int64_t now, int64_t *open,
	                        int64_t *late);
	enum err (*use_login)(struct store *s, int64_t msisdn, struct str code,
	                      int64_t now, bool *right);
	enum err (*expire_dialogues)(struct store *s, struct arena *a, int64_t before,
	                             size_t limit, struct str **prompts, size_t *n);
	enum err (*take_delayed)(struct store *s, struct arena *a, int64_t now,
	                         size_t limit, struct delayed_row **rows, size_t *n);
	enum err (*load_catalogue)(struct store *s, struct arena *a,
	                           struct catalogue *out);
	enum err (*setting)(struct store *s, const char *name, struct arena *a,
	                    struct str *value);
	enum err (*set_setting)(struct store *s, const char *name, struct str value);
	enum err (*put)(struct store *s, enum store_kind kind, const void *rows, size_t n,
	                int64_t as_of, size_t *left_out);
	/* Adds a row without id, which it gets; replaces one with id. */
	enum err (*put_import)(struct store *s, struct import_row *row);
	enum err (*reader_open)(const struct store *s, struct store_reader **out,
	                        struct fault *fault);
	void (*reader_close)(struct store_reader *r);
	void (*reader_stop)(struct store_reader *r);
	enum err (*reader_check)(struct store_reader *r, const struct store_watch *watch,
	                         struct fault *fault);
	enum err (*reader_has_subscribers)(struct store_reader *r, const int64_t *msisdn,
	                                   bool *known, size_t n);
	enum err (*reader_has_groups)(struct store_reader *r, const struct str *code,
	                              bool *known, size_t n);
	enum err (*reader_catalogue)(struct store_reader *r, struct arena *a,
	                             struct catalogue *out);
	enum err (*reader_imports)(struct store_reader *r, struct arena *a,
	                           struct import_row **rows, size_t *n);
};

/* First member of every backend's own store. */
struct store {
	const struct store_ops *ops;
	struct fault fault; /* what went wrong last */
	bool unclean;       /* the last owner did not close it */
};

struct store_reader {
	const struct store_ops *ops;
};

/* place: the URL behind its scheme; url: whole, for messages. */
enum err sqlite_store_open(const char *place, const char *url, enum store_mode mode,
                           struct store **out, struct fault *fault);

#endif
