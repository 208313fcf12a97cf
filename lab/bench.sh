#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - the same permission changes on the stock and on the series kernel,
# in guest instructions (QEMU, -icount shift=0)
#
# in:  out/linux, out/base (make tree)
# out: a table on the screen; out/bench.tsv: machine, case, pages, stock, series,
#      ratio; out/bench.svg and out/bench.png: instructions a page against pages
#
# Each kernel runs three times. What is counted must agree within 1 %.

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/tree.sh"

# counts TREE CONFIG MACHINE: case, pages, instructions, in $work/counts-TREE
counts() {
	for run in 1 2 3; do
		stage "count-$1-$2-$3-$run" sh "$top/lab/boot.sh" "$1" "$2" "$3-count" count
		sed -n 's/^\(\[[ 0-9.]*\] \)\{0,1\}lab-count //p' \
			"$log/boot-$1-$2-$3-count-count.log" >"$work/counts-$run"
	done
	paste -d' ' "$work/counts-1" "$work/counts-2" "$work/counts-3" | awk '
		function max(a, b) { return a > b ? a : b }
		function min(a, b) { return a < b ? a : b }
		NF != 9 || $1 $2 != $4 $5 || $1 $2 != $7 $8 { exit 1 }
		max($3, max($6, $9)) > 1.01 * min($3, min($6, $9)) { print; exit 1 }
		{ print $1, $2, $3 }' >"$work/counts-$1" ||
		die "three runs of $1, $2 on $3 do not agree: $(tail -n 1 "$work/counts-$1")"
}

# bench CONFIG MACHINE
bench() {
	counts base "$1" "$2"
	counts linux "$1" "$2"
	paste -d' ' "$work/counts-base" "$work/counts-linux" |
		awk -v machine="${1%%-*}, $2" '
			NF != 6 || $1 != $4 || $2 != $5 { exit 1 }
			{ printf "%s\t%s\t%d\t%d\t%d\t%.2f\n", machine, $1, $2, $3, $6, $6 / $3 }
			END { exit NR == 0 }' >>"$work/bench.tmp" ||
		die "the two kernels did not count the same cases: see $(short "$log")"
}

# plot TERMINAL FILE
plot() {
	gnuplot <<-END
		set terminal $1
		set output '$2'
		set logscale xy
		set xlabel 'pages'
		set ylabel 'guest instructions a page'
		set multiplot layout 1,3
		do for [machine in '"arm64, ptes" "arm64, blocks" "riscv, sv48"'] {
			set title machine
			plot for [name in 'direct-map-invalidate set_memory_ro-contiguous vfree-reset-perms'] \
				for [column = 4:5] '< grep "^'.machine.'	'.name.'	" $work/bench.tsv' \
				using 3:(column(column) / \$3) with linespoints \
				title name.(column == 4 ? ', stock' : ', series')
		}
	END
}

for config in arm64-plain riscv-plain; do
	for tree in base linux; do
		stage build-$tree-$config sh "$top/lab/build.sh" $tree $config
	done
done
printf 'machine\tcase\tpages\tstock\tseries\tratio\n' >"$work/bench.tmp"
bench arm64-plain ptes
bench arm64-plain blocks
bench riscv-plain sv48
mv "$work/bench.tmp" "$work/bench.tsv"
plot 'svg size 1800,600 dynamic' "$work/bench.svg"
plot 'png size 1800,600' "$work/bench.png"

echo 'Guest instructions for a call; a ratio above 1 means that the series is slower.'
awk -F'\t' '{ printf "%6s  %-14s %-34s %6s %9s %9s\n", $6, $1, $2, $3, $4, $5 }' "$work/bench.tsv"
echo
echo 'Bytes of text, stock and series:'
for config in arm64-plain riscv-plain; do
	arch_env "${config%%-*}"
	for object in "arch/$ARCH/mm/pageattr.o" mm/vmalloc.o mm/pageattr.o; do
		set --
		for tree in base linux; do
			file=$work/$tree/build-$config/$object
			[ ! -f "$file" ] || set -- "$@" "$("${CROSS_COMPILE}size" "$file" | awk 'NR == 2 { print $1 }')"
		done
		echo "$ARCH $object: $*"
	done
done
