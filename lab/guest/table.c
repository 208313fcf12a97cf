// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/pgtable.h>

#include "lab.h"

#if defined(CONFIG_ARM64)
/* Arm ARM (DDI 0487), "VMSAv8-64 translation table format descriptors". */
#define RAW_VALID(raw)	((raw) & BIT_ULL(0))
#define RAW_LEAF(raw)	(!((raw) & BIT_ULL(1)))		/* of a PMD or PUD */
#define RAW_WRITE(raw)	(!((raw) & BIT_ULL(7)))
#define RAW_EXEC(raw)	(!((raw) & BIT_ULL(53)))
#define RAW_CONT(raw)	((raw) & BIT_ULL(52))
/* Memory above 256 TiB, whose higher bits are elsewhere, QEMU's machines have not. */
#define RAW_PFN(raw)	(((raw) & GENMASK_ULL(47, PAGE_SHIFT)) >> PAGE_SHIFT)
#define CONT_PFN(raw, addr)	RAW_PFN(raw)
#define CONT_SIZE(size)	((size) == PAGE_SIZE ? CONT_PTE_SIZE : CONT_PMD_SIZE)
const pgprot_t lab_ro_set = { BIT_ULL(7) }, lab_ro_clear = { BIT_ULL(51) };
const unsigned long lab_cont_pte = CONT_PTE_SIZE, lab_cont_pmd = CONT_PMD_SIZE;
#elif defined(CONFIG_RISCV)
/* RISC-V privileged specification, "Sv39", "Sv48", "Sv57" and "Svnapot". */
#define RAW_VALID(raw)	((raw) & BIT_ULL(0))
#define RAW_LEAF(raw)	((raw) & (BIT_ULL(1) | BIT_ULL(2) | BIT_ULL(3)))
#define RAW_WRITE(raw)	((raw) & BIT_ULL(2))
#define RAW_EXEC(raw)	((raw) & BIT_ULL(3))
#define RAW_CONT(raw)	((raw) & BIT_ULL(63))
#define RAW_PFN(raw)	(((raw) & GENMASK_ULL(53, 10)) >> 10)
#define CONT_PFN(raw, addr)	((RAW_PFN(raw) & ~15) | (PFN_DOWN(addr) & 15))
#define CONT_SIZE(size)	SZ_64K
const pgprot_t lab_ro_set = { BIT_ULL(1) }, lab_ro_clear = { BIT_ULL(2) };
const unsigned long lab_cont_pte = PAGE_SIZE, lab_cont_pmd = PMD_SIZE;
#else
#error "Write down how to read the page tables of this architecture"
#endif

static bool take(struct lab_entry *e, unsigned long addr, unsigned long size,
		 u64 raw, bool leaf)
{
	*e = (struct lab_entry) {
		.addr = addr & ~(size - 1),
		.size = size,
		.leaf = size,
		.raw = raw,
	};
	if (raw && !leaf)
		return false;
	if (raw) {
		e->mapped = true;
		e->valid = RAW_VALID(raw);
		e->write = RAW_WRITE(raw);
		e->exec = RAW_EXEC(raw);
		e->pfn = RAW_PFN(raw);
		if (RAW_CONT(raw)) {
			e->leaf = CONT_SIZE(size);
			e->pfn = CONT_PFN(raw, addr);
		}
	}
	return true;
}

/* The entry that decides about @addr: a leaf, or the one that is none. */
void lab_read(unsigned long addr, struct lab_entry *e)
{
	pgd_t *pgd = pgd_offset_pgd(k.init_mm->pgd, addr);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	u64 raw;

	p4d = p4d_offset(pgd, addr);
	if (!p4d_val(READ_ONCE(*p4d))) {
		take(e, addr, P4D_SIZE, 0, false);
		return;
	}
	pud = pud_offset(p4d, addr);
	raw = pud_val(READ_ONCE(*pud));
	if (take(e, addr, PUD_SIZE, raw, RAW_LEAF(raw)))
		return;
	pmd = pmd_offset(pud, addr);
	raw = pmd_val(READ_ONCE(*pmd));
	if (take(e, addr, PMD_SIZE, raw, RAW_LEAF(raw)))
		return;
	take(e, addr, PAGE_SIZE,
	     pte_val(READ_ONCE(*pte_offset_kernel(pmd, addr))), true);
}

const char *lab_perms(const struct lab_entry *e)
{
	static const char * const names[] = {
		"invalid ro nx", "invalid ro x", "invalid rw nx", "invalid rw x",
		"valid ro nx", "valid ro x", "valid rw nx", "valid rw x",
	};

	if (!e->mapped)
		return "none";
	return names[e->valid * 4 + e->write * 2 + e->exec];
}

const char *lab_level(const struct lab_entry *e)
{
	if (e->size == PAGE_SIZE)
		return e->leaf > e->size ? "PTE, contiguous" : "PTE";
	if (e->size == PMD_SIZE)
		return e->leaf > e->size ? "PMD, contiguous" : "PMD";
	return e->size == PUD_SIZE ? "PUD" : "P4D";
}
