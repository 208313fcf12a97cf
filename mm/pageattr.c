// SPDX-License-Identifier: GPL-2.0-only
/*
 * Change the permissions of existing kernel mappings, without a lock and
 * without allocating: see Documentation/mm/pageattr.rst.
 */
#include <linux/align.h>
#include <linux/kasan.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/pageattr.h>
#include <linux/unroll.h>

#include <kunit/visibility.h>

/* PTEs that are read before they are written, to have few branches. */
#define PAGEATTR_BATCH	8

/*
 * @ptes is the PTE table that was last met, and @ptes_addr some address in it.
 * @first and @last are the first and the last byte that changed, @leaf_mask is
 * the size of the smallest leaf in between, less one: nothing changed if it has
 * all bits.
 */
struct pageattr_walk {
	pgd_t *pgd;
	pgprot_t set_mask;
	pgprot_t clear_mask;
	pte_t *ptes;
	unsigned long ptes_addr;
	unsigned long first;
	unsigned long last;
	unsigned long leaf_mask;
	bool was_valid;
	bool made_valid;
};

static __always_inline void
pageattr_note(struct pageattr_walk *walk, unsigned long addr, unsigned long next,
	      unsigned long leaf_size, bool was_valid, bool is_valid)
{
	walk->first = min(walk->first, addr);
	walk->last = max(walk->last, next - 1);
	walk->leaf_mask = min(walk->leaf_mask, leaf_size - 1);
	walk->was_valid |= was_valid;
	walk->made_valid |= is_valid;
}

/*
 * Change @nr PTEs in the way that @old was, if they differ from it in no bit but
 * those of @may_differ; else change none of them.
 */
static __always_inline bool
pageattr_ptes_like(unsigned long addr, pte_t *ptep, const int nr, pte_t old,
		   pte_t new, unsigned long may_differ)
{
	typeof(pte_val(old)) differ = 0;
	pte_t ptes[PAGEATTR_BATCH] __uninitialized;
	int i;

	pageattr_ptes_get(ptep, ptes, nr);
	unrolled_full
	for (i = 0; i < nr; i++)
		differ |= pte_val(ptes[i]) ^ pte_val(old);
	if (differ & ~(typeof(differ))may_differ)
		return false;
	unrolled_full
	for (i = 0; i < nr; i++)
		ptes[i] = __pte(pte_val(ptes[i]) ^ pte_val(old) ^ pte_val(new));
	pageattr_ptes_set(addr, ptep, ptes, nr);

	return true;
}

/*
 * Change @old, which is at @ptep, to @new, and in the same way those of the next
 * PTEs that differ in nothing but the output address, up to @max in all. Returns
 * how many were changed.
 */
static __always_inline unsigned long
pageattr_pte_run(const struct pageattr_walk *walk, unsigned long addr, pte_t *ptep,
		 unsigned long max, pte_t old, pte_t new)
{
	/* A bit of the output address that is to change counts as an attribute. */
	unsigned long may_differ = pageattr_pte_addr_mask() &
			     ~(pgprot_val(walk->set_mask) | pgprot_val(walk->clear_mask));
	unsigned long nr = 1;

	pageattr_pte_set(addr, ptep, new);
	if (!pageattr_pte_addr_mask())
		return nr;
	while (max - nr >= PAGEATTR_BATCH &&
	       pageattr_ptes_like(addr + nr * PAGE_SIZE, ptep + nr,
				  PAGEATTR_BATCH, old, new, may_differ))
		nr += PAGEATTR_BATCH;
	while (nr < max && pageattr_ptes_like(addr + nr * PAGE_SIZE, ptep + nr,
					      1, old, new, may_differ))
		nr++;

	return nr;
}

/*
 * Change the PTE of @addr, and at once as many of the next as are like it, up to
 * @max in all. Returns how many PTEs were dealt with, or -EFAULT.
 */
static __always_inline long
pageattr_pte_step(struct pageattr_walk *walk, pte_t *ptep, unsigned long addr,
		  unsigned long max)
{
	pte_t old = pageattr_pte_get(ptep);
	unsigned long nr;
	pte_t new;

	if (pte_none(old))
		return 1;
	if (unlikely(!pageattr_pte_leaf(old)))
		return -EFAULT;

	new = pageattr_pte_modify(old, walk->set_mask, walk->clear_mask);
	if (pte_same(old, new))
		return 1;
	nr = pageattr_pte_run(walk, addr, ptep, max, old, new);
	pageattr_note(walk, addr, addr + nr * PAGE_SIZE, pte_leaf_size(old),
		      pageattr_pte_valid(old), pageattr_pte_valid(new));

	return nr;
}

