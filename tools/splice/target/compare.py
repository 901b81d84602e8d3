"""compare.py ORIGINAL.pyc PATCHED.pyc QUALNAME...

Checks that nothing is different but the code objects of these names: not the header, not the bytes in front of the first of
them, and no field of any other code object. Prints what is different.
"""
import marshal
import sys
import types

FIELDS = ["co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize", "co_flags", "co_code",
          "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_filename", "co_name", "co_qualname", "co_firstlineno",
          "co_lnotab", "co_linetable", "co_exceptiontable"]
FROM_PLACE = ["co_name", "co_qualname", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_freevars"]


def fields_of(code, names):
    # A NaN is not itself, and 1 is True: what is shown tells them apart.
    return {name: repr(getattr(code, name)) for name in names if hasattr(code, name)}


def differences(left, right, path, names, seen):
    if path in names:
        seen.add(path)
        if left == right:
            yield "%s is what it was" % path
        if fields_of(left, FROM_PLACE) != fields_of(right, FROM_PLACE):
            yield "%s has another name or other arguments" % path
        return
    if fields_of(left, FIELDS) != fields_of(right, FIELDS):
        yield "%s is different" % (path or "<module>")
    if len(left.co_consts) != len(right.co_consts):
        yield "%s has more or fewer constants" % (path or "<module>")
    for one, other in zip(left.co_consts, right.co_consts):
        if isinstance(one, types.CodeType) and isinstance(other, types.CodeType):
            inner = path + "." + one.co_name if path else one.co_name
            for found in differences(one, other, inner, names, seen):
                yield found
        elif repr(one) != repr(other):
            yield "%s has another constant" % (path or "<module>")


def main(original, patched, *names):
    with open(original, "rb") as file:
        before = file.read()
    with open(patched, "rb") as file:
        after = file.read()
    seen = set()
    found = list(differences(marshal.loads(before[16:]), marshal.loads(after[16:]), "", names, seen))
    found += ["%s is not there" % name for name in names if name not in seen]
    if before[:16] != after[:16]:
        found.append("the header is different")
    print("\n".join(found))
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
