/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PAGEATTR_MODEL_H
#define PAGEATTR_MODEL_H

#include <stddef.h>

#include "harness.h"

/*
 * Where the choices that make up a case come from: bytes that are given, and
 * after them zeros; or, if @random, numbers that follow from @state. Choosing 0
 * always is the simplest case.
 */
struct source {
	const uint8_t *next, *end;
	bool random;
	uint64_t state, pool;
	int left;
	uint8_t *record;	/* if set, the random bytes go here, too */
	size_t recorded, room;
};

extern const struct walker *walkers[];
extern int nr_walkers;
extern bool verbose;
extern bool paranoid;

void model_init(void);

/* A tree, and calls on it; returns their number. Does not return if one fails. */
int model_run(const struct walker *walker, struct source *source);

#endif
