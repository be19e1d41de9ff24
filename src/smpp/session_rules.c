/*
 * session_rules.c - who may send what while bound how; SMPP v3.4 table 2-1.
 *
 * data_sm is taken from both sides on every bind that carries messages their way.
 */
#include "session_priv.h"

enum {
	RX = 1 << SMPP_BIND_RX,
	TX = 1 << SMPP_BIND_TX,
	TRX = 1 << SMPP_BIND_TRX
};

/* clang-format off */
static const struct rule rules[] = {
	/*                        ESME may  SMSC may  answered */
	{ SMPP_SUBMIT_SM,          TX | TRX, 0,        true,  session_take_request },
	{ SMPP_DELIVER_SM,         0,        RX | TRX, true,  session_take_request },
	{ SMPP_ENQUIRE_LINK,       0,        0,        true,  session_take_enquire },
	{ SMPP_DATA_SM,            TX | TRX, RX | TRX, true,  session_take_request },
	{ SMPP_SUBMIT_MULTI,       TX | TRX, 0,        true,  session_take_request },
	{ SMPP_QUERY_SM,           TX | TRX, 0,        true,  session_take_request },
	{ SMPP_CANCEL_SM,          TX | TRX, 0,        true,  session_take_request },
	{ SMPP_REPLACE_SM,         TX | TRX, 0,        true,  session_take_request },
	{ SMPP_ALERT_NOTIFICATION, 0,        RX | TRX, false, session_take_request },
	{ SMPP_OUTBIND,            0,        0,        false, session_take_outbind },
	{ SMPP_BIND_RECEIVER,      0,        0,        true,  session_take_bind },
	{ SMPP_BIND_TRANSMITTER,   0,        0,        true,  session_take_bind },
	{ SMPP_BIND_TRANSCEIVER,   0,        0,        true,  session_take_bind },
	{ SMPP_UNBIND,             0,        0,        true,  session_take_unbind },
};
/* clang-format on */

const struct rule *session_rule(uint32_t command_id)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].command_id == command_id)
			return &rules[i];
	}
	return NULL;
}

bool session_may(const struct smpp_session *s, enum smpp_role sender,
                 const struct rule *rule)
{
	const bool ours = sender == s->conf.role;
	const unsigned binds = sender == SMPP_ESME ? rule->esme_may : rule->smsc_may;

	/* While we unbind, the peer may not know yet. */
	if (s->state != SMPP_BOUND && (ours || s->state != SMPP_UNBINDING))
		return false;
	return (binds >> s->bind & 1) != 0;
}
