#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# One sequence of permission changes on the stock and on the series kernel: the
# calls return the same, and the page tables that they leave are the same, by
# the kernel's own dump.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
bad=0

# compare CONFIG MACHINE
compare() {
	for tree in base linux; do
		sh "$top/lab/boot.sh" $tree "$1" "$2-count" sequence
		awk -f "$top/lab/dump.awk" "$log/boot-$tree-$1-$2-count-sequence.log" \
			>"$work/dump-$tree-$1-$2.txt"
	done
	diff -u "$work/dump-base-$1-$2.txt" "$work/dump-linux-$1-$2.txt" || bad=1
	echo "$1 $2: $(wc -l <"$work/dump-base-$1-$2.txt") lines compared"
}

for machine in ptes blocks rodata-noalias rodata-off; do
	compare arm64-plain $machine
done
for machine in sv39 sv48 sv57; do
	compare riscv-plain $machine
done
[ $bad -eq 0 ] || die "stock and series kernel leave different page tables"
