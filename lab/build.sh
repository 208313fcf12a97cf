#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# build.sh TREE CONFIG - a kernel and the guest that goes with it
#
# in:  TREE is `base` or `linux`; CONFIG is ARCH-FLAVOUR[-FLAVOUR...], made of the
#      fragments lab/configs/{common,ARCH}.config and, for each flavour,
#      {FLAVOUR,ARCH-FLAVOUR}.config, of which one may be missing, on top of
#      tinyconfig. The flavour clang has none: it is built with clang.
# out: out/TREE/build-CONFIG: the kernel, and guest/initramfs.cpio with init
#      and the modules of lab/guest
#
# The build directories are children of the trees: so the compiler sees the same
# relative paths in both, and ccache finds in one what it knows from the other.

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
tree=$1 config=$2
arch=${config%%-*}
src=$work/$tree
build=$src/build-$config
arch_env "$arch"

compiler=${CROSS_COMPILE}gcc
flavours=$(echo "${config#*-}" | tr - ' ')
case " $flavours " in
*' clang '*) compiler=clang-19 ;;
esac

kmake() {
	make -s -C "$src" O="$build" CC="ccache $compiler" "$@"
}

# missing: the options of the fragments that the kernel has not; what a later
# fragment says of one counts, and a stock kernel has no suite of ours.
missing() {
	awk -F'[ =]' -v stock="$([ "$tree" != base ] || echo PAGEATTR)" '
		/^CONFIG_/ && (!stock || $0 !~ stock) { last[$1] = $0 }
		/^# CONFIG_/ { delete last[$2] }
		END { for (option in last) print last[option] }' "$build/fragments.new" |
		grep -vxFf "$build/.config" | tr '\n' ' '
}

configure() {
	fragments=
	for flavour in $flavours; do
		before=$fragments
		for f in "$flavour" "$arch-$flavour"; do
			[ ! -f "$top/lab/configs/$f.config" ] || fragments="$fragments $top/lab/configs/$f.config"
		done
		[ "$flavour" = clang ] || [ "$fragments" != "$before" ] ||
			die "there is no lab/configs/$flavour.config"
	done
	# shellcheck disable=SC2086
	cat "$top/lab/configs/common.config" "$top/lab/configs/$arch.config" \
		$fragments >"$build/fragments.new"
	! cmp -s "$build/fragments.new" "$build/fragments" || [ -n "$(missing)" ] || return 0
	kmake tinyconfig
	(cd "$build" && "$src/scripts/kconfig/merge_config.sh" -m -O . .config fragments.new)
	kmake olddefconfig
	[ -z "$(missing)" ] || die "$config: this kernel does not take $(missing)"
	rm -rf "$build/guest"	# kbuild makes no module of MO= anew because of an option
	mv "$build/fragments.new" "$build/fragments"
}

# program SOURCE: one that needs a C library. For memfd_secret, lab/guest has what it
# takes from libcap.
program() {
	f=$guest/$(basename "$1" .c)
	"${CROSS_COMPILE}gcc" -Os -Wall -static -I"$top/lab/guest" \
		-I"$src/tools/testing/selftests" -o "$f" "$1"
	programs="$programs $f"
}

guest() {
	guest=$build/guest
	mkdir -p "$guest"
	kmake M="$top/lab/guest" MO="$guest" modules
	kmake headers
	"${CROSS_COMPILE}gcc" -Os -Wall -Wextra -Werror -static -nostdlib -nostdinc \
		-fno-stack-protector \
		-isystem "$("${CROSS_COMPILE}gcc" -print-file-name=include)" \
		-I"$build/usr/include" -include "$src/tools/include/nolibc/nolibc.h" \
		-o "$guest/init" "$top/lab/guest/init.c" -lgcc
	programs=
	case $config in
	*-suites*)
		program "$top/lab/guest/suites.c"
		program "$src/tools/testing/selftests/mm/memfd_secret.c"
		;;
	esac
	{
		echo 'dir /dev 0755 0 0'
		echo 'nod /dev/console 0600 0 0 c 5 1'
		echo "file /init $guest/init 0755 0 0"
		for f in $programs; do
			echo "file /${f##*/} $f 0755 0 0"
		done
		for m in "$guest"/*.ko "$build/mm/tests/pageattr_kunit.ko" "$build"/lib/test_*.ko; do
			[ ! -f "$m" ] || echo "file /${m##*/} $m 0644 0 0"
		done
	} >"$guest/initramfs.list"
	"$build/usr/gen_init_cpio" "$guest/initramfs.list" >"$guest/initramfs.cpio"
}

mkdir -p "$build"
configure
kmake -j"$(nproc)" "$kernel_image" modules
case $config in
*-32bit) ;;	# KUnit is all that runs there: no C library, and no libgcc
*) guest ;;
esac
