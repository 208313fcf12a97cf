#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The audit's fixtures, small trees, and all of the base kernel come out as
# expected.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/audit/runs.sh"
KDIR=$base sh "$top/lab/audit/check.sh"
