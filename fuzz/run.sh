#!/bin/sh
# Runs the fuzzers from seeds of the project: run.sh BUILD SECONDS. What a fuzzer finds is left in BUILD/fuzz.
# FUZZ_SEEDS: a folder with more .pyc files to begin with (small ones; as they are, and their listings).
set -eu
build=$(cd "$1" && pwd)
seconds=$2
more=${FUZZ_SEEDS:+$(cd "$FUZZ_SEEDS" && pwd)}
fuzz=$(cd "$(dirname "$0")" && pwd)
cd "$fuzz/.."
seeds=$build/fuzz/seeds
mkdir -p "$seeds/text" "$seeds/pyc"
# The sanitizers make stack frames large, and objects nest 2,000 deep.
ulimit -s 65536

# The first byte of a text chooses the target where the text names none.
for file in $(find examples -name '*.pyasm' -size -20k); do
    seed=$(echo "$file" | tr / _)
    { printf 'k'; cat "$file"; } >"$seeds/text/$seed"
    # Parts of a program do not assemble by themselves: they are texts only.
    "$build/pyasm" asm "$file" -o "$seeds/pyc/$seed.pyc" 2>/dev/null || true
done
# An assembler that does not work leaves no seeds.
if ! ls "$seeds"/pyc/*.pyc >/dev/null; then exit 1; fi
# What programs include are sources of the macro level.
for file in runtime-stubs/*.pyasm; do
    { printf 'k'; cat "$file"; } >"$seeds/text/stub_$(basename "$file")"
done
if [ -n "$more" ]; then find "$more" -name '*.pyc' -size -8k -exec cp {} "$seeds/pyc" \;; fi
for file in "$seeds"/pyc/*.pyc; do
    { printf 'k'; "$build/pyasm" dis --exact "$file" -o -; } >"$seeds/text/$(basename "$file").pyasm"
done
# Programs of several files: fuzz_link.cpp says how they are divided.
mkdir -p "$seeds/link"
printf 'k.extern f, T\n.module\nLOAD_CONST (code(f), const(T))\nRETURN_VALUE\n.end\n%%%%\n.global f, T\n.extern C.g\n.constant T \
{1: code(f)}\n.function f()\nRETURN_CONST code(C.g)\n.end\n%%%%\n.global T\n.constant T (1,)\n' >"$seeds/link/symbols"
for file in "$seeds"/text/*hello*.pyasm; do
    { cat "$file"; printf '\n%%%%\n.global A, B\n.extern A\n.constant A list([1])\n.constant B {const(A)}\n'; } \
        >"$seeds/link/$(basename "$file")"
done
"$build/pyasm" asm -c examples/hello/hello-3.13.pyasm -o "$seeds/link/object"
for file in "$seeds"/pyc/*.pyc; do
    { printf 'k.extern f\n.module\nRETURN_CONST code(f)\n.end\n%%%%\n'; cat "$file"; } >"$seeds/link/$(basename "$file")"
done
cd "$build/fuzz"
for name in assemble layout pyc disassemble code verify link splice; do
    case $name in
    assemble | layout) from="-dict=$fuzz/assemble.dict seeds/text" ;;
    code) from= ;;
    link) from="-dict=$fuzz/assemble.dict seeds/link" ;;
    *) from=seeds/pyc ;;
    esac
    mkdir -p "corpus/$name"
    echo "fuzzing pyasm-fuzz-$name for $seconds s"
    "./pyasm-fuzz-$name" -max_total_time="$seconds" -max_len=8192 -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
        "corpus/$name" $from >"$name.log" 2>&1 || { tail -n 40 "$name.log"; exit 1; }
    grep -E 'number_of_executed_units|new_units_added|slowest_unit|peak_rss' "$name.log"
done
