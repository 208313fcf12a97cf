# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced after lib.sh by what builds and boots kernels: what an architecture and
# a machine are called.

# arch_env ARCH: what kbuild wants to know, and what it makes.
arch_env() {
	export ARCH="$1"
	case $1 in
	arm64)
		export CROSS_COMPILE=aarch64-linux-gnu-
		kernel_image=Image.gz
		;;
	*) die "there is no lab for the architecture $1" ;;
	esac
	kernel_path=arch/$1/boot/$kernel_image
}

# machine CONFIG MACHINE: the QEMU command and kernel parameters of a machine.
# MACHINE-count is the same, with one CPU whose clock counts its instructions, and
# without KFENCE's samples: what it does is the same each time.
machine() {
	arch_env "${1%%-*}"
	machine_cmdline=
	case $ARCH/${2%-count} in
	arm64/ptes)	# the linear map is made of PTEs
		qemu='qemu-system-aarch64 -machine virt -cpu max' ;;
	arm64/blocks)	# a CPU with BBM level 3: of blocks, split on demand
		qemu='qemu-system-aarch64 -machine virt -cpu max,midr=0x410fd8e0' ;;
	arm64/atomic)	# permissions change in softirq all the time
		qemu='qemu-system-aarch64 -machine virt -cpu max'
		machine_cmdline='debug_pagealloc=on kfence.sample_interval=1'
		;;
	*) die "there is no machine $2 for $ARCH" ;;
	esac
	case $2 in
	*-count)
		qemu="$qemu -smp 1 -icount shift=0"
		machine_cmdline="$machine_cmdline kfence.sample_interval=0"
		;;
	*) qemu="$qemu -smp 2" ;;
	esac
	console_tty=ttyAMA0
}

# no_splat FILE: fail if the kernel whose console FILE holds has complained.
no_splat() {
	if grep -nE 'WARNING|BUG[: ]|Oops|Call trace|KASAN:|KFENCE:|DEBUG_LOCKS_WARN|INFO: trying to register|possible (recursive|circular|irq)|inconsistent lock|suspicious RCU|Unable to handle|scheduling while atomic|sleeping function|insecure W\+X|Kernel panic|rcu: INFO|hung task' "$1"; then
		die "the kernel complained: see $(short "$1")"
	fi
}
