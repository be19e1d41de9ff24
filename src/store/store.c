/*
 * store.c - picks the backend by URL and hands calls on; see store/store.h.
 */
#include "store/backend.h"

enum {
	SETTING_MAX = 64 /* octets of a value */
};

static const struct backend {
	const char *scheme;
	enum err (*open)(const char *place, const char *url, enum store_mode mode,
	                 struct store **out, struct fault *fault);
} backends[] = {
	{ "sqlite:", sqlite_store_open },
};

enum err store_open(const char *url, enum store_mode mode, struct store **out,
                    struct fault *fault)
{
	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
		const struct str scheme = str_of(backends[i].scheme);

		if (str_starts(str_of(url), scheme) && url[scheme.n] != '\0')
			return backends[i].open(url + scheme.n, url, mode, out, fault);
	}
	fault_set(fault,
	          "store \"%s\": expected sqlite:PATH, such as sqlite:var/smshall.db",
	          url);
	return ERR_UNSUPPORTED;
}

void store_close(struct store *s)
{
	if (s != NULL)
		s->ops->close(s);
}

enum err store_forget(struct store *s)
{
	return s->ops->forget(s);
}

const char *store_fault(const struct store *s)
{
	return s->fault.text;
}

bool store_was_unclean(const struct store *s)
{
	return s->unclean;
}

enum err store_begin(struct store *s)
{
	return s->ops->begin(s);
}

enum err store_begin_bulk(struct store *s)
{
	return s->ops->begin_bulk(s);
}

enum err store_commit(struct store *s)
{
	return s->ops->commit(s);
}

void store_rollback(struct store *s)
{
	s->ops->rollback(s);
}

enum err store_tend(struct store *s, enum store_tending how)
{
	return s->ops->tend(s, how);
}

void store_wal(const struct store *s, struct store_wal *out)
{
	s->ops->wal(s, out);
}

enum err store_load_seen(struct store *s, struct arena *a, struct store_seen *seen,
                         size_t n)
{
	return s->ops->load_seen(s, a, seen, n);
}

enum err store_load_dossiers(struct store *s, struct arena *a, struct dossier **d,
                             size_t n)
{
	return s->ops->load_dossiers(s, a, d, n);
}

enum err store_load_needs(struct store *s, struct arena *a, struct dossier **d,
                          const unsigned *need, size_t n, int64_t now)
{
	return s->ops->load_needs(s, a, d, need, n, now);
}

enum err store_has_pins(struct store *s, bool *out)
{
	return s->ops->has_pins(s, out);
}

enum err store_forget_pins(struct store *s)
{
	return s->ops->forget_pins(s);
}

enum err store_load_parked(struct store *s, struct arena *a, int64_t id,
                           struct parked_row **rows, size_t *n)
{
	return s->ops->load_parked(s, a, id, rows, n);
}

enum err store_load_parts(struct store *s, struct arena *a, struct store_parts *p)
{
	return s->ops->load_parts(s, a, p);
}

enum err store_record(struct store *s, const struct changes *c)
{
	return s->ops->record(s, c);
}

enum err store_ids(struct store *s, struct store_ids *out)
{
	return s->ops->ids(s, out);
}

enum err store_load_ready(struct store *s, struct arena *a, int64_t after, size_t limit,
                          struct outbox_row **rows, size_t *n)
{
	return s->ops->load_ready(s, a, after, limit, rows, n);
}

enum err store_recover(struct store *s, size_t *n_ambiguous)
{
	return s->ops->recover(s, n_ambiguous);
}

enum err store_count_parts(struct store *s, int64_t *n)
{
	return s->ops->count_parts(s, n);
}

enum err store_stale_parts(struct store *s, struct arena *a, int64_t before_ms,
                           int64_t told_ms, size_t limit, struct part_row **rows,
                           size_t *n)
{
	return s->ops->stale_parts(s, a, before_ms, told_ms, limit, rows, n);
}

enum err store_due_orders(struct store *s, struct arena *a, int64_t now, size_t limit,
                          struct store_due **rows, size_t *n)
{
	return s->ops->due_orders(s, a, now, limit, rows, n);
}

enum err store_due_reminders(struct store *s, struct arena *a, int64_t now, size_t limit,
                             struct store_reminder **rows, size_t *n)
{
	return s->ops->due_reminders(s, a, now, limit, rows, n);
}

enum err store_tasks_to_tell(struct store *s, struct arena *a, int64_t now, size_t limit,
                             struct store_told **rows, size_t *n)
{
	return s->ops->tasks_to_tell(s, a, now, limit, rows, n);
}

enum err store_count_tasks(struct store *s, int64_t now, int64_t *open, int64_t *late)
{
	return s->ops->count_tasks(s, now, open, late);
}

enum err store_use_login(struct store *s, int64_t msisdn, struct str code, int64_t now,
                         bool *right)
{
	return s->ops->use_login(s, msisdn, code, now, right);
}

enum err store_expire_dialogues(struct store *s, struct arena *a, int64_t before,
                                size_t limit, struct str **prompts, size_t *n)
{
	return s->ops->expire_dialogues(s, a, before, limit, prompts, n);
}

enum err store_take_delayed(struct store *s, struct arena *a, int64_t now, size_t limit,
                            struct delayed_row **rows, size_t *n)
{
	return s->ops->take_delayed(s, a, now, limit, rows, n);
}

enum err store_load_catalogue(struct store *s, struct arena *a, struct catalogue *out)
{
	return s->ops->load_catalogue(s, a, out);
}

enum err store_setting(struct store *s, const char *name, struct arena *a,
                       struct str *value)
{
	return s->ops->setting(s, name, a, value);
}

enum err store_set_setting(struct store *s, const char *name, struct str value)
{
	if (value.n > SETTING_MAX)
		return ERR_TOO_BIG;
	return s->ops->set_setting(s, name, value);
}

enum err store_put(struct store *s, enum store_kind kind, const void *rows, size_t n,
                   int64_t as_of, size_t *left_out)
{
	size_t unused = 0;

	return s->ops->put(s, kind, rows, n, as_of,
	                   left_out != NULL ? left_out : &unused);
}

enum err store_reader_open(const struct store *s, struct store_reader **out,
                           struct fault *fault)
{
	return s->ops->reader_open(s, out, fault);
}

void store_reader_close(struct store_reader *r)
{
	if (r != NULL)
		r->ops->reader_close(r);
}

void store_reader_stop(struct store_reader *r)
{
	r->ops->reader_stop(r);
}

enum err store_reader_check(struct store_reader *r, const struct store_watch *watch,
                            struct fault *fault)
{
	return r->ops->reader_check(r, watch, fault);
}

enum err store_reader_has_subscribers(struct store_reader *r, const int64_t *msisdn,
                                      bool *known, size_t n)
{
	return r->ops->reader_has_subscribers(r, msisdn, known, n);
}

enum err store_reader_has_groups(struct store_reader *r, const struct str *code,
                                 bool *known, size_t n)
{
	return r->ops->reader_has_groups(r, code, known, n);
}

enum err store_reader_catalogue(struct store_reader *r, struct arena *a,
                                struct catalogue *out)
{
	return r->ops->reader_catalogue(r, a, out);
}
