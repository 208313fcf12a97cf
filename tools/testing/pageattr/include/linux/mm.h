/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/align.h>
#include <linux/pgtable.h>

#define PAGE_ALIGN(x)		ALIGN(x, PAGE_SIZE)
#define PAGE_ALIGNED(x)		IS_ALIGNED(x, PAGE_SIZE)

/*
 * All that counts of a page is its address in the linear map, which is taken to
 * be all of the kernel's address space: struct pages are never looked into.
 */
struct page {
	unsigned long flags;
};

#define MEM_MAP			((struct page *)0x100000)

static unsigned long linear_map;

static inline void *page_address(const struct page *page)
{
	return (void *)(linear_map + (unsigned long)(page - MEM_MAP) * PAGE_SIZE);
}

static inline struct page *virt_to_page(unsigned long addr)
{
	return MEM_MAP + (addr - linear_map) / PAGE_SIZE;
}

#endif
