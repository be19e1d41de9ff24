/*
 * import_types.c - how cells are read; see import_priv.h.
 */
#include "base/civil.h"
#include "import_priv.h"
#include "model/money.h"
#include "model/outer.h"

enum {
	CODE_MAX = 16,
	TEXT_MAX = 200,
	CODES_MAX = 64,
	DAY_S = 86400
};

/* A member of the row. */
static void *at(const struct import_column *c, void *row)
{
	return (char *)row + c->offset;
}

/* Whole numbers of few digits, which most are; false: look closer. */
static bool small_number(struct str s, int64_t *out)
{
	int64_t v = 0;

	if (s.n == 0 || s.n > 15)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*out = v;
	return true;
}

static bool read_number(const struct import_column *c, struct str cell,
                        struct import_cells *s, void *row)
{
	int64_t v, scale = 1, *out = at(c, row);

	(void)s;
	if (cell.n == 0 && c->may_be_empty) {
		*out = c->when_empty;
		return true;
	}
	for (int i = 0; i < c->decimals; i++)
		scale *= 10;
	if ((scale > 1 || !small_number(cell, &v)) &&
	    money_parse(cell, c->decimals, &v) != ERR_OK)
		return false;
	if (v < c->least * scale || v > c->most * scale)
		return false;
	*out = v * c->factor;
	return true;
}

static bool read_msisdn(const struct import_column *c, struct str cell,
                        struct import_cells *s, void *row)
{
	(void)s;
	return cell.n >= 5 && cell.n <= 15 && cell.p[0] != '0' &&
	       small_number(cell, at(c, row));
}

static bool read_text(const struct import_column *c, struct str cell,
                      struct import_cells *s, void *row)
{
	if (cell.n > TEXT_MAX)
		return false;
	*(struct str *)at(c, row) = arena_str(&s->arena, cell);
	return true;
}

static bool read_label(const struct import_column *c, struct str cell,
                       struct import_cells *s, void *row)
{
	return cell.n > 0 && read_text(c, cell, s, row);
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

static bool read_code(const struct import_column *c, struct str cell,
                      struct import_cells *s, void *row)
{
	return ((cell.n == 0 && c->may_be_empty) || is_code(cell)) &&
	       read_text(c, cell, s, row);
}

static bool read_codes(const struct import_column *c, struct str cell,
                       struct import_cells *s, void *row)
{
	struct str rest, code, *item;
	size_t n = 0;

	if (cell.n > (size_t)CODES_MAX * (CODE_MAX + 1))
		return false;
	rest = arena_str(&s->arena, cell);
	item = arena_array(&s->arena, struct str, cell.n / 2 + 1);
	while (cell.n > 0 && str_cut(&rest, ';', &code)) {
		if (!is_code(code))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (str_eq(item[i], code))
				return false;
		}
		item[n++] = code;
	}
	*(const struct str **)at(c, row) = item;
	*(size_t *)(void *)((char *)row + c->count_offset) = n;
	return true;
}

static bool read_flag(const struct import_column *c, struct str cell,
                      struct import_cells *s, void *row)
{
	(void)s;
	*(bool *)at(c, row) = str_eq(cell, STR("1"));
	return str_eq(cell, STR("1")) || str_eq(cell, STR("0"));
}

/* ---- dates ---- */

static int two(const char *p)
{
	return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9'
	               ? (p[0] - '0') * 10 + (p[1] - '0')
	               : -1;
}

/* The day of "YYYY-MM-DD"; NULL when it is none. */
static const struct import_day *find_day(struct import_cells *s, struct str cell)
{
	const int y1 = cell.n == 10 ? two(cell.p) : -1;
	const int y2 = y1 >= 0 ? two(cell.p + 2) : -1;
	const int month = y2 >= 0 ? two(cell.p + 5) : -1;
	const int day = month >= 0 ? two(cell.p + 8) : -1;
	const int32_t key = ((y1 * 100 + y2) * 100 + month) * 100 + day;
	struct import_day *d =
		&s->day[((y2 * 12 + month) * 32 + day) & (IMPORT_DAYS - 1)];
	struct civil c;
	int64_t start;

	if (day < 0 || cell.p[4] != '-' || cell.p[7] != '-')
		return NULL;
	if (d->key == key)
		return d;
	if (civil_parse_date(cell, &start) != ERR_OK)
		return NULL;
	c = civil_of(start);
	*d = (struct import_day){ key, start,
		                  civil_to_utc((struct civil){ .year = c.year,
		                                               .month = c.month,
		                                               .day = c.day + 1 }) };
	return d;
}

