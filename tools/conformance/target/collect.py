"""collect.py OUT KIND [--shard I/N] [--only LIST] [--prefix PREFIX]

Puts .pyc files of this interpreter's own folders (standard library with its test package, site-packages) into
OUT, in the same folders:
  own        those that are there, as they are; what has none is compiled
  O, OO      everything compiled with this optimisation
  checked, unchecked
             everything compiled to hash-based files
  sourceless the standard library alone, compiled as though its sources were in PREFIX/lib/pythonX.Y, each file
             where its source was
--only takes just the files that LIST names (a line each, without .py, below the library); --shard every N-th.
Prints one JSON object: counts, and the files that do not compile with the reason (the library has deliberate
ones, as data of its tests). Runs on Python 2.7 and 3.6 - 3.15.
"""
from __future__ import print_function

import io
import json
import os
import py_compile
import shutil
import site
import sys
import warnings

if sys.version_info < (3,):
    import imp
    MAGIC, TAG = imp.get_magic(), None
else:
    import importlib.util
    MAGIC, TAG = importlib.util.MAGIC_NUMBER, sys.implementation.cache_tag

LIBRARY = os.path.dirname(os.path.abspath(os.__file__))


def roots(kind):
    """Pairs of a folder and where its files go below OUT."""
    yield LIBRARY, ""
    if kind == "sourceless":
        return
    prefix = os.path.abspath(sys.prefix) + os.sep
    for number, folder in enumerate(site.getsitepackages()):
        folder = os.path.abspath(folder)
        inside = (folder + os.sep).startswith(LIBRARY + os.sep)
        if os.path.isdir(folder) and folder.startswith(prefix) and not inside:
            yield folder, "site-packages-%d" % number


def walk(kind):
    for root, below in roots(kind):
        for folder, folders, files in os.walk(root):
            folders.sort()
            if kind == "sourceless" and folder == root:
                folders[:] = [name for name in folders if name not in ("site-packages", "dist-packages")]
            at = os.path.normpath(os.path.join(below, os.path.relpath(folder, root)))
            for name in sorted(files):
                yield os.path.join(folder, name), os.path.join(at, name)


def has_magic(path):
    with io.open(path, "rb") as file:
        return file.read(4) == MAGIC


def has_own(source):
    """Whether the library has a .pyc of this source."""
    paths = [source + "c"]
    if TAG:
        folder, name = os.path.split(source)
        paths.append(os.path.join(folder, "__pycache__", "%s.%s.pyc" % (name[:-3], TAG)))
    return any(os.path.exists(path) and has_magic(path) for path in paths)


def compile_file(source, out, kind, named):
    arguments = {}
    if kind in ("O", "OO"):
        arguments["optimize"] = len(kind)
    if kind in ("checked", "unchecked"):
        arguments["invalidation_mode"] = getattr(py_compile.PycInvalidationMode, kind.upper() + "_HASH")
    py_compile.compile(source, out, named, doraise=True, **arguments)
    if not os.path.exists(out):
        raise ValueError("nothing was written")


class Collector(object):
    def __init__(self, out, kind, prefix, only):
        self.out, self.kind, self.only = out, kind, only
        self.named_below = os.path.join(prefix, "lib", "python%d.%d" % sys.version_info[:2]) if prefix else None
        self.copied = self.compiled = 0
        self.foreign, self.failed = [], []

    def wanted(self, relative):
        if self.only is None:
            return True
        folder, name = os.path.split(relative)
        if os.path.basename(folder) == "__pycache__":
            folder = os.path.dirname(folder)
            if TAG and not name.endswith(TAG + ".pyc"):
                return False
        return os.path.join(folder, name.split(".")[0]).replace(os.sep, "/") in self.only

    def place(self, relative):
        path = os.path.join(self.out, relative)
        try:
            os.makedirs(os.path.dirname(path))
        except EnvironmentError:
            pass  # it is there; the other shard may make it at the same time
        return path

    def copy(self, path, relative):
        if has_magic(path):
            shutil.copyfile(path, self.place(relative))
            self.copied += 1
        else:
            self.foreign.append(relative)

    def compile(self, path, relative):
        named = os.path.join(self.named_below, relative) if self.named_below else path
        try:
            compile_file(path, self.place(relative + "c"), self.kind, named)
            self.compiled += 1
        except (py_compile.PyCompileError, SyntaxError, ValueError, RuntimeError, MemoryError,
                EnvironmentError) as error:
            lines = str(error).strip().splitlines() or [""]
            self.failed.append((relative, "%s: %s" % (type(error).__name__, lines[-1].strip())))

    def take(self, path, relative):
        if not self.wanted(relative):
            return
        if relative.endswith((".pyc", ".pyo")):
            if self.kind == "own":
                self.copy(path, relative)
        elif relative.endswith(".py") and os.path.exists(path) and not (self.kind == "own" and has_own(path)):
            self.compile(path, relative)


def main(arguments):
    out, kind, options = arguments[0], arguments[1], dict(zip(arguments[2::2], arguments[3::2]))
    shard, shards = [int(number) for number in options.get("--shard", "0/1").split("/")]
    only = None
    if "--only" in options:
        with io.open(options["--only"]) as file:
            only = set(file.read().split())
    warnings.simplefilter("ignore")
    collector = Collector(out, kind, options.get("--prefix"), only)
    # A file and its .pyc need not be in the same shard; neither depends on the other.
    for number, (path, relative) in enumerate(walk(kind)):
        if number % shards == shard:
            collector.take(path, relative)
    print(json.dumps({"copied": collector.copied, "compiled": collector.compiled,
                      "foreign": collector.foreign, "failed": collector.failed}))


if __name__ == "__main__":
    main(sys.argv[1:])
