/*
 * script_priv.h - a parsed script: what the simulator does wrong, and how often.
 */
#ifndef SIM_SCRIPT_PRIV_H
#define SIM_SCRIPT_PRIV_H

#include "base/str.h"
#include "sim/smsc.h"

enum {
	SCRIPT_PASSWORDS = 32,
	SCRIPT_WHOLE = 10000 /* 100%: shares are in hundredths of a percent */
};

enum script_receipts {
	RECEIPTS_ON,
	RECEIPTS_OFF,
	RECEIPTS_BEFORE_RESPONSE
};

struct smsc_script {
	struct script_password {
		char system_id[16], password[9];
	} password[SCRIPT_PASSWORDS];
	size_t n_passwords;
	int delay_min_ms, delay_max_ms;
	int throttle, queue_full, refuse, lose_response, duplicate; /* shares */
	uint32_t refuse_status;
	int drop_every; /* PDUs; 0: never */
	enum script_receipts receipts;
	int redeliver_ms;
};

/* Everything goes well. */
extern const struct smsc_script script_none;

/* The status of a bind. */
uint32_t script_bind_status(const struct smsc_script *s, struct str system_id,
                            struct str password);

/* The status of a submit_sm. */
uint32_t script_submit_status(const struct smsc_script *s, uint64_t *seed);

/* True in `share` of the cases. */
bool script_happens(int share, uint64_t *seed);

#endif
