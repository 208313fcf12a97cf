/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ASM_PAGEATTR_H
#define __ASM_PAGEATTR_H

#include <linux/pgtable.h>

/*
 * What <linux/pageattr.h> has to know of arm64's kernel page tables. Blocks and
 * pages keep permissions, PTE_VALID and PTE_PRESENT_INVALID in the same bits.
 *
 * A TLB holds no entry that was invalid (Arm ARM, DDI 0487, "TLB maintenance
 * requirements": an entry that faults on translation is never cached).
 */

/* ptep_get() would gather access and dirty bits from a whole contiguous set. */
#define pageattr_pte_get pageattr_pte_get
static inline pte_t pageattr_pte_get(pte_t *ptep)
{
	return __ptep_get(ptep);
}

#define pageattr_pte_addr_mask pageattr_pte_addr_mask
static inline pteval_t pageattr_pte_addr_mask(void)
{
	return PTE_ADDR_LOW;
}

#define pageattr_pte_leaf pageattr_pte_leaf
static inline bool pageattr_pte_leaf(pte_t pte)
{
	return pte_present(pte);
}

#define pageattr_pte_valid pageattr_pte_valid
static inline bool pageattr_pte_valid(pte_t pte)
{
	return pte_valid(pte);
}

#define pageattr_pmd_valid pageattr_pmd_valid
static inline bool pageattr_pmd_valid(pmd_t pmd)
{
	return pmd_valid(pmd);
}

#define pageattr_pud_valid pageattr_pud_valid
static inline bool pageattr_pud_valid(pud_t pud)
{
	return pud_valid(pud);
}

/*
 * The stores leave the barriers to pageattr_sync(), so that a call issues them
 * once even in interrupt context. swapper_pg_dir is read-only: only set_pmd()
 * and set_pud() know how to write a level that is folded into it, under a lock
 * that is not for interrupts. KFENCE and DEBUG_PAGEALLOC have PTEs.
 */
#define pageattr_pte_set pageattr_pte_set
static inline void pageattr_pte_set(unsigned long addr, pte_t *ptep, pte_t pte)
{
	__set_pte_nosync(ptep, pte);
}

#define pageattr_ptes_get pageattr_ptes_get
static __always_inline void pageattr_ptes_get(pte_t *ptep, pte_t *ptes, const int nr)
{
	int i;

	unrolled_full
	for (i = 0; i + 1 < nr; i += 2)
		ptep = __ptep_get_pair(ptep, ptes + i);
	if (i < nr)
		ptes[i] = pageattr_pte_get(ptep);
}

static __always_inline void pageattr_ptes_set(unsigned long addr, pte_t *ptep,
					      const pte_t *ptes, const int nr)
{
	int i;

	unrolled_full
	for (i = 0; i + 1 < nr; i += 2)
		ptep = __set_pte_pair_nosync(ptep, ptes + i);
	if (i < nr)
		pageattr_pte_set(addr + i * PAGE_SIZE, ptep, ptes[i]);
}

#define pageattr_pmd_set pageattr_pmd_set
static inline void pageattr_pmd_set(unsigned long addr, pmd_t *pmdp, pmd_t pmd)
{
	if (in_swapper_pgdir(pmdp))
		set_pmd(pmdp, pmd);
	else
		WRITE_ONCE(*pmdp, pmd);
}

#define pageattr_pud_set pageattr_pud_set
static inline void pageattr_pud_set(unsigned long addr, pud_t *pudp, pud_t pud)
{
	if (in_swapper_pgdir(pudp))
		set_pud(pudp, pud);
	else
		WRITE_ONCE(*pudp, pud);
}

/*
 * One pair of barriers for all that a call stored is what lazy MMU mode could
 * give, and has it in interrupt context as well: the mode is not entered.
 */
#define pageattr_lazy_begin pageattr_lazy_begin
static inline void pageattr_lazy_begin(void)
{
}

#define pageattr_lazy_end pageattr_lazy_end
static inline void pageattr_lazy_end(void)
{
}

/*
 * The barriers make the new entries visible to the walker, and drop what the
 * CPU remembers of the old, invalid ones. Where no entry is valid now, the TLB
 * flush that the caller owes has them.
 */
#define pageattr_sync pageattr_sync
static inline void pageattr_sync(bool made_valid)
{
	if (made_valid)
		emit_pte_barriers();
}

#endif /* __ASM_PAGEATTR_H */
