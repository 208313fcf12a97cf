// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference model. It builds a tree out of entries that it writes down bit by
 * bit, keeps a flat list of those that are leaves or corrupt, and says from that
 * list alone what a call has to do. Nothing of the walker, its hooks or the stub
 * headers is asked what an entry means.
 *
 * While a walker runs, each load and store that it makes comes by here first.
 */
#include <sanitizer/asan_interface.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>

#include "model.h"

#define MAX_WALKERS	32
#define MAX_TABLES	24
#define MAX_ENTRIES	40000
#define MAX_PAGE_SIZE	0x10000UL
#define MAX_CALLS	40

/* The tables' physical addresses; no leaf maps anything below 8 GiB. */
#define TABLES_PHYS	0x80000000UL
#define LEAF_PHYS	0x200000000ULL

const struct walker *walkers[MAX_WALKERS];
int nr_walkers;
bool verbose;
bool paranoid;

enum kind { NONE, TABLE, LEAF, BAD };

/* The tree that is being worked on. */
static const struct walker *w;
static unsigned long page_size;
static int bits, levels;		/* of one level; how many */
static unsigned long base;		/* the first address of the root */

/* Every second page of the arena is a table, the ones between are poisoned. */
static char *arena;
static size_t arena_size;
static unsigned long *shadow;		/* what the tables should hold */
static char *mark;			/* what may happen to an entry: see below */

enum { UNTOUCHABLE, TO_STORE, STORED };

static struct table {
	int level;
	unsigned long va;
	unsigned int lo, hi;		/* the entries that were ever used */
} tables[MAX_TABLES];
static int nr_tables;

static struct entry {
	unsigned long va, val;
	unsigned long *p;
	int level;
} list[MAX_ENTRIES];
static int nr_entries;

/* The call that is being made. */
static struct call {
	unsigned long addr, size, set, clear;
	bool init_mm, irq, report;

	/* If it is for pages, where they are. */
	bool for_pages;
	unsigned long pages[MAX_PAGES];
	unsigned int nr_pages;

	/* What may be looked at: the range, or the runs of pages; [first, last]. */
	struct range {
		unsigned long first, last;
	} ranges[MAX_PAGES];
	unsigned int nr_ranges;

	bool running;
	int begins, ends, syncs, stores;
	bool lazy, fixmap, made_valid;
	int lazy_begins, lazy_ends;
	int barrier_calls, barriers, barriers_at, wmbs_at, marks;
	bool pending;
	unsigned long *last;
} call;

void harness_register(const struct walker *walker)
{
	if (nr_walkers == MAX_WALKERS)
		abort();
	walkers[nr_walkers++] = walker;
}

static void show_call(void)
{
	unsigned int i;

	if (call.for_pages) {
		fprintf(stderr, "a call on the pages");
		for (i = 0; i < call.nr_pages; i++)
			fprintf(stderr, " %lx", call.pages[i]);
	} else {
		fprintf(stderr, "a call on [%lx, %lx)", call.addr, call.addr + call.size);
	}
	fprintf(stderr, ", set %lx, clear %lx%s%s\n", call.set, call.clear,
		call.init_mm ? ", init_mm" : "", call.irq ? ", in interrupt" : "");
}

void harness_fail(const char *form, ...)
{
	va_list args;

	va_start(args, form);
	fprintf(stderr, "%s: ", w ? w->name : "harness");
	vfprintf(stderr, form, args);
	fputs("\n    in ", stderr);
	show_call();
	va_end(args);
	abort();
}

/* Choices */

static uint64_t next_random(struct source *s)
{
	/* splitmix64 (Steele, Lea and Flood, 2014) */
	uint64_t z = s->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static unsigned int byte(struct source *s)
{
	unsigned int b;

	if (s->next != s->end)
		return *s->next++;
	if (!s->random)
		return 0;
	if (!s->left) {
		s->pool = next_random(s);
		s->left = 8;
	}
	b = s->pool & 0xff;
	s->pool >>= 8;
	s->left--;
	if (s->record && s->recorded < s->room)
		s->record[s->recorded++] = b;
	return b;
}

/* A number below @n, 0 if the bytes are. */
static unsigned int choose(struct source *s, unsigned int n)
{
	unsigned int v = byte(s);

	if (n <= 0x100)
		return v * n >> 8;
	v = v << 8 | byte(s);
	return (uint64_t)v * n >> 16;
}

static bool rarely(struct source *s, unsigned int n)
{
	return choose(s, n) == n - 1;
}

static uint64_t word(struct source *s)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < 8; i++)
		v = v << 8 | byte(s);
	return v;
}

/* Entries, bit by bit */

static bool lpa2(void)
{
	return w->arch == ARM64 && w->va_bits == 52 && !w->folded && w->page_shift < 16;
}

static unsigned long encode(uint64_t phys)
{
	if (w->arch == RISCV)
		return phys >> 12 << 10;
	if (lpa2())
		return (phys & 0x3ffffffffffffULL) | (phys >> 50 & 3) << 8;
	if (w->arch == ARM64 && w->page_shift == 16 && w->va_bits == 52)
		return (phys & 0xffffffffffffULL) | (phys >> 48 & 15) << 12;
	return phys;
}

