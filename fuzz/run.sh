#!/bin/sh
# Runs the fuzzers from seeds of the project: run.sh BUILD SECONDS. What a fuzzer finds is left in BUILD/fuzz.
set -eu
build=$(cd "$1" && pwd)
seconds=$2
cd "$(dirname "$0")/.."
seeds=$build/fuzz/seeds
mkdir -p "$seeds/text" "$seeds/pyc" "$build/fuzz/text" "$build/fuzz/pyc"

# The first byte of a text chooses the target where the text names none.
for file in $(find examples -name '*.pyasm' -size -20k); do
    { printf 'k'; cat "$file"; } >"$seeds/text/$(echo "$file" | tr / _)"
    "$build/pyasm" asm "$file" -o "$seeds/pyc/$(echo "$file" | tr / _).pyc"
done
cd "$build/fuzz"
for name in assemble pyc disassemble; do
    [ $name = assemble ] && kind=text || kind=pyc
    echo "fuzzing pyasm-fuzz-$name for $seconds s"
    "./pyasm-fuzz-$name" -max_total_time="$seconds" -max_len=8192 -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        "$kind" "$seeds/$kind" >"$name.log" 2>&1 || { tail -n 40 "$name.log"; exit 1; }
    grep -E 'number_of_executed_units|new_units_added|slowest_unit|peak_rss' "$name.log"
done