static int pageattr_pte_range(struct pageattr_walk *walk, unsigned long addr,
			      unsigned long end)
{
	pte_t *ptep = walk->ptes + pte_index(addr);
	long nr;

	for (; addr != end; ptep += nr, addr += nr * PAGE_SIZE) {
		nr = pageattr_pte_step(walk, ptep, addr, (end - addr) >> PAGE_SHIFT);
		if (unlikely(nr < 0))
			return nr;
	}

	return 0;
}

static __always_inline void
pageattr_enter(struct pageattr_walk *walk, pmd_t *pmdp, unsigned long addr)
{
	walk->ptes = pte_offset_kernel(pmdp, addr) - pte_index(addr);
	walk->ptes_addr = addr;
}

static __always_inline bool
pageattr_entered(const struct pageattr_walk *walk, unsigned long addr)
{
	return walk->ptes && !((addr ^ walk->ptes_addr) & PMD_MASK);
}

static int pageattr_pmd_range(struct pageattr_walk *walk, pud_t *pudp,
			      unsigned long addr, unsigned long end)
{
	pmd_t *pmdp = pmd_offset(pudp, addr);
	unsigned long next;
	int ret;

	do {
		pmd_t old = pmdp_get(pmdp);
		pmd_t new;

		next = pmd_addr_end(addr, end);
		if (pmd_none(old))
			continue;
		if (pmd_leaf(old)) {
			new = pageattr_pmd_modify(old, walk->set_mask,
						  walk->clear_mask);
			if (pmd_same(old, new))
				continue;
			pageattr_pmd_set(addr, pmdp, new);
			pageattr_note(walk, addr, next, pmd_leaf_size(old),
				      pageattr_pmd_valid(old),
				      pageattr_pmd_valid(new));
			continue;
		}
		if (unlikely(pmd_bad(old)))
			return -EFAULT;
		pageattr_enter(walk, pmdp, addr);
		ret = pageattr_pte_range(walk, addr, next);
		if (ret)
			return ret;
	} while (pmdp++, addr = next, addr != end);

	return 0;
}

static int pageattr_pud_range(struct pageattr_walk *walk, p4d_t *p4dp,
			      unsigned long addr, unsigned long end)
{
	pud_t *pudp = pud_offset(p4dp, addr);
	unsigned long next;
	int ret;

	do {
		pud_t old = pudp_get(pudp);
		pud_t new;

		next = pud_addr_end(addr, end);
		if (pud_none(old))
			continue;
		if (pud_leaf(old)) {
			new = pageattr_pud_modify(old, walk->set_mask,
						  walk->clear_mask);
			if (pud_same(old, new))
				continue;
			pageattr_pud_set(addr, pudp, new);
			pageattr_note(walk, addr, next, pud_leaf_size(old),
				      pageattr_pud_valid(old),
				      pageattr_pud_valid(new));
			continue;
		}
		if (unlikely(pud_bad(old)))
			return -EFAULT;
		ret = pageattr_pmd_range(walk, pudp, addr, next);
		if (ret)
			return ret;
	} while (pudp++, addr = next, addr != end);

	return 0;
}

static int pageattr_p4d_range(struct pageattr_walk *walk, pgd_t *pgdp,
			      unsigned long addr, unsigned long end)
{
	p4d_t *p4dp = p4d_offset(pgdp, addr);
	unsigned long next;
	int ret;

	do {
		p4d_t old = p4dp_get(p4dp);
		p4d_t new;

		next = p4d_addr_end(addr, end);
		if (p4d_none(old))
			continue;
		if (p4d_leaf(old)) {
			new = pageattr_p4d_modify(old, walk->set_mask,
						  walk->clear_mask);
			if (p4d_same(old, new))
				continue;
			pageattr_p4d_set(addr, p4dp, new);
			pageattr_note(walk, addr, next, p4d_leaf_size(old),
				      pageattr_p4d_valid(old),
				      pageattr_p4d_valid(new));
			continue;
		}
		if (unlikely(p4d_bad(old)))
			return -EFAULT;
		ret = pageattr_pud_range(walk, p4dp, addr, next);
		if (ret)
			return ret;
	} while (p4dp++, addr = next, addr != end);

	return 0;
}

