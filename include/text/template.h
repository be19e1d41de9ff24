/*
 * template.h - reply texts with {name} variables, compiled once, filled often.
 *
 * One pass: values are copied in and never looked at again, so a subscriber
 * named "{balance}%n" is printed as that.  Names are of a-z, 0-9 and _; "{{" and
 * "}}" are braces.  A part in square brackets, "[，话费{due}元]", appears only when
 * every variable in it has a value, and must have one; "[[" is a bracket, as "]]"
 * is one; optional parts do not nest.
 */
#ifndef TEXT_TEMPLATE_H
#define TEXT_TEMPLATE_H

#include "base/buf.h"
#include "base/fault.h"

enum {
	TEMPLATE_VARS = 32 /* variables that one vocabulary may name */
};

struct template; /* immutable after compilation */

/*
 * Compiles text (up to 65,536 octets); names[0..n) are the variables it may use,
 * and their order is that of the values later.  ERR_SYNTAX with a fault that names
 * the position and what was expected, such as: column 7: unknown variable
 * {balanse}; known are {balance}, {time}.
 */
MUST_CHECK enum err template_compile(struct str text, const char *const *names, size_t n,
                                     struct template **out, struct fault *fault);
void template_destroy(struct template *t);

/*
 * Appends the text with values[i] for names[i].  A value with p == NULL is
 * missing: optional parts with it are left out, elsewhere it is empty.
 */
void template_render(const struct template *t, const struct str *values, struct buf *out);

/* Bit i is set when the text uses names[i]. */
uint32_t template_uses(const struct template *t);
/* The same, outside of optional parts. */
uint32_t template_needs(const struct template *t);

#endif
