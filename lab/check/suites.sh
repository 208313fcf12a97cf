#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own suites (lab/guest/suites.c, and what runs at boot) on the stock
# and on the series kernel, from one configuration: they say the same, line by line.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/setup.sh" build boot full
bad=0

# mended FILE: what only the stock kernel says. To riscv's kernel_page_present() each
# page is present, so that swsusp_save() reads pages which KFENCE has made invalid.
mended() {
	stock=$(grep -c 'BUG: KFENCE: .* in swsusp_save' "$1") ||
		die "a snapshot of the stock kernel read no page of KFENCE's: see $(short "$1")"
	sed -i '/BUG: KFENCE: .* in swsusp_save/d' "$1"
	echo "stock: $stock accesses to invalid pages in swsusp_save(), which the series must not have"
}

# compare CONFIG MACHINE
compare() {
	for tree in base linux; do
		sh "$top/lab/build.sh" $tree "$1"
		sh "$top/lab/boot.sh" $tree "$1" "$2" suites
		# An oops may cut a record short, which is then printed once more in full.
		sed '$!N; /\n\*\* replaying previous printk/!P; D' "$log/boot-$tree-$1-$2-suites.log" |
			awk -f "$top/lab/suites.awk" >"$work/suites-$tree-$1-$2.txt"
		grep -q 'lab-suite all done' "$work/suites-$tree-$1-$2.txt" ||
			die "the suites did not come to their end: see $(short "$log/boot-$tree-$1-$2-suites.log")"
		[ "$(grep -c '^ *ok ' "$work/suites-$tree-$1-$2.txt")" -gt 1000 ] ||
			die "next to nothing of KUnit ran: see $(short "$log/boot-$tree-$1-$2-suites.log")"
		! grep -E '^ *not ok|FAILED!|[1-9][0-9]* FAILED| failed: [1-9]' "$work/suites-$tree-$1-$2.txt" ||
			die "what fails in both kernels says nothing: see $(short "$log/boot-$tree-$1-$2-suites.log")"
	done
	[ "$1" != riscv-suites ] || mended "$work/suites-base-$1-$2.txt"
	diff -u "$work/suites-base-$1-$2.txt" "$work/suites-linux-$1-$2.txt" || bad=1
	echo "$1, $2: $(wc -l <"$work/suites-base-$1-$2.txt") lines compared," \
		"$(grep -c '^ *ok ' "$work/suites-base-$1-$2.txt") lines of KUnit, of which" \
		"$(grep -c '^ *ok .*# SKIP' "$work/suites-base-$1-$2.txt") were skipped"
}

for machine in sv39 sv48 sv57; do
	compare riscv-suites $machine
done
for machine in ptes blocks atomic rodata-noalias rodata-off; do
	compare arm64-suites $machine
done
compare arm64-39bit-clang-suites ptes
compare arm64-52bit-suites-kcsan blocks
compare arm64-16k-suites-rt ptes
compare arm64-64k-suites-debug ptes
[ $bad -eq 0 ] || die "the suites do not say the same of the stock and the series kernel"
