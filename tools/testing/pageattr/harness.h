/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the stub headers, the walker behind them (walker.c), and the model
 * (model.c) know of each other.
 */
#ifndef PAGEATTR_HARNESS_H
#define PAGEATTR_HARNESS_H

#include <stdbool.h>
#include <stdint.h>

enum arch { ARM64, RISCV, GENERIC };

/* struct pageattr_report, as the model sees it. */
struct report {
	unsigned long start, end, leaf_size, stride;
	bool valid;
};

/* A walker: one architecture, page size, VA size and whatever else it is built for. */
struct walker {
	const char *name;
	enum arch arch;
	int page_shift;
	int va_bits;
	bool folded;		/* built for 52 bits, on a CPU that has no such */
	bool napot;
	int (*change)(unsigned long *root, unsigned long addr, unsigned long size,
		      unsigned long set, unsigned long clear, struct report *report);
	/* In init_mm, whose tables are at @root. */
	int (*change_init)(unsigned long *root, unsigned long addr, unsigned long size,
			   unsigned long set, unsigned long clear, struct report *report);
	/* The pages at these addresses, in a linear map that begins at @base. */
	int (*change_pages)(unsigned long *root, unsigned long base,
			    const unsigned long *addrs, unsigned long nr, unsigned long set,
			    unsigned long clear, struct report *report);
	int (*change_pages_init)(unsigned long *root, unsigned long base,
				 const unsigned long *addrs, unsigned long nr,
				 unsigned long set, unsigned long clear,
				 struct report *report);
};

/* Pages of one call. */
#define MAX_PAGES	48

void harness_register(const struct walker *walker);

/* Called by the stubs while a walker runs. */
void harness_fail(const char *form, ...) __attribute__((format(printf, 1, 2), noreturn));
void harness_forget(void);

/* Called before the hooks of these names. */
void harness_begin(void);
void harness_sync(bool made_valid);
void harness_end(void);
void *harness_va(uint64_t phys);
void harness_lazy(bool on);
void harness_barriers(bool may_wait);
void harness_wmb(void);
void harness_mark(void);
bool harness_in_swapper(const void *p);
void harness_set_swapper(unsigned long *p, unsigned long val);

#endif
