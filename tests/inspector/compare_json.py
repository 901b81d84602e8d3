"""compare_json.py: reads pairs of lines, the path of a .pyc and the JSON that pyasm shows for it, and compares that with
what this interpreter loads from the file; prints what differs. compare_json.py PATH writes a .pyc whose top object is a
list of all kinds of values. Runs on Python 2.7 and 3.6 - 3.15.
"""
import dis
import io
import json
import marshal
import struct
import sys
import types

PY2 = sys.version_info[0] == 2
if PY2:
    chr, str, int_types = unichr, unicode, (int, long)  # noqa: F821
else:
    int_types = (int,)
ATTRIBUTES = ["argcount", "posonlyargcount", "kwonlyargcount", "nlocals", "stacksize", "flags", "firstlineno"]
NAME_TUPLES = ["names", "varnames", "cellvars", "freevars"]
try:
    import importlib.util
    MAGIC = importlib.util.MAGIC_NUMBER
except ImportError:
    import imp
    MAGIC = imp.get_magic()
HEADER = 8 if PY2 else 12 if sys.version_info < (3, 7) else 16


def unhex(text):
    return bytes(bytearray.fromhex(text))


def unfloat(value):
    if "bits" in value:
        return struct.unpack(">d", unhex(value["bits"]))[0]
    return float(value["float"])


class Reader:
    """Turns the values of a document back into Python's, as docs/show-json.md has them."""

    def __init__(self, codes):
        self.codes = codes
        self.known = {}

    def value(self, value):
        if not isinstance(value, dict):
            return value
        if "id" in value:
            inner = value["value"]
            if isinstance(inner, dict) and "list" in inner:
                result = self.known[value["id"]] = []
                result.extend(map(self.value, inner["list"]))
            else:
                result = self.known[value["id"]] = self.value(inner)
            return result
        if "ref" in value:
            return self.known[value["ref"]]
        (tag, content), = [(k, v) for k, v in value.items() if k != "bits"]
        return getattr(self, "as_" + tag)(content, value)

    def as_code(self, content, value):
        return self.codes[content]

    def as_singleton(self, content, value):
        return {"Ellipsis": Ellipsis, "StopIteration": StopIteration}[content]

    def as_int(self, content, value):
        return int(content, 16)

    def as_long(self, content, value):
        return long(content, 16)  # noqa: F821

    def as_float(self, content, value):
        return unfloat(value)

    def as_complex(self, content, value):
        return complex(*map(unfloat, content))

    def as_bytes(self, content, value):
        return unhex(content)

    def as_surrogatepass(self, content, value):
        return unhex(content).decode("utf-8", *([] if PY2 else ["surrogatepass"]))

    def as_tuple(self, content, value):
        return tuple(map(self.value, content))

    def as_list(self, content, value):
        return list(map(self.value, content))

    def as_set(self, content, value):
        return set(map(self.value, content))

    def as_frozenset(self, content, value):
        return frozenset(map(self.value, content))

    def as_slice(self, content, value):
        return slice(*map(self.value, content))

    def as_dict(self, content, value):
        return dict((self.value(k), self.value(v)) for k, v in content)

    def as_frozendict(self, content, value):
        return frozendict(self.as_dict(content, value))  # noqa: F821

    def name(self, value):
        result = self.value(value)
        return result.encode("utf-8") if PY2 and isinstance(result, str) else result


def key_of(value, stack=()):
    """Equal for values of the same type and bits alone."""
    if id(value) in stack:
        return "cycle"
    stack += (id(value),)
    if isinstance(value, float):
        return ("float", struct.pack(">d", value))
    if isinstance(value, complex):
        return ("complex", struct.pack(">dd", value.real, value.imag))
    if isinstance(value, (tuple, list)):
        return (type(value).__name__, [key_of(v, stack) for v in value])
    if isinstance(value, (set, frozenset)):
        return (type(value).__name__, sorted(repr(key_of(v, stack)) for v in value))
    if isinstance(value, slice):
        return ("slice", [key_of(v, stack) for v in (value.start, value.stop, value.step)])
    if type(value).__name__ in ("dict", "frozendict"):
        return (type(value).__name__, sorted(repr((key_of(k, stack), key_of(v, stack))) for k, v in value.items()))
    if isinstance(value, types.CodeType):
        return ("code", id(value))
    return (type(value).__name__, value)


def codes_below(value, found, seen):
    """Code objects in the order of the document, each once."""
    if id(value) in seen:
        return
    if isinstance(value, types.CodeType):
        seen.add(id(value))
        found.append(value)
        value = value.co_consts
    if isinstance(value, (tuple, list)):
        seen.add(id(value))
        for member in value:
            codes_below(member, found, seen)
    elif isinstance(value, (frozenset, set)):
        for member in value:
            codes_below(member, found, seen)
    elif type(value).__name__ in ("dict", "frozendict"):
        for pair in value.items():
            codes_below(pair, found, seen)
    elif isinstance(value, slice):
        codes_below((value.start, value.stop, value.step), found, seen)


