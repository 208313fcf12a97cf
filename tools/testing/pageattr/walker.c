// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/pageattr.c and the hooks of an architecture, as they are, for the
 * configuration given by the compiler's -D. The model reaches them through the
 * struct walker below; all else is made local by the linker.
 */
#include <linux/mm.h>
#include <linux/pageattr.h>

/* Let the harness see when the hooks are called, and what they are told. */

static inline void walker_begin(void)
{
	harness_begin();
	pageattr_lazy_begin();
}

static inline void walker_sync(bool made_valid)
{
	harness_sync(made_valid);
	pageattr_sync(made_valid);
}

static inline void walker_end(void)
{
	harness_end();
	pageattr_lazy_end();
}

#undef pageattr_lazy_begin
#undef pageattr_sync
#undef pageattr_lazy_end
#define pageattr_lazy_begin walker_begin
#define pageattr_sync walker_sync
#define pageattr_lazy_end walker_end

#include "mm/pageattr.c"

static void copy(struct report *to, const struct pageattr_report *from)
{
	to->start = from->start;
	to->end = from->end;
	to->leaf_size = from->leaf_size;
	to->stride = from->leaf_size ? pageattr_stride(from) : 0;
	to->valid = from->valid;
}

static int change(unsigned long *root, unsigned long addr, unsigned long size,
		  unsigned long set, unsigned long clear, struct report *report)
{
	struct pageattr_report r = { 1, 2, 3, true };
	int ret = pageattr_change_pgd((pgd_t *)root, addr, size, __pgprot(set),
				      __pgprot(clear), report ? &r : NULL);

	if (report)
		copy(report, &r);
	return ret;
}

static int change_init(unsigned long *root, unsigned long addr, unsigned long size,
		       unsigned long set, unsigned long clear, struct report *report)
{
	struct pageattr_report r = { 1, 2, 3, true };
	int ret;

	init_mm.pgd = (pgd_t *)root;
	ret = pageattr_change_range(addr, size, __pgprot(set), __pgprot(clear),
				    report ? &r : NULL);
	if (report)
		copy(report, &r);
	return ret;
}

static int change_pages(unsigned long *root, unsigned long base,
			const unsigned long *addrs, unsigned long nr, unsigned long set,
			unsigned long clear, struct report *report)
{
	struct pageattr_report r = { 1, 2, 3, true };
	struct page *pages[MAX_PAGES];
	unsigned long i;
	int ret;

	linear_map = base;
	for (i = 0; i < nr; i++)
		pages[i] = virt_to_page(addrs[i]);
	ret = pageattr_change_pages_pgd((pgd_t *)root, pages, nr, __pgprot(set),
					__pgprot(clear), report ? &r : NULL);
	if (report)
		copy(report, &r);
	return ret;
}

static int change_pages_init(unsigned long *root, unsigned long base,
			     const unsigned long *addrs, unsigned long nr,
			     unsigned long set, unsigned long clear, struct report *report)
{
	struct pageattr_report r = { 1, 2, 3, true };
	struct page *pages[MAX_PAGES];
	unsigned long i;
	int ret;

	linear_map = base;
	init_mm.pgd = (pgd_t *)root;
	for (i = 0; i < nr; i++)
		pages[i] = virt_to_page(addrs[i]);
	ret = pageattr_change_pages(pages, nr, __pgprot(set), __pgprot(clear),
				    report ? &r : NULL);
	if (report)
		copy(report, &r);
	return ret;
}

#if defined(CONFIG_ARM64)
#define WALKER_ARCH	ARM64
#elif defined(CONFIG_RISCV)
#define WALKER_ARCH	RISCV
#else
#define WALKER_ARCH	GENERIC
#endif

static const struct walker walker = {
	.name		= WALKER_NAME,
	.arch		= WALKER_ARCH,
	.page_shift	= PAGE_SHIFT,
	.va_bits	= VA_BITS,
#ifdef FOLDED_AT_BOOT
	.folded		= true,
#endif
#ifdef CONFIG_RISCV_ISA_SVNAPOT
	.napot		= true,
#endif
	.change		= change,
	.change_init	= change_init,
	.change_pages	= change_pages,
	.change_pages_init = change_pages_init,
};

static __attribute__((constructor)) void walker_register(void)
{
	harness_register(&walker);
}
