/*
 * damage.h - a store in a folder whose files a test harms; for test_damage and test_wal.
 */
#ifndef UNIT_STORE_DAMAGE_H
#define UNIT_STORE_DAMAGE_H

#include <sys/stat.h>

#include "fixture.h"
#include "support/vfs_shim.h"

static struct fixture f;
static struct fault fault;

static inline void set_up(void)
{
	vfs_shim_reset();
	fault.text[0] = '\0';
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
}

static inline void tear_down(void)
{
	vfs_shim_read_only(false);
	vfs_shim_hook(NULL, NULL);
	fixture_end(&f);
}

static inline const char *path_of(const char *suffix)
{
	return arena_printf(&f.arena, "%s/hall.db%s", f.folder, suffix).p;
}

static inline void close_store(void)
{
	store_close(f.store);
	f.store = NULL;
}

static inline enum err open_it(enum store_mode mode)
{
	fault.text[0] = '\0';
	return store_open(f.url, mode, &f.store, &fault);
}

static inline void assert_fault(const char *part)
{
	ck_assert_msg(strstr(fault.text, part) != NULL, "\"%s\" has no \"%s\"",
	              fault.text, part);
}

static inline enum err commit_reply(int64_t id)
{
	enum err e = store_begin(f.store);

	fixture_reset_changes(&f);
	changes_add(&f.changes, outbox, reply_out(id));
	if (e == ERR_OK)
		e = store_record(f.store, &f.changes);
	return e == ERR_OK ? store_commit(f.store) : e;
}

static inline int64_t replies(void)
{
	struct store_ids ids;

	ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
	return ids.message - 1;
}

static inline void copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	int c;

	ck_assert(in != NULL && out != NULL);
	while ((c = fgetc(in)) != EOF)
		(void)fputc(c, out);
	(void)fclose(in);
	(void)fclose(out);
}

static inline enum err commit_text(int64_t id)
{
	enum err e = store_begin(f.store);

	fixture_reset_changes(&f);
	changes_add(&f.changes, inbox, text_in(id, id, 1));
	changes_add(&f.changes, outbox, reply_out(id));
	if (e == ERR_OK)
		e = store_record(f.store, &f.changes);
	return e == ERR_OK ? store_commit(f.store) : e;
}

static inline void assert_sound(void)
{
	struct store_reader *r;

	ck_assert_int_eq(store_reader_open(f.store, &r, &fault), ERR_OK);
	ck_assert_msg(store_reader_check(r, NULL, &fault) == ERR_OK, "%s", fault.text);
	store_reader_close(r);
}

#endif
