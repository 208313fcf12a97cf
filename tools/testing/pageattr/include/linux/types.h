/* SPDX-License-Identifier: GPL-2.0-only */
/* What mm/pageattr.c and the hooks need of the kernel's basic headers. */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef u64 phys_addr_t;

#define BITS_PER_LONG		(8 * (int)sizeof(long))
#define BIT(n)			(1UL << (n))
#define GENMASK(h, l)		((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)	((~0ULL << (l)) & (~0ULL >> (63 - (h))))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define SZ_64K			0x10000UL

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#undef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#define __maybe_unused		__attribute__((unused))
#define __uninitialized
#define noinline		__attribute__((noinline))
#define barrier()		asm volatile("" : : : "memory")

/*
 * The call makes the sanitizer forget what it has checked: else it leaves out the
 * check of a store after that of a load, and the harness would not see the store.
 */
#define READ_ONCE(x)							\
({									\
	typeof(x) once_ = *(const volatile typeof(x) *)&(x);		\
									\
	harness_forget();						\
	once_;								\
})
#define WRITE_ONCE(x, v)						\
do {									\
	harness_forget();						\
	*(volatile typeof(x) *)&(x) = (v);				\
	harness_forget();						\
} while (0)

#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))

#define BUILD_BUG_ON(x)		_Static_assert(!(x), #x)
#define WARN_ON_ONCE(x)		({ bool w_ = !!(x); if (w_) harness_fail("a warning: %s", #x); w_; })
#define VM_WARN_ON_ONCE(x)	WARN_ON_ONCE(x)

/* An option is 1 or not defined. The macro works in C and in the preprocessor. */
#define COMMA_IF_1		0,
#define SECOND_OF(a, b, ...)	b
#define IS_SET(comma)		SECOND_OF(comma 1, 0, 0)
#define PASTE_OPTION(x)		IS_SET(COMMA_IF_##x)
#define IS_ENABLED(option)	PASTE_OPTION(option)

#define CONFIG_GENERIC_PAGEATTR	1
#define CONFIG_KUNIT		1

#endif
