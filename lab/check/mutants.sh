#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each small fault in the walker and the hooks is noticed in userspace.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/mutants.sh" -u