static unsigned long table_entry(uint64_t phys)
{
	return encode(phys) | (w->arch == ARM64 ? 3 : 1);
}

#define AV	0x1UL		/* arm64: valid */
#define ANG	0x800UL		/* arm64: nG; in an invalid entry, "this is a leaf" */
#define ACONT	0x10000000000000ULL
#define RRWX	0xeUL
#define RG	0x20UL
#define RNAPOT	0x8000000000000000ULL

/* Attributes that a leaf may have, without what makes it a leaf or valid. */
static unsigned long attributes(void)
{
	switch (w->arch) {
	case ARM64:
		return (unsigned long)0xffec0000000004fcULL | (lpa2() ? 0 : 0x300);
	case RISCV:
		return w->va_bits == 32 ? 0x3cc : (unsigned long)0x60000000000003ccULL;
	default:
		return (unsigned long)0xfff0000000000ffcULL;
	}
}

static enum kind kind_of(int level, unsigned long val)
{
	if (!val)
		return NONE;
	switch (w->arch) {
	case ARM64:
		if (level && (val & 3) == 3)
			return TABLE;
		/* Blocks: 1 GiB, 64 GiB and 2 MiB, 32 MiB, 512 MiB. */
		if (level > 2 || (level == 2 && w->page_shift == 16))
			return BAD;
		return val & (AV | ANG) ? LEAF : BAD;
	case RISCV:
		if (level > 2)
			return val & 1 ? TABLE : BAD;
		if (val & RRWX)
			return level == 0 || val & (1 | RG) ? LEAF : BAD;
		return level && val & 1 ? TABLE : BAD;
	default:
		if (!level)
			return LEAF;
		if (val & 2)
			return level < 4 ? LEAF : BAD;
		return val & 1 ? TABLE : BAD;
	}
}

/* How many entries of this level are one leaf, if they are a contiguous set. */
static int set_entries(int level)
{
	if (w->arch == RISCV)
		return w->napot && level == 0 ? 16 : 1;
	if (w->arch != ARM64 || level > 1)
		return 1;
	if (w->page_shift == 12)
		return 16;
	return w->page_shift == 14 && level == 0 ? 128 : 32;
}

static bool in_set(int level, unsigned long val)
{
	if (set_entries(level) == 1)
		return false;
	return val & (w->arch == ARM64 ? ACONT : RNAPOT);
}

static unsigned long entry_size(int level)
{
	return 1UL << (w->page_shift + level * bits);
}

static unsigned long leaf_size(int level, unsigned long val)
{
	return entry_size(level) * (in_set(level, val) ? set_entries(level) : 1);
}

static bool valid(unsigned long val)
{
	return val & 1;
}

/* Could a TLB remember what this entry said? On Sv32 it may remember "invalid". */
static bool tlb_may_hold(unsigned long val)
{
	return valid(val) || (w->arch == RISCV && w->va_bits == 32);
}

static bool can_be_leaf(int level)
{
	return kind_of(level, w->arch == ARM64 ? AV : w->arch == RISCV ? 3 : 2) == LEAF;
}

/* What makes an entry a leaf, and usual attributes of kernel memory. */
static unsigned long leaf_bits(struct source *s, int level)
{
	unsigned long val;

	switch (w->arch) {
	case ARM64:
		val = level ? AV : AV | 2;
		switch (choose(s, 8)) {
		default:
			val |= lpa2() ? 0xe8000000000400ULL : 0xe8000000000700ULL;
			break;
		case 3:
			val |= lpa2() ? 0xe0000000000480ULL : 0xe0000000000780ULL;
			break;
		case 4:
			val = (val | 0xe8000000000400ULL | ANG) & ~AV;
			break;
		case 5:
			val |= 0xe8000000000400ULL | ANG;
			break;
		case 6:
			val |= word(s) & (attributes() | ANG);
			break;
		case 7:
			val = (val & ~AV) | ANG | (word(s) & attributes());
		}
		return val;
	case RISCV:
		switch (choose(s, 6)) {
		default:
			return 0xe7;
		case 2:
			return 0xe3;
		case 3:
			return 0xe6;
		case 4:
			return 0x23 | (word(s) & attributes());
		case 5:
			return 0x22 | (word(s) & attributes());
		}
	default:
		switch (choose(s, 4)) {
		default:
			return 7;
		case 1:
			return 3;
		case 2:
			return 6;
		case 3:
			return 2 | (word(s) & (attributes() | 1));
		}
	}
}

/* Neither none, nor a table, nor a leaf; 0 if nothing is corrupt at this level. */
static unsigned long bad_entry(struct source *s, int level)
{
	unsigned long val = word(s);

	switch (w->arch) {
	case ARM64:
		switch (choose(s, 3)) {
		case 0:
			val = 2;
			break;
		case 1:
			val = (val & ~(AV | ANG)) | 4;
			break;
		default:
			/* A block, where there are none. */
			val = (val & ~3UL) | AV;
		}
		break;
	case RISCV:
		if (!level && choose(s, 2))
			val = encode(val & 0xfffffff000UL) | 1;
		else
			val = (val & ~(RNAPOT | 0x2fUL)) | 0x100;
		break;
	default:
		if (level == 4 && choose(s, 2))
			val |= 2;
		else
			val = (val & ~3UL) | 4;
	}
	return kind_of(level, val) == BAD ? val : 0;
}

