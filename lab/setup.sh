#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# setup.sh GROUP... - install the tools which are missing
#
# in:  groups of the table below, or `all` but `full`, which is for make check-full
# out: packages installed with apt, as root or through sudo, from the machine's
#      own sources; on Debian 12 also from its backports, for QEMU. The lists
#      are private (out/apt), the machine's sources stay as they are. sparse is
#      built in out/tools where the machine's own is too old for the kernel.
#
# Where all is there no apt runs. Where apt cannot install, one message names
# every tool that is missing.

. "$(dirname "$0")/lib.sh"
sparse=$out/tools/sparse

# group, what must be there, the package that has it; a path must exist, a
# py:MODULE must import, a COMMAND>=N must have this major version, and a program
# must link with links:COMPILER,FLAG...; VERSION is that of the machine's gcc
table() {
	cat <<-'TABLE'
		tree   git                              git
		tree   perl                             perl
		tree   xz                               xz-utils
		tree   dpkg-deb                         dpkg
		build  gcc                              gcc
		build  /usr/include/stdio.h             libc6-dev
		build  aarch64-linux-gnu-gcc            gcc-aarch64-linux-gnu
		build  riscv64-linux-gnu-gcc            gcc-riscv64-linux-gnu
		build  flex                             flex
		build  bison                            bison
		build  bc                               bc
		build  ccache                           ccache
		build  cpio                             cpio
		build  depmod                           kmod
		build  rsync                            rsync
		build  /usr/bin/python3                 python3
		build  /usr/include/openssl/ssl.h       libssl-dev
		build  /usr/include/libelf.h            libelf-dev
		boot   qemu-system-aarch64>=10          qemu-system-arm
		boot   qemu-system-riscv64>=10          qemu-system-riscv
		boot   qemu-system-riscv32>=10          qemu-system-riscv
		plot   gnuplot                          gnuplot-nox
		sparse gcc                              gcc
		sparse dpkg-source                      dpkg-dev
		audit  spatch                           coccinelle
		clang  clang-19                         clang-19
		clang  ld.lld-19                        lld-19
		clang  llvm-nm-19                       llvm-19
		user   clang                            clang
		user   objcopy                          binutils
		user   links:clang,-fsanitize=address,-fsanitize=undefined libclang-rt-dev
		user   links:gcc,-m32,-fsanitize=address gcc-VERSION-multilib
		user   links:clang,-m32,-lstdc++ lib32stdc++-VERSION-dev
		full   afl-fuzz                         afl++
		full   links:aarch64-linux-gnu-gcc,-static libc6-dev-arm64-cross
		full   links:riscv64-linux-gnu-gcc,-static libc6-dev-riscv64-cross
		full   powerpc64le-linux-gnu-gcc        gcc-powerpc64le-linux-gnu
		full   s390x-linux-gnu-gcc              gcc-s390x-linux-gnu
		docs   py:ply                           python3-ply
		docs   py:git                           python3-git
		docs   /usr/bin/sphinx-build            python3-sphinx
		docs   py:yaml                          python3-yaml
	TABLE
}

present() {
	case $1 in
	/*) [ -e "$1" ] ;;
	py:*) /usr/bin/python3 -c "import ${1#py:}" 2>/dev/null ;;
	links:*)
		echo 'int main(void) { return 0; }' >"$out/links.c"
		# shellcheck disable=SC2046
		$(echo "${1#links:}" | tr ',' ' ') -o "$out/links" "$out/links.c" 2>/dev/null
		;;
	*'>='*)
		major=$("${1%>=*}" --version 2>/dev/null | sed -n '1s/.*version \([0-9]*\).*/\1/p')
		[ "${major:-0}" -ge "${1#*>=}" ]
		;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# missing COLUMN: the tools (2) or packages (3) that the groups lack.
missing() {
	table | while read -r group tool package; do
		case " $groups " in
		*" $group "*) ;;
		*" all "*) [ "$group" != full ] || continue ;;
		*) continue ;;
		esac
		present "$tool" || echo "- $tool $package" | cut -d' ' -f"$1"
	done | sort -u
}

