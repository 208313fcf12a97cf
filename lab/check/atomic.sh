#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# DEBUG_PAGEALLOC and KFENCE change permissions for each page freed and each
# object sampled, in whatever context that happens: no lock, no sleep, no splat,
# under PROVE_LOCKING, DEBUG_ATOMIC_SLEEP and KASAN. DEBUG_PAGEALLOC has the linear
# map made of pages; the second boot has KFENCE alone, and blocks.

. "$(dirname "$0")/../lib.sh"
for arch in arm64 riscv; do
	for machine in atomic kfence; do
		console=$log/boot-linux-$arch-debug-$machine-sequence.log
		sh "$top/lab/boot.sh" linux $arch-debug $machine sequence
		grep -q 'kfence.sample_interval=1 ' "$console" ||
			die "the kernel was booted without kfence.sample_interval=1"
		case $machine in
		atomic)
			grep -q 'debug_pagealloc=on' "$console" ||
				die "the kernel was booted without debug_pagealloc=on"
			;;
		kfence)
			sed -n '/^---\[ Linear [Mm]apping/,/^---\[/p' "$console" | grep -q ' P[MU]D ' ||
				die "there are no blocks in the linear map"
			;;
		esac
	done
done
