#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# one.sh c|o file [file...]: the rules on one file, read together with the
# other files named. Called by lab/audit.sh, which sets SPATCH, COCCI and R.

walkers=
[ "$1" = o ] && walkers='-D walkers'
shift
id=$R/$(printf %s "$1" | tr / ,)
# shellcheck disable=SC2086
timeout "${ONE_TIMEOUT:-100}" "$SPATCH" --quiet --verbose-parsing --no-includes \
	--include-headers -D table $walkers --sp-file "$COCCI" "$@" \
	>"$id.all" 2>"$id.err"
rc=$?
grep "^PAGEATTR	$1	" "$id.all" >"$id.out"
{
	[ $rc -eq 0 ] || echo "$1: not audited, spatch failed with status $rc: $(grep -v '^init_defs\|^HANDLING\|Tag1' "$id.err" | tail -n 1)"
	sed -n '/standard.h/d;s/^ = File "\([^"]*\)", line \([0-9]*\),.*/\1: not parsed near line \2/p' "$id.err"
} >"$id.bad"
rm -f "$id.all" "$id.err"
: >"$id.done"
