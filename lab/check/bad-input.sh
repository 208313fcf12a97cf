#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a user can get wrong, or the machine: each is refused in one sentence,
# and nothing is changed. Small kernel trees and packages stand for the real.

. "$(dirname "$0")/scratch.sh"
rm -rf "$repo/series" "$repo/mm" "$repo/include" "$repo/arch"
tree=$repo/lab/tree.sh
mini "$test/good"

echo '# kernel trees'
fails 'no such directory' env KDIR="$test/nowhere" sh "$tree"
mkdir "$test/empty"
fails 'no kernel tree' env KDIR="$test/empty" sh "$tree"
mini "$test/x86"
rm -r "$test/x86/arch/arm64"
fails 'no arch/arm64' env KDIR="$test/x86" sh "$tree"
mini "$test/dirty"
save "$test/dirty"
works env KDIR="$test/dirty" sh "$tree"
echo >>"$test/dirty/mm/Kconfig"
fails 'uncommitted changes' env KDIR="$test/dirty" sh "$tree"
mini "$test/built"
touch "$test/built/.config"
fails 'built in place' env KDIR="$test/built" sh "$tree"

echo '# a user'"'"'s tree is only read'
mini "$test/plain"
before=$(cd "$test/plain" && find . -printf '%p %T@ %s\n' | sort | cksum)
works env KDIR="$test/plain" sh "$tree"
same "$(cd "$test/plain" && find . -printf '%p %T@ %s\n' | sort | cksum)" "$before" 'a plain KDIR was changed'
git -C "$test/dirty" checkout -q mm/Kconfig
before=$(cd "$test/dirty" && find . -printf '%p %T@ %s\n' | sort | cksum)
works env KDIR="$test/dirty" sh "$tree"
same "$(cd "$test/dirty" && find . -printf '%p %T@ %s\n' | sort | cksum)" "$before" 'a git KDIR was changed'

echo '# a patch that does not apply'
export KDIR="$test/good"
works sh "$tree"
lt=$(echo "$repo"/out/kdir/good-*/linux)
cd "$lt"
sed -i 's/OPTION_10$/TEN/; s/OPTION_50$/FIFTY/' mm/Kconfig
git commit -q -a -m 'mm: two hunks'
cd "$test"
works sh "$repo/lab/refresh.sh"
was=$(git -C "$lt" rev-parse HEAD)
sed -i 's/^ config OPTION_52/ config OTHER_52/' "$repo"/series/0001-*.patch
fails '0001-mm-two-hunks.patch does not apply to Linux 7.3.4: mm/Kconfig, hunk 2 (@@ -47,7 +47,7 @@)' sh "$tree"
same "$(git -C "$lt" rev-parse HEAD)$(git -C "$lt" status --porcelain)" "$was" 'the tree changed although a patch did not apply'
rm -rf "$repo/out/kdir"
fails 'hunk 2' sh "$tree"
[ ! -e "$lt" ] || die 'a half-made tree was left'
sed -i 's/^ config OTHER_52/ config OPTION_52/' "$repo"/series/0001-*.patch
mini "$test/older"
sed -i 's/PATCHLEVEL = 3/PATCHLEVEL = 1/' "$test/older/Makefile"
seq 1 60 >"$test/older/mm/Kconfig"
fails 'does not apply to Linux 7.1.4: mm/Kconfig, hunk 1.* the series is made for Linux 7.3' env KDIR="$test/older" sh "$tree"
printf 'Subject: [PATCH] mm: no such file\n\n---\nOverlay: mm/missing.c\n' >"$repo/series/0002-x.patch"
fails 'names the overlay file mm/missing.c' sh "$tree"
rm "$repo/series/0002-x.patch"
unset KDIR

echo '# the base: no network, a full disk, a damaged package, an interrupted unpack'
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
fails 'is there a network' sh "$tree"
fails 'MB free' env LAB_NEED_KB=999999999999 sh "$tree"
package() {
	rm -rf "$test/deb"
	mkdir -p "$test/deb/DEBIAN" "$test/deb/usr/src" "$repo/out/download"
	printf 'Package: mini\nVersion: 7.3.4-0\nArchitecture: all\nMaintainer: nobody\nDescription: none\n' >"$test/deb/DEBIAN/control"
	tar -C "$test" -cJf "$test/deb/usr/src/linux-source-7.3.tar.xz" good
	[ -z "${1:-}" ] || truncate -s "$1" "$test/deb/usr/src/linux-source-7.3.tar.xz"
	dpkg-deb -b "$test/deb" "$repo/out/download/linux-source.deb" >/dev/null
	(cd "$repo/out/download" && sha256sum linux-source.deb >sha256)
	echo 7.3.4-0 >"$repo/out/base.version"
}
package
truncate -s 900 "$repo/out/download/linux-source.deb"
fails 'is there a network' sh "$tree"
package 300
fails 'unpack' sh "$tree"
[ ! -e "$repo/out/linux" ] || die 'a damaged package left a tree'
package
mkdir -p "$repo/out/linux.tmp/mm"
touch "$repo/out/linux.tmp/mm/half"
works sh "$tree"
[ -f "$repo/out/linux/mm/Kconfig" ] && [ ! -e "$repo/out/linux/mm/half" ] || die 'an interrupted unpack was not redone'
works sh "$tree"

echo '# tools: none and no apt, or all there and no apt call'
mkdir "$test/bin" "$test/fake"
for tool in sh dirname basename tr cut cksum mkdir date sed awk grep sort paste cat id env tail; do
	ln -s "$(command -v $tool)" "$test/bin/$tool"
done
fails 'missing .* bison .* flex' env PATH="$test/bin" sh "$repo/lab/setup.sh" build
printf '#!/bin/sh\ntouch %s/called\nexit 1\n' "$test" >"$test/fake/apt-get"
chmod +x "$test/fake/apt-get"
works env PATH="$test/fake:$PATH" sh "$repo/lab/setup.sh" tree build boot docs audit
[ ! -e "$test/called" ] || die 'apt was called though all is there'
