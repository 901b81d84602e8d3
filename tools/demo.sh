#!/bin/sh
# From a bare Debian and this checkout to the first program: installs what is missing, builds pyasm, and assembles and
# runs the example for the system's own Python.
set -eu
cd "$(dirname "$0")/.."

tools/setup.sh
echo "building pyasm (a minute or two)"
mkdir -p build
if ! make >build/build.log 2>&1; then
    cat build/build.log >&2
    exit 1
fi
version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
example=examples/hello/hello-$version.pyasm
if [ ! -f "$example" ]; then
    echo "there is no example for this system's Python $version; examples/hello has those for others" >&2
    exit 1
fi
echo "\$ build/pyasm run $example"
exec build/pyasm run "$example"
