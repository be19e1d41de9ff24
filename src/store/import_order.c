/*
 * import_order.c - the rows of a file in the order of their numbers, 16 octets a row.
 *
 * A file that stands in another order, such as calls by time, is stored by number: a row
 * at random costs a page of the store to be read, logged and written again, while
 * neighbours share theirs.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "import_priv.h"

void import_order_add(struct import_order *o, int64_t number, int64_t offset)
{
	if (o->n == o->cap) {
		o->cap = 2 * o->cap + 64;
		o->place = xrealloc(o->place, o->cap * sizeof(*o->place));
	}
	o->place[o->n++] = (struct import_place){ number, offset };
}

static int by_number(const void *left, const void *right)
{
	const struct import_place *a = left, *b = right;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

void import_order_sort(struct import_order *o)
{
	qsort(o->place, o->n, sizeof(*o->place), by_number);
	o->sorted = true;
}

void import_order_free(struct import_order *o)
{
	free(o->place);
	*o = (struct import_order){ 0 };
}

enum err import_order_find(struct import *im, struct fault *fault)
{
	bool ascends = true;
	int64_t number = 0;
	enum err e = import_header(im, fault);

	while (e == ERR_OK && im->kind->of_number) {
		const int64_t offset = csv_offset(im->csv);

		import_forget_rows(im);
		e = import_next_row(im, fault);
		if (e != ERR_OK)
			break;
		ascends = ascends && import_row_number(im) >= number;
		number = import_row_number(im);
		import_order_add(&im->order, number, offset);
	}
	if (!ascends)
		import_order_sort(&im->order);
	else
		import_order_free(&im->order);
	return e == ERR_END ? ERR_OK : e;
}
