/*
 * wal_priv.h - whether the WAL beside a store is the one that belongs to it.
 *
 * SQLite takes any WAL that is whole in itself, up to where it is whole, and a missing
 * one as empty.  So the owner notes in its lock file, behind each commit, which WAL is
 * in use, how many frames of it are durable, and the newest text; the next owner compares
 * before SQLite reads.
 *
 * A WAL that starts over adds one to its round and to its first salt: their difference,
 * the chain, is random and stays.  An older copy has a smaller round or fewer frames,
 * another database's another chain.  The file itself is known by its base: the change
 * counter and the page count in its header, which only a checkpoint changes.
 *
 * A note says what is durable already, so one that a power loss left old is true as
 * well: a page of the page cache a commit, no sync.  Only where an old one would be
 * wrong it is synced: the first and the last of an owner, and before a checkpoint.
 *
 * Not noticed: a WAL or file exchanged while the notes say that a start or a checkpoint
 * is under way; an older copy of the file with the header of today's.
 */
#ifndef STORE_SQLITE_WAL_PRIV_H
#define STORE_SQLITE_WAL_PRIV_H

#include "sqlite_priv.h"

enum {
	WAL_PATH = 4096,
	WAL_BASE_AT = 24 /* octet in the header of an SQLite file */
};

struct wal_file {
	uint32_t chain, round;
	uint32_t
		frames; /* durable ones that SQLite would use; 0: the file is as good as none */
};

/* ---- wal_file.c ---- */
/* All of it is read: 30 ms for the usual 30 MiB. */
struct wal_file wal_examine(const char *path);
/* Chain and round of an open one. */
bool wal_head(sqlite3_file *file, struct wal_file *out);
uint64_t wal_base_of(sqlite3_file *file);
bool wal_base(const char *path, uint64_t *out); /* false: the file is missing or empty */

#endif
