"""compile_corpus.py FOLDER [STEP [OFFSET [LIBRARY]]]

Compiles every STEP-th file (from the OFFSET-th on, in sorted order) of this interpreter's own standard
library, or of the folder LIBRARY, into FOLDER as 00000.pyc, 00001.pyc... and prints how many there are.
Runs on Python 2.7 and 3.6 - 3.15. Files that this interpreter cannot compile (tests of bad syntax) are left
out.
"""
import os
import py_compile
import sys


def sources(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "site-packages", "dist-packages"))
        for name in sorted(files):
            if name.endswith(".py"):
                yield os.path.join(folder, name)


def compile_file(source, target):
    try:
        py_compile.compile(source, target, doraise=True)
    except (py_compile.PyCompileError, SyntaxError, ValueError, RuntimeError, MemoryError, EnvironmentError):
        return False
    return os.path.exists(target)


def main(folder, step=1, offset=0, library=os.path.dirname(os.path.abspath(os.__file__))):
    if not os.path.isdir(folder):
        os.makedirs(folder)
    count = 0
    for number, source in enumerate(sources(library)):
        if number % int(step) == int(offset) % int(step):
            count += compile_file(source, os.path.join(folder, "%05d.pyc" % count))
    print(count)


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    main(*sys.argv[1:5])
