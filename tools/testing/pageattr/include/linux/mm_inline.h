/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MM_INLINE_H
#define _LINUX_MM_INLINE_H

#include <linux/mm.h>

/* How many of the pages, from the first one on, follow each other in memory. */
static inline size_t num_pages_contiguous(struct page **pages, size_t nr)
{
	size_t n = 1;

	while (n < nr && pages[n] == pages[n - 1] + 1)
		n++;
	return n;
}

#endif
