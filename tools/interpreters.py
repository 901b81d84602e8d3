"""Finds CPython 2.7 and 3.6 - 3.15, as the tests do (tests/support/interpreters.hpp).

They are looked for in $PYASM_PYTHONS (a list with colons between: an executable, VERSION=EXECUTABLE, or a
folder with a Debian tree that has usr/bin/pythonX.Y), on $PATH, among pyenv's, and in ~/.cache/pyasm/sid.
"""
import glob
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field

VERSIONS = ["2.7"] + ["3.%d" % minor for minor in range(6, 16)]
MAGIC_NUMBERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "isa", "magic_numbers.def")


@dataclass
class Interpreter:
    version: str
    command: list  # what arguments are added to
    env: dict = field(default_factory=dict)  # on top of this process's environment

    def argv(self, *arguments):
        """For a program that takes one command: the environment is in it."""
        settings = ["%s=%s" % item for item in self.env.items()]
        return (["env"] + settings if settings else []) + self.command + list(arguments)

    def ask(self, script, timeout=60):
        """What the interpreter prints for a script; nothing if it cannot run it."""
        try:
            answer = subprocess.run(self.argv("-B", "-c", script), capture_output=True, text=True, timeout=timeout)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return answer.stdout.strip() if answer.returncode == 0 else ""


def in_tree(tree, version):
    """A python in a Debian tree, run with the tree's own loader and libraries."""
    python = "%s/usr/bin/python%s" % (tree, version)
    if not os.path.exists(python):
        return None
    libraries = ":".join(glob.glob(tree + "/usr/lib/*-linux-gnu") + glob.glob(tree + "/lib/*-linux-gnu"))
    loaders = glob.glob(tree + "/usr/lib/*-linux-gnu/ld-linux*.so.*") + glob.glob(tree + "/lib64/ld-linux-*.so.2")
    if not loaders:
        return None
    command = [loaders[0], "--library-path", libraries, python]
    return Interpreter(version, command, {"PYTHONHOME": "%s/usr" % tree})


def candidates(version):
    home = os.path.expanduser("~")
    for entry in filter(None, os.environ.get("PYASM_PYTHONS", "").split(":")):
        name, _, path = entry.rpartition("=")
        if os.path.isdir(path):
            yield in_tree(path, version)
        elif name in ("", version):
            yield Interpreter(version, [path])
    on_path = shutil.which("python" + version)
    if on_path:
        yield Interpreter(version, [on_path])
    pyenv = os.environ.get("PYENV_ROOT") or home + "/.pyenv"
    for path in sorted(glob.glob("%s/versions/%s.*/bin/python" % (pyenv, version))):
        yield Interpreter(version, [path])
    cache = os.environ.get("XDG_CACHE_HOME") or home + "/.cache"
    yield in_tree(cache + "/pyasm/sid", version)


QUESTION = """
import sys
try:
    from importlib.util import MAGIC_NUMBER as magic
except ImportError:
    import imp
    magic = imp.get_magic()
magic = bytearray(magic)
print('%s %d.%d %d' % (('PyPy' if 'PyPy' in sys.version else 'CPython',) + sys.version_info[:2]
                       + (magic[0] + 256 * magic[1],)))
"""


def magic_number(version):
    with open(MAGIC_NUMBERS) as table:
        return int(re.search(r'MAGIC\(\d+, (\d+), "%s"\)' % re.escape(version), table.read()).group(1))


def find(version):
    """The first candidate that is this version of CPython and has the magic number of its releases, or None."""
    for candidate in filter(None, candidates(version)):
        if candidate.ask(QUESTION) == "CPython %s %d" % (version, magic_number(version)):
            return candidate
    return None


def library_of(python):
    """The folder of its standard library."""
    return python.ask("import os; print(os.path.dirname(os.path.abspath(os.__file__)))")
