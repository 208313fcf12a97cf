#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Does the audit still say what people read from the code?
#
# The fixtures each carry what is expected of them.  KDIR, if set and Linux 7.3,
# has to come out as in expected-7.3.tsv; FIXTURES=only leaves it out.

set -u
LC_ALL=C
export LC_ALL
lab=$(cd "$(dirname "$0")/.." && pwd)
tab=$(printf '\t')
tmp=$(mktemp -d "${TMPDIR:-/tmp}/check-audit.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
fail=0

[ -z "${KDIR:-}" ] || KDIR=$(cd "$KDIR" && pwd) || exit 2
export KDIR="${KDIR:-}"
cd "$lab/audit/fixtures" || exit 2
export SPATCH="${SPATCH:-spatch}" COCCI="${COCCI:-$lab/../scripts/coccinelle/api/pageattr.cocci}" R="$tmp"
command -v "$SPATCH" >/dev/null 2>&1 || { echo "check-audit: Coccinelle is missing." >&2; exit 2; }
mkdir "$tmp/lists"
ls -- *.[ch] | awk -v dir="$tmp/lists" '{ print >(dir "/" NR % 2) }'
find "$tmp/lists" -type f | xargs -P "${JOBS:-2}" -n 1 "$lab/audit/some.sh" o

n=0
for f in *.[ch]; do
	n=$((n + 1))
	sed -n 's,^// expect: ,,p' "$f" | sort >"$tmp/want"
	awk -F'\t' -v f="$f" '$2 == f { print $4, $7, $8, $9 ": " $10 }' "$tmp"/[01].out | sort >"$tmp/got"
	# an expectation may leave out the reason, or name a part of it
	if ! awk -F': ' '
		  NR == FNR { want[++n] = $1; why[n] = $2; next }
		  { for (i = 1; i <= n; i++) if (!used[i] && $1 == want[i] && index($2, why[i])) { used[i] = 1; next } bad = 1 }
		  END { for (i = 1; i <= n; i++) if (!used[i]) bad = 1; exit bad }' "$tmp/want" "$tmp/got"; then
		echo "not ok $f: expected"
		sed 's/^/    /' "$tmp/want"
		echo "  got"
		sed 's/^/    /' "$tmp/got"
		fail=1
	fi
done
cat "$tmp"/*.bad
[ -z "$(cat "$tmp"/*.bad)" ] || fail=1
[ $fail -ne 0 ] || echo "audit: $n fixtures as expected"

# The expected file was labelled by reading 7.3; another version has other lines.
if [ "${FIXTURES:-}" != only ] && [ -n "${KDIR:-}" ]; then
	version=$(sed -n 's/^VERSION = //p; s/^PATCHLEVEL = /./p' "$KDIR/Makefile" | tr -d '\n')
	if [ "$version" != 7.3 ]; then
		echo "audit: $KDIR is $version, not 7.3: not compared"
	elif ! OUT="$tmp/out" "$lab/audit.sh" >"$tmp/log" 2>&1; then
		cat "$tmp/log"
		fail=1
	else
		grep -v '^#' "$lab/audit/expected-7.3.tsv" >"$tmp/want"
		sed 1d "$tmp/out/audit.tsv" | cut -f1-8 >"$tmp/got"
		if diff -U0 "$tmp/want" "$tmp/got" >"$tmp/diff"; then
			echo "audit: $(wc -l <"$tmp/want") places of 7.3 as expected"
		else
			echo "not ok: 7.3 differs (- expected, + found)"
			grep '^[-+][^-+]' "$tmp/diff"
			fail=1
		fi
	fi
fi
exit $fail
