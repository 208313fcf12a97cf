/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * riscv's page tables, restated from the kernel's asm/pgtable*.h. On 64-bit the
 * levels are folded at boot; Sv32 has two.
 */
#ifndef _ASM_RISCV_PGTABLE_H
#define _ASM_RISCV_PGTABLE_H

#define CONFIG_RISCV		1

#if VA_BITS == 32
#define CONFIG_PGTABLE_LEVELS	2
#define PGDIR_SHIFT		22
#define P4D_SHIFT		PGDIR_SHIFT
#define PUD_SHIFT		PGDIR_SHIFT
#define PMD_SHIFT		PGDIR_SHIFT
#define PTRS_PER_PTE		1024UL
#define _PAGE_PFN_MASK		GENMASK(31, 10)
#define pgtable_l4_enabled()	false
#else
#define CONFIG_64BIT		1
#define CONFIG_PGTABLE_LEVELS	5
#define PMD_SHIFT		21
#define PUD_SHIFT		30
#define P4D_SHIFT		(pgtable_l4_enabled() ? 39 : 30)
#define PGDIR_SHIFT		(pgtable_l5_enabled() ? 48 : P4D_SHIFT)
#define PTRS_PER_PTE		512UL
#define _PAGE_PFN_MASK		GENMASK(53, 10)
#define pgtable_l4_enabled()	(VA_BITS > 39)
#define pgtable_l5_enabled()	(VA_BITS > 48)
#endif
#define PTRS_PER_PMD		PTRS_PER_PTE
#define PTRS_PER_PUD		PTRS_PER_PTE
#define PTRS_PER_P4D		PTRS_PER_PTE
#define PTRS_PER_PGD		PTRS_PER_PTE
#define folded_p4d(p, i)	((void)(i), (p4d_t *)(p))
#define folded_pud(p, i)	((void)(i), (pud_t *)(p))

#define _PAGE_PRESENT		1UL
#define _PAGE_READ		2UL
#define _PAGE_WRITE		4UL
#define _PAGE_EXEC		8UL
#define _PAGE_USER		0x10UL
#define _PAGE_GLOBAL		0x20UL
#define _PAGE_ACCESSED		0x40UL
#define _PAGE_DIRTY		0x80UL
#define _PAGE_PROT_NONE		_PAGE_GLOBAL
#define _PAGE_LEAF		(_PAGE_READ | _PAGE_WRITE | _PAGE_EXEC)
#define _PAGE_PFN_SHIFT		10

static inline u64 entry_phys(unsigned long val)
{
	return (u64)((val & _PAGE_PFN_MASK) >> _PAGE_PFN_SHIFT) << PAGE_SHIFT;
}

/* A leaf that was made invalid has _PAGE_PROT_NONE, and counts as present. */
static inline bool val_present(unsigned long val)
{
	return val & (_PAGE_PRESENT | _PAGE_PROT_NONE);
}

static inline bool val_leaf(unsigned long val)
{
	return val_present(val) && (val & _PAGE_LEAF);
}

static inline bool val_bad(unsigned long val)
{
	return !val_present(val) || (val & _PAGE_LEAF);
}

#define pte_none(x)		(!pte_val(x))
#define pte_present(x)		val_present(pte_val(x))
#define pmd_none(x)		(!pmd_val(x))
#define pmd_present(x)		val_present(pmd_val(x))
#define pmd_leaf(x)		val_leaf(pmd_val(x))
#define pmd_bad(x)		val_bad(pmd_val(x))
#if CONFIG_PGTABLE_LEVELS > 2
#define pud_none(x)		(!pud_val(x))
#define pud_present(x)		val_present(pud_val(x))
#define pud_leaf(x)		val_leaf(pud_val(x))
#define pud_bad(x)		val_bad(pud_val(x))
#define p4d_none(x)		(pgtable_l4_enabled() && !p4d_val(x))
#define p4d_present(x)		(!pgtable_l4_enabled() || (p4d_val(x) & _PAGE_PRESENT))
#define p4d_bad(x)		(!p4d_present(x))
#define pgd_none(x)		(pgtable_l5_enabled() && !pgd_val(x))
#define pgd_bad(x)		(pgtable_l5_enabled() && !(pgd_val(x) & _PAGE_PRESENT))
#endif

/* Svnapot: bit 63, and the size of the region in the low bits of the PFN. */
#ifdef CONFIG_RISCV_ISA_SVNAPOT
#define _PAGE_NAPOT		BIT(63)
#define pte_napot(x)		(pte_val(x) & _PAGE_NAPOT)
#define napot_cont_order(x)	(__builtin_ctzl(pte_val(x) >> _PAGE_PFN_SHIFT) + 1)
#define napot_cont_size(order)	(PAGE_SIZE << (order))
#define pte_leaf_size(x)	(pte_napot(x) ? napot_cont_size(napot_cont_order(x)) : PAGE_SIZE)
#else
#define pte_napot(x)		((void)(x), 0UL)
#endif

#define set_pte(p, x)		WRITE_ONCE(*(p), x)
#define set_pmd(p, x)		WRITE_ONCE(*(p), x)
#define set_pud(p, x)		WRITE_ONCE(*(p), x)

/* The kernel's may interrupt other harts, to have them flush their icaches. */
#define set_pte_at(mm, addr, p, x) harness_fail("set_pte_at() was called")

#define smp_wmb()		harness_wmb()
#define mark_new_valid_map()	harness_mark()

#endif
