#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The walker makes no indirect call or jump: none in any mm/pageattr.o that has
# been built from the series, whatever the architecture.

. "$(dirname "$0")/../lib.sh"
# machine OBJECT: sets the tools and the instructions of its architecture.
machine() {
	case $(LC_ALL=C readelf -h "$1" | sed -n 's/^ *Machine: *//p') in
	AArch64)
		# blr, br and their authenticated forms; ret is a return
		cross=aarch64-linux-gnu-
		indirect='^(blr|br)(a[ab]z?)?$'
		;;
	RISC-V)
		# jr and jalr; ret is a return, and a call is an auipc with a
		# relocation and the jalr which belongs to it
		cross=riscv64-linux-gnu-
		indirect='^(jr|jalr)$'
		;;
	*) die "$(short "$1") is for a machine this test does not know" ;;
	esac
}

# direct OBJECT: fail, and print them, if there are indirect calls or jumps.
direct() {
	"${cross}objdump" -dr --no-show-raw-insn "$1" >"$work/objdump.txt"
	grep -q '<pageattr_.*>:$' "$work/objdump.txt" || die "$(short "$1") has no function pageattr_*"
	awk -v re="$indirect" '
		/^[0-9a-f]+ <.*>:$/ { name = $2 }
		/R_RISCV_CALL/ { called = 1 }
		$1 ~ /^[0-9a-f]+:$/ && $2 !~ /^R_/ {
			if ($2 ~ re && !called) { print name " " $0; n++ }
			if ($2 != "auipc") called = 0
		}
		END { exit n > 0 }' "$work/objdump.txt"
}

found=0
for object in "$linux"/build-*/mm/pageattr.o "$work"/commits/build-*/mm/pageattr.o; do
	[ -f "$object" ] || continue
	found=$((found + 1))
	machine "$object"
	# First a look at whether this would find one.
	echo 'void pageattr_probe(void (*f)(void)) { f(); f(); }' |
		"${cross}gcc" -O2 -c -x c -o "$work/probe.o" -
	[ "$(direct "$work/probe.o" | wc -l)" -eq 2 ] || die "this test does not see an indirect call on this architecture"
	direct "$object" || die "$(short "$object") has an indirect call or jump, see above"
	note "$(short "$object"): no indirect call or jump in $(grep -c '>:$' "$work/objdump.txt") functions"
done
[ "$found" -gt 0 ] || die 'no mm/pageattr.o has been built'