/* Trees */

static unsigned long *entry_at(int table, unsigned int i)
{
	return (unsigned long *)(arena + 2 * table * page_size) + i;
}

static unsigned long *shadow_of(unsigned long *p)
{
	return shadow + (p - (unsigned long *)arena);
}

static char *mark_of(unsigned long *p)
{
	return mark + (p - (unsigned long *)arena);
}

static void put(int table, unsigned int i, unsigned long val)
{
	struct table *t = &tables[table];
	unsigned long *p = entry_at(table, i);

	*p = *shadow_of(p) = val;
	if (i < t->lo)
		t->lo = i;
	if (i >= t->hi)
		t->hi = i + 1;
	if (val && kind_of(t->level, val) != TABLE) {
		if (nr_entries == MAX_ENTRIES)
			abort();
		list[nr_entries++] = (struct entry){
			.va = t->va + i * entry_size(t->level),
			.val = val,
			.p = p,
			.level = t->level,
		};
	}
}

static int new_table(int level, unsigned long va)
{
	tables[nr_tables] = (struct table){ .level = level, .va = va, .lo = ~0U };
	return nr_tables++;
}

struct style {
	uint64_t phys;
	unsigned long attr;
};

static void put_leaf(struct source *s, int table, unsigned int i, struct style *style)
{
	int level = tables[table].level;
	unsigned long size = entry_size(level);
	int change = choose(s, 16);
	unsigned long attr = style->attr;

	/* Mostly like the one before it, as memory is mapped. */
	if (change == 15)
		style->phys = word(s);
	if (change == 14)
		style->attr = attr = leaf_bits(s, level);
	if (change == 13)
		attr = leaf_bits(s, level);
	style->phys &= (w->arch == RISCV ? w->va_bits == 32 ? 0x3ffffffffULL : 0xffffffffffffffULL :
			w->arch == GENERIC || (w->va_bits == 52 && (lpa2() || w->page_shift == 16)) ?
			0xfffffffffffffULL : 0xffffffffffffULL);
	style->phys = (style->phys | LEAF_PHYS) & ~(uint64_t)(size - 1);
	put(table, i, encode(style->phys) | attr);
	style->phys += size;
}

/* A contiguous set, or on riscv a region of 64 KiB. Rarely one that is not whole. */
static void put_set(struct source *s, int table, unsigned int i, unsigned int n)
{
	int level = tables[table].level;
	unsigned long attr = leaf_bits(s, level);
	uint64_t phys = (word(s) & 0xffffffffffULL) | LEAF_PHYS;
	unsigned int odd = rarely(s, 16) ? choose(s, n) : n;
	unsigned int j;

	if (w->arch == RISCV) {
		phys = (phys & ~0xffffULL) | 0x8000;
		attr |= RNAPOT;
	} else {
		phys &= ~(uint64_t)(entry_size(level) * n - 1);
		attr |= ACONT;
	}
	for (j = 0; j < n; j++) {
		unsigned long val = encode(phys) | attr;

		if (j == odd) {
			switch (choose(s, 4)) {
			case 0:
				val = 0;
				break;
			case 1:
				val = bad_entry(s, level);
				break;
			case 2:
				val &= ~(w->arch == ARM64 ? ACONT : RNAPOT);
				break;
			default:
				val = encode(phys) | leaf_bits(s, level) |
				      (w->arch == ARM64 ? ACONT : RNAPOT);
			}
		}
		if (val)
			put(table, i + j, val);
		if (w->arch == ARM64)
			phys += entry_size(level);
	}
}

static void fill(struct source *s, int table, unsigned int first, unsigned int n);

static void fill_window(struct source *s, int table, unsigned int i, unsigned int end,
			unsigned int limit)
{
	struct style style = { .phys = word(s), .attr = leaf_bits(s, tables[table].level) };
	int level = tables[table].level;
	unsigned int set = set_entries(level);

	for (; i < end; i++) {
		unsigned int what = choose(s, 64);

		/* The first path leads to the bottom. */
		if (level && nr_tables <= levels - level)
			what = 33;
		if (set > 1 && !(i & (set - 1)) && i + set <= limit && what < 40 && !(what & 3)) {
			put_set(s, table, i, set);
			i += set - 1;
		} else if (what == 63) {
			unsigned long val = bad_entry(s, level);

			if (val)
				put(table, i, val);
		} else if (what > 56) {
			continue;
		} else if (level && what >= 24 && nr_tables < MAX_TABLES - 4) {
			unsigned long va = tables[table].va + i * entry_size(level);
			int new = new_table(level - 1, va);

			put(table, i, table_entry(TABLES_PHYS + new * page_size));
			fill(s, new, 0, 1U << bits);
		} else if (can_be_leaf(level)) {
			put_leaf(s, table, i, &style);
		}
	}
}

