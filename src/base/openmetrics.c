/*
 * openmetrics.c - see base/openmetrics.h.
 */
#include <inttypes.h>
#include <string.h>

#include "base/openmetrics.h"

enum {
	LABELS_MAX = 4
};

static bool ends_in(const char *name, const char *unit)
{
	const size_t n = strlen(name), u = strlen(unit);

	return n > u + 1 && name[n - u - 1] == '_' && strcmp(name + n - u, unit) == 0;
}

struct openmetrics openmetrics_family(struct buf *out, const char *name,
                                      enum openmetrics_type type, const char *help)
{
	static const char *const types[] = { "counter", "gauge", "histogram", "info" };
	static const char *const units[] = { "seconds", "bytes" };

	buf_printf(out, "# TYPE %s %s\n", name, types[type]);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ends_in(name, units[i]))
			buf_printf(out, "# UNIT %s %s\n", name, units[i]);
	}
	buf_printf(out, "# HELP %s %s\n", name, help);
	return (struct openmetrics){ out, name, type };
}

static void put_value(struct buf *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\n') {
			buf_puts(out, STR("\\n"));
			continue;
		}
		if (*value == '"' || *value == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *value);
	}
}

/* le: the bound of a bucket, or NULL. */
static void put_labels(struct buf *out, const struct openmetrics_label *label,
                       const char *le)
{
	const char *separator = "{";

	for (size_t i = 0; label != NULL && i < LABELS_MAX && label[i].name != NULL;
	     i++) {
		buf_printf(out, "%s%s=\"", separator, label[i].name);
		put_value(out, label[i].value);
		buf_putc(out, '"');
		separator = ",";
	}
	if (le != NULL) {
		buf_printf(out, "%sle=\"%s\"", separator, le);
		separator = ",";
	}
	if (separator[0] == ',')
		buf_putc(out, '}');
	buf_putc(out, ' ');
}

static const char *suffix(const struct openmetrics *m)
{
	static const char *const suffixes[] = { "_total", "", "", "_info" };

	return suffixes[m->type];
}

void openmetrics_put(const struct openmetrics *m, const struct openmetrics_label *label,
                     uint64_t value)
{
	buf_printf(m->out, "%s%s", m->name, suffix(m));
	put_labels(m->out, label, NULL);
	buf_printf(m->out, "%" PRIu64 "\n", value);
}

static void put_seconds(struct buf *out, uint64_t us)
{
	buf_printf(out, "%" PRIu64 ".%06u\n", us / 1000000, (unsigned)(us % 1000000));
}

void openmetrics_put_us(const struct openmetrics *m,
                        const struct openmetrics_label *label, uint64_t us)
{
	buf_printf(m->out, "%s%s", m->name, suffix(m));
	put_labels(m->out, label, NULL);
	put_seconds(m->out, us);
}

void openmetrics_put_times(const struct openmetrics *m,
                           const struct openmetrics_label *label,
                           const struct metric_times *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i <= METRIC_STEPS; i++) {
		struct buf le = buf_make(32);

		n += metric_get(&t->step[i]);
		if (i < METRIC_STEPS)
			buf_printf(&le, "%u.%06u", metric_steps[i] / 1000000,
			           metric_steps[i] % 1000000);
		else
			buf_puts(&le, STR("+Inf"));
		buf_printf(m->out, "%s_bucket", m->name);
		put_labels(m->out, label, buf_cstr(&le));
		buf_printf(m->out, "%" PRIu64 "\n", n);
		buf_free(&le);
	}
	buf_printf(m->out, "%s_count", m->name);
	put_labels(m->out, label, NULL);
	buf_printf(m->out, "%" PRIu64 "\n", n);
	buf_printf(m->out, "%s_sum", m->name);
	put_labels(m->out, label, NULL);
	put_seconds(m->out, metric_get(&t->sum_us));
}

void openmetrics_end(struct buf *out)
{
	buf_puts(out, STR("# EOF\n"));
}
