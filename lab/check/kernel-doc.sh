#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The documentation: kernel-doc is content with the new C files, and Sphinx has
# nothing to say about Documentation/mm that it does not say of the base.

. "$(dirname "$0")/../lib.sh"
export PATH="/usr/bin:$PATH"

echo '# kernel-doc'
# shellcheck disable=SC2046
set -- $(cd "$linux" && git diff --no-renames --diff-filter=A --name-only base pageattr -- '*.c' '*.h' ':!tools')
[ $# -eq 0 ] || (cd "$linux" && /usr/bin/python3 scripts/kernel-doc -none -Wall -Werror "$@") ||
	die 'kernel-doc has warnings, see above'

# sphinx TREE: its warnings about Documentation/mm, without line numbers.
sphinx() {
	make -s -C "$1" O=build-docs PYTHON3=/usr/bin/python3 SPHINXDIRS=mm htmldocs \
		>"$work/sphinx.log" 2>&1 || {
		cat "$work/sphinx.log" >&2
		die "make htmldocs fails in $(short "$1")"
	}
	grep -E 'WARNING|ERROR|CRITICAL|warning:|error:' "$work/sphinx.log" |
		sed "s,$1/,,g; s/:[0-9][0-9]*:/:/g" | sort -u
}

echo '# Sphinx'
of=$(git -C "$linux" rev-parse base)
[ -f "$work/sphinx-$of" ] || {
	sphinx "$base" >"$work/sphinx.tmp"
	mv "$work/sphinx.tmp" "$work/sphinx-$of"
}
rm -rf "$linux/build-docs"
sphinx "$linux" >"$work/sphinx.new"
comm -13 "$work/sphinx-$of" "$work/sphinx.new" >"$work/sphinx.more"
[ ! -s "$work/sphinx.more" ] || {
	cat "$work/sphinx.more"
	die 'Sphinx has new warnings, see above'
}
[ ! -f "$linux/Documentation/mm/pageattr.rst" ] || find "$linux/build-docs" -name pageattr.html | grep -q . ||
	die 'Documentation/mm/pageattr.rst was not rendered'
