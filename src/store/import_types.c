/*
 * import_types.c - how cells are read; see import_priv.h.
 */
#include "base/civil.h"
#include "import_priv.h"
#include "model/money.h"

enum {
	CODE_MAX = 16
};

static bool read_number(const struct import_column *c, struct str cell, struct arena *a,
                        void *to)
{
	int64_t v, scale = 1, *out = to;

	(void)a;
	if (cell.n == 0 && c->may_be_empty) {
		*out = c->when_empty;
		return true;
	}
	for (int i = 0; i < c->decimals; i++)
		scale *= 10;
	if (money_parse(cell, c->decimals, &v) != ERR_OK || v < c->least * scale ||
	    v > c->most * scale)
		return false;
	*out = v * c->factor;
	return true;
}

static bool read_msisdn(const struct import_column *c, struct str cell, struct arena *a,
                        void *to)
{
	(void)c;
	(void)a;
	return cell.n >= 5 && cell.n <= 15 && cell.p[0] != '-' && cell.p[0] != '0' &&
	       str_i64(cell, to) == ERR_OK;
}

static bool read_text(const struct import_column *c, struct str cell, struct arena *a,
                      void *to)
{
	(void)c;
	*(struct str *)to = arena_str(a, cell);
	return cell.n <= 200;
}

static bool is_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char ch = s.p[i];

		if (!(ch >= '0' && ch <= '9') && !(ch >= 'A' && ch <= 'Z') &&
		    !(ch >= 'a' && ch <= 'z') && ch != '_' && ch != '-')
			return false;
	}
	return s.n > 0 && s.n <= CODE_MAX;
}

static bool read_code(const struct import_column *c, struct str cell, struct arena *a,
                      void *to)
{
	(void)c;
	*(struct str *)to = arena_str(a, cell);
	return is_code(cell);
}

static bool read_codes(const struct import_column *c, struct str cell, struct arena *a,
                       void *to)
{
	struct import_list *list = to;
	struct str rest = arena_str(a, cell), code;

	(void)c;
	*list = (struct import_list){ arena_array(a, struct str, cell.n / 2 + 1), 0 };
	while (cell.n > 0 && str_cut(&rest, ';', &code)) {
		if (!is_code(code))
			return false;
		for (size_t i = 0; i < list->n; i++) {
			if (str_eq(list->item[i], code))
				return false;
		}
		list->item[list->n++] = code;
	}
	return true;
}

static bool read_flag(const struct import_column *c, struct str cell, struct arena *a,
                      void *to)
{
	(void)c;
	(void)a;
	*(bool *)to = str_eq(cell, STR("1"));
	return str_eq(cell, STR("1")) || str_eq(cell, STR("0"));
}

static bool read_date(const struct import_column *c, struct str cell, struct arena *a,
                      void *to)
{
	(void)c;
	(void)a;
	return civil_parse_date(cell, to) == ERR_OK;
}

static bool read_month(const struct import_column *c, struct str cell, struct arena *a,
                       void *to)
{
	(void)c;
	(void)a;
	return civil_parse_month(cell, to) == ERR_OK;
}

static bool read_name(const struct import_column *c, struct str cell, struct arena *a,
                      void *to)
{
	(void)a;
	for (unsigned v = 0; c->name_of(v) != NULL; v++) {
		if (str_eq(cell, str_of(c->name_of(v)))) {
			*(unsigned *)to = v;
			return true;
		}
	}
	return false;
}

const struct import_type import_number = { "a number within bounds", read_number };
const struct import_type import_msisdn = { "a number of 5 to 15 digits", read_msisdn };
const struct import_type import_text = { "at most 200 octets of text", read_text };
const struct import_type import_code = { "a code of 1 to 16 letters and digits",
	                                 read_code };
const struct import_type import_codes = { "different codes joined by ;", read_codes };
const struct import_type import_flag = { "0 or 1", read_flag };
const struct import_type import_date = { "a date as 2026-10-20", read_date };
const struct import_type import_month = { "a month as 2026-10", read_month };
const struct import_type import_name = { "one of the names of the contract", read_name };

/* The octets themselves: a code has no more than the key. */
struct import_key import_key_of_code(struct str code)
{
	struct import_key k = { 0, 0 };

	for (size_t i = 0; i < code.n && i < CODE_MAX; i++) {
		uint64_t *half = i < 8 ? &k.high : &k.low;

		*half |= (uint64_t)(uint8_t)code.p[i] << (56 - 8 * (i % 8));
	}
	return k;
}
