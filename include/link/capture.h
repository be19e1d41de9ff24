/*
 * capture.h - what the links say, written to a file (smpp/capture.h has its format).
 *
 * The file is for its owner alone (mode 0600): it holds numbers and texts.  A full file
 * becomes FILE.1, which replaces the one before.  When it cannot be written the capture
 * ends and says so in the log; the links go on.
 */
#ifndef LINK_CAPTURE_H
#define LINK_CAPTURE_H

#include "base/fault.h"
#include "base/log.h"
#include "smpp/capture.h"

struct capture;

/* Goes on at the end of path, which is copied; max_octets of one file.  ERR_IO with a fault. */
MUST_CHECK enum err capture_open(const char *path, int64_t max_octets,
                                 const struct log *log, struct capture **out,
                                 struct fault *fault);
/* Taps may outlive it only unused.  c may be NULL. */
void capture_close(struct capture *c);

/* Notes what happened beside the links (smpp_capture_put_deed()); c may be NULL. */
void capture_deed(struct capture *c, struct str words);

/* ---- for a connection ---- */

/* Both directions of one connection. */
struct tap;
struct tap *tap_create(struct capture *c, const char *link); /* link is borrowed */
void tap_destroy(struct tap *t);                             /* t may be NULL */

/* Octets as they pass, in any pieces. */
void tap_octets(struct tap *t, bool out, struct span octets);

#endif
