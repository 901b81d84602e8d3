"""A copy of an interpreter's prefix whose library has no sources: .pyc files in their places, and the data."""
import os
import shlex
import shutil
from pathlib import Path

from interpreters import Interpreter, library_of


def library_in(prefix, version):
    return Path(prefix) / "lib" / ("python" + version)


def link_data(library, place):
    """Links to everything that is no source and no bytecode; site-packages are no part of the library."""
    for folder, folders, files in os.walk(library):
        at = place / os.path.relpath(folder, library)
        if Path(folder) == library:
            os.makedirs(at, exist_ok=True)
            if "lib-dynload" in folders:
                os.symlink(library / "lib-dynload", at / "lib-dynload")
            folders[:] = [name for name in folders if name not in ("lib-dynload", "site-packages", "dist-packages")]
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            if name.endswith((".py", ".pyc", ".pyo")):
                continue
            os.makedirs(at, exist_ok=True)
            os.symlink(os.path.join(folder, name), at / name)


def install(python, bytecode, prefix):
    """Makes `prefix` from the tree `bytecode` (which it moves there) and the data of the interpreter's own library.
    Gives the interpreter that runs with it."""
    library, place = Path(library_of(python)), library_in(prefix, python.version)
    shutil.rmtree(prefix, ignore_errors=True)
    place.parent.mkdir(parents=True)
    os.rename(bytecode, place)
    link_data(library, place)
    sources = [path for path in place.rglob("*.py")]
    if sources:
        raise RuntimeError("a source is in the sourceless library: %s" % sources[0])
    return launcher(python, Path(prefix) / "bin", {"PYTHONHOME": str(prefix)})


def launcher(python, folder, settings=()):
    """The interpreter with more settings in its environment, as a program of its own that tests can start again."""
    program = Path(folder) / ("python" + python.version)
    program.parent.mkdir(parents=True, exist_ok=True)
    # From 3.11 on the modules that start-up needs are in the interpreter itself, unless it is told to load them.
    options = ["-X", "frozen_modules=off"] if tuple(map(int, python.version.split("."))) >= (3, 11) else []
    environment = dict(python.env, **dict(settings))
    exports = ["export %s=%s\n" % (name, shlex.quote(value)) for name, value in environment.items()]
    program.write_text('#!/bin/sh\n%sexec %s "$@"\n' % ("".join(exports), shlex.join(python.command + options)))
    program.chmod(0o755)
    return Interpreter(python.version, [str(program)])
