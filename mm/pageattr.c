// SPDX-License-Identifier: GPL-2.0-only
/*
 * Change the permissions of existing kernel mappings, without a lock and
 * without allocating: see Documentation/mm/pageattr.rst.
 */
#include <linux/align.h>
#include <linux/mm.h>
#include <linux/pageattr.h>

#include <kunit/visibility.h>

struct pageattr_walk {
	pgprot_t set_mask;
	pgprot_t clear_mask;
	bool made_valid;
	struct pageattr_report report;
};

static __always_inline void
pageattr_note(struct pageattr_walk *walk, unsigned long addr, unsigned long next,
	      unsigned long leaf_size, bool was_valid, bool is_valid)
{
	struct pageattr_report *report = &walk->report;

	if (!report->leaf_size) {
		report->start = addr;
		report->leaf_size = leaf_size;
	}
	report->end = next;
	report->leaf_size = min(report->leaf_size, leaf_size);
	report->valid |= was_valid;
	walk->made_valid |= is_valid;
}

static int pageattr_pte_range(struct pageattr_walk *walk, pmd_t *pmdp,
			      unsigned long addr, unsigned long end)
{
	pte_t *ptep = pte_offset_kernel(pmdp, addr);

	do {
		pte_t old = pageattr_pte_get(ptep);
		pte_t new;

		if (pte_none(old))
			continue;
		if (unlikely(!pageattr_pte_leaf(old)))
			return -EFAULT;

		new = pageattr_pte_modify(old, walk->set_mask, walk->clear_mask);
		if (pte_same(old, new))
			continue;
		pageattr_pte_set(addr, ptep, new);
		pageattr_note(walk, addr, addr + PAGE_SIZE, pte_leaf_size(old),
			      pageattr_pte_valid(old), pageattr_pte_valid(new));
	} while (ptep++, addr += PAGE_SIZE, addr != end);

	return 0;
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
		ret = pageattr_pte_range(walk, pmdp, addr, next);
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

static int pageattr_pgd_range(struct pageattr_walk *walk, pgd_t *pgd,
			      unsigned long addr, unsigned long end)
{
	pgd_t *pgdp = pgd_offset_pgd(pgd, addr);
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

/*
 * Size in bytes of the leaf that maps @addr; PAGE_SIZE if none does, since a
 * hole may be cut anywhere; 0 if the tables are corrupt.
 */
static unsigned long pageattr_leaf_size(pgd_t *pgd, unsigned long addr)
{
	pgd_t *pgdp = pgd_offset_pgd(pgd, addr);
	p4d_t *p4dp, p4d;
	pud_t *pudp, pud;
	pmd_t *pmdp, pmd;
	pte_t pte;

	if (pgd_none(pgdp_get(pgdp)))
		return PAGE_SIZE;
	if (unlikely(pgd_bad(pgdp_get(pgdp))))
		return 0;

	p4dp = p4d_offset(pgdp, addr);
	p4d = p4dp_get(p4dp);
	if (p4d_none(p4d))
		return PAGE_SIZE;
	if (p4d_leaf(p4d))
		return p4d_leaf_size(p4d);
	if (unlikely(p4d_bad(p4d)))
		return 0;

	pudp = pud_offset(p4dp, addr);
	pud = pudp_get(pudp);
	if (pud_none(pud))
		return PAGE_SIZE;
	if (pud_leaf(pud))
		return pud_leaf_size(pud);
	if (unlikely(pud_bad(pud)))
		return 0;

	pmdp = pmd_offset(pudp, addr);
	pmd = pmdp_get(pmdp);
	if (pmd_none(pmd))
		return PAGE_SIZE;
	if (pmd_leaf(pmd))
		return pmd_leaf_size(pmd);
	if (unlikely(pmd_bad(pmd)))
		return 0;

	pte = pageattr_pte_get(pte_offset_kernel(pmdp, addr));
	if (pte_none(pte))
		return PAGE_SIZE;
	return likely(pageattr_pte_leaf(pte)) ? pte_leaf_size(pte) : 0;
}

/* Neither end of the range may be inside a leaf. */
static int pageattr_check_ends(pgd_t *pgd, unsigned long addr, unsigned long end)
{
	unsigned long first = pageattr_leaf_size(pgd, addr);
	unsigned long last = first;

	if (end - addr > PAGE_SIZE)
		last = pageattr_leaf_size(pgd, end - PAGE_SIZE);
	if (unlikely(!first || !last))
		return -EFAULT;

	return IS_ALIGNED(addr, first) && IS_ALIGNED(end, last) ? 0 : -EINVAL;
}

VISIBLE_IF_KUNIT int
pageattr_change_pgd(pgd_t *pgd, unsigned long addr, unsigned long size,
		    pgprot_t set_mask, pgprot_t clear_mask,
		    struct pageattr_report *report)
{
	struct pageattr_walk walk = {
		.set_mask	= set_mask,
		.clear_mask	= clear_mask,
	};
	unsigned long end = addr + size;
	int ret = -EINVAL;

	if (!size || !PAGE_ALIGNED(addr | size) || end - 1 < addr)
		goto out;

	ret = pageattr_check_ends(pgd, addr, end);
	if (ret)
		goto out;

	pageattr_lazy_begin();
	ret = pageattr_pgd_range(&walk, pgd, addr, end);
	if (walk.report.leaf_size)
		pageattr_sync(walk.made_valid);
	pageattr_lazy_end();
out:
	if (report)
		*report = walk.report;
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(pageattr_change_pgd);

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
 * outside the masks are kept; a leaf that has the wanted bits is not written.
 *
 * The range must not begin or end inside a leaf: split that first. No TLB is
 * flushed: do so after the call, as far as @report says.
 *
 * Context: Any, softirq included. Takes no lock, allocates nothing, does not
 * sleep. The caller owns the range: until the call returns, nobody else changes
 * its entries or frees its tables.
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
