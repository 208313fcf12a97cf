#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The walker makes no indirect call or jump: none in any mm/pageattr.o that has
# been built from the series, whatever the architecture.

. "$(dirname "$0")/../lib.sh"
[ -f "$linux/mm/pageattr.c" ] || {
	note 'the series has no mm/pageattr.c'
	exit 0
}
found=0
for object in "$linux"/build-*/mm/pageattr.o "$work"/commits/build-*/mm/pageattr.o; do
	[ -f "$object" ] || continue
	case $(LC_ALL=C readelf -h "$object" | sed -n 's/^ *Machine: *//p') in
	AArch64)
		cross=aarch64-linux-gnu-
		# blr, br and their authenticated forms; ret is a return
		indirect='^(blr|br)(a[ab]z?)?$'
		;;
	RISC-V)
		cross=riscv64-linux-gnu-
		# jr and jalr of a register; ret, and auipc's jalr for a relocation, are not
		indirect='^(c\.)?(jr|jalr)$'
		;;
	*) die "$(short "$object") is for a machine this test does not know" ;;
	esac
	found=$((found + 1))
	"${cross}objdump" -dr --no-show-raw-insn "$object" >"$work/objdump.txt"
	grep -q '<pageattr_' "$work/objdump.txt" || die "$(short "$object") has no function pageattr_*"
	# An instruction is judged when the line after it is known not to be the
	# relocation that makes it a direct call.
	awk -v re="$indirect" -v object="$(short "$object")" '
		/^[0-9a-f]+ <.*>:$/ { name = $2 }
		held && !/R_RISCV_(CALL|RELAX)/ { print object ": " name " " held; n++ }
		{ held = "" }
		/R_RISCV_CALL/ { called = 1; next }
		/R_RISCV_RELAX/ { next }
		$1 ~ /^[0-9a-f]+:$/ {
			if ($2 ~ re && !called)
				held = $0
			called = 0
		}
		END { if (held) { print object ": " name " " held; n++ } exit n > 0 }' "$work/objdump.txt" ||
		die "$(short "$object") has an indirect call or jump"
	note "$(short "$object"): no indirect call or jump in $(grep -c '>:$' "$work/objdump.txt") functions"
done
[ "$found" -gt 0 ] || die 'no mm/pageattr.o has been built'
