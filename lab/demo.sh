#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# demo.sh - the main job: boot the series kernel on each machine, and show what
# the helper does to its page tables
#
# in:  out/linux (make tree)
# out: the demonstration and a summary on the screen

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/tree.sh"
for config in arm64-debug riscv-debug; do
	stage build-$config sh "$top/lab/build.sh" linux $config
done
bad=0 number=0 logs= summary=

# show CONFIG MACHINE: what the guest says, and a line for the end.
show() {
	name=boot-linux-$1-$2-demo
	number=$((number + 1))
	logs="$logs  $(short "$log/$name.log")
"
	echo
	echo "=== ${1%-*}, $2"
	stage "demo-${1%-*}-$2" sh "$top/lab/boot.sh" linux "$1" "$2" demo || bad=$((bad + 1))
	sed -n 's/^\(\[[ 0-9.]*\] \)\{0,1\}lab| //p' "$log/$name.log"
	summary="$summary  $(printf '%-7s%-8s%s' "${1%-*}" "$2" \
		"$(sed -n 's/.*lab| \([0-9]* steps, .*\)/\1/p' "$log/$name.log")")
"
}

show arm64-debug ptes
show arm64-debug blocks
show riscv-debug sv39
show riscv-debug sv48
show riscv-debug sv57

echo
echo "Linux $(kernel_version "$base") with $(series_of "$top" | wc -l) patches"
printf '%sLogs:\n%s' "$summary" "$logs"
echo "The patched tree is $(short "$linux"); make series writes the mails to $(short "$work")/series."
[ "$bad" -eq 0 ] || die "$bad of $number boots failed"
