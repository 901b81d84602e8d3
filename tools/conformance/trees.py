"""Whole trees of .pyc files: collected by an interpreter, taken apart and assembled by pyasm, compared."""
import filecmp
import json
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent / "target"
# Hashes decide the order of sets, and so the bytes that a compiler and marshal write.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


@dataclass
class RoundTrip:
    """What became of one tree in one mode."""
    kind: str
    exact: bool
    files: int = 0
    codes: int = 0
    same: int = 0  # equal; with `exact` identical
    bytes: int = 0
    dis_seconds: float = 0
    asm_seconds: float = 0
    differences: list = field(default_factory=list)  # a line for each file that is not the same

    @property
    def complete(self):
        return self.files > 0 and self.files == self.same and not self.differences


@dataclass
class Collected:
    copied: int = 0
    compiled: int = 0
    foreign: list = field(default_factory=list)
    failed: list = field(default_factory=list)  # pairs: file, reason


def in_shards(python, jobs, script, *arguments):
    """Runs a script of target/ in `jobs` processes, each for its share of the files; gives the lines they print."""
    environment = dict(os.environ, **ENVIRONMENT, **python.env)

    def run(number):
        command = python.command + ["-B", "-W", "ignore", str(SCRIPTS / script), *map(str, arguments),
                                    "--shard", "%d/%d" % (number, jobs)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, cwd="/")
        lines = done.stdout.rstrip().split("\n")
        if not lines[-1].startswith("{"):
            raise RuntimeError("%s of Python %s ended with status %d" % (script, python.version, done.returncode))
        return lines

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(run, range(jobs)))


def collect(python, out, kind, jobs, prefix=None):
    total = Collected()
    more = ["--prefix", prefix] if prefix else []
    for lines in in_shards(python, jobs, "collect.py", out, kind, *more):
        part = json.loads(lines[-1])
        total.copied += part["copied"]
        total.compiled += part["compiled"]
        total.foreign += part["foreign"]
        total.failed += [tuple(pair) for pair in part["failed"]]
    return total


def run_pyasm(pyasm, command, source, out, jobs, *options):
    """Seconds, and what it says on stderr. A file that fails is seen later: it is missing from `out`."""
    begin = time.monotonic()
    run = subprocess.run([str(pyasm), command, "-r", str(source), "-o", str(out), "-j%d" % jobs, *options],
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         text=True, errors="replace", timeout=3600)
    said = run.stderr.strip().split("\n") if run.stderr.strip() else []
    if run.returncode != 0 and not said:
        said = ["pyasm %s ended with status %d" % (command, run.returncode)]
    return time.monotonic() - begin, said if run.returncode != 0 else []


def pyc_files(folder):
    return sorted(path.relative_to(folder) for path in Path(folder).rglob("*.py[co]"))


def compare_identical(original, back, result):
    for relative in pyc_files(original):
        result.files += 1
        if not (back / relative).exists():
            result.differences.append("differs %s: there is no such file" % relative)
        elif filecmp.cmp(original / relative, back / relative, shallow=False):
            result.same += 1
        else:
            result.differences.append("differs %s: bytes" % relative)


def compare_equal(python, original, back, jobs, result):
    for lines in in_shards(python, jobs, "compare.py", original, back):
        part = json.loads(lines[-1])
        result.files += part["files"]
        result.codes += part["codes"]
        result.same += part["equal"]
        result.differences += lines[:-1]


def round_trip(pyasm, python, kind, original, work, jobs, exact=False, keep=False):
    """Takes the tree `original` apart and assembles it to work/back, which stays if `keep`."""
    text, back = work / "text", work / "back"
    for folder in (text, back):
        shutil.rmtree(folder, ignore_errors=True)
    result = RoundTrip(kind, exact, bytes=sum((original / name).stat().st_size for name in pyc_files(original)))
    result.dis_seconds, said = run_pyasm(pyasm, "dis", original, text, jobs, *(["--exact"] if exact else []))
    result.asm_seconds, also = run_pyasm(pyasm, "asm", text, back, jobs)
    if exact:
        compare_identical(original, back, result)
    else:
        compare_equal(python, original, back, jobs, result)
    result.differences += ["pyasm dis: " + line for line in said] + ["pyasm asm: " + line for line in also]
    shutil.rmtree(text, ignore_errors=True)
    if not keep:
        shutil.rmtree(back, ignore_errors=True)
    return result
