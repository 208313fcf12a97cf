#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each fault in the conversions, and each race, is noticed in a kernel that has it.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/mutants.sh" -k
