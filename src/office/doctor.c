/*
 * doctor.c - the task "doctor": what an engineer looks at first; each line says how it is.
 *
 *   {"do":"doctor","full":false,"now":1790000000}
 *
 * full, and after a stop that was not clean, looks through the whole file.
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "care_priv.h"
#include "office/pepper.h"
#include "store/health.h"

enum {
	READY_LATE_S = 300,   /* a message waits that long only when no link is up */
	CLOCK_SLACK_S = 60,   /* of the newest row before now */
	WAL_LARGE = 64 << 20, /* octets; a checkpoint is due at 31 MiB */
	FREE_LITTLE = 10      /* % of the disk */
};

enum verdict {
	GOOD,
	WATCH,
	BAD
};

static void say(struct office_call *c, enum verdict v, const char *what, struct buf *text)
{
	static const char *const words[] = { "ok", "watch", "BAD" };

	office_say(c, "%-5s  %-12s %s", words[v], what, buf_cstr(text));
	buf_reset(text);
}

static void look_at_file(struct office_call *c, const struct store_health *h,
                         struct buf *t)
{
	struct stat st;

	buf_printf(t,
	           "%s: schema %" PRId64 ", %" PRId64 " pages of %" PRId64
	           " octets, %" PRId64 " free",
	           h->path, h->schema, h->pages, h->page_size, h->free_pages);
	say(c, GOOD, "store", t);
	if (stat(h->path, &st) != 0) {
		buf_printf(t, "%s: %s", h->path, strerror(errno));
		say(c, BAD, "file", t);
	} else if ((st.st_mode & 07) != 0) {
		buf_printf(
			t,
			"mode %03o: everybody may read what subscribers wrote: chmod 640 %s",
			(unsigned)st.st_mode & 0777U, h->path);
		say(c, WATCH, "file", t);
	} else {
		buf_printf(t, "mode %03o", (unsigned)st.st_mode & 0777U);
		say(c, GOOD, "file", t);
	}
}

static void look_at_disk(struct office_call *c, const struct store_health *h,
                         struct buf *t)
{
	struct statvfs fs;
	uint64_t room, share;

	buf_printf(t, "%.1f MB%s", (double)h->wal_octets / 1e6,
	           h->wal_octets > WAL_LARGE
	                   ? ": a long reader keeps it from being reused"
	                   : "");
	say(c, h->wal_octets > WAL_LARGE ? WATCH : GOOD, "wal", t);
	if (statvfs(h->path, &fs) != 0 || fs.f_blocks == 0)
		return;
	room = (uint64_t)fs.f_bavail * fs.f_frsize;
	share = (uint64_t)fs.f_bavail * 100 / fs.f_blocks;
	buf_printf(t, "%.1f GB free (%" PRIu64 " %%)%s", (double)room / 1e9, share,
	           share < FREE_LITTLE ? ": make room before texts are refused" : "");
	say(c, share < FREE_LITTLE ? WATCH : GOOD, "disk", t);
}

static void look_at_work(struct office_call *c, const struct store_health *h, int64_t now,
                         struct buf *t)
{
	const int64_t waits = h->oldest_ready_ms > 0 ? now - h->oldest_ready_ms / 1000
	                                             : 0;
	const int64_t ahead = h->newest_ms > 0 ? h->newest_ms / 1000 - now : 0;

	if (h->oldest_ready_ms > 0)
		buf_printf(t, "the oldest message to be sent waits for %" PRId64 " s%s",
		           waits, waits > READY_LATE_S ? ": is a link up?" : "");
	else
		buf_puts(t, STR("no message waits to be sent"));
	say(c, waits > READY_LATE_S ? WATCH : GOOD, "outbox", t);
	buf_printf(t, "%" PRId64 " under way", h->open_imports);
	say(c, GOOD, "imports", t);
	if (ahead > CLOCK_SLACK_S)
		buf_printf(t,
		           "the newest text is %" PRId64
		           " s in the future: was the clock set back?",
		           ahead);
	else
		buf_puts(t, STR("no text is in the future"));
	say(c, ahead > CLOCK_SLACK_S ? WATCH : GOOD, "clock", t);
}

