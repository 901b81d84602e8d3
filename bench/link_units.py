"""Writes a program of many units, to measure linking: link_units.py FOLDER [UNITS [FUNCTIONS]].

Each unit has as many functions, one that binds them, and a constant that the next unit uses; the first has the module
body, which calls those of the others. For 3.13. The functions differ in names, numbers and length, so that little of one is
the same in another.
"""
import pathlib
import sys


def function(unit, number, functions):
    lines = ["",
             ".function work_{}_{}(items, limit, *, scale=2)".format(unit, number),
             "    .doc \"Sums up what is below the limit, for part {} of unit {}.\"".format(number, unit),
             "    RESUME              0",
             "    LOAD_CONST          {}".format(unit * functions + number),
             "    STORE_FAST          total",
             "    LOAD_FAST           items",
             "    GET_ITER",
             "loop:",
             "    FOR_ITER            done",
             "    STORE_FAST          item_{}".format(number % 17),
             "    LOAD_FAST           item_{}".format(number % 17),
             "    LOAD_FAST           limit",
             "    COMPARE_OP          bool(<)",
             "    POP_JUMP_IF_TRUE    use",
             "    JUMP_BACKWARD       loop",
             "use:"]
    for turn in range(number % 3):
        lines += ["    LOAD_FAST           total",
                  "    LOAD_GLOBAL         step_{} + NULL".format((unit + turn) % 50),
                  "    LOAD_FAST           item_{}".format(number % 17),
                  "    LOAD_CONST          {}".format((number * 31 + turn) % 1000),
                  "    BINARY_OP           *",
                  "    CALL                1",
                  "    BINARY_OP           +=",
                  "    STORE_FAST          total"]
    lines += ["    JUMP_BACKWARD       loop",
              "done:",
              "    END_FOR",
              "    POP_TOP",
              "    LOAD_FAST           total",
              "    RETURN_VALUE",
              ".end"]
    return lines


def bind(name):
    return ["    LOAD_CONST          code({})".format(name), "    MAKE_FUNCTION"]


def unit(index, units, functions):
    following = (index + 1) % units
    names = ["work_{}_{}".format(index, number) for number in range(functions)]
    lines = ["# Unit {} of a program that is linked to measure how long that takes.".format(index),
             ".target 3.13",
             ".global setup_{0}, TABLE_{0}".format(index) if index else ".global TABLE_0",
             ".extern TABLE_{}".format(following),
             ".constant TABLE_{0} ({0}, \"unit {0}\", (1.5, {1}))".format(index, index * 3)]
    if index == 0:
        lines += [".extern setup_{}".format(other) for other in range(1, units)]
    lines += ["", ".function setup_{}()".format(index) if index else ".module", "    RESUME              0"]
    for name in names:
        lines += bind(name) + ["    {:<19} {}".format("STORE_GLOBAL" if index else "STORE_NAME", name)]
    lines += ["    LOAD_CONST          const(TABLE_{})".format(following), "    POP_TOP"]
    for other in range(1, 0 if index else units):
        lines += bind("setup_{}".format(other)) + ["    PUSH_NULL", "    CALL                0", "    POP_TOP"]
    lines += ["    RETURN_CONST        None", ".end"]
    for number in range(functions):
        lines += function(index, number, functions)
    return "\n".join(lines) + "\n"


def write(folder, units=1000, functions=100):
    """Writes the units into a folder, which is made; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "unit{:04}.pyasm".format(index) for index in range(units)]
    for index, path in enumerate(paths):
        path.write_text(unit(index, units, functions))
    return paths


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:]))
