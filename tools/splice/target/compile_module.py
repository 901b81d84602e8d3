"""compile_module.py MODULE FOLDER

Compiles a module of this interpreter's library, or all of a package, into .pyc files in FOLDER that are imported without
their sources. Prints the path of the module's own.
"""
import importlib.util
import os
import py_compile
import sys

module, folder = sys.argv[1:]
found = importlib.util.find_spec(module)
source = found.origin
if found.submodule_search_locations is None:
    target = os.path.join(folder, module + ".pyc")
    py_compile.compile(source, target, doraise=True)
else:
    target = os.path.join(folder, module, "__init__.pyc")
    for name in sorted(os.listdir(os.path.dirname(source))):
        if name.endswith(".py"):
            path = os.path.join(os.path.dirname(source), name)
            py_compile.compile(path, os.path.join(folder, module, name + "c"), doraise=True)
print(target)
