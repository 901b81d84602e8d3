"""Stack effects of Python 2.7's instructions, measured: it has no dis.stack_effect.

An instruction runs above a marker at the bottom of the stack; then ever larger tuples are built of the top
items, until the marker turns up in one. What jumps, yields, returns or needs a block is not measured.
"""
import sys
import types
from opcode import HAVE_ARGUMENT, opmap


class Marker(object):
    pass


class Sink(object):
    softspace = 0

    def write(self, text):
        pass


def give(*args, **kwargs):
    return args


def empty():
    pass


CODE = empty.__code__
CELL = (lambda x: lambda: x)(1).__closure__[0]

# name: (operands bottom first, argument), more than one of them where the argument matters
RECIPES = {
    "POP_TOP": [([1], 0)], "ROT_TWO": [([1, 2], 0)], "ROT_THREE": [([1, 2, 3], 0)],
    "ROT_FOUR": [([1, 2, 3, 4], 0)], "DUP_TOP": [([1], 0)], "NOP": [([], 0)],
    "DUP_TOPX": [([1, 2, 3][:n], n) for n in (2, 3)],
    "BINARY_SUBSCR": [([[1], 0], 0)], "STORE_SUBSCR": [([1, [1], 0], 0)], "DELETE_SUBSCR": [([[1], 0], 0)],
    "STORE_MAP": [([{}, 1, 2], 0)], "GET_ITER": [([[]], 0)], "LOAD_LOCALS": [([], 0)],
    "PRINT_EXPR": [([None], 0)], "PRINT_ITEM": [([""], 0)], "PRINT_NEWLINE": [([], 0)],
    "PRINT_ITEM_TO": [([1, Sink()], 0)], "PRINT_NEWLINE_TO": [([Sink()], 0)],
    "BUILD_CLASS": [(["name", (object,), {}], 0)],
    "EXEC_STMT": [(["0", {}, {}], 0)], "COMPARE_OP": [([1, 2], 0)],
    "STORE_NAME": [([1], 0)], "LOAD_NAME": [([], 1)], "STORE_GLOBAL": [([1], 0)], "LOAD_GLOBAL": [([], 1)],
    "LOAD_ATTR": [([1], 2)], "STORE_ATTR": [([1, give], 0)], "LOAD_CONST": [([], 0)],
    "STORE_FAST": [([1], 0)], "IMPORT_NAME": [([-1, None], 3)], "IMPORT_FROM": [([types], 4)],
    "UNPACK_SEQUENCE": [([(1, 2, 3)[:n]], n) for n in range(4)],
    "BUILD_MAP": [([], 0), ([], 3)], "BUILD_SLICE": [([1, 2], 2), ([1, 2, 3], 3)],
    "LIST_APPEND": [([[], 1], 1), ([[], 0, 1], 2)], "SET_ADD": [([set(), 1], 1), ([set(), 0, 1], 2)],
    "MAP_ADD": [([{}, 1, 2], 1), ([{}, 0, 1, 2], 2)],
    "MAKE_FUNCTION": [([CODE], 0), ([1, 2, CODE], 2)],
    "MAKE_CLOSURE": [([(CELL,), (lambda x: lambda: x)(1).__code__], 0),
                     ([1, (CELL,), (lambda x: lambda: x)(1).__code__], 1)],
    "CALL_FUNCTION": [([give], 0), ([give, 1, 2], 2), ([give, 1, "k", 2], 257),
                      ([give, "k", 1, "m", 2], 512)],
    "CALL_FUNCTION_VAR": [([give, ()], 0), ([give, 1, "k", 2, (3,)], 257)],
    "CALL_FUNCTION_KW": [([give, {}], 0), ([give, 1, "k", 2, {"m": 3}], 257)],
    "CALL_FUNCTION_VAR_KW": [([give, (), {}], 0), ([give, 1, "k", 2, (3,), {"m": 4}], 257)],
}
for _name in opmap:
    if _name.startswith("UNARY_"):
        RECIPES[_name] = [([5], 0)]
    elif _name.startswith(("BINARY_", "INPLACE_")) and _name not in RECIPES:
        RECIPES[_name] = [([7, 2], 0)]
    elif _name in ("BUILD_TUPLE", "BUILD_LIST", "BUILD_SET"):
        RECIPES[_name] = [([1] * _n, _n) for _n in (0, 1, 5)]
for _start, _operands in (("SLICE+", []), ("STORE_SLICE+", [0]), ("DELETE_SLICE+", [])):
    _value = [[1]] if _operands else []
    RECIPES[_start + "0"] = [(_value + [[1, 2]], 0)]
    RECIPES[_start + "1"] = [(_value + [[1, 2], 0], 0)]
    RECIPES[_start + "2"] = [(_value + [[1, 2], 1], 0)]
    RECIPES[_start + "3"] = [(_value + [[1, 2], 0, 1], 0)]


def instruction(name, argument=0):
    number = opmap[name]
    return chr(number) if number < HAVE_ARGUMENT else chr(number) + chr(argument & 255) + chr(argument >> 8)


def height_after(name, operands, argument):
    """The height above the marker."""
    consts = (None, Marker()) + tuple(operands)
    body = "".join(instruction("LOAD_CONST", 1 + i) for i in range(len(operands) + 1))
    body += instruction(name, argument)
    for height in range(20):
        code = types.CodeType(0, 1, 30, 0, body + instruction("BUILD_TUPLE", height + 1) +
                              instruction("RETURN_VALUE"), consts, ("n", "len", "real", "sys", "CodeType"),
                              ("x",), "measured", "measured", 1, "")
        stdout, sys.stdout = sys.stdout, Sink()
        try:
            result = eval(code, {"len": len}, {})
        finally:
            sys.stdout = stdout
        if result[0] is consts[1]:
            return height
    raise AssertionError(name)


def measure(name):
    """(argument, effect) for each recipe of the instruction."""
    return [(argument, height_after(name, [fresh(v) for v in operands], argument) - len(operands))
            for operands, argument in RECIPES.get(name, [])]


def fresh(value):
    """Containers are made anew for each recipe's run, so that one run does not see another's changes."""
    return type(value)(value) if isinstance(value, (list, set, dict)) else value
