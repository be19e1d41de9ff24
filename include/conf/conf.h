/*
 * conf.h - the configuration: every key with type, bounds, default and help in one
 * table (conf/options.def), read from a libconfig file.
 *
 * A complaint names file and line, the key, what was expected and the nearest
 * known key for a typo.  msisdns and anything above 2^31-1 must be strings:
 * libconfig would cut a bare 13800000000 silently, so a bare integer too wide, or
 * any number where digits are expected, is refused with its line.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/fault.h"
#include "base/str.h"

enum {
	CONF_LINKS = 64 /* of a configuration at most */
};

enum conf_bind {
	CONF_TRANSCEIVER,
	CONF_TRANSMITTER,
	CONF_RECEIVER
};

/* One member for each line of options.def; bounds, defaults and help are there. */
struct conf_link {
	char *name; /* unique */
	char *host;
	int port; /* 1..65535 */
	enum conf_bind bind;
	char *system_id, *password, *system_type;
	char *password_file; /* "": password stands in the file; else it was read from there */
	char **numbers;      /* "10086" exact or "10086*" prefix; at least one */
	size_t n_numbers;
	char *group; /* links of one SMSC account; default: the numbers joined by "," */
	char *marketing; /* number that campaigns leave from, 4 digits follow; "": none do */
	int window;      /* 1..1000 */
	int rate_per_s; /* segments; 0 = no limit */
	bool tls;       /* always false for now: true is refused */
	bool trusted;   /* its source addresses are subscribers */
	char *senders;  /* those that begin with one of these, joined by ","; "": all */
	int enquire_s, response_s, bind_s, reconnect_max_s;
	char *alphabet; /* meaning of data_coding 0: gsm7, latin1, ascii, ucs2 */
	bool latin1;    /* may be sent ISO 8859-1 */
	bool wide_ref;  /* 16-bit references in long messages */
};

struct conf {
	char *store, *grammar, *timezone;
	struct conf_link *links;
	size_t n_links;    /* CONF_LINKS at most */
	char *http_listen; /* "" switches the status page off */
	int http_port;
	char *log_level, *log_file; /* log_file "": standard error */
	char *log_texts_until;      /* local time; "": never */
	char *default_language, *hotline, *brand;
	int plain_yes_fen;       /* 0: off */
	int max_waiting;         /* texts waiting for a turn before 0x14; 16384 */
	int burst, refill_per_s; /* per number: 100, 10 */
	int retain_texts_days, retain_details_days, retain_imports_days;
	int retain_evidence_days;
	char *import_watch;            /* a folder; "": none */
	char *pepper_file;             /* "": beside the store */
	int pin_passes, pin_memory_mb; /* of a new hash */
	char *capture_file;            /* "": none */
	int capture_max_mb;
};

/*
 * Reads path, 1 MiB at most.  Relative paths in it stay as they are (relative to the
 * working folder).  A file without links is fine here.  ERR_NOT_FOUND (also for a
 * password_file), ERR_SYNTAX (not libconfig, unknown key, wrong type, missing key),
 * ERR_RANGE (a value out of bounds), with a fault.
 */
MUST_CHECK enum err conf_load(const char *path, struct conf **out, struct fault *fault);
/* Defaults only, with no links; for commands that run without a file. */
struct conf *conf_defaults(void);
void conf_destroy(struct conf *c);

/*
 * Appends the keys whose values differ between the two and take effect only after a
 * restart, joined by ", "; nothing when a reload will do.  Changes of links never need one.
 */
struct buf;
void conf_restart_keys(const struct conf *running, const struct conf *now,
                       struct buf *out);

/*
 * Appends a line for each key whose value in now is not the one in effect: that of running
 * for what a reload applies, that of started for what needs a restart; old and new value
 * (secrets are not shown), and when it takes effect.  Links by their names.
 */
void conf_changes(const struct conf *started, const struct conf *running,
                  const struct conf *now, struct buf *out);

/* Whether every key of the two links has the same value. */
bool conf_link_equal(const struct conf_link *a, const struct conf_link *b);

/*
 * Whether path (a file, or a folder with the files in it) can be changed by nobody who
 * may not be trusted: ERR_REFUSED with a fault when everyone may write it.  ERR_STATE
 * with one when it belongs neither to this process's user nor to root: that may be meant.
 */
MUST_CHECK enum err conf_trusted(const char *path, struct fault *fault);

/* The table as a commented sample file (etc/smshall.conf is exactly this). */
void conf_print_sample(struct buf *out);

/* What holds, every key with its value, for people; passwords are not shown. */
void conf_print(const struct conf *c, struct buf *out);

#endif