/* Some entries of the @n, in order: at the ends of the table above all. */
static void fill(struct source *s, int table, unsigned int first, unsigned int n)
{
	int level = tables[table].level;
	unsigned int end = first + n;
	unsigned int k = 1 + choose(s, level ? 3 : 24);
	unsigned int how = choose(s, 8), at;

	if (k > n)
		k = n;
	switch (how) {
	case 4:
	case 5:
		at = first + choose(s, n);
		if (how == 5)
			at &= ~(set_entries(level) - 1U);
		if (at < first || at + k > end)
			at = end - k;
		fill_window(s, table, at, at + k, end);
		break;
	case 6:
		if (!level && rarely(s, bits > 10 ? 256 : 16)) {
			fill_window(s, table, first, end, end);
			break;
		}
		/* fall through */
	case 0:
		fill_window(s, table, first, first + k, end);
		break;
	case 1:
	case 2:
		fill_window(s, table, end - k, end, end);
		break;
	default:
		if (2 * k > n) {
			fill_window(s, table, first, end, end);
			break;
		}
		/* A set in the first window may take it into the second. */
		fill_window(s, table, first, first + k, end - k);
		fill_window(s, table, end - k, end, end);
	}
}

static void build(struct source *s)
{
	int root_shift;
	unsigned long first;

	nr_tables = nr_entries = 0;
	root_shift = w->page_shift + (levels - 1) * bits;
	first = base >> root_shift;
	if (w->arch == RISCV)
		first &= (1U << bits) - 1;
	else
		first = 0;
	new_table(levels - 1, base - first * (1UL << root_shift));
	fill(s, 0, first, -base >> root_shift);
}

static void poison(bool on)
{
	int i;

	for (i = 0; i < MAX_TABLES; i++) {
		char *p = arena + (2 * i + 1) * page_size;

		if (on)
			__asan_poison_memory_region(p, page_size);
		else
			__asan_unpoison_memory_region(p, page_size);
	}
}

static void set_walker(const struct walker *walker)
{
	int va_bits;

	if (w == walker)
		return;
	if (w)
		poison(false);
	w = walker;
	page_size = 1UL << w->page_shift;
	poison(true);
	bits = w->page_shift - (sizeof(long) == 8 ? 3 : 2);
	va_bits = !w->folded ? w->va_bits : w->page_shift == 12 ? 48 : 47;
	levels = (va_bits - w->page_shift + bits - 1) / bits;
	if (w->arch == RISCV && w->va_bits == 32)
		base = 0x40000000;
	else
		base = -(1UL << (w->arch == RISCV ? va_bits - 1 : va_bits));
}

/* What a walker does, seen from here */

static struct table *table_of(const void *p)
{
	unsigned long i = ((char *)p - arena) >> w->page_shift;

	if (i & 1 || i / 2 >= (unsigned long)nr_tables)
		harness_fail("there is no table at %p", p);
	return &tables[i / 2];
}

/* An entry was stored once, so that it has to be what it should be by now. */
static void check_last(void)
{
	unsigned long *p = call.last;

	if (p && *p != *shadow_of(p))
		harness_fail("%lx was stored at %lx[%lu], not %lx", *p,
			     table_of(p)->va, (p - (unsigned long *)arena) %
			     (page_size / sizeof(long)), *shadow_of(p));
	call.last = NULL;
}

static void seen_load(const unsigned long *p, size_t size)
{
	struct table *t;
	unsigned long first, last, step;
	unsigned int i;

	if (!call.running)
		return;
	t = table_of(p);
	step = entry_size(t->level);
	first = t->va + ((unsigned long)p & (page_size - 1)) / sizeof(long) * step;
	last = first + (size + sizeof(long) - 1) / sizeof(long) * step - 1;
	/* What is read of a level that is folded at boot is anything, and not used. */
	if (w->folded && t == tables)
		return;
	for (i = 0; i < call.nr_ranges; i++)
		if (first <= call.ranges[i].last && last >= call.ranges[i].first)
			break;
	if (i == call.nr_ranges)
		harness_fail("the entry for %lx was read, which is none of the range", first);
	check_last();
}

static void seen_store(unsigned long *p, size_t size)
{
	if (!call.running)
		harness_fail("a store outside of a call");
	for (; size >= sizeof(long); size -= sizeof(long), p++) {
		struct table *t = table_of(p);
		unsigned long va = t->va + ((unsigned long)p & (page_size - 1)) /
				   sizeof(long) * entry_size(t->level);

		check_last();
		if ((unsigned long)p % sizeof(long))
			harness_fail("a store that is not aligned");
		if (*mark_of(p) == STORED)
			harness_fail("the entry for %lx was stored twice", va);
		if (*mark_of(p) != TO_STORE)
			harness_fail("the entry for %lx was stored, but does not change", va);
		if (w->arch == ARM64 && harness_in_swapper(p) && !call.fixmap)
			harness_fail("the kernel's top-level table was stored to, but is read-only");
		if (!call.begins || call.ends)
			harness_fail("a store before pageattr_lazy_begin() or after pageattr_lazy_end()");
		if (call.syncs)
			harness_fail("a store after pageattr_sync()");
		*mark_of(p) = STORED;
		call.stores++;
		call.last = p;
	}
	if (size)
		harness_fail("a store of a part of an entry");
}

#define WRAP(what, n)								\
	void __real___asan_##what##n(uintptr_t p);				\
	void __wrap___asan_##what##n(uintptr_t p);				\
	void __wrap___asan_##what##n(uintptr_t p)				\
	{									\
		if (p - (uintptr_t)arena < arena_size)				\
			seen_##what((unsigned long *)p, n);			\
		__real___asan_##what##n(p);					\
	}
