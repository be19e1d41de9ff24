/*
 * status.c - see smpp/status.h.
 */
#include <stddef.h>

#include "smpp/status.h"

enum {
	STATUSES = 0x100 /* 3.4 gives no value a second octet */
};

struct status {
	const char *name, *text; /* NULL where the value is not assigned */
	enum smpp_status_class class;
};

static const struct status statuses[STATUSES] = {
#define STATUS(value, name, class, text) \
	[value] = { "ESME_" #name, (text), SMPP_STATUS_##class },
#include "smpp/status.def"
};

static struct status status_of(uint32_t status)
{
	if (status < STATUSES && statuses[status].name != NULL)
		return statuses[status];
	return (struct status){ "ESME_?", "status of the peer's own",
		                SMPP_STATUS_PERMANENT };
}

const char *smpp_status_name(uint32_t status)
{
	return status_of(status).name;
}

const char *smpp_status_text(uint32_t status)
{
	return status_of(status).text;
}

enum smpp_status_class smpp_status_class(uint32_t status)
{
	return status_of(status).class;
}
