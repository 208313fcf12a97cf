#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# One sequence of permission changes on the stock and on the series kernel: the
# calls return the same, and the page tables that they leave are the same, by
# the kernel's own dump.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
bad=0
for machine in ptes blocks; do
	for tree in base linux; do
		sh "$top/lab/boot.sh" $tree arm64-plain $machine-count sequence
		awk -f "$top/lab/dump.awk" "$log/boot-$tree-arm64-plain-$machine-count-sequence.log" \
			>"$work/dump-$tree-$machine.txt"
	done
	diff -u "$work/dump-base-$machine.txt" "$work/dump-linux-$machine.txt" || bad=1
	echo "linear map of $machine: $(wc -l <"$work/dump-base-$machine.txt") lines compared"
done
[ $bad -eq 0 ] || die "stock and series kernel leave different page tables"