#define WRAP_N(what)								\
	void __real___asan_##what##N(uintptr_t p, size_t n);			\
	void __wrap___asan_##what##N(uintptr_t p, size_t n);			\
	void __wrap___asan_##what##N(uintptr_t p, size_t n)			\
	{									\
		if (p - (uintptr_t)arena < arena_size)				\
			seen_##what((unsigned long *)p, n);			\
		__real___asan_##what##N(p, n);					\
	}

WRAP(load, 1)
WRAP(load, 2)
WRAP(load, 4)
WRAP(load, 8)
WRAP(load, 16)
WRAP_N(load)
WRAP(store, 1)
WRAP(store, 2)
WRAP(store, 4)
WRAP(store, 8)
WRAP(store, 16)
WRAP_N(store)

/* Copies of structures, by clang and by gcc. */
#define WRAP_COPY(name)								\
	void *__real_##name(void *to, const void *from, size_t n);		\
	void *__wrap_##name(void *to, const void *from, size_t n);		\
	void *__wrap_##name(void *to, const void *from, size_t n)		\
	{									\
		if (call.running && (uintptr_t)from - (uintptr_t)arena < arena_size) \
			seen_load(from, n);					\
		if (call.running && (uintptr_t)to - (uintptr_t)arena < arena_size) \
			seen_store(to, n);					\
		return __real_##name(to, from, n);				\
	}
#define WRAP_SET(name)								\
	void *__real_##name(void *to, int c, size_t n);				\
	void *__wrap_##name(void *to, int c, size_t n);				\
	void *__wrap_##name(void *to, int c, size_t n)				\
	{									\
		if (call.running && (uintptr_t)to - (uintptr_t)arena < arena_size) \
			seen_store(to, n);					\
		return __real_##name(to, c, n);					\
	}

WRAP_COPY(memcpy)
WRAP_COPY(memmove)
WRAP_SET(memset)
WRAP_COPY(__asan_memcpy)
WRAP_COPY(__asan_memmove)
WRAP_SET(__asan_memset)

void harness_forget(void)
{
}

void *harness_va(uint64_t phys)
{
	uint64_t i = (phys - TABLES_PHYS) >> w->page_shift;

	if (phys < TABLES_PHYS || i >= (uint64_t)nr_tables)
		harness_fail("%llx was taken for a table", (unsigned long long)phys);
	return entry_at(i, 0);
}

void harness_begin(void)
{
	if (call.begins++)
		harness_fail("pageattr_lazy_begin() is called twice");
}

void harness_sync(bool made_valid)
{
	if (call.syncs++)
		harness_fail("pageattr_sync() is called twice");
	if (!call.begins || call.ends)
		harness_fail("pageattr_sync() is called outside of the lazy MMU mode");
	if (!call.stores)
		harness_fail("pageattr_sync() is called, but nothing was stored");
	call.made_valid = made_valid;
}

void harness_end(void)
{
	if (call.ends++ || !call.begins)
		harness_fail("pageattr_lazy_end() is called twice, or first");
}

static void emit_barriers(void)
{
	call.barriers++;
	call.barriers_at = call.stores;
}

/* In interrupt context there is no such mode, and it makes no difference. */
void harness_lazy(bool on)
{
	if (on) {
		call.lazy_begins++;
		call.lazy = !call.irq;
		return;
	}
	if (call.lazy_ends++ == call.lazy_begins)
		harness_fail("the lazy MMU mode is left, but not active");
	if (call.pending)
		emit_barriers();
	call.pending = call.lazy = false;
}

void harness_barriers(bool may_wait)
{
	call.barrier_calls++;
	if (may_wait && call.lazy)
		call.pending = true;
	else
		emit_barriers();
}

void harness_wmb(void)
{
	call.wmbs_at = call.stores;
}

void harness_mark(void)
{
	if (call.wmbs_at != call.stores)
		harness_fail("CPUs are told of entries that they may not see yet");
	call.marks++;
}

bool harness_in_swapper(const void *p)
{
	return call.init_mm && (char *)p >= arena && (char *)p < arena + page_size;
}

void harness_set_swapper(unsigned long *p, unsigned long val)
{
	if (!harness_in_swapper(p))
		harness_fail("set_swapper_pgd() is called for some other table");
	call.fixmap = true;
	seen_store(p, sizeof(*p));
	call.fixmap = false;
	*p = val;
}

/* Calls */

static const struct { unsigned long set, clear; } usual[][8] = {
	[ARM64] = {
		{ 0x80, (unsigned long)0x8000000000000ULL },	/* read-only */
		{ (unsigned long)0x8000000000000ULL, 0x80 },	/* writable */
		{ ANG, AV },					/* invalid */
		{ AV, ANG },					/* valid */
		{ ANG, AV | ANG },				/* the same, with KPTI */
		{ AV | ANG, ANG },
		{ (unsigned long)0x20000000000000ULL, (unsigned long)0x4000000000000ULL },
		{ (unsigned long)0x8000000000001ULL, 0x880 },
	},
	[RISCV] = {
		{ 2, 4 }, { 6, 0 }, { 0, 1 }, { 1, 0 },
		{ 0, 8 }, { 8, 0 }, { 2, 0xe }, { 0xc7, 8 },
	},
	[GENERIC] = {
		{ 0, 4 }, { 4, 0 }, { 0, 1 }, { 1, 0 },
		{ 8, 16 }, { 16, 8 }, { 1, 1 }, { 5, 13 },
	},
};