# gcc-multilib itself cannot be installed together with the cross compilers.
packages() {
	version=$(apt-cache depends gcc | sed -n 's/^ *Depends: gcc-\([0-9]*\)$/\1/p' | head -n 1)
	missing 3 | sed "s,VERSION,$version,"
}

# The machine's sources and preferences, and on Debian 12 its backports for QEMU. (Where
# `package/suite` is asked for, apt may still take what it depends on from elsewhere.)
sources() {
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
		[ ! -f "$f" ] || cp "$f" "$out/apt/tools/parts/${f##*/}"
	done
	[ ! -f "$out/apt/tools/parts/sources.list" ] ||
		mv "$out/apt/tools/parts/sources.list" "$out/apt/tools/parts/main.list"
	[ -n "$backports" ] || return 0
	cat /etc/apt/preferences >"$out/apt/tools/preferences" 2>/dev/null || :
	printf '%s\n' '' 'Package: src:qemu src:opensbi' "Pin: release n=$backports" \
		'Pin-Priority: 500' >>"$out/apt/tools/preferences"
	echo "Dir::Etc::Preferences \"$out/apt/tools/preferences\";" >>"$APT_CONFIG"
}

install() {
	# shellcheck disable=SC2086
	$root env APT_CONFIG="$APT_CONFIG" timeout 600 apt-get update ||
		die "the package lists cannot be fetched: is there a network?"
	$root env APT_CONFIG="$APT_CONFIG" DEBIAN_FRONTEND=noninteractive timeout 1800 \
		apt-get install -y --no-install-recommends $(packages) ||
		die "apt cannot install $(packages | paste -sd' ')"
}

# A sparse that knows what the kernel's headers use.
sparse_good() {
	echo 'static const int a; static __typeof_unqual__(a) b;' >"$out/sparse-try.c"
	"$1" "$out/sparse-try.c" >"$out/sparse-try.out" 2>&1 && ! grep -q error "$out/sparse-try.out"
}

build_sparse() {
	mirror=$(apt_mirror)
	apt_state sparse "deb-src [signed-by=$keyring] $mirror sid main"
	rm -rf "$out/tools/sparse.src"
	mkdir -p "$out/tools/sparse.src"
	cd "$out/tools/sparse.src"
	timeout 300 apt-get -o APT::Update::Error-Mode=any update ||
		die "the package lists cannot be fetched: is there a network?"
	timeout 600 apt-get source --download-only sparse
	dpkg-source -x ./*.dsc src
	make -C src CC=gcc sparse
	sparse_good src/sparse || die "the sparse which was built does not know the kernel's headers"
	cp src/sparse "$sparse.tmp"
	mv "$sparse.tmp" "$sparse"
}

groups=$*
root=
[ "$(id -u)" -eq 0 ] || root=sudo
backports=
! grep -q '^VERSION_ID="12"' /etc/os-release 2>/dev/null || backports=bookworm-backports
case ${1:-} in
install)
	shift
	groups=$*
	install
	exit
	;;
build-sparse)
	build_sparse
	exit
	;;
esac

if [ -n "$(missing 2)" ]; then
	if ! command -v apt-get >/dev/null || { [ -n "$root" ] && ! sudo -v 2>/dev/null; }; then
		die "these tools are missing and cannot be installed from here: $(missing 2 | paste -sd' ')"
	fi
	if [ -n "$backports" ]; then
		mirror=$(apt_mirror)
		apt_state tools "deb [signed-by=$keyring] $mirror $backports main"
	else
		apt_state tools ''
	fi
	sources
	# shellcheck disable=SC2086
	stage setup sh "$0" install $groups
	[ -z "$(missing 2)" ] ||
		die "these tools are still missing, or too old: $(missing 2 | paste -sd' ')"
fi
case " $groups " in
*" sparse "* | *" all "*)
	if [ ! -x "$sparse" ]; then
		mkdir -p "$out/tools"
		if command -v sparse >/dev/null && sparse_good sparse; then
			ln -s "$(command -v sparse)" "$sparse"
		else
			stage sparse sh "$0" build-sparse
		fi
	fi
	;;
esac
