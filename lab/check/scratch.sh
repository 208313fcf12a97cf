# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by the tests of the lab itself: a scratch copy of this repository and
# small kernel trees, all below out/test/NAME.

. "$(dirname "$0")/../lib.sh"
test=$out/test/$(basename "$0" .sh)
repo=$test/repo
rm -rf "$test"
mkdir -p "$repo"
tar -C "$top" --exclude=./out --exclude=./.git -cf - . | tar -C "$repo" -xf -
unset KDIR
echo /out/ >"$repo/.gitignore"

# save DIR: commit everything in it but out/.
save() {
	[ -d "$1/.git" ] || git init -q "$1"
	git -C "$1" add -A -f . ':!out'
	git -C "$1" commit -q --allow-empty -m save
}

# mini DIR: a kernel tree with nothing in it but what the lab looks for.
mini() {
	mkdir -p "$1/mm" "$1/arch/arm64" "$1/virt"
	printf 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\nNAME = Mini\n' >"$1/Makefile"
	seq 1 60 | sed 's/^/config OPTION_/' >"$1/mm/Kconfig"
	touch "$1/Kconfig" "$1/arch/arm64/file" "$1/virt/file"
}

# fails PATTERN COMMAND...: it must fail, with one sentence that says PATTERN.
fails() {
	want=$1
	shift
	echo "\$ $* (must fail: $want)"
	! timeout 300 "$@" >"$test/said" 2>&1 || die "this did not fail: $*"
	cat "$test/said"
	[ "$(grep '^lab: ' "$test/said" | grep -c -- "$want")" -eq 1 ] ||
		die "this did not say '$want' in one sentence: $*"
}

works() {
	echo "\$ $*"
	timeout 300 "$@" || die "this failed: $*"
}

same() {
	[ "$1" = "$2" ] || die "$3"
}
