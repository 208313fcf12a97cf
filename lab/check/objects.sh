#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Nothing changes for who does not select GENERIC_PAGEATTR: what the compiler makes
# of mm/ is the same, with and without the series, for x86-64, powerpc64 and s390
# with their default configurations. Of the files that the series changes, the code has
# the same size: line numbers move there, and registers and the order of functions may.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/setup.sh" build full
export KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=lab
git -C "$linux" diff --name-only base pageattr -- mm | sed -n 's/\.c$/.o/p' | sort >"$work/objects.changed"

# objects ARCH CROSS_COMPILE CONFIG
objects() {
	for tree in base linux; do
		build=$work/$tree/build-mm-$1
		mkdir -p "$build"
		rm -rf "$build/mm"
		for goal in "$3" mm/; do
			make -s -C "$work/$tree" O="$build" ARCH="$1" CROSS_COMPILE="$2" \
				CC="ccache ${2}gcc" LOCALVERSION= -j"$(nproc)" "$goal"
		done
		# What debuggers are told has the path of the tree in it.
		(cd "$build" && find mm -name '*.o' ! -name 'built-in*' -exec "${2}strip" -g {} + \
			-exec sha256sum {} + | sort -k2) >"$work/objects-$tree"
	done
	[ "$(wc -l <"$work/objects-base")" -gt 50 ] || die "$1: next to nothing was built of mm/"
	diff "$work/objects-base" "$work/objects-linux" | sed -n 's/^[<>] [0-9a-f]*  //p' |
		sort -u >"$work/objects.differ"
	! grep -vxFf "$work/objects.changed" "$work/objects.differ" ||
		die "$1: these objects differ though the series does not change their source"
	while read -r object; do
		for tree in base linux; do
			"${2}objdump" -h "$work/$tree/build-mm-$1/$object" |
				awk '$2 == ".text" { print $3; found = 1 } END { exit !found }' >"$work/text-$tree"
		done
		cmp -s "$work/text-base" "$work/text-linux" || die "$1: the code of $object has another size"
	done <"$work/objects.differ"
	echo "$1: $(wc -l <"$work/objects-base") objects of mm/, the same but for:" \
		"$(paste -sd' ' "$work/objects.differ")"
}

objects x86_64 '' x86_64_defconfig
objects powerpc powerpc64le-linux-gnu- ppc64le_defconfig
objects s390 s390x-linux-gnu- defconfig
