#!/bin/sh
# From a bare Debian and this checkout to all tests passed: installs what is missing, builds, tests.
set -eu
cd "$(dirname "$0")/.."

tools/setup.sh
echo "building pyasm and its tests (some minutes)"
mkdir -p build
if ! make all-targets >build/build.log 2>&1; then
    cat build/build.log >&2
    exit 1
fi
# Not through make, whose word on a failure would come behind the closing line.
exec build/tests/pyasm-tests --jobs="$(nproc)"
