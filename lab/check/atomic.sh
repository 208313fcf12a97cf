#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# DEBUG_PAGEALLOC and KFENCE change permissions for each page freed and each
# object sampled, in whatever context that happens: no lock, no sleep, no splat,
# under PROVE_LOCKING, DEBUG_ATOMIC_SLEEP and KASAN.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
for arch in arm64 riscv; do
	sh "$top/lab/boot.sh" linux $arch-debug atomic sequence
	grep -q 'debug_pagealloc=on' "$log/boot-linux-$arch-debug-atomic-sequence.log" ||
		die "the kernel was booted without debug_pagealloc=on"
done
