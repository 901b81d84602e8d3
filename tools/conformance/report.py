"""What the measurement prints: a line for each tree and each test as they are done, the totals at the end."""
import textwrap

from library_tests import TESTS, difference

SHOWN = 10  # differences of one tree on the terminal


def percent(part, whole):
    """Rounded down: 100 % means all."""
    return "%.2f %%" % (part * 10000 // whole / 100 if whole else 0)


class Report:
    def __init__(self, differences_path=None):
        self.differences = open(differences_path, "w") if differences_path else None
        self.failed = False
        self.heading = None
        self.files = self.codes = self.equal = self.identical = 0
        self.results = self.tests_run = self.same_results = 0

    def line(self, heading, row):
        if self.heading != heading:
            print(("" if self.heading is None else "\n") + heading)
            self.heading = heading
        print(row, flush=True)

    def fail(self, version, what, lines):
        self.failed = self.failed or bool(lines)
        for number, line in enumerate(lines):
            if number < SHOWN:
                print("        %s" % line)
            elif number == SHOWN:
                print("        ... and %d more" % (len(lines) - SHOWN))
            if self.differences:
                print("%s %s: %s" % (version, what, line), file=self.differences, flush=True)

    def missing(self, version):
        self.fail(version, "interpreter", ["no interpreter found for %s" % version])

    def tree(self, version, kind, collected, default, exact):
        heading = "%-7s%-10s%7s%14s%9s%11s%10s%11s%11s%9s" % (
            "target", "tree", "files", "code objects", "MB", "equal", "", "identical", "", "refused")
        self.line(heading, "%-7s%-10s%7d%14d%9.1f%11d%10s%11d%11s%9d" % (
            version, kind, default.files, default.codes, default.bytes / 1e6, default.same,
            percent(default.same, default.files), exact.same, percent(exact.same, exact.files),
            len(collected.failed)))
        self.files += default.files
        self.codes += default.codes
        self.equal += default.same
        self.identical += exact.same
        self.fail(version, kind, default.differences)
        self.fail(version, kind + " --exact", exact.differences)
        if not (default.complete and exact.complete):
            self.failed = True

    def tests(self, version, round_trip, results):
        heading = "%-7s%-17s%-36s%-10s%s" % ("target", "test", "assembled", "compiled", "with sources")
        self.fail(version, "sourceless", round_trip.differences)
        for name in TESTS:
            if name not in results["compiled"]:
                continue
            assembled, compiled = results["assembled"].get(name), results["compiled"][name]
            differs = difference(assembled, compiled) if assembled else "not run"
            own = results["with sources"].get(name)
            self.line(heading, "%-7s%-17s%-36s%-10s%s" % (
                version, name, assembled.counts()[:35] if assembled else "-", "differs" if differs else "same",
                "-" if own is None else "same" if not difference(compiled, own) else own.counts()))
            self.results += 1
            self.same_results += not differs
            self.tests_run += compiled.found.get("run", 0)
            self.fail(version, name, [differs] if differs else [])
            if not differs and not compiled.problem:
                self.failing_tests(set(compiled.found["failed"]) | set(compiled.found["errors"]))
            if compiled.problem or not compiled.found["run"]:  # nothing was compared
                self.fail(version, name, ["no result: " + compiled.counts()])

    @staticmethod
    def failing_tests(names):
        """Those that want sources, mostly: class and method of each."""
        short = sorted(set(".".join(name.split(".")[-2:]) for name in names))
        if short:
            print(textwrap.fill("fails with both: " + ", ".join(short), 110, initial_indent=" " * 8,
                                subsequent_indent=" " * 10, break_long_words=False, break_on_hyphens=False))

    def close(self):
        """Prints the totals; gives the exit status."""
        print()
        if self.files:
            print("%d files with %d code objects: %d equal (%s), %d identical with --exact (%s)" % (
                self.files, self.codes, self.equal, percent(self.equal, self.files), self.identical,
                percent(self.identical, self.files)))
        if self.results:
            print("%d of %d results of CPython's own tests (%d test cases) are the same" % (
                self.same_results, self.results, self.tests_run))
        print("something differs" if self.failed else "nothing differs")
        if self.differences:
            self.differences.close()
        return int(self.failed)
