#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernels that the stages after this one boot: stock and series from one
# configuration, and the series with all debugging.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/build.sh" base arm64-plain
sh "$top/lab/build.sh" linux arm64-plain
sh "$top/lab/build.sh" linux arm64-debug
