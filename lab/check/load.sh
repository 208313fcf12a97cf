#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# DEBUG_PAGEALLOC and KFENCE under a load of packets and disk blocks, with four CPUs,
# PROVE_LOCKING and DEBUG_ATOMIC_SLEEP: no splat, and permissions did change in softirq.
# DEBUG_PAGEALLOC has the linear map made of pages; the second boot has KFENCE alone,
# and blocks.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/setup.sh" build boot full
for arch in arm64 riscv; do
	sh "$top/lab/build.sh" linux $arch-suites-lockdep
	for machine in atomic kfence; do
		console=$log/boot-linux-$arch-suites-lockdep-$machine-load.log
		sh "$top/lab/boot.sh" linux $arch-suites-lockdep $machine load
		sed -n "s/.*lab| load/$arch, $machine/p" "$console"
		grep -q 'lab| load: .* [1-9][0-9]* of them in softirq' "$console" ||
			die "no permission changed in softirq: see $(short "$console")"
	done
done
