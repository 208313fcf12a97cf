// SPDX-License-Identifier: GPL-2.0-only
/*
 * One fixed sequence of permission changes, the same on the stock and on the
 * series kernel. What it leaves is kept until the module goes, so that init can
 * have the kernel dump its page tables, and each page of it has a name for the
 * host to find in the dump: by its address, and that of its linear alias.
 */
#include <linux/debugfs.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/seq_file.h>
#include <linux/mm.h>
#include <linux/set_memory.h>
#include <linux/slab.h>

#include "lab.h"

struct label {
	struct list_head list;
	char name[24];
	unsigned long addr;
	int nr;
	void *linear[];
};

static LIST_HEAD(labels);
static struct dentry *file;
static struct page *block;
static void *kept[4];

/* As many pages as on_linear() changes: with 4K pages, all that a PMD block has. */
#define BLOCK_ORDER	9

/* The pages of kept[3] are changed for some that follow each other in memory. */
#define IN_A_ROW	48
static struct page *own[IN_A_ROW];

int lab_labelled;

/* Name @nr pages from @addr on. Also for modules that will be gone by then. */
void lab_label(const char *name, unsigned long addr, int nr)
{
	struct label *l = kvmalloc(struct_size(l, linear, nr), GFP_KERNEL);
	int i;

	if (!l) {
		pr_err("lab: no memory to remember %s\n", name);
		return;
	}
	strscpy(l->name, name);
	l->addr = addr;
	l->nr = nr;
	lab_labelled += nr;
	for (i = 0; i < nr; i++) {
		void *p = (void *)addr + i * PAGE_SIZE;

		l->linear[i] = is_vmalloc_or_module_addr(p) ?
			       page_address(vmalloc_to_page(p)) : p;
	}
	list_add_tail(&l->list, &labels);
}
EXPORT_SYMBOL_GPL(lab_label);

/* "lab-page NAME INDEX ADDRESS LINEAR" */
static int pages_show(struct seq_file *m, void *v)
{
	struct label *l;
	int i;

	list_for_each_entry(l, &labels, list)
		for (i = 0; i < l->nr; i++)
			seq_printf(m, "lab-page %s %d %016lx %016lx\n", l->name, i,
				   l->addr + i * PAGE_SIZE, (unsigned long)l->linear[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pages);

/* What stock riscv does with a part of a block, and behind an area: bugs.c. */
#define STOCK_WRONG	IS_ENABLED(CONFIG_RISCV)

static int unexpected;

static int returned(int ret, int expected)
{
	if (ret != expected)
		unexpected++;
	return ret;
}

#define GIVES(expected, call) \
	printk(KERN_INFO "lab-call " #call " = %d\n", returned(call, expected))
#define DO(call) GIVES(0, call)

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
	if (!STOCK_WRONG)
		GIVES(-EINVAL, k.set_memory_ro(b, 700));
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

static void in_a_row(void *p, struct page *page)
{
	int i;

	for (i = 0; i < IN_A_ROW; i++)
		own[i] = page + i;
	lab_exchange(k.find_vm_area(p), own);
	DO(k.set_memory_ro((unsigned long)p, IN_A_ROW));
	DO(k.set_memory_rw((unsigned long)p + 20 * PAGE_SIZE, 20));
}

static void in_a_row_end(void *p)
{
	k.set_memory_rw((unsigned long)p, IN_A_ROW);
	if (own[0])
		lab_exchange(k.find_vm_area(p), own);
}

int lab_sequence(void)
{
	struct page *p;
	int i;

	if (!lab_region)
		return -ENOENT;
	file = debugfs_create_file("pageattr_lab", 0400, NULL, NULL, &pages_fops);

	kept[0] = vmalloc(8 * PAGE_SIZE);
	kept[1] = vmalloc(600 * PAGE_SIZE);
	kept[2] = vmalloc_huge(2 * PMD_SIZE, GFP_KERNEL);
	kept[3] = vmalloc(IN_A_ROW * PAGE_SIZE);
	block = alloc_pages(GFP_KERNEL, BLOCK_ORDER);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		if (!kept[i] || !block)
			return -ENOMEM;

	on_vmalloc((unsigned long)kept[0], (unsigned long)kept[1]);
	if (!STOCK_WRONG)
		GIVES(-EINVAL, k.set_memory_ro((unsigned long)kept[2] + PAGE_SIZE, 1));
	GIVES(IS_ENABLED(CONFIG_ARM64) ? -EINVAL : 0,
	      k.set_memory_ro((unsigned long)lab_region, 1));
	on_linear(block);

	lab_label("vmalloc-8", (unsigned long)kept[0], 8);
	lab_label("vmalloc-600", (unsigned long)kept[1], 600);
	lab_label("huge", (unsigned long)kept[2], 2 * PTRS_PER_PTE);
	lab_label("block", (unsigned long)page_address(block), 1 << BLOCK_ORDER);

	p = virt_to_page((void *)lab_region);
	on_linear(p);
	on_linear(p + SZ_256M / PAGE_SIZE + 77);
	DO(k.set_direct_map_valid_noflush(p + SZ_512M / PAGE_SIZE,
					  SZ_32M / PAGE_SIZE, false));
	DO(k.set_direct_map_valid_noflush(p + (SZ_512M + SZ_32M) / PAGE_SIZE,
					  SZ_32M / PAGE_SIZE + 512 + 16 + 1, false));
	in_a_row(kept[3], p + SZ_512M / PAGE_SIZE - 512);
	lab_label("in-a-row", (unsigned long)kept[3], IN_A_ROW);
	lab_label("region", lab_region, 1024);
	lab_label("region+256M", lab_region + SZ_256M, 1024);
	lab_label("region+512M", lab_region + SZ_512M, 1);
	lab_label("region+544M", lab_region + SZ_512M + SZ_32M,
		  SZ_32M / PAGE_SIZE + 2048);
	if (unexpected)
		pr_err("lab: %d calls returned what they must not\n", unexpected);
	return unexpected ? -EIO : 0;
}

/* Give all back as it came: whoever gets the pages next wants to write to them. */
void lab_sequence_end(void)
{
	struct label *l, *next;
	int i;

	debugfs_remove(file);
	list_for_each_entry_safe(l, next, &labels, list)
		kvfree(l);
	if (!block)
		return;
	k.set_memory_rw((unsigned long)kept[0], 8);
	k.set_memory_rw((unsigned long)kept[1], 600);
	in_a_row_end(kept[3]);
	k.set_direct_map_valid_noflush(block, 1 << BLOCK_ORDER, true);
	__free_pages(block, BLOCK_ORDER);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		vfree(kept[i]);
}
