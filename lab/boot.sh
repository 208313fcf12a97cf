#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh TREE CONFIG MACHINE WHAT - boot a kernel that build.sh made, in QEMU
#
# in:  MACHINE is one that lib.sh's machine() knows; WHAT is what the guest's
#      init is to do: demo, sequence, count, kunit, stress-SECONDS, suites,
#      load, protnone or bug-NAME. QEMU_MORE, MEMORY and PARAMS are more for QEMU and for
#      the kernel.
# out: out/log/boot-TREE-CONFIG-MACHINE-WHAT.log, the console of the guest
#
# Fails if the guest says that something failed, does not come to its end, or if
# the kernel complained about anything; but the suites want it to complain.

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
tree=$1 config=$2 machine=$3 what=$4
build=$work/$tree/build-$config
console=$log/boot-$tree-$config-$machine-$what.log
machine "$config" "$machine"
limit=300
kunit=0
params="panic_on_oops=1 reserve_mem=1G:1G:pageattr"
devices=
case $what in
kunit) kunit=1 ;;
protnone) params="$params hugepagesz=1G hugepages=1" ;;
stress-*) limit=$((300 + ${what#*-})) ;;
suites | load)
	limit=1800
	page=4096
	memory=1G	# test_vmalloc has sixty thousand pages at once
	case $config in
	arm64-16k-*) page=16384 memory=3G ;;
	arm64-64k-*) page=65536 memory=16G ;;
	esac
	params=kfence.sample_interval=1
	if [ "$what" = suites ]; then
		kunit=1
		# KFENCE's own suite waits for a hundred samples: a second is enough
		# on a busy host, but not with KASAN and lockdep.
		params=kfence.sample_interval=10
		# A suite is left out by a pattern that takes a few others along:
		# kunit.filter oopses on KFENCE's.
		case $config in
		# kasan, which fails where KFENCE has a sample of what it allocates
		*-debug) params='kfence.sample_interval=100 kunit.filter_glob=???[!a]*' ;;
		# kcsan, which meets its races in time, or not
		*-kcsan) params="$params kunit.filter_glob=?[!c]*" ;;
		# kfence, which takes a sleeping lock in a tracepoint
		*-rt) params="$params kunit.filter_glob=?[!f]*" ;;
		esac
	fi
	rm -f "$build/guest/disk"
	truncate -s 2G "$build/guest/disk"
	PATH=$PATH:/usr/sbin:/sbin mkswap -p $page "$build/guest/disk" >/dev/null
	devices="-drive if=none,id=disk,format=raw,file=$build/guest/disk
		-device virtio-blk-pci,drive=disk"
	;;
esac

# shellcheck disable=SC2086
timeout -k 10 $limit $qemu -m ${MEMORY:-$memory} -nographic -nodefaults -no-reboot \
	-serial stdio -monitor none $devices ${QEMU_MORE:-} \
	-kernel "$build/$kernel_path" -initrd "$build/guest/initramfs.cpio" \
	-append "console=$console_tty panic=-1 nokaslr kunit.enable=$kunit \
		$machine_cmdline $params ${PARAMS:-} lab=$what" \
	</dev/null >"$console" 2>&1 || die "QEMU stopped with an error, or ran for $limit s: see $(short "$console")"
tr -d '\r' <"$console" >"$console.tmp"
mv "$console.tmp" "$console"

[ "$what" = suites ] || no_splat "$console"
grep -q '^lab-done 0' "$console" ||
	die "the guest did not end well: see $(short "$console")"
case $what in
kunit | protnone) ;;	# they do without the module
*)
	grep -q "lab| machine: $machine_is" "$console" ||
		die "the guest has no $machine_is, which $machine is to have: see $(short "$console")"
	;;
esac
