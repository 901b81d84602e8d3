#!/bin/sh
# Installs what pyasm is built with, from Debian's (or Ubuntu's) packages, as far as it is missing. Does nothing and
# says nothing where all is there. `tools/setup.sh NAME...` installs these packages, too.
set -eu

packages="g++ make cmake ninja-build libfmt-dev tao-pegtl-dev libcli11-dev robin-map-dev rapidjson-dev
doctest-dev python3 $*"

say() {
    echo "$0: $*" >&2
}

if ! command -v apt-get >/dev/null 2>&1; then
    for program in c++ make cmake; do
        command -v "$program" >/dev/null 2>&1 && continue
        say "there is no $program, and no apt-get to install it with. pyasm needs a C++20 compiler (GCC 12 or Clang 15"
        say "or newer), make and CMake 3.20 or newer. CMake fetches the libraries itself: fmt, PEGTL, CLI11, robin-map,"
        say "RapidJSON, doctest."
        exit 2
    done
    exit 0
fi

missing=
for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    say "these packages are missing, and there is no sudo to install them with:$missing"
    say "as root: apt-get install$missing"
    exit 2
fi

say "installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 \
        -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1 </dev/null
}
# A source that does not answer is no reason to stop, as long as the others have the packages.
apt update || tail -n 3 "$log" >&2
# shellcheck disable=SC2086 # a list of names
if ! apt install --no-install-recommends $missing; then
    cat "$log" >&2
    say "the packages could not be installed; the lines above say why"
    exit 2
fi
