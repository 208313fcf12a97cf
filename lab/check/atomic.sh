#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# DEBUG_PAGEALLOC and KFENCE change permissions for each page freed and each
# object sampled, in whatever context that happens: no lock, no sleep, no splat,
# under PROVE_LOCKING, DEBUG_ATOMIC_SLEEP and KASAN. On riscv, where such a
# kernel takes too long to boot, riscv-bugs does it without these three.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/boot.sh" linux arm64-debug atomic sequence
grep -q 'debug_pagealloc=on' "$log/boot-linux-arm64-debug-atomic-sequence.log" ||
	die "the kernel was booted without debug_pagealloc=on"