/* Where the store holds no PIN, serve makes the file. */
static void look_at_pepper(struct office_call *c, const struct store_health *h,
                           struct buf *t)
{
	struct buf path = buf_make(4096);
	struct fault fault = { .text = "" };
	uint8_t pepper[PIN_PEPPER];
	enum err e;

	pepper_path(c->host->conf->pepper_file, h->path, &path);
	e = pepper_read(buf_cstr(&path), pepper, &fault);
	memset(pepper, 0, sizeof(pepper));
	if (e == ERR_OK)
		buf_printf(t, "%s is there", buf_cstr(&path));
	else if (h->pins != 0)
		buf_printf(t, "%s: the PINs in the store are lost without it",
		           fault.text);
	else
		buf_printf(t, "%s; no PIN is set", fault.text);
	say(c, e == ERR_OK || (e == ERR_NOT_FOUND && h->pins == 0) ? GOOD : BAD, "pepper",
	    t);
	buf_free(&path);
}

static void look_at_library(struct office_call *c, const struct store_health *h,
                            struct buf *t)
{
	buf_printf(t, "SQLite %s%s", h->sqlite,
	           h->wal_reset_bug ? ": loses commits when a second program writes or "
	                              "checkpoints: open the store with smshall only, or "
	                              "update to 3.51.3"
	                            : "");
	say(c, h->wal_reset_bug ? WATCH : GOOD, "library", t);
}

/* Whether a table cannot be read. */
static bool count_rows(struct office_call *c, const struct store_health *h, struct buf *t)
{
	size_t empty = 0;
	bool bad = false;

	for (size_t i = 0; i < h->n_counts; i++) {
		const int64_t n = h->count[i].rows;

		bad = bad || n < 0;
		empty += n == 0 ? 1 : 0;
		if (n < 0)
			buf_printf(t, "%s cannot be read, ", h->count[i].table);
		else if (n > 0)
			buf_printf(t, "%s %" PRId64 "%s, ", h->count[i].table, n,
			           n == STORE_COUNT_MAX ? "+" : "");
	}
	buf_printf(t, "%zu tables are empty", empty);
	say(c, bad ? BAD : GOOD, "rows", t);
	return bad;
}

static enum err look_at_accounts(struct office_call *c, bool full, struct buf *t)
{
	struct store_accounts a;
	const struct fault none = *c->fault;
	int64_t wrong;

	if (store_accounts(c->host->reader, full, &a, c->fault) != ERR_OK) {
		buf_puts(t, str_of(c->fault->text));
		say(c, BAD, "ledger", t);
		*c->fault = none;
		return ERR_CORRUPT;
	}
	wrong = a.wrong_orders + a.strangers + a.below_zero + a.wrong_stocks +
	        a.wrong_coupons;
	buf_printf(t, "%s %" PRId64 " orders moved what they charge",
	           a.wrong_orders == 0 ? "all of" : "NOT all of", a.orders);
	if (a.wrong_orders > 0)
		buf_printf(t, ": %" PRId64 " did not, such as order %" PRId64,
		           a.wrong_orders, a.first_wrong);
	if (a.strangers > 0)
		buf_printf(t,
		           "; %" PRId64 " were confirmed by a stranger, such as order "
		           "%" PRId64,
		           a.strangers, a.first_stranger);
	if (full)
		buf_printf(t,
		           "; points below 0 of %" PRId64 " numbers, %" PRId64
		           " stocks oversold, %" PRId64 " coupons used by orders undone",
		           a.below_zero, a.wrong_stocks, a.wrong_coupons);
	say(c, wrong > 0 ? BAD : GOOD, "ledger", t);
	return ERR_OK;
}

static enum err look_at_insured(struct office_call *c, bool full, struct buf *t)
{
	struct office_insured i;
	const struct fault none = *c->fault;

	if (office_insured(c, full, &i) != ERR_OK) {
		buf_puts(t, str_of(c->fault->text));
		say(c, BAD, "insured", t);
		*c->fault = none;
		return ERR_CORRUPT;
	}
	buf_printf(t,
	           "%" PRId64 " months promised to be no dearer, %" PRId64
	           " decided; owed %.2f, paid %.2f yuan",
	           i.promises, i.decided, (double)i.owed_fen / 100,
	           (double)i.paid_fen / 100);
	if (i.wrong > 0)
		buf_printf(t, ": %" PRId64 " paid wrongly, such as order %" PRId64,
		           i.wrong, i.first_wrong);
	if (i.stray > 0)
		buf_printf(t, ": %" PRId64 " payments belong to no promise", i.stray);
	say(c, i.wrong + i.stray > 0 ? BAD : GOOD, "insured", t);
	return ERR_OK;
}

