#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Memory is added to an arm64 guest and removed from it, again and again, beside the
# stress module: tables of the linear map come and go.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/setup.sh" build boot full
sh "$top/lab/build.sh" linux arm64-suites

# hotplug MACHINE
hotplug() {
	socket=$(mktemp -u)
	timeout 600 /usr/bin/python3 "$top/lab/check/hotplug.py" "$socket" >"$log/hotplug-$1.log" 2>&1 &
	host=$!
	trap 'kill $host 2>/dev/null || :' EXIT
	export QEMU_MORE="-object memory-backend-ram,id=ram,size=1G
		-device virtio-mem-pci,id=more,memdev=ram -qmp unix:$socket,server=on,wait=off"
	export MEMORY=4G,maxmem=8G PARAMS=memhp_default_state=online_movable
	stress arm64-suites "$1" 120
	wait $host || die "the memory did not come and go as asked: see $(short "$log/hotplug-$1.log")"
	echo "$1: $(tail -n 1 "$log/hotplug-$1.log")"
}

hotplug ptes
hotplug blocks
