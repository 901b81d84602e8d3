"""compile_corpus.py FOLDER [STEP [OFFSET]]

Compiles every STEP-th file of this interpreter's own standard library (from the OFFSET-th on, in sorted order) into
FOLDER as 00000.pyc, 00001.pyc... and prints how many there are. Runs on Python 2.7 and 3.6 - 3.15. Files that this
interpreter cannot compile (tests of bad syntax) are left out.
"""
import os
import py_compile
import sys


def sources():
    root = os.path.dirname(os.path.abspath(os.__file__))
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "site-packages", "dist-packages"))
        for name in sorted(files):
            if name.endswith(".py"):
                yield os.path.join(folder, name)


def compile_file(source, target):
    try:
        py_compile.compile(source, target, doraise=True)
    except (py_compile.PyCompileError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return os.path.exists(target)


def main(folder, step=1, offset=0):
    if not os.path.isdir(folder):
        os.makedirs(folder)
    count = 0
    for number, source in enumerate(sources()):
        if number % step == offset % step:
            count += compile_file(source, os.path.join(folder, "%05d.pyc" % count))
    print(count)


if __name__ == "__main__":
    if sys.version_info[0] == 2:
        RecursionError = RuntimeError
    sys.setrecursionlimit(10000)
    main(sys.argv[1], *map(int, sys.argv[2:4]))
