#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A bisection may stop at every commit of the series: a whole kernel and its modules
# of each, for each architecture.

exec sh "$(dirname "$0")/build-commits.sh" vmlinux modules