static bool read_date(const struct import_column *c, struct str cell,
                      struct import_cells *s, void *row)
{
	const struct import_day *d = find_day(s, cell);

	if (d != NULL)
		*(int64_t *)at(c, row) = d->start;
	return d != NULL;
}

static bool read_date_next(const struct import_column *c, struct str cell,
                           struct import_cells *s, void *row)
{
	const struct import_day *d = find_day(s, cell);

	if (d != NULL)
		*(int64_t *)at(c, row) = d->next;
	return d != NULL || cell.n == 0;
}

static bool read_date_end(const struct import_column *c, struct str cell,
                          struct import_cells *s, void *row)
{
	const struct import_day *d = find_day(s, cell);

	if (d != NULL)
		*(int64_t *)at(c, row) = d->next - 1;
	return d != NULL || cell.n == 0;
}

static bool read_time(const struct import_column *c, struct str cell,
                      struct import_cells *s, void *row)
{
	const struct import_day *d = cell.n == 19
	                                     ? find_day(s, (struct str){ cell.p, 10 })
	                                     : NULL;
	int hour, minute, second;

	if (d == NULL)
		return false;
	if (d->next - d->start != DAY_S) /* the clocks change on it */
		return civil_parse_time(cell, at(c, row)) == ERR_OK;
	hour = two(cell.p + 11);
	minute = two(cell.p + 14);
	second = two(cell.p + 17);
	*(int64_t *)at(c, row) = d->start + (int64_t)(hour * 60 + minute) * 60 + second;
	return cell.p[10] == ' ' && cell.p[13] == ':' && cell.p[16] == ':' && hour >= 0 &&
	       hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
}

static bool read_month(const struct import_column *c, struct str cell,
                       struct import_cells *s, void *row)
{
	(void)s;
	return civil_parse_month(cell, at(c, row)) == ERR_OK;
}

/* ---- names ---- */

static bool find_name(const struct import_column *c, struct str cell, unsigned *out)
{
	for (unsigned v = 0; c->name_of(v) != NULL; v++) {
		if (str_eq(cell, str_of(c->name_of(v)))) {
			*out = v;
			return true;
		}
	}
	return false;
}

static bool read_name(const struct import_column *c, struct str cell,
                      struct import_cells *s, void *row)
{
	(void)s;
	return find_name(c, cell, at(c, row));
}

static bool read_word(const struct import_column *c, struct str cell,
                      struct import_cells *s, void *row)
{
	unsigned v;

	(void)s;
	if (cell.n == 0 && c->may_be_empty) {
		*(struct str *)at(c, row) = STR("");
		return true;
	}
	if (!find_name(c, cell, &v))
		return false;
	*(struct str *)at(c, row) = str_of(c->name_of(v));
	return true;
}

static bool read_outer(const struct import_column *c, struct str cell,
                       struct import_cells *s, void *row)
{
	(void)s;
	return outer_parse(cell, at(c, row));
}

/* An example of a number or a name is made of its column: import_columns.c. */
const struct import_type import_number = { "a number within bounds", NULL, read_number };
const struct import_type import_msisdn = { "a number of 5 to 15 digits", "13800000001",
	                                   read_msisdn };
const struct import_type import_text = { "at most 200 octets of text", "text",
	                                 read_text };
const struct import_type import_label = { "1 to 200 octets of text", "text", read_label };
const struct import_type import_code = { "a code of 1 to 16 letters and digits", "58",
	                                 read_code };
const struct import_type import_codes = { "different codes joined by ;, at most 64",
	                                  "CL;LL10", read_codes };
const struct import_type import_flag = { "0 or 1", "1", read_flag };
const struct import_type import_date = { "a date as 2026-10-20", "2026-10-20",
	                                 read_date };
const struct import_type import_date_end = { "a date as 2026-10-20, or nothing",
	                                     "2026-10-20", read_date_end };
const struct import_type import_date_next = { "a date as 2026-10-20, or nothing",
	                                      "2026-10-20", read_date_next };
const struct import_type import_time = { "a time as 2026-10-20 10:31:00",
	                                 "2026-10-20 10:31:00", read_time };
const struct import_type import_month = { "a month as 2026-10", "2026-10", read_month };
const struct import_type import_name = { "one of the names of the contract", NULL,
	                                 read_name };
const struct import_type import_word = { "one of the names of the contract", NULL,
	                                 read_word };
const struct import_type import_outer = {
	"FROM@FEN;FROM@FEN: from so much beyond the allowance, in the unit of its column "
	"(minutes, texts, MB), the price of one (of data: of a block); at most 3",
	"1000@10", read_outer
};
