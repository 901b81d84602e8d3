#!/usr/bin/env python3
"""Asks the verifier about changed functions, and the interpreters whether it was right.

For each CPython 2.7, 3.6 - 3.15 (tools/interpreters.py says where they are looked for): pyasm-mutate changes the
functions in tools/campaign/corpus at random and asks the verifier about each mutant; what it accepts runs under the real
interpreter, each mutant in a process of its own with limits on its time and memory (runner.py). None may die by a
signal. One in twenty of those that are refused runs, too: what ran to its end is a refusal to look at, or luck.

Prints a table; exit status 1 if anything died or an interpreter is missing. The same seed gives the same mutants, however
many jobs there are.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import interpreters

RUNNER = Path(__file__).resolve().parent / "runner.py"
# PYTHONMALLOC: memory that was freed or is another's is found out sooner, for a twentieth of the time.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONMALLOC": "debug", "PYTHONIOENCODING": "utf-8"}
SHARE = 5000  # accepted mutants of one seed: a share is one process's work
RAN = ("ok", "raised", "SystemError")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mutate", type=Path, help="the program pyasm-mutate")
    parser.add_argument("--targets", default="", help='as in --targets "3.8 3.13"; all if empty')
    parser.add_argument("--accepted", type=int, default=200000, help="how many accepted mutants to run of each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at once")
    parser.add_argument("--milliseconds", type=int, default=50, help="of processor time for a mutant")
    parser.add_argument("--refused-every", type=int, default=20, help="run one in so many refused mutants")
    parser.add_argument("--trace", action="store_true", help="run them under a tracer (sys.settrace)")
    parser.add_argument("--deaths", type=Path, help="a folder: a .pyc for each mutant that died, and what is known of it")
    parser.add_argument("--pyasm", type=Path, help="the program pyasm: adds a listing to each of them")
    parser.add_argument("--minimise", action="store_true", help="leave out changes that a death does not need")
    parser.add_argument("--refusals", action="store_true", help="also print refused mutants that ran well, by rule")
    parser.add_argument("--only", help="SEED:NUMBER runs just this mutant of one target and prints what became of it")
    return parser.parse_args()


class Target:
    """What became of the mutants of one version."""

    def __init__(self, python, options, work):
        self.python, self.options = python, options
        self.version = python.version
        self.functions = work / ("functions-%s.pyc" % python.version)
        self.home = work / "empty"
        self.home.mkdir(exist_ok=True)
        subprocess.run(python.argv("-W", "ignore", str(RUNNER), "--functions", str(self.functions)), check=True)
        self.accepted = self.refused = 0
        self.counts = {"accepted": Counter(), "refused": Counter()}
        self.deaths, self.strange, self.rules = [], [], {}
        self.verifier = []  # runs in which the verifier itself died

    def seeds(self):
        """A seed and a number of mutants for each share of the work."""
        left = self.options.accepted
        for number in range((left + SHARE - 1) // SHARE):
            yield self.options.seed * 1000003 + number, min(SHARE, left - number * SHARE)

    def run(self, seed, accepted, *more):
        """The runner's answer for this many accepted mutants of a seed."""
        settings = json.dumps({"accepted": accepted, "milliseconds": self.options.milliseconds,
                               "trace": self.options.trace})
        mutate = subprocess.Popen(
            [str(self.options.mutate), str(self.functions), "--seed", str(seed),
             "--refused-every", str(self.options.refused_every), *more], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if more else None)
        answer = subprocess.run(self.python.argv("-W", "ignore", str(RUNNER), "--run", settings), stdin=mutate.stdout,
                                stdout=subprocess.PIPE, cwd=self.home, env={**os.environ, **ENVIRONMENT})
        mutate.stdout.close()
        if answer.returncode != 0:
            raise RuntimeError("%s: the runner failed with status %d (seed %d)" % (self.version, answer.returncode, seed))
        answer = json.loads(answer.stdout)
        if mutate.wait() != 0 and not more:
            answer["verifier"] = ["pyasm-mutate --seed %d ended with status %d" % (seed, mutate.returncode)]
        for what in answer["deaths"] + answer["strange"] + [e for r in answer["rules"].values() for e in r["examples"]]:
            what["seed"] = seed
        return answer

    def add(self, answer):
        self.accepted += answer["accepted"]
        self.refused += answer["refused"]
        for kind, counts in answer["counts"].items():
            self.counts[kind].update(counts)
        self.deaths += answer["deaths"]
        self.verifier += answer.get("verifier", [])
        self.strange += answer["strange"]
        for rule, what in answer["rules"].items():
            ends, examples = self.rules.setdefault(rule, (Counter(), []))
            ends.update(what["ends"])
            examples += what["examples"][:max(0, 8 - len(examples))]

    def dies(self, death, keep):
        more = ["--only", str(death["number"]), "--keep", ",".join(map(str, keep))]
        answer = self.run(death["seed"], 1, *more)
        return answer["deaths"][0] if answer["deaths"] else None

    def minimised(self, death):
        """The same death with as few changes as will do."""
        keep = list(range(4))
        for change in range(4):
            fewer = [i for i in keep if i != change]
            found = fewer and self.dies(death, fewer)
            if found:
                keep, death = fewer, {**found, "keep": fewer, "again": death["again"]}
        return death

    def save(self, death):
        folder = self.options.deaths
        folder.mkdir(parents=True, exist_ok=True)
        name = "%s-%d-%d" % (self.version, death["seed"], death["number"])
        path = folder / (name + ".pyc")
        keep = ["--keep", ",".join(map(str, death["keep"]))] if "keep" in death else []
        subprocess.run([str(self.options.mutate), str(self.functions), "--seed", str(death["seed"]), "--only",
                        str(death["number"]), "--pyc", str(path), *keep], stdout=subprocess.DEVNULL, check=True)
        listing = ""
        if self.options.pyasm:
            listing = subprocess.run([str(self.options.pyasm), "dis", str(path), "-o", "-"], capture_output=True,
                                     text=True).stdout
        (folder / (name + ".txt")).write_text("%s\n%s\n" % (json.dumps(death, indent=1), listing))

    def percent(self, kind, ends):
        counts = self.counts[kind]
        whole = sum(counts.values())
        return "%.1f %%" % (100 * sum(counts[end] for end in ends) / whole) if whole else "-"

    def row(self):
        counts = self.counts["accepted"]
        refused_deaths = [end for end in self.counts["refused"] if end.startswith(("signal", "exit"))]
        whole = self.accepted + self.refused
        return "%-7s%11d%11d%8s%8d%9d%12s%9s%14d%12s%10s" % (
            self.version, whole, self.accepted, "%.1f %%" % (100 * self.accepted / whole if whole else 0),
            len(self.deaths), counts["timeout"], self.percent("accepted", RAN), self.percent("accepted", ("ok",)),
            counts["not loaded"], self.percent("refused", refused_deaths), self.percent("refused", RAN))


