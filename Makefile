# SPDX-License-Identifier: GPL-2.0-only
#
# Everything is done by the scripts of lab/; `make help` says what there is.

export KDIR OLD NEW FAIL_ON LIST

.PHONY: all setup check check-full tree refresh series audit bench fuzz mutants help

## all        the main job: build and boot the kernels, show permission changes
all:
	@sh lab/setup.sh all
	@sh lab/tree.sh
	@sh lab/demo.sh

## setup      install the tools which are missing, with apt
setup:
	@sh lab/setup.sh all

## check      the tests that are done within an hour
check:
	@sh lab/check.sh

## check-full the same, and those that take hours
check-full:
	@sh lab/check.sh full

## tree       the base kernel with the series applied, in out/linux
tree:
	@sh lab/setup.sh tree
	@sh lab/tree.sh

## refresh    carry commits made in out/linux back into series/ and the overlay
refresh:
	@sh lab/refresh.sh

## series     the mailable series, in out/series
series: tree
	@sh lab/series.sh

## audit      who changes kernel permissions some other way, in KDIR or out/linux
audit:
	@sh lab/setup.sh audit
	@[ -n "$(KDIR)$(OLD)$(NEW)" ] || sh lab/tree.sh
	@sh lab/audit.sh

## bench      stock against series: guest instructions of the same calls
bench:
	@sh lab/setup.sh tree build boot plot
	@sh lab/bench.sh

## fuzz       the walker in userspace under libFuzzer, for TIME=s seconds
fuzz:
	@sh lab/setup.sh user
	@$(MAKE) -s -C tools/testing/pageattr O="$(CURDIR)/out/user" $(if $(TIME),TIME=$(TIME)) fuzz

## mutants    break it in many small ways, one at a time: do the suites notice?
mutants:
	@sh lab/setup.sh tree build boot user
	@sh lab/tree.sh
	@sh lab/mutants.sh

## help       this list
help:
	@echo 'make TARGET [KDIR=path]'
	@echo
	@sed -n 's/^## /  /p' Makefile
	@echo
	@echo '  KDIR=path uses a kernel tree of yours (a clean git tree or a plain'
	@echo '  directory), which is only read; what is made of it is below out/kdir/,'
	@echo '  but for out/audit.*.'
	@echo '  make audit OLD=tree NEW=tree compares two; FAIL_ON=permission exits 1 if'
	@echo '  a site of that class is left; LIST=calls takes a third of the time.'
	@echo '  Everything generated is in out/, which can be deleted at any time.'
