#!/usr/bin/env python3
"""measure_roundtrip.py PYASM_ROUNDTRIP [VERSION...]

The measurement over whole standard libraries. For each CPython 2.7, 3.6 - 3.15 that is found, its own
library is compiled by itself into a temporary folder (for a library under 1000 files, that of the largest
installed older version as well), and PYASM_ROUNDTRIP checks every file: exact, canonical, and the tables.
Prints a line a version and mode; exit status 1 if anything failed.

For where interpreters are looked for see tools/interpreters.py.
"""
import os
import re
import subprocess
import sys
import tempfile

from interpreters import VERSIONS, find, library_of

COMPILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "objects", "compile_corpus.py")


def compile_library(python, folder, library=()):
    run = subprocess.run(python.argv("-W", "ignore", COMPILE, folder, *(["1", "0", library] if library else [])),
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return int(run.stdout.split()[-1]) if run.returncode == 0 else 0


def main(tool, versions):
    failed, largest = False, None
    for version in versions:
        python = find(version)
        if not python:
            print("%5s  no interpreter found" % version)
            failed = True
            continue
        with tempfile.TemporaryDirectory() as folder:
            count = compile_library(python, folder + "/own")
            if count >= 1000:
                largest = library_of(python)
            elif largest and version[0] != "2":
                compile_library(python, folder + "/older", largest)
            for mode in ([], ["--canonical"], ["--tables"]):
                run = subprocess.run([tool, "--time"] + mode + [folder], stdout=subprocess.PIPE, text=True)
                print("%-11s %s" % ((mode or ["--exact"])[0], re.sub(r"\s+$", "", run.stdout)), flush=True)
                failed |= run.returncode != 0
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    os.environ["PYTHONHASHSEED"] = "0"  # the order of sets, and so of the files' bytes, is the same in each run
    sys.exit(main(sys.argv[1], sys.argv[2:] or VERSIONS))