static int pageattr_pgd_range(struct pageattr_walk *walk, unsigned long addr,
			      unsigned long end)
{
	pgd_t *pgdp = pgd_offset_pgd(walk->pgd, addr);
	unsigned long next;
	int ret;

	do {
		pgd_t old = pgdp_get(pgdp);

		next = pgd_addr_end(addr, end);
		if (pgd_none(old))
			continue;
		if (unlikely(pgd_bad(old)))
			return -EFAULT;
		ret = pageattr_p4d_range(walk, pgdp, addr, next);
		if (ret)
			return ret;
	} while (pgdp++, addr = next, addr != end);

	return 0;
}

static __always_inline int
pageattr_range(struct pageattr_walk *walk, unsigned long addr, unsigned long end)
{
	if (!pageattr_entered(walk, addr) || !pageattr_entered(walk, end - 1))
		return pageattr_pgd_range(walk, addr, end);
	if (end - addr != PAGE_SIZE)
		return pageattr_pte_range(walk, addr, end);
	if (unlikely(pageattr_pte_step(walk, walk->ptes + pte_index(addr), addr, 1) < 0))
		return -EFAULT;
	return 0;
}

/*
 * Go down to the PTE table that maps @addr, and return 0. If there is none, the
 * size in bytes of the block that maps it; PAGE_SIZE for a hole, which may be
 * cut anywhere; -EFAULT if the tables are corrupt.
 */
static long pageattr_descend(struct pageattr_walk *walk, unsigned long addr)
{
	pgd_t *pgdp, pgd;
	p4d_t *p4dp, p4d;
	pud_t *pudp, pud;
	pmd_t *pmdp, pmd;

	pgdp = pgd_offset_pgd(walk->pgd, addr);
	pgd = pgdp_get(pgdp);
	if (pgd_none(pgd))
		return PAGE_SIZE;
	if (unlikely(pgd_bad(pgd)))
		return -EFAULT;

	p4dp = p4d_offset(pgdp, addr);
	p4d = p4dp_get(p4dp);
	if (p4d_none(p4d))
		return PAGE_SIZE;
	if (p4d_leaf(p4d))
		return p4d_leaf_size(p4d);
	if (unlikely(p4d_bad(p4d)))
		return -EFAULT;

	pudp = pud_offset(p4dp, addr);
	pud = pudp_get(pudp);
	if (pud_none(pud))
		return PAGE_SIZE;
	if (pud_leaf(pud))
		return pud_leaf_size(pud);
	if (unlikely(pud_bad(pud)))
		return -EFAULT;

	pmdp = pmd_offset(pudp, addr);
	pmd = pmdp_get(pmdp);
	if (pmd_none(pmd))
		return PAGE_SIZE;
	if (pmd_leaf(pmd))
		return pmd_leaf_size(pmd);
	if (unlikely(pmd_bad(pmd)))
		return -EFAULT;

	pageattr_enter(walk, pmdp, addr);
	return 0;
}

/* The size in bytes of the leaf that maps @addr, PAGE_SIZE for a hole, or -EFAULT. */
static __always_inline long
pageattr_leaf_size(struct pageattr_walk *walk, unsigned long addr)
{
	pte_t pte;

	if (!pageattr_entered(walk, addr)) {
		long size = pageattr_descend(walk, addr);

		if (size)
			return size;
	}
	pte = pageattr_pte_get(walk->ptes + pte_index(addr));
	if (pte_none(pte))
		return PAGE_SIZE;
	if (unlikely(!pageattr_pte_leaf(pte)))
		return -EFAULT;

	return pte_leaf_size(pte);
}

/*
 * The leaf that maps @addr must not be cut where the range has its @edges, which
 * are or'ed if both are next to @addr.
 */
static __always_inline int
pageattr_check(struct pageattr_walk *walk, unsigned long addr, unsigned long edges)
{
	long size = pageattr_leaf_size(walk, addr);

	if (unlikely(size < 0))
		return size;

	return IS_ALIGNED(edges, size) ? 0 : -EINVAL;
}

/* Neither end of the range may be inside a leaf. */
static __always_inline int
pageattr_check_ends(struct pageattr_walk *walk, unsigned long addr, unsigned long end)
{
	unsigned long last = end - PAGE_SIZE;

	if (addr == last)
		return pageattr_check(walk, addr, addr | end);

	return pageattr_check(walk, addr, addr) ?: pageattr_check(walk, last, end);
}

/* The masks name no bit: it was only asked whether the range can be changed. */
static bool pageattr_dry_run(const struct pageattr_walk *walk)
{
	return !(pgprot_val(walk->set_mask) | pgprot_val(walk->clear_mask));
}