def instructions(code):
    """What dis shows, and the argument bytes that it leaves out: those of instructions that take none."""
    return [(i.offset, i.opcode, i.opname, (code.co_code[i.offset + 1] or None) if i.arg is None else i.arg)
            for i in dis.get_instructions(code) if i.opname != "EXTENDED_ARG"]


class Comparison:
    def __init__(self, path):
        self.path = path

    def equal(self, what, shown, real):
        if shown != real:
            print("%s: %s: %r is shown, %r is right" % (self.path, what, shown, real))

    def code(self, shown, code, reader):
        for name in ATTRIBUTES:
            self.equal(name, shown.get(name), getattr(code, "co_" + name, None))
        for name in NAME_TUPLES:
            self.equal(name, [reader.name(n) for n in shown[name]], list(getattr(code, "co_" + name)))
        for name in ("name", "qualname", "filename"):
            if hasattr(code, "co_" + name):
                self.equal(name, reader.name(shown[name]), getattr(code, "co_" + name))
        self.equal("consts", [key_of(reader.value(v)) for v in shown["consts"]], [key_of(v) for v in code.co_consts])
        self.equal("code", unhex(shown["code"]), code.co_code)
        lines = getattr(code, "co_linetable", None) or code.co_lnotab
        self.equal("linetable", unhex(shown["linetable"]), lines)
        if hasattr(dis, "get_instructions"):
            self.equal("instructions", [(i["offset"] + 2 * i["prefixes"], i["opcode"], i["name"], i["arg"])
                                        for i in shown["instructions"]], instructions(code))
        if hasattr(code, "co_positions"):
            self.tables(shown, code)

    def tables(self, shown, code):
        positions = [tuple(run[2:]) for run in shown["lines"] for _ in range((run[1] - run[0]) // 2)]
        self.equal("lines", positions, list(code.co_positions()))
        self.equal("exceptiontable", unhex(shown["exceptiontable"]), code.co_exceptiontable)
        rows = [(e.start, e.end, e.target, e.depth, e.lasti) for e in dis._parse_exception_table(code)]
        self.equal("exceptions", [(e["begin"], e["end"], e["target"], e["depth"], e["lasti"])
                                  for e in shown["exceptions"]], rows)

    def file(self, document):
        with open(self.path, "rb") as stream:
            content = stream.read()
        top = marshal.loads(content[HEADER:])
        codes = []
        codes_below(top, codes, set())
        self.equal("schema", document["schema"], "pyasm-show/1")
        self.equal("size", document["size"], len(content))
        self.equal("magic", document["header"]["magic"], struct.unpack("<H", content[:2])[0])
        self.equal("code objects", len(document["code_objects"]), len(codes))
        reader = Reader(codes)
        self.equal("top", key_of(reader.value(document["top"])), key_of(top))
        for shown, code in zip(document["code_objects"], codes):
            self.code(shown, code, reader)
            name = reader.name(shown["name"])
            size = shown["size"]
            self.equal("byte at offset of " + repr(name), content[shown["offset"]:][:1] in (b"c", b"\xe3"), True)
            self.equal("end of " + repr(name), 0 < size <= len(content) - shown["offset"], True)


def all_kinds():
    values = [None, True, False, Ellipsis, StopIteration, 0, -1, 2**53 - 1, 2**53, -2**53, 2**63 - 1, -2**63, 2**63,
              -2**64, 3**5000, 0.0, -0.0, 1.0, 0.1, 1e300, 5e-324, float("inf"), -float("inf"), float("nan"),
              struct.unpack(">d", b"\xff\xf8\x00\x00\x00\x00\x12\x34")[0], complex(-0.0, float("nan")), b"", b"\x00\xff",
              b"bytes", u"", u"text \"quoted\" \\ \n\t\x00\x1b\x7f", u"\xe4\u20ac\U0001f600", u"\u202e\ud800", (), ((),),
              (1, (2.0, u"x")), [], [[1], [2]], {}, {u"a": [1], 2: (3,)}, set(), set([1, u"b"]), frozenset([1, (2,)]),
              compile("def f(a, *b):\n    c = a\n    return lambda: c\nx = 1", "<all>", "exec")]
    if PY2:
        values += [long(1), long(0), -long(2)**100]  # noqa: F821
    if sys.version_info >= (3, 14):
        values += [slice(1, None, -3)]
    if sys.version_info >= (3, 15):
        values += [frozendict({1: 2})]  # noqa: F821
    shared = [u"long text that stands in several places " * 20, (1, 2)]
    values += [shared, shared, [shared]]
    if not PY2:
        values.append(values)
    return values


def main():
    if len(sys.argv) > 1:
        with open(sys.argv[1], "wb") as stream:
            stream.write(MAGIC + b"\0" * (HEADER - 4) + marshal.dumps(all_kinds()))
        return
    lines = io.open(0, encoding="utf-8").read().splitlines()
    for path, text in zip(lines[::2], lines[1::2]):
        Comparison(path).file(json.loads(text))


sys.setrecursionlimit(10000)
main()
