#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the series mends on riscv: each reproducer, in lab/guest/bugs.c or here,
# is wrong on the stock kernel, or does not survive, and right on the series. What
# mending must not break is right on both.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
bad=0

# outcome TREE MACHINE BUG: what became of it, in one line.
outcome() {
	console=$log/boot-$1-riscv-plain-$2-$3.log
	if sh "$top/lab/boot.sh" "$1" riscv-plain "$2" "$3" >/dev/null 2>&1 &&
			grep -q "lab| $3: right" "$console"; then
		echo right
	else
		grep -oE -m 1 "lab\\| $3: wrong|Unable to handle .*|WARNING: .*|Oops.*" "$console" ||
			echo "no outcome, see $(short "$console")"
	fi
}

# bug MACHINE NAME STOCK: red and green. NAME is what init does, STOCK what becomes of
# it in the stock kernel.
bug() {
	stock=$(outcome base "$1" "$2")
	series=$(outcome linux "$1" "$2")
	printf '%-18s stock: %-60s series: %s\n' "${2#bug-}" "$stock" "$series"
	case $stock in *"$3"*) ;; *) bad=1 ;; esac
	[ "$series" = right ] || bad=1
}

bug sv57 bug-vmalloc-block wrong
bug sv57 bug-image-block wrong
bug sv57 bug-image-end wrong
bug sv57 bug-beyond-area 'kernel paging request'
bug sv57 bug-vmap 'access to user memory'
bug sv48 bug-pud-leaf-back wrong
bug sv48 bug-pud-leaf-part 'kernel paging request'
bug sv57 bug-page-present wrong
bug sv57 bug-never-waits wrong
bug sv57 bug-noflush wrong
bug sv48 bug-no-memory wrong
bug sv57 bug-split-flush right

# DEBUG_PAGEALLOC where harts are interrupted to flush: booting is enough.
waits() {
	if sh "$top/lab/boot.sh" "$1" riscv-plain atomic sequence >/dev/null 2>&1; then
		echo right
	else
		grep -oE -m 1 'WARNING: .* at smp_call_function[a-z_]*' \
			"$log/boot-$1-riscv-plain-atomic-sequence.log" || echo 'no outcome'
	fi
}

stock=$(waits base)
series=$(waits linux)
printf '%-18s stock: %-60s series: %s\n' pagealloc-waits "$stock" "$series"
case $stock in WARNING*) ;; *) bad=1 ;; esac
[ "$series" = right ] || bad=1

# A leaf is seen in an invalid PUD: yet none that a user may not read is pinned.
stock=$(outcome base sv48 protnone)
series=$(outcome linux sv48 protnone)
printf '%-18s stock: %-60s series: %s\n' protnone "$stock" "$series"
[ "$stock $series" = 'right right' ] || bad=1

# 512 GiB of the linear map: no P4D leaf, which would be taken for a table.
p4d() {
	machine riscv-plain sv57
	# shellcheck disable=SC2086
	timeout -k 10 60 python3 "$top/lab/check/riscv-p4d.py" "$work/$1/build-riscv-plain" \
		$qemu >"$log/p4d-$1.log" 2>&1 </dev/null || :
	tail -n 1 "$log/p4d-$1.log" | grep -E '^(right|wrong)' ||
		echo "no outcome, see $(short "$log/p4d-$1.log")"
}

stock=$(p4d base)
series=$(p4d linux)
printf '%-18s stock: %-60s series: %s\n' p4d-leaf "$stock" "$series"
case $stock in wrong*) ;; *) bad=1 ;; esac
[ "$series" = right ] || bad=1
[ $bad -eq 0 ] || die 'an outcome above is not what it has to be'
