#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# checkpatch.pl --strict on every patch of out/series: no error, no warning, no
# check. The sign-off is the sender's to add, and MAINTAINERS is looked at only
# once for the whole series.

. "$(dirname "$0")/../lib.sh"
ignore=MISSING_SIGN_OFF,NO_AUTHOR_SIGN_OFF
git -C "$linux" diff --quiet base pageattr -- MAINTAINERS || ignore=$ignore,FILE_PATH_CHANGES
export PATH="/usr/bin:$PATH"
cd "$linux"
rc=0
for p in "$work"/series/v1-*.patch; do
	case $p in *v1-0000-*) continue ;; esac
	[ -f "$p" ] || die "there is no $(short "$work/series"): run make series first"
	perl scripts/checkpatch.pl --strict --terse --show-types --ignore "$ignore" "$p" || rc=1
done
[ "$rc" -eq 0 ] || die 'checkpatch.pl has something to say, see above'
