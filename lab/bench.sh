#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - the same permission changes on the stock and on the series kernel,
# in guest instructions (QEMU, -icount shift=0)
#
# in:  out/linux, out/base (make tree)
# out: a table on the screen, and out/bench.tsv: machine, case, pages, stock,
#      series, ratio

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/tree.sh"
for tree in base linux; do
	stage build-$tree-arm64-plain sh "$top/lab/build.sh" $tree arm64-plain
done

# counts TREE MACHINE: case, pages, instructions
counts() {
	sed -n 's/^\(\[[ 0-9.]*\] \)\{0,1\}lab-count //p' \
		"$log/boot-$1-arm64-plain-$2-count-count.log"
}

printf 'machine\tcase\tpages\tstock\tseries\tratio\n' >"$work/bench.tmp"
for machine in ptes blocks; do
	for tree in base linux; do
		stage count-$tree-$machine sh "$top/lab/boot.sh" $tree arm64-plain $machine-count count
		counts $tree $machine >"$work/counts-$tree"
	done
	paste -d' ' "$work/counts-base" "$work/counts-linux" |
		awk -v machine="arm64, $machine" '
			NF != 6 || $1 != $4 || $2 != $5 { exit 1 }
			{ printf "%s\t%s\t%d\t%d\t%d\t%.2f\n", machine, $1, $2, $3, $6, $6 / $3 }
			END { exit NR == 0 }' >>"$work/bench.tmp" ||
		die "the two kernels did not count the same cases: see $(short "$log")"
done
mv "$work/bench.tmp" "$work/bench.tsv"

echo 'Guest instructions for a call; a ratio above 1 means that the series is slower.'
awk -F'\t' '{ printf "%-14s %-22s %6s %9s %9s %6s\n", $1, $2, $3, $4, $5, $6 }' "$work/bench.tsv"
