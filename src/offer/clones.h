/*
 * clones.h - a function built for several machines; the loader takes the best that fits.
 *
 * All compute the same bits: nothing is contracted or reordered (-std=c11).  Sanitizers
 * are not up yet when the loader asks, so their builds have the plain function alone.
 */
#ifndef OFFER_CLONES_H
#define OFFER_CLONES_H

#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__clang__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define CLONES
#endif

#endif
