// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stock riscv gets wrong, one reproducer for each. Each says "right" or
 * "wrong", or does not live to say so: one boot runs one of them.
 */
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mmap_lock.h>

#include "lab.h"

static bool is(unsigned long addr, const char *perms)
{
	struct lab_entry e;

	lab_read(addr, &e);
	return !strcmp(lab_perms(&e), perms);
}

#define RW	"valid rw nx"
#define RO	"valid ro nx"
#define INVALID	"invalid rw nx"

/* A page of a block: refused, or changed alone. */
static int vmalloc_block(void)
{
	unsigned long v = (unsigned long)vmalloc_huge(SZ_4M, GFP_KERNEL);
	int ret;

	if (!v)
		return -ENOMEM;
	ret = k.set_memory_ro(v, 1);
	return is(v, ret ? RW : RO) && is(v + PAGE_SIZE, RW) &&
	       is(v + SZ_2M - PAGE_SIZE, RW);
}

/* The same in the kernel image: nothing else becomes executable. */
static int image_block(void)
{
	unsigned long data = (unsigned long)k.init_mm & PAGE_MASK;

	return is(data, RW) && !k.set_memory_x(data, 1) &&
	       is(data + PAGE_SIZE, RW) && is(data - PAGE_SIZE, RW) &&
	       !k.set_memory_nx(data, 1) && is(data, RW);
}

/* What is behind the image is none of its business. */
static int image_end(void)
{
	unsigned long end = PAGE_ALIGN(kernel_map.virt_addr + kernel_map.size);
	unsigned long next = (unsigned long)lm_alias(end);

	return k.set_memory_x(end - PAGE_SIZE, 2) == -EINVAL && is(next, RW);
}

static int beyond_the_area(void)
{
	unsigned long v = (unsigned long)vmalloc(4 * PAGE_SIZE);

	if (!v)
		return -ENOMEM;
	return k.set_memory_ro(v, 64) == -EINVAL && is(v, RW);
}

/* vmap() keeps no list of the pages. */
static int vmapped(void)
{
	struct page *pages[2] = { alloc_page(GFP_KERNEL), alloc_page(GFP_KERNEL) };
	unsigned long v = (unsigned long)vmap(pages, 2, VM_MAP, PAGE_KERNEL);

	if (!v)
		return -ENOMEM;
	return k.set_memory_ro(v, 1) == -EINVAL && is(v, RW);
}

static struct page *region(void)
{
	return virt_to_page((void *)lab_region);
}

/* 1 GiB made invalid, and valid again. */
static int pud_leaf_back(void)
{
	k.set_direct_map_valid_noflush(region(), SZ_1G / PAGE_SIZE, false);
	k.set_direct_map_valid_noflush(region(), SZ_1G / PAGE_SIZE, true);
	return is(lab_region, RW);
}

/* 1 GiB made invalid, and one page of it valid again. */
static int pud_leaf_part(void)
{
	k.set_direct_map_valid_noflush(region(), SZ_1G / PAGE_SIZE, false);
	k.set_direct_map_default_noflush(region() + 5);
	return is(lab_region + 5 * PAGE_SIZE, RW) && is(lab_region, INVALID);
}

static int page_present(void)
{
	bool (*kernel_page_present)(struct page *page) = lab_lookup("kernel_page_present");
	bool before = kernel_page_present(region()), between;

	k.set_direct_map_invalid_noflush(region());
	between = kernel_page_present(region());
	k.set_direct_map_default_noflush(region());
	return before && !between && kernel_page_present(region());
}

static DECLARE_COMPLETION(changed);

static int change_one(void *unused)
{
	k.set_direct_map_invalid_noflush(region());
	complete(&changed);
	return 0;
}

/* Nothing to split, nothing to wait for: hibernation calls with interrupts off. */
static int never_waits(void)
{
	bool done;

	k.set_direct_map_invalid_noflush(region());
	k.set_direct_map_default_noflush(region());
	mmap_write_lock(k.init_mm);
	kthread_run(change_one, NULL, "change");
	done = wait_for_completion_timeout(&changed, 2 * HZ);
	mmap_write_unlock(k.init_mm);
	return done;
}

static int flushes;

static int count(struct kprobe *kp, struct pt_regs *regs)
{
	flushes++;
	return 0;
}

/* The last is not in the stock kernel. */
static struct kprobe probes[] = {
	{ .symbol_name = "flush_tlb_all", .pre_handler = count },
	{ .symbol_name = "flush_tlb_kernel_range", .pre_handler = count },
	{ .symbol_name = "__flush_tlb_kernel_range", .pre_handler = count },
};

