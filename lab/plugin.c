// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU's TCG: what a measured call does besides executing
 * instructions, that is TLB maintenance, barriers, and stores to page tables.
 *
 * in:  the guest executes hints that do nothing else: MARK_BEGIN and MARK_END
 *      around a call, and MARK_PRINT after it has printed what the last one took
 * out: to the file of the argument out=, a line for each MARK_PRINT: operations of
 *      TLB maintenance, those of them that are for all addresses, barriers (dsb
 *      and isb; fence, that of locks included), and page-table entries stored in
 *      the last call, none entries not counted
 *
 * One CPU only. There is no package with QEMU's header: what is used of its
 * interface, version 4, is declared here.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MARK_BEGIN	0
#define MARK_END	1
#define MARK_PRINT	2

struct qemu_plugin_tb;
struct qemu_plugin_insn;

struct qemu_info {
	const char *target_name;
	/* More follows, which is not used. */
};

enum { WITHOUT_REGISTERS = 0, ON_WRITE = 2 };
enum { VALUE_U64 = 3, VALUE_U128 = 4 };

struct mem_value {
	int type;
	union {
		uint64_t u64;
		struct {
			uint64_t low, high;
		} u128;
	} data;
};

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
		void (*cb)(uint64_t id, struct qemu_plugin_tb *tb));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *data, size_t size);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
		void (*cb)(unsigned int cpu, void *data), int flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
		void (*cb)(unsigned int cpu, uint32_t info, uint64_t addr, void *data),
		int flags, int when, void *data);
struct mem_value qemu_plugin_mem_get_value(uint32_t info);

__attribute__((visibility("default"))) int qemu_plugin_version = 4;
__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t id,
		const struct qemu_info *info, int argc, char **argv);

enum { TLB, TLB_ALL, BARRIER, STORE, NR_COUNTS };

static uint64_t counts[NR_COUNTS];
static bool counting, riscv;
static FILE *out;

static void mark(unsigned int cpu, void *data)
{
	switch ((uintptr_t)data) {
	case MARK_BEGIN:
		memset(counts, 0, sizeof(counts));
		counting = true;
		break;
	case MARK_END:
		counting = false;
		break;
	case MARK_PRINT:
		fprintf(out, "%lu %lu %lu %lu\n", counts[TLB], counts[TLB_ALL],
			counts[BARRIER], counts[STORE]);
		fflush(out);
	}
}

static void count(unsigned int cpu, void *data)
{
	counts[(uintptr_t)data] += counting;
}

/* Output addresses in the first 8 GiB of the machine's RAM. */
static bool in_ram(uint64_t phys)
{
	return phys - (riscv ? 0x80000000 : 0x40000000) < 0x200000000;
}

/*
 * Is this a page-table entry of the kernel? What else the kernel stores in eight
 * bytes, pointers, sizes and flags, has other bits: for a leaf, those that all
 * kernel mappings have (arm64: UXN and AF; riscv: D, A and G); for a table, none
 * but the type and, on arm64, UXNTable and AF.
 */
static bool entry(uint64_t v)
{
	if (riscv)
		return in_ram(v << 10 >> 20 << 12) && ((v & 0xe0) == 0xe0 || (v & 0x3ff) == 1);
	return in_ram(v & 0xfffffffff000) &&
	       ((v & 0xf840000000000400) == 0x40000000000400 ||
		((v & 3) == 3 && !(v & ~0x1000fffffffff403)));
}

static void store(unsigned int cpu, uint32_t info, uint64_t addr, void *data)
{
	struct mem_value value;

	if (!counting)
		return;
	value = qemu_plugin_mem_get_value(info);
	if (value.type == VALUE_U64)
		counts[STORE] += entry(value.data.u64);
	if (value.type == VALUE_U128)
		counts[STORE] += entry(value.data.u128.low) + entry(value.data.u128.high);
}

static void on_exec(struct qemu_plugin_insn *insn, void (*cb)(unsigned int cpu, void *data),
		    uintptr_t what)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, cb, WITHOUT_REGISTERS, (void *)what);
}

/* An entry that is put on the stack is not in a page table. */
static bool to_stack(uint32_t i)
{
	if (!riscv)
		return (i >> 5 & 31) == 31;
	if ((i & 3) == 3)
		return (i & 0x7f) == 0x23 && (i >> 15 & 31) == 2;
	return (i & 0xe003) == 0xe002;
}

static void look_at_arm64(struct qemu_plugin_insn *insn, uint32_t i)
{
	/* hint #0x70 and following */
	if (i >= 0xd5032e1f && i <= 0xd5032e5f && !((i - 0xd5032e1f) & 31))
		on_exec(insn, mark, (i - 0xd5032e1f) >> 5);
	/* dsb, isb */
	if ((i & 0xfffff0ff) == 0xd503309f || (i & 0xfffff0ff) == 0xd50330df)
		on_exec(insn, count, BARRIER);
	if ((i & 0xfff8f000) == 0xd5088000) {
		on_exec(insn, count, TLB);
		/* vmalle1 and vmalle1is */
		if ((i & 0xffffbfff) == 0xd508831f)
			on_exec(insn, count, TLB_ALL);
	}
}

static void look_at_riscv(struct qemu_plugin_insn *insn, uint32_t i)
{
	/* addi zero, zero, 0x570 and following */
	if (i >= 0x57000013 && i <= 0x57200013 && !((i - 0x57000013) & 0xfffff))
		on_exec(insn, mark, (i - 0x57000013) >> 20);
	/* fence */
	if ((i & 0x707f) == 0x000f)
		on_exec(insn, count, BARRIER);
	/* sfence.vma; with rs1 = x0 it is for all addresses */
	if ((i & 0xfe007fff) == 0x12000073) {
		on_exec(insn, count, TLB);
		if (!(i >> 15 & 31))
			on_exec(insn, count, TLB_ALL);
	}
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), k;

	for (k = 0; k < n; k++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, k);
		uint32_t i = 0;

		qemu_plugin_insn_data(insn, &i, sizeof(i));
		(riscv ? look_at_riscv : look_at_arm64)(insn, i);
		if (!to_stack(i))
			qemu_plugin_register_vcpu_mem_cb(insn, store, WITHOUT_REGISTERS, ON_WRITE, NULL);
	}
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	riscv = !strcmp(info->target_name, "riscv64");
	if (!riscv && strcmp(info->target_name, "aarch64"))
		return -1;
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	out = fopen(argv[0] + 4, "w");
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