#define PAGEATTR_WALK(_pgd, _set_mask, _clear_mask) {	\
	.pgd		= _pgd,				\
	.set_mask	= _set_mask,			\
	.clear_mask	= _clear_mask,			\
	.first		= ULONG_MAX,			\
	.leaf_mask	= ULONG_MAX,			\
}

/* What is owed when all is stored. */
static __always_inline void
pageattr_stored(const struct pageattr_walk *walk)
{
	if (walk->leaf_mask != ULONG_MAX)
		pageattr_sync(walk->made_valid);
	pageattr_lazy_end();
}

static __always_inline void
pageattr_tell(const struct pageattr_walk *walk, struct pageattr_report *report)
{
	if (!report)
		return;
	if (walk->leaf_mask == ULONG_MAX) {
		*report = (struct pageattr_report){};
		return;
	}
	/* The end of the address space is 0. */
	report->start = walk->first;
	report->end = walk->last + 1;
	report->leaf_size = walk->leaf_mask + 1;
	report->valid = walk->was_valid;
}

VISIBLE_IF_KUNIT int
pageattr_change_pgd(pgd_t *pgd, unsigned long addr, unsigned long size,
		    pgprot_t set_mask, pgprot_t clear_mask,
		    struct pageattr_report *report)
{
	struct pageattr_walk walk = PAGEATTR_WALK(pgd, set_mask, clear_mask);
	unsigned long end = addr + size;
	int ret = -EINVAL;

	if (size && PAGE_ALIGNED(addr | size) && end - 1 >= addr)
		ret = pageattr_check_ends(&walk, addr, end);
	if (!ret && !pageattr_dry_run(&walk)) {
		pageattr_lazy_begin();
		ret = pageattr_range(&walk, addr, end);
		pageattr_stored(&walk);
	}
	pageattr_tell(&walk, report);

	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(pageattr_change_pgd);

static unsigned long pageattr_page_addr(struct page *page)
{
	return (unsigned long)kasan_reset_tag(page_address(page));
}

/*
 * Look at the pages from @page on, or change them, as long as each has a PTE in
 * the table that was last met which is a leaf by itself: what is next to it in
 * memory is of no matter. Returns where in the array that ends.
 */
static __always_inline struct page **
pageattr_lone_pages(struct pageattr_walk *walk, struct page **page,
		    struct page **end, const bool change)
{
	/* A copy, which no store to the tables can change for the compiler. */
	const struct pageattr_walk w = *walk;
	unsigned long first = ULONG_MAX, last = 0;
	bool was_valid = false, made_valid = false;

	for (; w.ptes && page != end; page++) {
		unsigned long addr = pageattr_page_addr(*page);
		pte_t *ptep, old, new;

		if (unlikely(!pageattr_entered(&w, addr)))
			break;
		ptep = w.ptes + pte_index(addr);
		old = pageattr_pte_get(ptep);
		if (unlikely(!pageattr_pte_leaf(old) || pte_none(old) ||
			     pte_leaf_size(old) != PAGE_SIZE))
			break;
		if (!change)
			continue;
		new = pageattr_pte_modify(old, w.set_mask, w.clear_mask);
		if (pte_same(old, new))
			continue;
		pageattr_pte_set(addr, ptep, new);
		first = min(first, addr);
		last = max(last, addr);
		was_valid |= pageattr_pte_valid(old);
		made_valid |= pageattr_pte_valid(new);
	}
	if (first <= last)
		pageattr_note(walk, first, last + PAGE_SIZE, PAGE_SIZE, was_valid,
			      made_valid);

	return page;
}

/* Every leaf must have all the pages that it maps in the array, one by one. */
static __always_inline int
pageattr_check_pages(struct pageattr_walk *walk, struct page **page, struct page **end)
{
	for (;;) {
		unsigned long addr, nr;
		long size;

		page = pageattr_lone_pages(walk, page, end, false);
		if (page == end)
			return 0;
		addr = pageattr_page_addr(*page);
		size = pageattr_leaf_size(walk, addr);
		if (unlikely(size < 0))
			return size;
		nr = size >> PAGE_SHIFT;
		if (!IS_ALIGNED(addr, size) || (unsigned long)(end - page) < nr ||
		    num_pages_contiguous(page, nr) < nr)
			return -EINVAL;
		page += nr;
	}
}

static __always_inline int
pageattr_pages(struct pageattr_walk *walk, struct page **page, struct page **end)
{
	for (;;) {
		unsigned long addr, nr;
		int ret;

		page = pageattr_lone_pages(walk, page, end, true);
		if (page == end)
			return 0;
		addr = pageattr_page_addr(*page);
		nr = num_pages_contiguous(page, end - page);
		/* A page alone, and the next in its table, are for the loop above. */
		if (nr == 1 && !pageattr_entered(walk, addr) &&
		    !pageattr_descend(walk, addr))
			continue;
		ret = pageattr_range(walk, addr, addr + nr * PAGE_SIZE);
		if (ret)
			return ret;
		page += nr;
	}
}

VISIBLE_IF_KUNIT int
pageattr_change_pages_pgd(pgd_t *pgd, struct page **pages, unsigned long nr,
			  pgprot_t set_mask, pgprot_t clear_mask,
			  struct pageattr_report *report)
{
	struct pageattr_walk walk = PAGEATTR_WALK(pgd, set_mask, clear_mask);
	int ret;

