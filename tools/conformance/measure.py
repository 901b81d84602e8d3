#!/usr/bin/env python3
"""Measures whether pyasm takes every .pyc apart into text that assembles back to the same thing.

For each CPython 2.7, 3.6 - 3.15 (tools/interpreters.py says where they are looked for):
  - Every .pyc of its standard library, test package and site-packages goes through `pyasm dis -r` and
    `pyasm asm -r`. The interpreter itself compares what comes back: every field of every code object. With
    `--exact` the bytes are compared. For two targets also what -O and -OO compile, and hash-based files.
  - The standard library that came back is installed without its sources, and CPython's own tests run with it.
    The same tests run with the library as the interpreter compiled it, installed in the same way, and (for the
    record) with the sources. The results of the first two must be the same, test by test.
Prints tables and totals; exit status 1 if anything differs or an interpreter is missing.
"""
import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import interpreters
import library_tests
import prefix
import report
import trees

MORE_KINDS = {"3.8": ["O", "OO", "checked", "unchecked"], "3.13": ["O", "OO", "checked", "unchecked"]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pyasm", type=Path, help="the program to measure")
    parser.add_argument("--targets", default="", help='as in --targets "3.8 3.13"; all if empty')
    parser.add_argument("--kinds", default="", help="own, O, OO, checked, unchecked, tests; all if empty")
    parser.add_argument("--tests", default="", help="names of CPython's tests; all that are demanded if empty")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes and threads at once")
    parser.add_argument("--work", type=Path, help="a folder for the work (default: a temporary one)")
    parser.add_argument("--differences", type=Path, help="write a line for each difference to this file")
    parser.add_argument("--keep", action="store_true", help="leave the work where it is")
    return parser.parse_args()


class Measurement:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.report = report.Report(options.differences)
        self.kinds = options.kinds.split()
        self.tests = options.tests.split() or None

    def wants(self, kind):
        return not self.kinds or kind in self.kinds

    def round_trips(self, python, kind):
        work = self.work / python.version / kind
        original = work / "original"
        collected = trees.collect(python, original, kind, self.options.jobs)
        results = [trees.round_trip(self.options.pyasm, python, kind, original, work, self.options.jobs, exact)
                   for exact in (False, True)]
        self.report.tree(python.version, kind, collected, *results)
        shutil.rmtree(work)

    def run_tests(self, python):
        """With the library taken apart and assembled, as compiled, and with the sources."""
        work = self.work / python.version / "tests"
        original = work / "original"
        # All files name sources at a place where there are none.
        trees.collect(python, original, "sourceless", self.options.jobs, prefix=work / "nowhere")
        result = trees.round_trip(self.options.pyasm, python, "sourceless", original, work, self.options.jobs,
                                  keep=True)
        libraries = {
            "assembled": prefix.install(python, work / "back", work / "assembled"),
            "compiled": prefix.install(python, original, work / "compiled"),
            "with sources": prefix.launcher(python, work / "sources" / "bin"),
        }
        results = {}
        for name, launcher in libraries.items():
            own = name == "with sources"
            library = interpreters.library_of(python) if own else prefix.library_in(work / name, python.version)
            results[name] = library_tests.run_tests(launcher, library, work / ("results " + name),
                                                    self.options.jobs, not own, self.tests)
        self.report.tests(python.version, result, results)
        if not self.options.keep:
            shutil.rmtree(work)

    def target(self, version):
        python = interpreters.find(version)
        if python is None:
            self.report.missing(version)
            return
        for kind in ["own"] + MORE_KINDS.get(version, []):
            if self.wants(kind):
                self.round_trips(python, kind)
        if self.wants("tests"):
            self.run_tests(python)


def main():
    options = arguments()
    options.pyasm = options.pyasm.resolve()
    work = options.work or Path(tempfile.mkdtemp(prefix="pyasm-conformance-"))
    work = work.resolve()
    try:
        measurement = Measurement(options, work)
        for version in options.targets.split() or interpreters.VERSIONS:
            measurement.target(version)
        return measurement.report.close()
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
