/*
 * status.h - the command_status of SMPP responses: names, meanings, what to do.
 *
 * SMPP v3.4 section 5.1.3.  The list is status.def.
 */
#ifndef SMPP_STATUS_H
#define SMPP_STATUS_H

#include <stdint.h>

enum smpp_status {
#define STATUS(value, name, class, text) SMPP_ESME_##name = (value),
#include "smpp/status.def"
};

/* What a submit_sm_resp with a status means for the message. */
enum smpp_status_class {
	SMPP_STATUS_OK, /* accepted */
	SMPP_STATUS_THROTTLED, /* not accepted; slow the link down, try again, count no attempt */
	SMPP_STATUS_TEMPORARY, /* not accepted; try again after a back-off */
	SMPP_STATUS_PERMANENT  /* not accepted and never will be */
};

/* "ESME_RTHROTTLED"; "ESME_?" for a value of a vendor's own. */
const char *smpp_status_name(uint32_t status);

/* One line of English without a full stop; never NULL. */
const char *smpp_status_text(uint32_t status);

/* Values of a vendor's own are PERMANENT. */
enum smpp_status_class smpp_status_class(uint32_t status);

#endif
