#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - the same permission changes on the stock and on the series kernel,
# in guest instructions (QEMU, -icount shift=0)
#
# in:  out/linux, out/base (make tree)
# out: a table on the screen; out/bench.tsv, the same with a header; out/bench.svg
#      and out/bench.png: instructions a page against pages
#
# Each kernel runs three times: the instructions must agree within 1 %. What else
# counts, lab/plugin.c sees in the same runs.

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/tree.sh"

# counts TREE CONFIG MACHINE: case, pages, instructions, operations of TLB
# maintenance, those for all addresses, barriers, stores; in $work/counts-TREE
counts() {
	console=$log/boot-$1-$2-$3-count-count.log
	for run in 1 2 3; do
		stage "count-$1-$2-$3-$run" \
			env QEMU_MORE="-plugin file=$work/plugin.so,out=$console.plugin" \
			sh "$top/lab/boot.sh" "$1" "$2" "$3-count" count
		sed -n 's/^\(\[[ 0-9.]*\] \)\{0,1\}lab-count //p' "$console" |
			paste -d' ' - "$console.plugin" >"$work/counts-$run"
	done
	paste -d' ' "$work/counts-1" "$work/counts-2" "$work/counts-3" | awk '
		function max(a, b) { return a > b ? a : b }
		function min(a, b) { return a < b ? a : b }
		NF != 21 || $1 $2 != $8 $9 || $1 $2 != $15 $16 { exit 1 }
		max($3, max($10, $17)) > 1.01 * min($3, min($10, $17)) { print; exit 1 }
		{
			# A tick of the clock may have come between.
			for (i = 4; i <= 7; i++)
				$i = min($i, min($(i + 7), $(i + 14)))
			print $1, $2, $3, $4, $5, $6, $7
		}' >"$work/counts-$1" ||
		die "three runs of $1, $2 on $3 do not agree: $(tail -n 1 "$work/counts-$1")"
}

# bench CONFIG MACHINE
bench() {
	counts base "$1" "$2"
	counts linux "$1" "$2"
	paste -d' ' "$work/counts-base" "$work/counts-linux" |
		awk -v machine="${1%%-*}, $2" '
			NF != 14 || $1 != $8 || $2 != $9 { exit 1 }
			{
				printf "%s\t%s\t%d\t%d\t%d\t%.2f", machine, $1, $2, $3, $10, $10 / $3
				for (i = 4; i <= 7; i++)
					printf "\t%d\t%d", $i, $(i + 7)
				print ""
			}
			END { exit NR == 0 }' >>"$work/bench.tmp" ||
		die "the two kernels did not count the same cases: see $(short "$log")"
}

# plot TERMINAL FILE: of $work/bench.dat, where each machine and case is a block
# of its own, as gnuplot's index wants it.
plot() {
	gnuplot <<-END
		set terminal $1 noenhanced
		set key below maxcols 2
		set output '$2'
		set logscale xy
		set xlabel 'pages'
		set ylabel 'guest instructions a page'
		set multiplot layout 1,3
		do for [machine in '"arm64, ptes" "arm64, blocks" "riscv, sv48"'] {
			set title machine
			plot for [name in 'direct-map-invalidate set_memory_ro-contiguous vfree-reset-perms'] \
				for [column = 2:3] '$work/bench.dat' index machine.': '.name \
				using 1:(column(column) / \$1) with linespoints \
				title name.(column == 2 ? ', stock' : ', series')
		}
	END
}

cc -O2 -Wall -shared -fPIC -o "$work/plugin.so" "$top/lab/plugin.c"
for config in arm64-plain riscv-plain; do
	for tree in base linux; do
		stage build-$tree-$config sh "$top/lab/build.sh" $tree $config
	done
done
for column in machine case pages stock series ratio tlb-stock tlb-series \
	tlb-all-stock tlb-all-series barriers-stock barriers-series \
	entries-stock entries-series; do
	printf '%s\t' "$column"
done | sed 's/.$//' >"$work/bench.tmp"
echo >>"$work/bench.tmp"
bench arm64-plain ptes
bench arm64-plain blocks
bench riscv-plain sv48
mv "$work/bench.tmp" "$work/bench.tsv"
awk -F'\t' '
	NR > 1 { rows[$1 ": " $2] = rows[$1 ": " $2] $3 " " $4 " " $5 "\n" }
	END { for (name in rows) printf "# %s\n%s\n\n", name, rows[name] }
	' "$work/bench.tsv" >"$work/bench.dat"
plot 'svg size 1800,700 dynamic' "$work/bench.svg"
plot 'png size 1800,700' "$work/bench.png"

echo 'Guest instructions for a call; a ratio above 1 means that the series is slower.'
echo 'Then, stock and series: TLB operations (those for all addresses), barriers, and'
echo 'page-table entries stored.'
awk -F'\t' '
	NR == 1 { $7 = "TLB"; $11 = "barriers"; $13 = "entries" }
	NR > 1 {
		$7 = $7 " (" $9 ") " $8 " (" $10 ")"
		$11 = $11 " " $12
		$13 = $13 " " $14
	}
	{ printf "%6s  %-14s %-34s %6s %9s %9s  %22s %12s %12s\n", $6, $1, $2, $3, $4, $5, $7, $11, $13 }
	' "$work/bench.tsv"
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
