/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_RISCV_PAGEATTR_H
#define _ASM_RISCV_PAGEATTR_H

#include <linux/cacheflush.h>
#include <linux/pgtable.h>

/*
 * What <linux/pageattr.h> has to know of riscv's kernel page tables. Leaves
 * have one format at all levels. _PAGE_GLOBAL is set in each, and is
 * _PAGE_PROT_NONE: p?d_present() is true for an invalid one as well.
 */

/* The PTEs of a NAPOT region are alike: here, too, what they map. */
#define pageattr_pte_addr_mask pageattr_pte_addr_mask
static inline unsigned long pageattr_pte_addr_mask(void)
{
	return _PAGE_PFN_MASK;
}

/* What is none of readable, writable, executable points to a table. */
#define pageattr_pte_leaf pageattr_pte_leaf
static inline bool pageattr_pte_leaf(pte_t pte)
{
	return pte_val(pte) & _PAGE_LEAF;
}

/*
 * A hart may remember that an entry was invalid, or had fewer permissions. The
 * fence for that may be left until the hart faults (RISC-V privileged
 * specification, Supervisor Memory-Management Fence Instruction), and with
 * Svvptc it may be left out, but a fault or two may still happen. On 64-bit
 * pageattr_sync() has the fault taken care of, so that only what was valid owes
 * a flush. On 32-bit nobody would, and all that changes owes one.
 */
static inline bool __pageattr_valid(unsigned long val)
{
	return !IS_ENABLED(CONFIG_64BIT) || (val & _PAGE_PRESENT);
}

#define pageattr_pte_valid pageattr_pte_valid
static inline bool pageattr_pte_valid(pte_t pte)
{
	return __pageattr_valid(pte_val(pte));
}

#define pageattr_pmd_valid pageattr_pmd_valid
static inline bool pageattr_pmd_valid(pmd_t pmd)
{
	return __pageattr_valid(pmd_val(pmd));
}

#define pageattr_pud_valid pageattr_pud_valid
static inline bool pageattr_pud_valid(pud_t pud)
{
	return __pageattr_valid(pud_val(pud));
}

/* set_pte_at() may interrupt the other harts to flush their icaches. */
#define pageattr_pte_set pageattr_pte_set
static inline void pageattr_pte_set(unsigned long addr, pte_t *ptep, pte_t pte)
{
	set_pte(ptep, pte);
}

/* Have a hart that faults look again. */
#ifdef CONFIG_64BIT
#define pageattr_sync pageattr_sync
static inline void pageattr_sync(bool made_valid)
{
	if (made_valid) {
		/*
		 * The entries come first: a hart that sees its mark takes it
		 * away and fences, and must see them by then.
		 */
		smp_wmb();
		mark_new_valid_map();
	}
}
#endif

#endif /* _ASM_RISCV_PAGEATTR_H */
