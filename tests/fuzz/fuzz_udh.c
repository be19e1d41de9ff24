/*
 * fuzz_udh.c - any octets as user data with a header, or with sar_ parameters: what is
 * found lies inside, and its numbers can be.
 */
#include <stdlib.h>

#include "smpp/udh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct span in, struct span part)
{
	if (part.n > 0 && (part.p < in.p || part.p + part.n > in.p + in.n))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span in = { data, size };
	const struct span one = span_first(in, size < 254 ? size : 254);
	const struct smpp_deliver_sm forms[] = {
		{ .esm_class = SMPP_ESM_UDHI, .short_message = one },
		{ .short_message = one, .tlvs = in },
		{ .esm_class = SMPP_ESM_UDHI, .tlvs = in },
	};
	struct smpp_udh udh;

	if (smpp_udh_read(in, &udh) == ERR_OK)
		check_inside(in, udh.text);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct smpp_concat c;
		struct span text;

		if (smpp_concat_of(&forms[i], &c) == ERR_OK &&
		    (c.seq == 0 || c.seq > c.total))
			abort();
		if (smpp_message_octets(&forms[i], &text) == ERR_OK)
			check_inside(in, text);
	}
	return 0;
}
