/*
 * open_priv.h - what is on sale beside packages.
 */
#ifndef HALL_OPEN_PRIV_H
#define HALL_OPEN_PRIV_H

#include "hall/service.h"

/*
 * A menu to be opened from: of add-ons and services on sale those that the number does
 * not hold (NEED_SUBSCRIPTIONS); data: all that bring data, with how much.
 */
struct hall_answer open_menu(const struct call *c, bool data);

#endif
