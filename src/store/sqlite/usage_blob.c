/*
 * usage_blob.c - see usage_blob_priv.h.
 */
#include "usage_blob_priv.h"

static void put_le(uint8_t *out, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t get_le(const uint8_t *in, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)in[i] << (8 * i);
	return v;
}

static uint64_t at_most_u32(int64_t v)
{
	if (v < 0)
		return 0;
	return v > UINT32_MAX ? UINT32_MAX : (uint64_t)v;
}

void usage_blob_put(uint8_t *out, const struct usage_month *u)
{
	put_le(out, (uint32_t)u->month, 4);
	put_le(out + 4, at_most_u32(u->voice_s), 4);
	put_le(out + 8, at_most_u32(u->sms), 4);
	put_le(out + 12, (uint64_t)u->data_kib, 8);
	put_le(out + 20, (uint64_t)u->bill_fen, 8);
}

month_t usage_blob_month(const uint8_t *in)
{
	return (month_t)(uint32_t)get_le(in, 4);
}

struct usage_month usage_blob_get(const uint8_t *in)
{
	return (struct usage_month){
		.month = usage_blob_month(in),
		.voice_s = (int64_t)get_le(in + 4, 4),
		.sms = (int64_t)get_le(in + 8, 4),
		.data_kib = (int64_t)get_le(in + 12, 8),
		.bill_fen = (int64_t)get_le(in + 20, 8),
	};
}
