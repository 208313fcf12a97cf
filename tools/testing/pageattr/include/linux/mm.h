/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/align.h>
#include <linux/pgtable.h>

#define PAGE_ALIGN(x)		ALIGN(x, PAGE_SIZE)
#define PAGE_ALIGNED(x)		IS_ALIGNED(x, PAGE_SIZE)

/* A page is known by where the linear map has it, which is all that counts here. */
struct page {
	unsigned long address;
};

#define page_address(page)	((void *)(page)->address)

#endif
