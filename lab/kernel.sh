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
		console_tty=ttyAMA0
		;;
	riscv)
		export CROSS_COMPILE=riscv64-linux-gnu-
		kernel_image=Image
		console_tty=ttyS0
		;;
	*) die "there is no lab for the architecture $1" ;;
	esac
	kernel_path=arch/$1/boot/$kernel_image
}

riscv_cpu() {
	qemu="qemu-system-riscv64 -machine virt${3:-} -cpu $1"
	machine_cmdline=${2:-}
}

# machine CONFIG MACHINE: the QEMU command and kernel parameters of a machine, what
# kunit.py calls it, and what the guest is to say of it. MACHINE-count is the same, with
# one CPU whose clock counts its instructions, and without KFENCE's samples: what it
# does is the same each time.
machine() {
	arch_env "${1%%-*}"
	kunit_arch=$ARCH
	machine_cmdline=
	machine_is='linear map of blocks'
	memory=4G
	case $1 in
	*-suites* | *-kcsan | *-rt-*) cpus=4 ;;
	*) cpus=2 ;;
	esac
	case $ARCH/${2%-count} in
	arm64/ptes | arm64/atomic | arm64/rodata-*)
		qemu='qemu-system-aarch64 -machine virt -cpu max'
		# With rodata=noalias or off, vmalloc areas leave the linear map alone,
		# which is made of PTEs all the same if KFENCE has no samples yet.
		case $2 in
		ptes* | atomic | rodata-*-count) machine_is='linear map of pages' ;;
		esac
		;;
	arm64/blocks | arm64/kfence)	# a CPU with BBM level 3: of blocks, split on demand
		qemu='qemu-system-aarch64 -machine virt -cpu max,midr=0x410fd8e0' ;;
	# riscv: the linear map is made of the largest blocks that the levels of
	# the page table allow, and the kernel takes what the CPU can, or less.
	riscv/sv39) riscv_cpu rv64,sv48=off,svnapot=on ;;
	riscv/sv48) riscv_cpu rv64,sv57=off,svnapot=on ;;
	riscv/sv57 | riscv/kfence) riscv_cpu rv64,svnapot=on ;;
	riscv/sv39-nonapot) riscv_cpu rv64,svnapot=off no4lvl ;;
	riscv/sv48-nonapot) riscv_cpu rv64,svnapot=off no5lvl ;;
	riscv/sv57-nonapot) riscv_cpu rv64,svnapot=off ;;
	riscv/sv32)	# DEBUG_PAGEALLOC is what changes permissions there
		qemu='qemu-system-riscv32 -machine virt -cpu rv32'
		kunit_arch=riscv32
		machine_cmdline='debug_pagealloc=on'
		memory=512M
		;;
	riscv/atomic)	# harts are interrupted to flush their TLBs
		riscv_cpu rv64,svnapot=on '' ,aia=aplic-imsic
		machine_is='linear map of pages'
		memory=3G	# mapped page by page at boot, which takes its time
		;;
	*) die "there is no machine $2 for $ARCH" ;;
	esac
	case $1 in
	arm64-52bit-* | arm64-64k-*) machine_is="$machine_is, 52-bit" ;;
	arm64-39bit-*) machine_is="$machine_is, 39-bit" ;;
	esac
	case $2 in
	sv[345]*) machine_is="$machine_is, $(echo "$2" | cut -c 3-4)-bit" ;;
	rodata-*) machine_cmdline=rodata=$(echo "$2" | cut -d- -f2) ;;
	# permissions change in softirq all the time
	atomic) machine_cmdline='debug_pagealloc=on kfence.sample_interval=1' ;;
	kfence) machine_cmdline='kfence.sample_interval=1' ;;
	esac
	case $2 in
	*-count)
		qemu="$qemu -smp 1 -icount shift=0"
		machine_cmdline="$machine_cmdline kfence.sample_interval=0"
		;;
	*) qemu="$qemu -smp $cpus" ;;
	esac
}

# no_splat FILE: fail if the kernel whose console FILE holds has complained.
no_splat() {
	if grep -nE 'WARNING|BUG[: ]|Oops|Call [Tt]race|KASAN:|KFENCE:|DEBUG_LOCKS_WARN|INFO: trying to register|possible (recursive|circular|irq)|inconsistent lock|suspicious RCU|Unable to handle|scheduling while atomic|sleeping function|insecure W\+X|Kernel panic|rcu: INFO|blocked for more than|UBSAN:' "$1"; then
		die "the kernel complained: see $(short "$1")"
	fi
}

# kunit_parse: by the kernel's kunit.py, the console that is its input. A skipped test
# is no failure to it.
kunit_parse() {
	/usr/bin/python3 "$linux/tools/testing/kunit/kunit.py" parse >"$work/kunit.said" || {
		cat "$work/kunit.said"
		return 1
	}
	cat "$work/kunit.said"
	grep -q 'Ran [1-9][0-9]* tests: passed: [0-9]*$' "$work/kunit.said" ||
		die "not every test of KUnit has run"
}

# kunit_parse_module CONSOLE: what KUnit says at boot is that no suite is built in.
kunit_parse_module() {
	sed '1,/Run \/init/d' "$1" | kunit_parse
}

# kunit_exec CONFIG MACHINE: boot by the kernel's kunit.py. The last -cpu, which is ours,
# is the one that counts. What it parses on the way is not always what it writes to
# test.log, so that it is to parse that.
kunit_exec() {
	machine "$1" "$2"
	(cd "$linux" && timeout -k 10 300 /usr/bin/python3 tools/testing/kunit/kunit.py exec \
		--arch="$kunit_arch" --cross_compile="$CROSS_COMPILE" --timeout=240 \
		--build_dir="build-$1" --kernel_args="$machine_cmdline" --raw_output=all \
		--qemu_args="${qemu#* } -nic none" pageattr) >/dev/null ||
		die "kunit.py does not boot $1 on $2"
	kunit_parse <"$linux/build-$1/test.log"
}

# line_lost CONSOLE: did the kernel count no test as failed, and speak of less than it ran?
line_lost() {
	total=$(sed -n 's/.*# Totals: pass:[0-9]* fail:0 skip:[0-9]* total:\([0-9]*\)$/\1/p' "$1")
	[ -n "$total" ] && ! grep -q 'not ok' "$1" &&
		[ "$(grep -c '     *ok [0-9]' "$1")" -lt "$total" ]
}

# kunit CONFIG MACHINE: the suite, built in, in a kernel of the series. Once in hundreds
# of boots the console loses one of the last lines before the reboot, which to kunit.py
# is a crash: then, and then only, once more.
kunit() {
	said=$linux/build-$1/test.log
	if ! kunit_exec "$1" "$2"; then
		line_lost "$said" || die "KUnit failed in $1 on $2"
		cp "$said" "$log/kunit-$1-$2-line-lost.log"
		echo "a line was lost, see $(short "$log/kunit-$1-$2-line-lost.log"): once more"
		kunit_exec "$1" "$2" || die "KUnit failed in $1 on $2"
	fi
	no_splat "$said"
}

# stress CONFIG MACHINE SECONDS: the stress module in a kernel of the series, and what
# it says at its end.
stress() {
	console=$log/boot-linux-$1-$2-stress-$3.log
	sh "$top/lab/boot.sh" linux "$1" "$2" "stress-$3"
	sed -n "s/.*lab| stress/$1, $2/p" "$console"
	[ "$2" = ptes ] || grep -q ' times, [1-9][0-9]* times to split' "$console" ||
		die "no block was split by several CPUs: see $(short "$console")"
}
