#!/usr/bin/env python3
"""Measures whether the verifier raises a false alarm.

For each CPython 2.7, 3.6 - 3.15 (tools/interpreters.py says where they are looked for), every .pyc of its standard
library, test package and site-packages goes through `pyasm verify`. What a compiler wrote is good code, so an error is
a mistake of the verifier. Prints a line for each target; exit status 1 if there is an error, if a file cannot be read
or if an interpreter is missing.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "conformance")]

import interpreters
import report
import trees

SHOWN = 10  # errors of one target on the terminal
ROW = "%-8s%-6s%8s%14s%9s%10s%9s%11s%11s"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pyasm", type=Path, help="the program to measure")
    parser.add_argument("--targets", default="", help='as in --targets "3.8 3.13"; all if empty')
    parser.add_argument("--kinds", default="own", help='also "O OO": all compiled with this optimisation')
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes and threads at once")
    parser.add_argument("--trees", type=Path, help="a folder where the collected .pyc are left, and taken from if there")
    parser.add_argument("--findings", type=Path, help="write every finding to this file, a line of JSON each")
    return parser.parse_args()


class Verified:
    """What `pyasm verify` says of a tree."""

    def __init__(self, pyasm, tree, jobs):
        self.files = trees.pyc_files(tree)
        self.megabytes = sum((tree / name).stat().st_size for name in self.files) / 1e6
        begin = time.monotonic()
        run = subprocess.run([str(pyasm), "verify", "--json", "-j%d" % jobs, str(tree)], stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, errors="surrogateescape", timeout=3600)
        self.seconds = time.monotonic() - begin
        self.by_file = [json.loads(line) for line in run.stdout.splitlines()]
        self.code_objects = sum(one["code_objects"] for one in self.by_file)
        self.errors = [(one["file"], finding) for one in self.by_file for finding in one["findings"]
                       if finding["severity"] == "error"]
        self.warnings = [(one["file"], finding) for one in self.by_file for finding in one["findings"]
                         if finding["severity"] == "warning"]
        self.accepted = sum(one["errors"] == 0 for one in self.by_file)
        self.unread = len(self.files) - len(self.by_file)
        # An exit status that fits nothing that was said is a failure, too: 128 and more are signals.
        expected = 1 if self.errors or self.unread else 0
        self.said = [] if run.returncode == expected else ["pyasm verify ended with status %d" % run.returncode]
        if self.unread:
            self.said += run.stderr.strip().splitlines()

    @property
    def complete(self):
        return bool(self.files) and not self.errors and not self.unread and not self.said


def in_words(path, finding):
    code, place = finding["code"] or {}, finding["offset"]
    return "%s: %s at %s: %s [%s]" % (path, code.get("name", "?"), "-" if place is None else place,
                                      finding["message"], finding["rule"])


class Measurement:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.pyasm = options.pyasm.resolve()
        self.findings = open(options.findings, "w") if options.findings else None
        self.failed = False
        self.files = self.accepted = self.code_objects = self.megabytes = 0
        self.warnings = collections.Counter()

    def tree(self, python, kind):
        tree = self.folder / python.version / kind
        if not tree.is_dir():
            trees.collect(python, tree, kind, self.options.jobs)
        return tree

    def verify(self, python, kind):
        result = Verified(self.pyasm, self.tree(python, kind), self.options.jobs)
        print(ROW % (python.version, kind, len(result.files), result.code_objects, "%.1f" % result.megabytes,
                     len(result.warnings), len(result.errors), report.percent(result.accepted, len(result.files)),
                     "%.1f s" % result.seconds), flush=True)
        lines = [in_words(*one) for one in result.errors] + result.said
        for line in lines[:SHOWN]:
            print("        " + line)
        if len(lines) > SHOWN:
            print("        ... and %d more" % (len(lines) - SHOWN))
        if self.findings:
            for path, finding in result.errors + result.warnings:
                print(json.dumps(dict(finding, file=path, python=python.version)), file=self.findings)
        self.failed = self.failed or not result.complete
        self.files += len(result.files)
        self.accepted += result.accepted
        self.code_objects += result.code_objects
        self.megabytes += result.megabytes
        self.warnings.update(finding["rule"] for _, finding in result.warnings)

    def target(self, version):
        python = interpreters.find(version)
        if python is None:
            self.failed = True
            print("%-8sno interpreter found" % version)
            return
        for kind in self.options.kinds.split():
            self.verify(python, kind)

    def close(self):
        print("\n%d of %d files without an error (%s), %d code objects, %.0f MB" % (
            self.accepted, self.files, report.percent(self.accepted, self.files), self.code_objects, self.megabytes))
        for rule, count in self.warnings.most_common():
            print("%8d warnings [%s]" % (count, rule))
        return int(self.failed)


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="pyasm-libraries-") as temporary:
        measurement = Measurement(options, (options.trees or Path(temporary)).resolve())
        print((ROW % ("target", "tree", "files", "code objects", "MB", "warnings", "errors", "accepted", "")).rstrip())
        for version in options.targets.split() or interpreters.VERSIONS:
            measurement.target(version)
        return measurement.close()


if __name__ == "__main__":
    sys.exit(main())
