#!/usr/bin/env python3
"""Replaces functions of the standard library, and runs CPython's own tests with them.

For each version (3.8, 3.11, 3.13 and 3.15, or --targets): modules of the library are compiled by the interpreter, and
`pyasm link --splice` puts other functions in the place of theirs:
  - hand-written ones: tools/splice/handwritten.pyasm;
  - ones that `pyasm dis` has taken apart, with an edit: each counts its calls.
The interpreter compares the files: all that is not replaced must be what it was. Then CPython's tests of the module run,
once with the module as compiled and once with the patched one in front of the library. The same must pass, and each replaced
function must have run. Prints a line for each module; exit status 1 if anything is not so.
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import interpreters
from replacements import EDITED, HANDWRITTEN, SHORT, TESTS

HERE = Path(__file__).resolve().parent
VERSIONS = ["3.8", "3.11", "3.13", "3.15"]
TIME_LIMIT = 600


class Failure(Exception):
    pass


def run(argv, **more):
    done = subprocess.run([str(one) for one in argv], capture_output=True, text=True, timeout=TIME_LIMIT, **more)
    if done.returncode != 0:
        raise Failure("%s: %s" % (" ".join(map(str, argv[-4:])), (done.stdout + done.stderr).strip()[-2000:]))
    return done.stdout


def block_of(listing, qualname):
    """The lines of a block in a listing, as they would stand at file level."""
    path, names = qualname.split("."), []
    begin = depth = None
    for number, line in enumerate(listing):
        word = line.split(None, 1)[0] if line.strip() else ""
        if word in (".module", ".function", ".class", ".code"):
            head = re.match(r"\s*\.\w+(?: async)?\s*([^\s(]*)", line)
            names.append("" if word == ".module" else head.group(1))
            if [name for name in names if name] == path and begin is None:
                begin, depth = number, len(names)
        elif word == ".end":
            if begin is not None and len(names) == depth:
                indent = len(listing[begin]) - len(listing[begin].lstrip())
                return [one[indent:] for one in listing[begin:number + 1]]
            names.pop()
    raise Failure("the listing has no %s" % qualname)


def edited(block, symbol, key, freevars):
    """A block under a symbol of its own, that counts its calls."""
    name = re.match(r"\.\w+(?: async)?\s*([^\s(]*)", block[0]).group(1)
    lines = [block[0].replace(name, symbol, 1)]
    if freevars and not any(line.strip().startswith(".freevars") for line in block):
        lines.append("    .freevars " + ", ".join(freevars))
    # From 3.11 on, behind what makes cells and generators.
    resumes = [at for at, line in enumerate(block) if line.strip().startswith("RESUME")]
    first = next(at for at, line in enumerate(block[1:], 1) if re.match(r"\s+(\.line\b|\.try\b|[A-Z_]+\b|\w+:)", line))
    place = resumes[0] + 1 if resumes else first
    counted = ["    LOAD_CONST list([%s])" % json.dumps(key), "    call_method append, 1", "    POP_TOP"]
    body = block[1:place] + counted + block[place:]
    return lines + [line for line in body if not line.startswith("    .stacksize")]


class Module:
    """One module of one version, and what becomes of it."""

    def __init__(self, measurement, python, name):
        self.measurement, self.python, self.name = measurement, python, name
        self.pyasm = measurement.options.pyasm
        self.work = measurement.work / python.version / name
        self.replaced = {}  # qualified name -> symbol

    def script(self, name, *arguments, **more):
        return run(self.python.argv("-B", "-W", "ignore", HERE / "target" / (name + ".py"), *arguments), **more)

    def compile(self, folder):
        (self.work / folder).mkdir(parents=True)
        return Path(self.script("compile_module", self.name, self.work / folder).strip().splitlines()[-1])

    def freevars(self, path, qualname):
        code = ("import marshal,sys\ncode=marshal.loads(open(sys.argv[1],'rb').read()[16:])\n"
                "for name in sys.argv[2].split('.'):\n"
                "    code=[one for one in code.co_consts if getattr(one,'co_name',0)==name][0]\n"
                "print(' '.join(code.co_freevars))")
        return run(self.python.argv("-c", code, path, qualname)).split()

    def edit(self, original):
        """Writes the source with all functions that are taken apart; its path, or nothing."""
        wanted = EDITED.get(self.name, [])
        if not wanted:
            return []
        listing = run([self.pyasm, "dis", original]).splitlines()
        # With the file name and the lines that they had: tests look at tracebacks.
        filename = next(line for line in listing if line.startswith(".filename"))
        text = [".target %s" % self.python.version, filename, ".include <portable>"]
        for number, qualname in enumerate(wanted):
            symbol = "edited_%d" % number
            block = block_of(listing, qualname)
            text += [".global %s" % symbol] + edited(block, symbol, self.key(qualname), self.freevars(original, qualname))
            self.replaced[qualname] = symbol
        path = self.work / "edited.pyasm"
        path.write_text("\n".join(text) + "\n")
        return [path]

    def key(self, qualname):
        return "%s.%s" % (self.name, qualname)

    def splice(self, original, patched):
        sources = self.edit(original)
        written = HANDWRITTEN.get(self.name, {})
        if written:
            self.replaced.update(written)
            sources.append(HERE / "handwritten.pyasm")
        options = [part for item in self.replaced.items() for part in ("--replace", "%s=%s" % item)]
        output = patched.with_suffix(".new")
        run([self.pyasm, "link", "--splice", original, *options, *sources, "-o", output])
        output.replace(patched)
        self.script("compare", original, patched, *self.replaced)

    def test(self, folder):
        result = self.work / (folder + ".json")
        tests = [test for test in TESTS[self.name].split() if self.has(test)]
        environment = dict(os.environ, **self.python.env, PYTHONPATH=str(self.work / folder), PYTHONHASHSEED="0")
        # Tests that start an interpreter start it in the same way.
        executable = self.work / "python"
        executable.write_text("#!/bin/sh\nexec %s \"$@\"\n" % shlex.join(self.python.argv()))
        executable.chmod(0o755)
        self.script("run_tests", result, executable, self.name, *tests, env=environment, cwd=self.work)
        return json.loads(result.read_text())

    def has(self, test):
        return self.python.ask("import importlib.util; print(importlib.util.find_spec(%r) is not None)" % test) == "True"

    def measure(self):
        original, patched = self.compile("original"), self.compile("patched")
        self.splice(original, patched)
        expected, found = self.test("original"), self.test("patched")
        for folder, result in (("original", expected), ("patched", found)):
            if not result["file"].startswith(str(self.work / folder)):
                raise Failure("the tests ran with %s" % result["file"])
        if (expected["run"], expected["failed"], expected["skipped"]) != (found["run"], found["failed"], found["skipped"]):
            raise Failure("other results: %s against %s" % (found, expected))
        if found["run"] == 0:
            raise Failure("no test ran")
        idle = [name for name in self.replaced if not found["counts"].get(self.key(name))]
        if idle:
            raise Failure("never ran: %s" % ", ".join(idle))
        calls = ", ".join("%s %d" % (name, found["counts"][self.key(name)]) for name in self.replaced)
        return "%d tests, %d failed with and without; calls: %s" % (found["run"], len(found["failed"]), calls)


class Measurement:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.failures = self.functions = 0

    def run(self):
        jobs = []
        for version in self.options.targets.split() or VERSIONS:
            python = interpreters.find(version)
            if not python:
                print("%s: no interpreter" % version)
                self.failures += 1
                continue
            names = self.options.modules.split() or (SHORT if self.options.short else sorted(TESTS))
            jobs += [Module(self, python, name) for name in names]
        with ThreadPoolExecutor(self.options.jobs) as pool:
            for module, line in zip(jobs, pool.map(self.attempt, jobs)):
                print("%-4s  %-12s  %s" % (module.python.version, module.name, line), flush=True)
        print("%d functions replaced in %d modules, %d failures" % (self.functions, len(jobs), self.failures))
        return 1 if self.failures else 0

    def attempt(self, module):
        try:
            line = module.measure()
            self.functions += len(module.replaced)
            return line
        except (Failure, OSError, ValueError, subprocess.TimeoutExpired) as failure:
            self.failures += 1
            return "FAILED: %s" % failure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pyasm", type=Path, help="the program to measure")
    parser.add_argument("--targets", default="", help='as in --targets "3.8 3.13"')
    parser.add_argument("--modules", default="", help='as in --modules "calendar queue"; all if empty')
    parser.add_argument("--short", action="store_true", help="a few modules only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="modules at once")
    options = parser.parse_args()
    options.pyasm = options.pyasm.resolve()
    with tempfile.TemporaryDirectory() as work:
        return Measurement(options, Path(work)).run()


if __name__ == "__main__":
    sys.exit(main())
