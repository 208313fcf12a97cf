// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest instructions of permission changes. Under QEMU's -icount shift=0 an
 * instruction takes a nanosecond of guest time, and a counter of 1 GHz counts
 * instructions; nothing else runs, and interrupts are off.
 */
#include <linux/irqflags.h>
#include <linux/timex.h>

#include "lab.h"

#define ROUNDS	5

/* The least of a few rounds: the first ones miss caches of the kernel's own. */
#define COUNT(name, pages, do_it, undo_it)				\
	do {								\
		cycles_t least = -1, start, took;			\
		int round, ret = 0;					\
									\
		for (round = 0; round < ROUNDS; round++) {		\
			start = get_cycles();				\
			ret |= do_it;					\
			took = get_cycles() - start;			\
			least = min(least, took);			\
			undo_it;					\
		}							\
		if (ret)						\
			say("%s %d failed", name, pages);		\
		else							\
			printk(KERN_INFO "lab-count %s %d %lu\n", name,	\
			       pages, (unsigned long)least);		\
	} while (0)

static void linear(int nr)
{
	struct page *p = virt_to_page((void *)lab_region);

	COUNT("direct-map-invalidate", nr,
	      k.set_direct_map_valid_noflush(p, nr, false),
	      k.set_direct_map_valid_noflush(p, nr, true));
	COUNT("direct-map-validate", nr,
	      k.set_direct_map_valid_noflush(p, nr, true),
	      k.set_direct_map_valid_noflush(p, nr, false));
	k.set_direct_map_valid_noflush(p, nr, true);
}

static void area(int nr)
{
	unsigned long v = (unsigned long)vmalloc(nr * PAGE_SIZE);

	if (!v)
		return;
	COUNT("set_memory_ro", nr, k.set_memory_ro(v, nr), k.set_memory_rw(v, nr));
	COUNT("set_memory_rw", nr, k.set_memory_rw(v, nr), k.set_memory_ro(v, nr));
	COUNT("set_memory_x", nr, k.set_memory_x(v, nr), k.set_memory_nx(v, nr));
	k.set_memory_rw(v, nr);
	vfree((void *)v);
}

int lab_count(void)
{
	static const int sizes[] = { 1, 2, 16, 512, 4096, 16384 };
	int i;

	if (!lab_region)
		return -ENOENT;
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		linear(sizes[i]);
	for (i = 0; i < ARRAY_SIZE(sizes) - 1; i++)
		area(sizes[i]);

	return 0;
}
