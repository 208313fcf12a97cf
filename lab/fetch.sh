#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch.sh - the source package of the base kernel
#
# in:  the machine's own apt configuration (for the mirror) and Debian's keyring
# out: out/download/linux-source.deb, verified by apt, and its exact version
#      in out/base.version. Nothing is done where both are there and whole.

. "$(dirname "$0")/lib.sh"
package=linux-source-7.3
suite=trixie-backports
dir=$out/download
need_kb=${LAB_NEED_KB:-8000000}

whole() {
	[ -s "$out/base.version" ] && [ -f "$dir/sha256" ] &&
		(cd "$dir" && sha256sum --quiet --strict -c sha256 2>/dev/null)
}

download() {
	rm -rf "$dir.tmp"
	mkdir -p "$dir.tmp"
	timeout 300 apt-get -o APT::Update::Error-Mode=any update ||
		die "the mirror of this machine's apt cannot be reached, or its signature does not verify: is there a network?"
	cd "$dir.tmp"
	timeout 1800 apt-get download "$package/$suite" ||
		die "$package cannot be downloaded from $suite: run make again, or give a kernel tree with KDIR=path"
	mv ./*.deb linux-source.deb
	dpkg-deb -f linux-source.deb Version >version
	sha256sum linux-source.deb >sha256
	cd "$out"
	rm -rf "$dir"
	mv "$dir.tmp" "$dir"
	cp "$dir/version" base.version.tmp
	mv base.version.tmp base.version
}

if [ "${1:-}" = download ]; then
	download
	exit
fi
! whole || exit 0
free_kb=$(df -Pk "$out" | awk 'NR == 2 { print $4 }')
[ "$free_kb" -ge "$need_kb" ] ||
	die "the disk that holds $(short "$out") has $((free_kb / 1024)) MB free, and the kernels need $((need_kb / 1024)) MB"
mirror=$(apt_mirror)
apt_state base "deb [signed-by=$keyring] $mirror $suite main"
stage fetch sh "$0" download