/* A bit of the output address, as memory is shared with by arm64's realms. */
static void choose_address_mask(struct source *s)
{
	/* Without the bits of riscv that hold the size of a region. */
	int bit = w->page_shift + (w->napot ? 4 : 0) + choose(s, 4);

	call.set = call.clear = 0;
	if (choose(s, 2))
		call.set = encode(1ULL << bit);
	else
		call.clear = encode(1ULL << bit);
}

static void choose_masks(struct source *s)
{
	unsigned int how = choose(s, 16);
	unsigned long any = attributes();

	if (how < 12) {
		call.set = usual[w->arch][how & 7].set;
		call.clear = usual[w->arch][how & 7].clear;
		return;
	}
	/* What is a leaf stays one. */
	if (w->arch == GENERIC)
		any |= 1;
	call.set = word(s) & any;
	call.clear = word(s) & any;
	if (how == 12)
		call.clear = 0;
	if (how == 13)
		call.set &= word(s) & word(s);
	if (how == 14)
		call.clear = any;
	if (how == 15) {
		switch (choose(s, 4)) {
		case 1:
			call.set = 0;
			break;
		case 3:
			choose_address_mask(s);
			return;
		default:
			call.set &= call.clear;
		}
	}
	if (rarely(s, 16))
		call.set = call.clear = 0;
	/* arm64: some become corrupt that way. */
	if (w->arch == ARM64 && rarely(s, 32))
		call.clear |= AV;
}

static unsigned long start_of(const struct entry *e)
{
	return e->va & ~(leaf_size(e->level, e->val) - 1);
}

static void choose_range(struct source *s)
{
	int bound = bits > 11 ? 256 : bits > 9 ? 64 : 16;
	unsigned long start, end;
	int i, j;

	if (nr_entries) {
		i = choose(s, nr_entries);
		switch (choose(s, 4)) {
		case 0:
			j = i;
			break;
		case 1:
			j = i + choose(s, 6);
			break;
		default:
			j = i + choose(s, 40);
		}
		if (rarely(s, bound))
			j = i + choose(s, nr_entries);
		if (j >= nr_entries)
			j = nr_entries - 1;
		/* A table full of holes takes its time. */
		while (j > i && list[j].va - list[i].va > 256 * page_size && !rarely(s, bound))
			j = i + (j - i) / 2;
		start = start_of(&list[i]);
		end = start_of(&list[j]) + leaf_size(list[j].level, list[j].val);
	} else {
		start = base;
		end = base + page_size;
	}
	switch (choose(s, 16)) {
	case 10:
		start += page_size * (1 + choose(s, 16));
		break;
	case 11:
		start -= page_size * (1 + choose(s, 16));
		break;
	case 12:
		end += page_size * (1 + choose(s, 16));
		break;
	case 13:
		end -= page_size * (1 + choose(s, 16));
		break;
	case 14:
		/* Any part of the first entry. */
		end = start + (1 + choose(s, 32)) * page_size;
		break;
	case 15:
		if (nr_entries)
			start = list[i].va;
	}
	/* Nothing is mapped below the first address, and 0 is the end. */
	if (start < base)
		start = base;
	if (end - 1 < base - 1)
		end = 0;
	if (end - 1 < start)
		end = start + page_size;
	call.addr = start;
	call.size = end - start;
	if (rarely(s, 32)) {
		switch (choose(s, 6)) {
		case 0:
			call.size = 0;
			break;
		case 1:
			call.addr += 1 + choose(s, page_size - 1);
			break;
		case 2:
			call.size -= 1 + choose(s, page_size - 1);
			break;
		case 3:
			call.size = -call.size;
			break;
		case 4:
			call.size = -call.addr + page_size * (1 + choose(s, 16));
			break;
		default:
			call.addr = 0;
			call.size = 0;
		}
	}
}

static const struct entry *find(unsigned long addr)
{
	int i;

	for (i = 0; i < nr_entries; i++)
		if (addr - list[i].va < entry_size(list[i].level))
			return &list[i];
	return NULL;
}

/* May a range start (or end) at @border, with @addr the page on its inside? */
static int check_border(unsigned long border, unsigned long addr)
{
	const struct entry *e = find(addr);

	if (!e || !e->val)
		return 0;
	if (kind_of(e->level, e->val) == BAD)
		return -EFAULT;
	return border & (leaf_size(e->level, e->val) - 1) ? -EINVAL : 0;
}

/*
 * May all of the ranges be changed? If one end is inside a leaf, and another at
 * an entry that is corrupt, either error is right.
 */
static int check_ranges(bool *either)
{
	bool inside = false, corrupt = false;
	unsigned int i;

	for (i = 0; i < 2 * call.nr_ranges; i++) {
		const struct range *r = &call.ranges[i / 2];
		int ret = i & 1 ? check_border(r->last + 1, r->last) :
				  check_border(r->first, r->first);

		inside |= ret == -EINVAL;
		corrupt |= ret == -EFAULT;
	}
	*either = inside && corrupt;
	return corrupt ? -EFAULT : inside ? -EINVAL : 0;
}