HEADING = "%-7s%11s%11s%8s%8s%9s%12s%9s%14s%12s%10s" % (
    "target", "mutants", "accepted", "", "deaths", "timeout", "to the end", "well", "not loaded", "refused die", "ran")


def describe(what):
    words = ["%s (seed %d, mutant %d): %s" % (what["function"], what["seed"], what["number"], what["end"]),
             "    " + what["changes"]]
    for key in ("finding", "words"):
        if what.get(key):
            words.append("    " + what[key])
    if what.get("before") and not any(end.startswith(("signal", "exit")) for end in what["again"]):
        words.append("    lives alone; in its process ran before: " + ", ".join(map(str, what["before"])))
    return "\n".join(words)


def show_refusals(target):
    for rule, (ends, examples) in sorted(target.rules.items(), key=lambda item: -sum(item[1][0].values())):
        whole = sum(ends.values())
        ran = sum(ends[end] for end in RAN)
        died = sum(count for end, count in ends.items() if end.startswith(("signal", "exit")))
        print("  %-20s%7d run, of which %5.1f %% ran and %5.1f %% died" % (rule, whole, 100 * ran / whole,
                                                                         100 * died / whole))
        for what in examples[:3]:
            print("      " + describe(what).replace("\n", "\n      "))


def campaign(version, options, work):
    """Whether nothing died."""
    python = interpreters.find(version)
    if python is None:
        print("%-7sno interpreter found" % version)
        return False
    target = Target(python, options, work)
    if options.only:
        seed, number = map(int, options.only.split(":"))
        answer = target.run(seed, 1, "--only", str(number), "--refused-every", "1")
        print(json.dumps(answer, indent=1))
        return not answer["deaths"]
    with ThreadPoolExecutor(options.jobs) as pool:
        for answer in pool.map(lambda share: target.run(*share), target.seeds()):
            target.add(answer)
    print(target.row(), flush=True)
    for failure in target.verifier:
        print("  " + failure)
    for death in target.deaths:
        if options.minimise:
            death = target.minimised(death)
        if options.deaths:
            target.save(death)
        print("  died: " + describe(death).replace("\n", "\n  "), flush=True)
    if options.refusals:
        show_refusals(target)
    return not target.deaths and not target.verifier


def main():
    options = arguments()
    options.mutate = options.mutate.resolve()
    work = Path(tempfile.mkdtemp(prefix="pyasm-campaign-"))
    good = True
    try:
        if not options.only:
            print(HEADING, flush=True)
        for version in options.targets.split() or interpreters.VERSIONS:
            good = campaign(version, options, work) and good
        return 0 if good else 1
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
