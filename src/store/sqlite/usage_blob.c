/*
 * usage_blob.c - see usage_blob_priv.h.
 */
#include "usage_blob_priv.h"

static void put_le(uint8_t *out, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(v >> (8 * i));
}

/* Written out, it is one load where the machine has this order. */
static uint32_t get_u32(const uint8_t *in)
{
	return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 |
	       (uint32_t)in[3] << 24;
}

static int64_t get_i64(const uint8_t *in)
{
	return (int64_t)(get_u32(in) | (uint64_t)get_u32(in + 4) << 32);
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
	return (month_t)get_u32(in);
}

struct usage_month usage_blob_get(const uint8_t *in)
{
	return (struct usage_month){
		.month = usage_blob_month(in),
		.voice_s = get_u32(in + 4),
		.sms = get_u32(in + 8),
		.data_kib = get_i64(in + 12),
		.bill_fen = get_i64(in + 20),
	};
}
