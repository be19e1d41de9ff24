/*
 * pepper.h - the file with the key that PINs are hashed and sealed with.
 *
 * 32 random octets as 64 hexadecimal digits, mode 0400, outside the store: a copy of the
 * store is worth nothing to who guesses PINs.  It is not in backups; without it the PINs
 * of a store are lost, and their numbers have to set new ones.
 */
#ifndef OFFICE_PEPPER_H
#define OFFICE_PEPPER_H

#include "base/buf.h"
#include "base/fault.h"
#include "store/store.h"
#include "turn/pin.h"

/* file as configured; "": beside the database, "hall.db.pepper". */
void pepper_path(const char *file, const char *db, struct buf *out);

/* ERR_NOT_FOUND, ERR_REFUSED (others may read it), ERR_SYNTAX, ERR_IO. */
MUST_CHECK enum err pepper_read(const char *path, uint8_t out[static PIN_PEPPER],
                                struct fault *fault);

/*
 * Reads the pepper of that store, and makes one (*made) where there is none and the
 * store holds no PIN.  ERR_STATE: it holds PINs, and the pepper is missing or another.
 */
MUST_CHECK enum err pepper_settle(struct store *s, const char *path, struct pin_conf *out,
                                  bool *made, struct fault *fault);

#endif
