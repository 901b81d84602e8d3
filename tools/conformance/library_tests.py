"""CPython's own tests, run with a library and compared between libraries."""
import json
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from trees import ENVIRONMENT, SCRIPTS

# Names of tests, each with the modules that it means in the versions that have it.
TESTS = {
    "test_grammar": ["test.test_grammar"],
    "test_generators": ["test.test_generators"],
    "test_coroutines": ["test.test_coroutines"],
    "test_exceptions": ["test.test_exceptions"],
    "test_with": ["test.test_with"],
    "test_contextlib": ["test.test_contextlib"],
    "test_functools": ["test.test_functools"],
    "test_enum": ["test.test_enum"],
    "test_dataclasses": ["test.test_dataclasses"],
    "test_re": ["test.test_re"],
    "test_json": ["test.test_json", "json.tests"],
    "test_typing": ["test.test_typing"],
    "test_unittest": ["test.test_unittest", "unittest.test"],
}
TIME_LIMIT = 600


@dataclass
class TestResult:
    name: str
    problem: str = ""  # why there is no result
    found: dict = field(default_factory=dict)

    def counts(self):
        if self.problem:
            return self.problem
        failed = len(set(self.found["failed"]) | set(self.found["errors"]))
        return "%d run, %d failed, %d skipped" % (self.found["run"], failed, len(self.found["skipped"]))


def modules_for(name, library):
    """The modules of a test that a library has, as the names to import. A package that holds the tests comes before
    a module that only collects them."""
    present, packages = [], []
    for module in TESTS[name]:
        path = Path(library) / module.replace(".", "/")
        if path.is_dir():
            packages.append(module)
        elif path.with_suffix(".py").exists() or path.with_suffix(".pyc").exists():
            present.append(module)
    return (packages or present)[:1]


def run_test(python, name, library, work, sourceless):
    """One test in a process of its own; its folder and what it prints stay in `work`."""
    modules = modules_for(name, library)
    if not modules:
        return None
    folder = Path(work) / name
    folder.mkdir(parents=True)
    result = folder / "result.json"
    environment = dict(os.environ, **ENVIRONMENT, **python.env, TMPDIR=str(folder))
    command = python.command + ["-W", "ignore", str(SCRIPTS / "run_test.py"), str(result), *modules]
    command += ["--executable", python.command[-1]]
    with open(folder / "output", "wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                   env=environment, cwd=folder, start_new_session=True)
        try:
            status = process.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return TestResult(name, "took more than %d seconds" % TIME_LIMIT)
    if not result.exists():
        last = (folder / "output").read_text(errors="replace").strip().split("\n")[-1]
        return TestResult(name, "ended with status %d: %s" % (status, last))
    found = json.loads(result.read_text())
    used, sources = found.pop("library"), found.pop("sources")
    if Path(used) != Path(library) or sourceless and sources:
        return TestResult(name, "ran with %s and the sources of %s" % (used, ", ".join(sources) or "nothing"))
    return TestResult(name, found=found)


def run_tests(python, library, work, jobs, sourceless, names=None):
    """All tests that the library has: name -> TestResult."""
    with ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda name: run_test(python, name, library, work, sourceless), names or TESTS)
    return {result.name: result for result in results if result}


def difference(one, other):
    """What two results of the same test differ in; empty if in nothing."""
    if one.problem or other.problem:
        return "" if one.problem == other.problem else "%s; %s" % (one.counts(), other.counts())
    parts = []
    for key in one.found:
        if one.found[key] == other.found[key]:
            continue
        if isinstance(one.found[key], list):
            changed = sorted(set(one.found[key]) ^ set(other.found[key]))
            parts.append("%s: %s" % (key, ", ".join(changed)))
        else:
            parts.append("%s: %s and %s" % (key, one.found[key], other.found[key]))
    return "; ".join(parts)