static int nr_probes(void)
{
	return ARRAY_SIZE(probes) - !lab_lookup("__flush_tlb_kernel_range");
}

static int count_flushes(void)
{
	int i;

	for (i = 0; i < nr_probes(); i++)
		if (register_kprobe(&probes[i]))
			return -ENODEV;
	return 0;
}

static void stop_counting(void)
{
	int i;

	for (i = 0; i < nr_probes(); i++)
		unregister_kprobe(&probes[i]);
}

/* _noflush leaves the flush to its caller. */
static int noflush(void)
{
	int seen;

	k.set_direct_map_invalid_noflush(region());
	k.set_direct_map_default_noflush(region());
	if (count_flushes())
		return -ENODEV;
	k.set_direct_map_invalid_noflush(region());
	k.set_direct_map_default_noflush(region());
	seen = flushes;
	k.set_memory_ro(lab_region, 1);
	stop_counting();
	say("%d flushes by the _noflush functions, %d by set_memory_ro()",
	    seen, flushes - seen);
	return !seen && flushes == 1;
}

#define MAX_PAGES	8

/* A vmalloc area of pages of the region that are in a block each, or 0. */
static unsigned long pages_of_blocks(int nr)
{
	unsigned long v = (unsigned long)vmalloc(nr * PAGE_SIZE);
	struct page *pages[MAX_PAGES];
	int i;

	if (!v)
		return 0;
	for (i = 0; i < nr; i++)
		pages[i] = region() + i * (SZ_4M / PAGE_SIZE) + 1;
	lab_exchange(k.find_vm_area((void *)v), pages);
	return v;
}

/* All splits of a call are flushed together. */
static int split_flush(void)
{
	unsigned long v = pages_of_blocks(MAX_PAGES);
	int ret;

	if (!v)
		return -ENOMEM;
	if (count_flushes())
		return -ENODEV;
	ret = k.set_memory_ro(v, MAX_PAGES);
	stop_counting();
	say("set_memory_ro() = %d, %d flushes", ret, flushes);
	return !ret && flushes <= 3 && is(lab_region + PAGE_SIZE, RO) &&
	       is(lab_region + 2 * PAGE_SIZE, RW);
}

static struct task_struct *poor;
static int allocations;

/* The third page that this task wants is refused: return NULL, skip the function. */
static int refuse(struct kprobe *kp, struct pt_regs *regs)
{
	if (current != poor || ++allocations != 3)
		return 0;
	regs->a0 = 0;
	regs->epc = regs->ra;
	return 1;
}

/*
 * Two pages that are in a block each. There is memory for the tables that split
 * the first, but not the second: nothing may have changed then.
 */
static int no_memory(void)
{
	struct kprobe kp = {
		.symbol_name = "__alloc_frozen_pages_noprof",
		.pre_handler = refuse,
	};
	unsigned long v = pages_of_blocks(2);
	unsigned long first = lab_region + PAGE_SIZE, second = first + SZ_4M;
	int ret, again;
	bool kept;

	if (!v)
		return -ENOMEM;
	if (register_kprobe(&kp))
		return -ENODEV;
	poor = current;
	ret = k.set_memory_ro(v, 2);
	poor = NULL;
	unregister_kprobe(&kp);
	kept = is(v, RW) && is(v + PAGE_SIZE, RW) && is(first, RW) && is(second, RW);
	again = k.set_memory_ro(v, 2);
	say("set_memory_ro() = %d, and then %d", ret, again);
	return ret == -ENOMEM && kept && !again && is(v, RO) && is(v + PAGE_SIZE, RO) &&
	       is(first, RO) && is(second, RO);
}

static const struct {
	const char *name;
	int (*right)(void);	/* or an error, if it could not be tried */
} bugs[] = {
	{ "bug-vmalloc-block", vmalloc_block },
	{ "bug-image-block", image_block },
	{ "bug-image-end", image_end },
	{ "bug-beyond-area", beyond_the_area },
	{ "bug-vmap", vmapped },
	{ "bug-pud-leaf-back", pud_leaf_back },
	{ "bug-pud-leaf-part", pud_leaf_part },
	{ "bug-page-present", page_present },
	{ "bug-never-waits", never_waits },
	{ "bug-noflush", noflush },
	{ "bug-split-flush", split_flush },
	{ "bug-no-memory", no_memory },
};

int lab_bug(const char *name)
{
	int i, right;

	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (strcmp(name, bugs[i].name))
			continue;
		right = bugs[i].right();
		if (right < 0)
			return right;
		say("%s: %s", name, right ? "right" : "wrong");
		return 0;
	}
	return -ENOENT;
}
