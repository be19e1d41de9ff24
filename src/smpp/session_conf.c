/*
 * session_conf.c - defaults and bounds of a session's configuration.
 */
#include "smpp/session.h"
#include "wire_priv.h"

enum {
	WINDOW_MAX = 1000,
	MAX_PDU_LEAST = 512, /* any PDU but for its optional parameters */
	MAX_PDU_MOST = 1 << 24
};

struct smpp_session_conf smpp_session_defaults(void)
{
	return (struct smpp_session_conf){
		.role = SMPP_ESME,
		.bind = SMPP_BIND_TRX,
		.interface_version = 0x34,
		.window = 100,
		.max_pdu = 65536,
		.bind_timeout_ms = 10000,
		.response_timeout_ms = 30000,
		.enquire_ms = 30000,
		.pdu_timeout_ms = 30000,
		.output_limit = 1 << 20,
		.first_sequence = 1,
	};
}

/* The fields of a bind, section 4.1.5; a NUL takes one octet more. */
static enum err check_strings(const struct smpp_session_conf *conf, struct fault *fault)
{
	const struct {
		const char *name;
		struct str value;
		size_t max;
	} strings[] = {
		{ "system_id", conf->system_id, 15 },
		{ "password", conf->password, 8 },
		{ "system_type", conf->system_type, 12 },
	};

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		const struct str s = strings[i].value;

		if (s.n > strings[i].max) {
			fault_set(fault, "%s has %zu octets: SMPP takes at most %zu",
			          strings[i].name, s.n, strings[i].max);
			return ERR_RANGE;
		}
		if (wire_has_nul((struct span){ (const uint8_t *)s.p, s.n })) {
			fault_set(fault, "%s holds a NUL octet: remove it",
			          strings[i].name);
			return ERR_RANGE;
		}
	}
	return ERR_OK;
}

enum err smpp_session_conf_check(const struct smpp_session_conf *conf,
                                 struct fault *fault)
{
	const struct {
		const char *name;
		int64_t value, min, max;
	} numbers[] = {
		{ "window", conf->window, 1, WINDOW_MAX },
		{ "max_pdu", (int64_t)conf->max_pdu, MAX_PDU_LEAST, MAX_PDU_MOST },
		{ "bind_timeout_ms", conf->bind_timeout_ms, 1, INT32_MAX },
		{ "response_timeout_ms", conf->response_timeout_ms, 1, INT32_MAX },
		{ "enquire_ms", conf->enquire_ms, 0, INT32_MAX },
		{ "pdu_timeout_ms", conf->pdu_timeout_ms, 1, INT32_MAX },
		{ "output_limit", (int64_t)conf->output_limit, 1, INT32_MAX },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].value < numbers[i].min ||
		    numbers[i].value > numbers[i].max) {
			fault_set(fault, "%s is %lld: it must be from %lld to %lld",
			          numbers[i].name, (long long)numbers[i].value,
			          (long long)numbers[i].min, (long long)numbers[i].max);
			return ERR_RANGE;
		}
	}
	return check_strings(conf, fault);
}
