#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh TREE CONFIG MACHINE WHAT - boot a kernel that build.sh made, in QEMU
#
# in:  MACHINE is one that lib.sh's machine() knows; WHAT is what the guest's
#      init is to do: demo, sequence, count, kunit or bug-NAME; PLUGIN is
#      lab/plugin.c, built, if it is to look on
# out: out/log/boot-TREE-CONFIG-MACHINE-WHAT.log, the console of the guest; what
#      the plugin says is in the file of the same name that ends in .plugin
#
# Fails if the guest says that something failed, does not come to its end, or if
# the kernel complained about anything.

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
tree=$1 config=$2 machine=$3 what=$4
build=$work/$tree/build-$config
console=$log/boot-$tree-$config-$machine-$what.log
machine "$config" "$machine"

# shellcheck disable=SC2086
timeout -k 10 300 $qemu -m $memory -nographic -nodefaults -no-reboot \
	-serial stdio -monitor none ${PLUGIN:+-plugin "file=$PLUGIN,out=$console.plugin"} \
	-kernel "$build/$kernel_path" -initrd "$build/guest/initramfs.cpio" \
	-append "console=$console_tty panic=-1 panic_on_oops=1 nokaslr \
		kunit.enable=$([ "$what" = kunit ] && echo 1 || echo 0) \
		reserve_mem=1G:1G:pageattr lab=$what $machine_cmdline" \
	</dev/null >"$console" 2>&1 || die "QEMU stopped with an error, or ran for 5 minutes: see $(short "$console")"
tr -d '\r' <"$console" >"$console.tmp"
mv "$console.tmp" "$console"

no_splat "$console"
grep -q '^lab-done 0' "$console" ||
	die "the guest did not end well: see $(short "$console")"
