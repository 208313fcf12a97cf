// SPDX-License-Identifier: GPL-2.0-only
/*
 * One fixed sequence of permission changes, the same on the stock and on the
 * series kernel. What it leaves is kept until the module goes, so that init can
 * have the kernel dump its page tables, and each page of it is named for the
 * host to find in the dump: by its address, and that of its linear alias.
 */
#include <linux/set_memory.h>

#include "lab.h"

static struct page *block;
static void *kept[3];

/* "lab-page NAME INDEX ADDRESS LINEAR": the host looks these up in the dump. */
void lab_label(const char *name, unsigned long addr, int nr)
{
	int i;

	for (i = 0; i < nr; i++, addr += PAGE_SIZE) {
		void *p = (void *)addr;

		if (is_vmalloc_addr(p) || is_vmalloc_or_module_addr(p))
			p = page_address(vmalloc_to_page(p));
		printk(KERN_INFO "lab-page %s %d %016lx %016lx\n", name, i, addr,
		       (unsigned long)p);
	}
}
EXPORT_SYMBOL_GPL(lab_label);

#define DO(call) printk(KERN_INFO "lab-call " #call " = %d\n", (call))

static void on_vmalloc(unsigned long a, unsigned long b)
{
	DO(k.set_memory_ro(a, 4));
	DO(k.set_memory_x(a, 2));
	DO(k.set_memory_ro(a + 6 * PAGE_SIZE, 1));
	DO(k.set_memory_nx(a + PAGE_SIZE, 1));
	DO(k.set_memory_ro(b, 600));
	DO(k.set_memory_rw(b + 100 * PAGE_SIZE, 300));
	DO(k.set_memory_x(b + 99 * PAGE_SIZE, 2));
	DO(k.set_memory_ro(b, 0));
	DO(k.set_memory_ro(b, 700));
}

static void on_linear(struct page *p)
{
	DO(k.set_direct_map_invalid_noflush(p + 3));
	DO(k.set_direct_map_invalid_noflush(p + 4));
	DO(k.set_direct_map_default_noflush(p + 4));
	DO(k.set_direct_map_valid_noflush(p + 16, 16, false));
	DO(k.set_direct_map_valid_noflush(p + 24, 8, true));
	DO(k.set_direct_map_valid_noflush(p + 100, 300, false));
	DO(k.set_direct_map_valid_noflush(p + 128, 64, true));
	DO(k.set_direct_map_invalid_noflush(p + 500));
	DO(k.set_direct_map_default_noflush(p + 500));
	DO(k.set_direct_map_default_noflush(p + 511));
}

int lab_sequence(void)
{
	int i;

	kept[0] = vmalloc(8 * PAGE_SIZE);
	kept[1] = vmalloc(600 * PAGE_SIZE);
	kept[2] = vmalloc_huge(2 * PMD_SIZE, GFP_KERNEL);
	block = alloc_pages(GFP_KERNEL, PMD_SHIFT - PAGE_SHIFT);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		if (!kept[i] || !block)
			return -ENOMEM;

	on_vmalloc((unsigned long)kept[0], (unsigned long)kept[1]);
	DO(k.set_memory_ro((unsigned long)kept[2] + PAGE_SIZE, 1));
	DO(k.set_memory_ro((unsigned long)lab_region, 1));
	on_linear(block);

	lab_label("vmalloc-8", (unsigned long)kept[0], 8);
	lab_label("vmalloc-600", (unsigned long)kept[1], 600);
	lab_label("huge", (unsigned long)kept[2], 2 * PTRS_PER_PTE);
	lab_label("block", (unsigned long)page_address(block), PTRS_PER_PTE);

	if (lab_region) {
		struct page *p = virt_to_page((void *)lab_region);

		on_linear(p);
		on_linear(p + SZ_256M / PAGE_SIZE + 77);
		DO(k.set_direct_map_valid_noflush(p + SZ_512M / PAGE_SIZE,
						  SZ_32M / PAGE_SIZE, false));
		DO(k.set_direct_map_valid_noflush(p + SZ_512M / PAGE_SIZE + 8192,
						  8192 + 512 + 16 + 1, false));
		lab_label("region", lab_region, 1024);
		lab_label("region+256M", lab_region + SZ_256M, 1024);
		lab_label("region+512M", lab_region + SZ_512M, 1);
		lab_label("region+544M", lab_region + SZ_512M + SZ_32M, 10240);
	}
	return 0;
}

/* Give all back as it came: whoever gets the pages next wants to write to them. */
void lab_sequence_end(void)
{
	int i;

	if (!block)
		return;
	k.set_memory_rw((unsigned long)kept[0], 8);
	k.set_memory_rw((unsigned long)kept[1], 600);
	k.set_direct_map_valid_noflush(block, PTRS_PER_PTE, true);
	__free_pages(block, PMD_SHIFT - PAGE_SHIFT);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		vfree(kept[i]);
}