	if (nr && num_pages_contiguous(pages, nr) == nr)
		return pageattr_change_pgd(pgd, pageattr_page_addr(*pages),
					   nr * PAGE_SIZE, set_mask, clear_mask,
					   report);

	ret = pageattr_check_pages(&walk, pages, pages + nr);
	if (!ret && !pageattr_dry_run(&walk)) {
		pageattr_lazy_begin();
		ret = pageattr_pages(&walk, pages, pages + nr);
		pageattr_stored(&walk);
	}
	pageattr_tell(&walk, report);

	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(pageattr_change_pages_pgd);

/**
 * pageattr_change_range() - Change the permissions of existing kernel mappings.
 * @addr:	first address of the range; page-aligned
 * @size:	size of the range in bytes; page-aligned, not 0
 * @set_mask:	bits to set in each leaf
 * @clear_mask:	bits to clear in each leaf; cleared first, so that @set_mask
 *		wins where both name a bit
 * @report:	what changed; always written, whatever is returned; may be NULL
 *
 * Changes each leaf of [@addr, @addr + @size) in init_mm's page tables, blocks
 * and contiguous sets as a whole, and leaves that an earlier call made invalid
 * like any other. Holes stay as they are. The output address and all bits
 * outside the masks are kept; a leaf that has the wanted bits is not written. (A
 * mask names a bit of the output address where that is an attribute in truth, as
 * with memory that an arm64 realm shares.)
 *
 * The range must not begin or end inside a leaf: split that first. Masks that
 * name no bit ask whether there is one to split, and nothing else. No TLB is
 * flushed: do so after the call, as far as @report says.
 *
 * Context: Any, softirq included. Takes no lock, allocates nothing, does not
 * sleep, but for what the architecture needs to store a leaf of the topmost
 * table: on arm64 a spinlock that is not for interrupts. The caller owns the range:
 * until the call returns, nobody else changes its entries or frees its tables.
 *
 * Return: 0 if every leaf of the range has the new permissions. -EINVAL if the
 * range is misaligned, empty, wraps around, or begins or ends inside a leaf:
 * nothing was written. -EFAULT if the page tables are corrupt: what was written
 * before the corrupt entry was met, if anything, is in @report.
 */
int pageattr_change_range(unsigned long addr, unsigned long size,
			  pgprot_t set_mask, pgprot_t clear_mask,
			  struct pageattr_report *report)
{
	return pageattr_change_pgd(init_mm.pgd, addr, size, set_mask,
				   clear_mask, report);
}

/**
 * pageattr_change_pages() - Change the permissions of pages in the linear map.
 * @pages:	the pages, in any order; all have an address in the linear map
 * @nr:		how many; if 0, there is nothing to do
 * @set_mask:	as for pageattr_change_range()
 * @clear_mask:	as for pageattr_change_range()
 * @report:	as for pageattr_change_range(); from the first to the last address
 *		that changed, whatever is between
 *
 * As pageattr_change_range() on each of the pages, with those that follow each
 * other both in @pages and in memory taken as one range: only its two ends must
 * not be inside a leaf. num_pages_contiguous() says how many these are.
 *
 * Context: as for pageattr_change_range().
 *
 * Return: 0 if all pages have the new permissions. -EINVAL if a range begins or
 * ends inside a leaf: nothing was written, for none of the pages. -EFAULT as for
 * pageattr_change_range(): pages were changed in the order of @pages.
 */
int pageattr_change_pages(struct page **pages, unsigned long nr,
			  pgprot_t set_mask, pgprot_t clear_mask,
			  struct pageattr_report *report)
{
	return pageattr_change_pages_pgd(init_mm.pgd, pages, nr, set_mask,
					 clear_mask, report);
}