/*
 * May all of the pages be changed? They are looked at in order, leaf by leaf, and
 * a leaf has to be among them as a whole.
 */
static int check_pages(void)
{
	unsigned int i, n;

	for (i = 0; i < call.nr_pages;) {
		const struct entry *e = find(call.pages[i]);
		unsigned long size = page_size;

		if (e && e->val) {
			if (kind_of(e->level, e->val) == BAD)
				return -EFAULT;
			size = leaf_size(e->level, e->val);
		}
		if (call.pages[i] & (size - 1))
			return -EINVAL;
		for (n = 1; n < size / page_size; n++)
			if (i + n >= call.nr_pages ||
			    call.pages[i + n] != call.pages[i] + n * page_size)
				return -EINVAL;
		i += n;
	}
	return 0;
}

/* The ranges of the call, from its arguments. */
static int find_ranges(void)
{
	unsigned int i;

	call.nr_ranges = 0;
	if (!call.for_pages) {
		call.ranges[0].first = call.addr;
		call.ranges[0].last = call.addr + call.size - 1;
		if (!call.size || (call.addr | call.size) & (page_size - 1) ||
		    call.ranges[0].last < call.addr)
			return -EINVAL;
		call.nr_ranges = 1;
		return 0;
	}
	/* Pages that follow each other are one range. */
	for (i = 0; i < call.nr_pages; i++) {
		if (!i || call.pages[i] != call.pages[i - 1] + page_size)
			call.ranges[call.nr_ranges++].first = call.pages[i];
		call.ranges[call.nr_ranges - 1].last = call.pages[i] + page_size - 1;
	}
	return 0;
}

/* What the call has to do: to the list, the shadow, the marks and the report. */
static int expect(struct report *r, int *stores, bool *made_valid, bool *either)
{
	unsigned int n;
	int i, ret;

	*r = (struct report){ 0 };
	*stores = 0;
	*made_valid = *either = false;
	ret = find_ranges();
	if (!ret && call.for_pages && call.nr_ranges > 1)
		ret = check_pages();
	else if (!ret)
		ret = check_ranges(either);
	/* With no mask, it was only asked whether there is something to split. */
	if (ret || !(call.set | call.clear))
		return ret;
	for (n = 0; n < call.nr_ranges; n++) {
		for (i = 0; i < nr_entries; i++) {
			struct entry *e = &list[i];
			unsigned long val, size, last;

			if (e->va < call.ranges[n].first || e->va > call.ranges[n].last || !e->val)
				continue;
			if (kind_of(e->level, e->val) == BAD)
				return -EFAULT;
			val = (e->val & ~call.clear) | call.set;
			if (val == e->val)
				continue;
			size = leaf_size(e->level, e->val);
			last = e->va + entry_size(e->level) - 1;
			if (!*stores) {
				r->leaf_size = size;
				r->stride = entry_size(e->level);
				r->start = e->va;
				r->end = last + 1;
			}
			if (entry_size(e->level) < r->stride)
				r->stride = entry_size(e->level);
			if (size < r->leaf_size)
				r->leaf_size = size;
			if (e->va < r->start)
				r->start = e->va;
			if (last > r->end - 1)
				r->end = last + 1;
			r->valid |= tlb_may_hold(e->val);
			*made_valid |= tlb_may_hold(val);
			(*stores)++;
			*mark_of(e->p) = TO_STORE;
			*shadow_of(e->p) = val;
			e->val = val;
		}
	}
	return 0;
}

