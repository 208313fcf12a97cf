#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# some.sh c|o list: the rules on a list of files, a line for each; files on the
# same line are read together, and what is said of the first one counts. One
# spatch reads them all, since to start it takes longer than most files do.
# Called by lab/audit.sh and audit/check.sh, which set SPATCH, COCCI and R.
#
# out: R/list.out, the sites; R/list.bad, what was not understood

walkers=
[ "$1" = o ] && walkers='-D walkers'

# run list: if spatch fails as a whole, each line has another try on its own
run() {
	id=$R/$(basename "$1")
	sed 's/$/ /; s/ /\n/g' "$1" >"$id.groups"
	# shellcheck disable=SC2086
	"$SPATCH" --quiet --verbose-parsing --no-scanner --timeout "${ONE_TIMEOUT:-100}" --no-includes \
		--include-headers -D table $walkers --sp-file "$COCCI" \
		--file-groups "$id.groups" >"$id.all" 2>"$id.err" &
	echo $! >"$R/$$.pid"
	wait $!
	rc=$?
	rm -f "$R/$$.pid"
	case $rc in
	130 | 143) exit 1 ;;	# interrupted
	esac
	if [ $rc -ne 0 ] && [ "$(wc -l <"$1")" -gt 1 ]; then
		rm "$id.all" "$id.err"
		split -l 1 -a 4 "$1" "$id.one."
		for one in "$id".one.????; do
			run "$one"
		done
		return
	fi
	awk -F'\t' 'NR == FNR { split($0, w, " "); first[w[1]]; next }
		    $1 == "PAGEATTR" && $2 in first' "$1" "$id.all" >"$id.out"
	{
		[ $rc -eq 0 ] || echo "$(cut -d' ' -f1 "$1"): not audited, spatch failed with status $rc: $(grep -v '^init_defs\|^HANDLING\|Tag1' "$id.err" | tail -n 1)"
		sed -n '/standard.h/d;s/^ = File "\([^"]*\)", line \([0-9]*\),.*/\1: not parsed near line \2/p
			s/^EXN: .*Timeout in \([^ ]*\).*/\1: not audited, it took more than '"${ONE_TIMEOUT:-100}"' s/p;t
			s/^EXN: \(.*\) in \([^ ]*\).*/\2: not audited: \1/p
			s/^Skipping unreadable file: \(.*\)/\1: not audited, it cannot be read/p' "$id.err"
	} >"$id.bad"
}

run "$2"
