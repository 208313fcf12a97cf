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
stage build-arm64-debug sh "$top/lab/build.sh" linux arm64-debug
bad=0 logs=
for machine in ptes blocks; do
	name=boot-linux-arm64-debug-$machine-demo
	logs="$logs  $(short "$log/$name.log")
"
	echo
	echo "=== arm64, linear map of $machine"
	stage "demo-arm64-$machine" sh "$top/lab/boot.sh" linux arm64-debug "$machine" demo ||
		bad=$((bad + 1))
	sed -n 's/^\(\[[ 0-9.]*\] \)\{0,1\}lab| //p' "$log/$name.log"
done

echo
echo "Linux $(kernel_version "$base") with $(series_of "$top" | wc -l) patches"
for machine in ptes blocks; do
	echo "  arm64, linear map of $machine: $(sed -n 's/.*lab| \([0-9]* steps, .*\)/\1/p' \
		"$log/boot-linux-arm64-debug-$machine-demo.log")"
done
printf 'Logs:\n%s' "$logs"
echo "The patched tree is $(short "$linux"); make series writes the mails to $(short "$work")/series."
[ "$bad" -eq 0 ] || die "$bad of 2 boots failed"