/* memcmp() is slow here: the sanitizer looks at all of it first. */
static __attribute__((no_sanitize("address"), no_sanitize("undefined"))) bool
same(const unsigned long *a, const unsigned long *b, unsigned int n)
{
	unsigned long differ = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

static void check_memory(bool all)
{
	int i;

	for (i = 0; i < nr_tables; i++) {
		struct table *t = &tables[i];
		unsigned int lo = all ? 0 : t->lo, hi = all ? page_size / sizeof(long) : t->hi;
		unsigned int j;

		if (lo >= hi || same(entry_at(i, lo), shadow_of(entry_at(i, lo)), hi - lo))
			continue;
		for (j = lo; *entry_at(i, j) == *shadow_of(entry_at(i, j)); j++)
			;
		harness_fail("the entry for %lx is %lx, not %lx",
			     t->va + j * entry_size(t->level), *entry_at(i, j),
			     *shadow_of(entry_at(i, j)));
	}
}

static void check_barriers(int stores, bool made_valid)
{
	int wanted = stores && made_valid;

	if (call.begins != call.ends)
		harness_fail("pageattr_lazy_begin() was called %d times, pageattr_lazy_end() %d times",
			     call.begins, call.ends);
	if (call.lazy_begins != call.lazy_ends || call.lazy_begins > 1)
		harness_fail("the lazy MMU mode was entered %d times and left %d times",
			     call.lazy_begins, call.lazy_ends);
	if (call.syncs != (stores > 0))
		harness_fail("pageattr_sync() was called %d times", call.syncs);
	if (stores && call.made_valid != made_valid)
		harness_fail("pageattr_sync(%d) was called", call.made_valid);
	if (w->arch == ARM64 && (call.barrier_calls != wanted || call.barriers != wanted))
		harness_fail("%d barriers were issued, not %d", call.barriers, wanted);
	if (w->arch == ARM64 && wanted && call.barriers_at != stores)
		harness_fail("a store came after the barrier");
	if (w->arch == RISCV && sizeof(long) == 8 && call.marks != wanted)
		harness_fail("CPUs were told of new valid entries %d times, not %d",
			     call.marks, wanted);
}

/* Pages of the tree, here and there: mostly some that follow each other. */
static void choose_pages(struct source *s)
{
	unsigned int nr = choose(s, 4) ? choose(s, 12) : choose(s, MAX_PAGES + 1);
	unsigned int turns = choose(s, 3) ? 16 : 256;
	unsigned long addr = base;

	call.nr_pages = nr;
	for (nr = 0; nr < call.nr_pages; nr++) {
		unsigned int how = choose(s, turns);

		if (nr_entries && (!nr || (how >= 13 && how < 16))) {
			const struct entry *e = &list[choose(s, nr_entries)];

			addr = how & 1 ? start_of(e) : e->va;
			if (how == 15)
				addr += choose(s, 16) * page_size;
		} else {
			addr += how == 12 ? -page_size : page_size;
		}
		if (addr < base)
			addr = base;
		call.pages[nr] = addr;
	}
}

static void show_tree(void)
{
	int i;

	fprintf(stderr, "%s: %d tables\n", w->name, nr_tables);
	for (i = 0; i < nr_entries; i++)
		fprintf(stderr, "    %0*lx level %d %s%s %lx\n", (int)sizeof(long) * 2,
			list[i].va, list[i].level,
			kind_of(list[i].level, list[i].val) == BAD ? "corrupt" : "leaf",
			in_set(list[i].level, list[i].val) ? " of a set" : "", list[i].val);
}

static void make_call(struct source *s)
{
	struct report want, got = { 4, 5, 6, 7, true };
	bool made_valid, either;
	int ret, wanted, stores, i;

	memset(&call, 0, sizeof(call));
	choose_masks(s);
	call.for_pages = rarely(s, 4);
	if (call.for_pages)
		choose_pages(s);
	else
		choose_range(s);
	call.report = !rarely(s, 16);
	call.irq = rarely(s, 8);
	call.init_mm = rarely(s, 3);
	wanted = expect(&want, &stores, &made_valid, &either);
	if (verbose) {
		fprintf(stderr, "should be %d, %d stores: ", wanted, stores);
		show_call();
	}

	call.running = true;
	if (call.for_pages)
		ret = (call.init_mm ? w->change_pages_init : w->change_pages)(entry_at(0, 0), base,
				call.pages, call.nr_pages, call.set, call.clear,
				call.report ? &got : NULL);
	else
		ret = (call.init_mm ? w->change_init : w->change)(entry_at(0, 0), call.addr,
				call.size, call.set, call.clear, call.report ? &got : NULL);
	check_last();
	call.running = false;

	if (ret != wanted && !(either && ret == -EINVAL))
		harness_fail("%d was returned, not %d", ret, wanted);
	if ((ret == -EINVAL || !(call.set | call.clear)) && call.begins)
		harness_fail("pageattr_lazy_begin() was called in a call that changes nothing");
	if (call.stores != stores)
		harness_fail("%d entries were stored, not %d", call.stores, stores);
	check_memory(paranoid);
	check_barriers(stores, made_valid);
	if (call.report && (got.start != want.start || got.end != want.end ||
			    got.leaf_size != want.leaf_size || got.stride != want.stride ||
			    got.valid != want.valid))
		harness_fail("the report is [%lx, %lx) %lx/%lx %d, not [%lx, %lx) %lx/%lx %d",
			     got.start, got.end, got.leaf_size, got.stride, got.valid,
			     want.start, want.end, want.leaf_size, want.stride, want.valid);
	if (stores)
		for (i = 0; i < nr_entries; i++)
			*mark_of(list[i].p) = UNTOUCHABLE;
}

int model_run(const struct walker *walker, struct source *s)
{
	static unsigned int trees;
	int calls, i;

	set_walker(walker);
	build(s);
	if (verbose)
		show_tree();
	calls = 1 + choose(s, MAX_CALLS);
	for (i = 0; i < calls; i++)
		make_call(s);
	/*
	 * Stores where none should be are noticed as they are made. All of the
	 * tables is compared as well; large ones not each time, as it takes time.
	 */
	if (paranoid || !(trees++ & ((page_size >> 12) - 1)))
		check_memory(true);
	for (i = 0; i < nr_tables; i++) {
		struct table *t = &tables[i];

		if (t->lo >= t->hi)
			continue;
		memset(entry_at(i, t->lo), 0, (t->hi - t->lo) * sizeof(long));
		memset(shadow_of(entry_at(i, t->lo)), 0, (t->hi - t->lo) * sizeof(long));
	}
	return calls;
}

void model_init(void)
{
	arena_size = 2 * MAX_TABLES * MAX_PAGE_SIZE;
	arena = aligned_alloc(MAX_PAGE_SIZE, arena_size);
	shadow = calloc(1, arena_size);
	mark = calloc(1, arena_size / sizeof(long));
	if (!arena || !shadow || !mark)
		abort();
	memset(arena, 0, arena_size);
}
