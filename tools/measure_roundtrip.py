#!/usr/bin/env python3
"""measure_roundtrip.py PYASM_ROUNDTRIP [VERSION...]

The measurement over whole standard libraries. For each CPython 2.7, 3.6 - 3.15 that is found, its own
library is compiled by itself into a temporary folder (for a library under 1000 files, that of the largest
installed older version as well), and PYASM_ROUNDTRIP checks every file: exact, canonical, and the tables.
Prints a line a version and mode; exit status 1 if anything failed.

Interpreters are looked for in $PYASM_PYTHONS (a list with colons between: an executable,
VERSION=EXECUTABLE, or a folder with a Debian tree that has usr/bin/pythonX.Y), on $PATH, among pyenv's, and
in ~/.cache/pyasm.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

VERSIONS = ["2.7"] + ["3.%d" % minor for minor in range(6, 16)]
COMPILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "objects", "compile_corpus.py")


def tree_command(tree, version):
    """A python in a Debian tree, run with the tree's own loader and libraries."""
    python = "%s/usr/bin/python%s" % (tree, version)
    if not os.path.exists(python):
        return None
    libraries = ":".join(glob.glob(tree + "/usr/lib/*-linux-gnu") + glob.glob(tree + "/lib/*-linux-gnu"))
    loaders = glob.glob(tree + "/lib64/ld-linux-*.so.2") + glob.glob(tree + "/usr/lib64/ld-linux-*.so.2")
    if not loaders:
        return None
    return ["env", "PYTHONHOME=%s/usr" % tree, loaders[0], "--library-path", libraries, python]


def candidates(version):
    home = os.path.expanduser("~")
    for entry in filter(None, os.environ.get("PYASM_PYTHONS", "").split(":")):
        name, _, path = entry.rpartition("=")
        if os.path.isdir(path):
            yield tree_command(path, version)
        elif name in ("", version):
            yield [path]
    for path in [shutil.which("python" + version)] + glob.glob(home + "/.pyenv/versions/%s.*/bin/python" % version):
        yield [path] if path else None
    for tree in sorted(glob.glob(home + "/.cache/pyasm/*")):
        yield tree_command(tree, version)


def find(version):
    for command in filter(None, candidates(version)):
        script = "import sys; print('%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run(command + ["-c", script], capture_output=True, text=True, timeout=60)
        except OSError:
            continue
        if answer.stdout.strip() == version:
            return command
    return None


def compile_library(command, folder, library=()):
    run = subprocess.run(command + ["-W", "ignore", COMPILE, folder] + (["1", "0", library] if library else []),
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return int(run.stdout.split()[-1]) if run.returncode == 0 else 0


def library_of(command):
    answer = subprocess.run(command + ["-c", "import os; print(os.path.dirname(os.path.abspath(os.__file__)))"],
                            capture_output=True, text=True)
    return answer.stdout.strip()


def main(tool, versions):
    failed, largest = False, None
    for version in versions:
        command = find(version)
        if not command:
            print("%5s  no interpreter found" % version)
            failed = True
            continue
        with tempfile.TemporaryDirectory() as folder:
            count = compile_library(command, folder + "/own")
            if count >= 1000:
                largest = library_of(command)
            elif largest and version[0] != "2":
                compile_library(command, folder + "/older", largest)
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