static enum err look_at_pushes(struct office_call *c, int64_t now, bool full,
                               struct buf *t)
{
	struct store_pushes p;
	const struct fault none = *c->fault;
	int64_t wrong;

	if (store_pushes(c->host->reader, full, now, &p, c->fault) != ERR_OK) {
		buf_puts(t, str_of(c->fault->text));
		say(c, BAD, "campaigns", t);
		*c->fault = none;
		return ERR_CORRUPT;
	}
	wrong = p.without_message + p.shared + p.wrong_sums;
	buf_printf(t, "%" PRId64 " targets of %" PRId64 " campaigns", p.targets,
	           p.campaigns);
	if (wrong > 0)
		buf_printf(t,
		           ": %" PRId64 " sent without a message, %" PRId64
		           " share theirs, %" PRId64
		           " campaigns count wrongly, such as %" PRId64,
		           p.without_message, p.shared, p.wrong_sums, p.first_wrong);
	say(c, wrong > 0 ? BAD : GOOD, "campaigns", t);
	return ERR_OK;
}

static enum err ask_unclean(struct store *s, void *arg)
{
	*(bool *)arg = store_was_unclean(s);
	return ERR_OK;
}

static bool on_page(void *ctx, int64_t done, int64_t total)
{
	const struct office_call *c = ctx;

	office_progress(c, done, total, 0);
	return !office_is_ending(c);
}

static enum err look_at_pages(struct office_call *c, bool full, struct buf *t)
{
	const struct store_watch watch = { on_page, c };
	bool unclean = false;
	enum err e = office_write(c, ask_unclean, &unclean);

	if (e != ERR_OK)
		return e;
	buf_puts(t, unclean ? STR("was not clean: the process was killed, or the machine")
	                    : STR("was clean"));
	say(c, unclean ? WATCH : GOOD, "last stop", t);
	if (!full && !unclean)
		return ERR_OK;
	e = store_reader_check(c->host->reader, &watch, c->fault);
	if (e == ERR_OK)
		buf_puts(t, STR("no damage in the whole file"));
	else
		buf_puts(t, str_of(c->fault->text));
	say(c, e == ERR_OK ? GOOD : BAD, "pages", t);
	return e;
}

/* What cannot be read is a reason to look through the whole file. */
static enum err look(struct office_call *c, int64_t now, bool full, struct buf *text)
{
	struct store_health h;
	const struct fault none = *c->fault;
	enum err e = store_health(c->host->reader, &c->arena, &h, c->fault);

	if (e != ERR_OK) {
		buf_puts(text, str_of(c->fault->text));
		say(c, BAD, "store", text);
		*c->fault = none; /* the pages may tell more */
		return look_at_pages(c, true, text) == ERR_OK ? e : ERR_CORRUPT;
	}
	look_at_file(c, &h, text);
	look_at_disk(c, &h, text);
	look_at_work(c, &h, now, text);
	look_at_pepper(c, &h, text);
	look_at_library(c, &h, text);
	full = count_rows(c, &h, text) || full;
	full = look_at_accounts(c, full, text) != ERR_OK || full;
	full = look_at_insured(c, full, text) != ERR_OK || full;
	full = look_at_pushes(c, now, full, text) != ERR_OK || full;
	return look_at_pages(c, full, text);
}

static enum err run(struct office_call *c)
{
	struct buf text = buf_make(4000);
	bool full = false;
	int64_t now = 0;
	enum err e = office_flag(c, "full", &full);

	if (e == ERR_OK)
		e = office_now(c, &now);
	if (e == ERR_OK)
		e = look(c, now, full, &text);
	buf_free(&text);
	return e;
}

const struct office_task office_doctor = { .name = "doctor",
	                                   .run = run,
	                                   .long_if = "full" };
