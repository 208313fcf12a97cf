# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by every script of lab/: where things are, how to say what went
# wrong, how a long stage shows itself, and a git that ignores the user's taste.
#
# in:   KDIR  a kernel tree of the user's, empty for the default base
# sets: top   this repository          out    everything generated
#       work  out/, or out/kdir/NAME-N of a KDIR
#       linux the base with the series, a git repository
#       base  the base alone, a worktree of it

set -eu
umask 022
unset CDPATH GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

# One clear sentence, and out.
die() {
	printf 'lab: %s\n' "$*" >&2
	exit 1
}

note() {
	printf '%s\n' "$*"
}

top=$(cd "$(dirname "$0")" && while [ ! -f lab/lib.sh ]; do cd ..; done && pwd)
out=$top/out
KDIR=${KDIR:-}
work=$out
case $top in
*[[:space:]:]*) die "kernels do not build below a path with blanks or colons: $top" ;;
esac
if [ -n "$KDIR" ]; then
	kdir=$(cd "$KDIR" 2>/dev/null && pwd -P) || die "KDIR=$KDIR: no such directory"
	work=$out/kdir/$(basename "$kdir" | tr -c 'A-Za-z0-9._\n-' _)-$(echo "$kdir" | cksum | cut -d' ' -f1)
fi
linux=$work/linux
base=$work/base
log=$out/log
mkdir -p "$work" "$log"

# A path as the user would type it.
short() {
	echo "${1#"$top"/}"
}

# stage NAME COMMAND...: run it with its output in out/log/NAME.log, show that
# it runs and for how long, and on failure name the log and say why. COMMAND is
# a program, often the calling script once more, so that its set -e counts.
stage() {
	stage_name=$1
	shift
	stage_start=$(date +%s)
	stage_tick 9>&- &
	stage_ticker=$!
	stage_rc=0
	"$@" >"$log/$stage_name.log" 2>&1 </dev/null || stage_rc=$?
	kill "$stage_ticker" 2>/dev/null || :
	wait "$stage_ticker" 2>/dev/null || :
	stage_took=$(($(date +%s) - stage_start))
	[ ! -t 1 ] || printf '\r\033[K'
	if [ "$stage_rc" -eq 0 ]; then
		note "ok   $stage_name ($stage_took s)"
		return 0
	fi
	note "FAIL $stage_name ($stage_took s): see $(short "$log/$stage_name.log")"
	stage_why
	return "$stage_rc"
}

# Our own sentence if the log ends with one; the end of the log otherwise, and
# with stage_verbose.
stage_why() {
	if grep -q 'No space left on device' "$log/$stage_name.log"; then
		note "lab: the disk that holds $(short "$out") is full"
	elif [ -z "${stage_verbose:-}" ] && tail -n 1 "$log/$stage_name.log" | grep '^lab: '; then
		:
	else
		tail -n 15 "$log/$stage_name.log" | sed 's/^/     | /'
	fi
}

# A line each half minute, or a running clock on a terminal. (The ticker's last
# sleep outlives it, so it must not inherit the lock.)
stage_tick() {
	stage_step=30
	stage_form='...  %s (%s s)\n'
	if [ -t 1 ]; then
		stage_step=1
		stage_form='\r...  %s (%s s)'
	fi
	while sleep "$stage_step" </dev/null >/dev/null 2>&1 && kill -0 $$; do
		# shellcheck disable=SC2059
		printf "$stage_form" "$stage_name" $(($(date +%s) - stage_start))
	done
}

# One at a time in a work directory.
lock() {
	exec 9>"$work/.lock"
	flock -w 900 9 || die "another run has held $(short "$work/.lock") for 15 minutes"
}

# apt_state NAME SOURCES: a private apt below out/apt/NAME which knows these
# source lines and leaves the machine's own lists alone. Nothing is accepted
# without a signature.
apt_state() {
	apt_dir=$out/apt/$1
	mkdir -p "$apt_dir/lists/partial" "$apt_dir/cache/archives/partial" "$apt_dir/parts"
	printf '%s\n' "$2" >"$apt_dir/parts/lab.list"
	cat >"$apt_dir/apt.conf" <<-CONF
		Dir::Etc::SourceList "/dev/null";
		Dir::Etc::SourceParts "$apt_dir/parts";
		Dir::State::Lists "$apt_dir/lists";
		Dir::Cache "$apt_dir/cache";
		APT::Sandbox::User "root";
		APT::Get::AllowUnauthenticated "false";
		Acquire::AllowInsecureRepositories "false";
		Acquire::Languages "none";
		Acquire::Retries "2";
		Acquire::http::Timeout "30";
		Acquire::https::Timeout "30";
	CONF
	export APT_CONFIG="$apt_dir/apt.conf"
}

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The Debian mirror that the machine's own apt uses.
apt_mirror() {
	command -v apt-get >/dev/null ||
		die "the base kernel is a Debian package and there is no apt here: give a kernel tree with KDIR=path"
	[ -f "$keyring" ] || die "$keyring is missing: install debian-archive-keyring, or give a kernel tree with KDIR=path"
	apt_suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
	# shellcheck disable=SC2016
	apt_uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
		awk -v suite="$apt_suite" '$1 !~ /security/ &&
			($2 == suite || $2 ~ /^((old)*stable|testing|unstable|sid)$/) { print $1; exit }')
	grep -q '^ID=debian' /etc/os-release && [ -n "$apt_uri" ] ||
		die "no Debian mirror in this machine's apt configuration: give a kernel tree with KDIR=path"
	echo "$apt_uri"
}

# Commits carry the identity of the user's git configuration, or a placeholder.
who=$(git -C "$top" config user.name 2>/dev/null || echo 'Your Name')
mail=$(git -C "$top" config user.email 2>/dev/null || echo 'you@example.org')
export GIT_AUTHOR_NAME="${GIT_AUTHOR_NAME:-$who}" GIT_AUTHOR_EMAIL="${GIT_AUTHOR_EMAIL:-$mail}"
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"

# Beyond that nothing of it counts, so that the same series gives the same bytes.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_OPTIONAL_LOCKS=0
export GIT_CONFIG_COUNT=5 \
	GIT_CONFIG_KEY_0=gc.auto GIT_CONFIG_VALUE_0=0 \
	GIT_CONFIG_KEY_1=core.quotePath GIT_CONFIG_VALUE_1=false \
	GIT_CONFIG_KEY_2=advice.detachedHead GIT_CONFIG_VALUE_2=false \
	GIT_CONFIG_KEY_3=safe.directory GIT_CONFIG_VALUE_3='*' \
	GIT_CONFIG_KEY_4=init.defaultBranch GIT_CONFIG_VALUE_4=pageattr

# The release of a kernel tree, from its Makefile.
kernel_version() {
	awk '/^(VERSION|PATCHLEVEL|SUBLEVEL) = [0-9]/ { v = v (v ? "." : "") $3 }
		/^EXTRAVERSION = / { v = v $3 }
		NR == 9 || /^NAME/ { print v; exit }' "$1/Makefile"
}

# The patches of a series, in order.
series_of() {
	find "$1/series" -maxdepth 1 -name '[0-9][0-9][0-9][0-9]-*.patch' 2>/dev/null | sort
}

# The overlay files that a patch adds.
overlays_of() {
	sed -n '/^diff --git /q; s/^Overlay: *//p' "$1"
}

# What a run of commits is, whoever made it and when: its trees and its texts.
chain_id() {
	git -C "$linux" log --format='%T%n%B' "$1..$2" | git hash-object --stdin
}
