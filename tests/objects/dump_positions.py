"""dump_positions.py FILE...

For each code object of each .pyc, outer before inner: a line with what the interpreter itself makes of its
line table, as "begin-end:line,end_line,column,end_column" runs ("-" for none; up to 3.10 just the line),
then from 3.11 on a line with the exception table as "begin-end>target,depth,lasti". Runs on Python 2.7 and
3.6 - 3.15.
"""
import dis
import marshal
import sys

VERSION = sys.version_info[:2]
HEADER = 8 if VERSION < (3,) else 12 if VERSION < (3, 7) else 16
CODE = type(compile("", "", "exec"))


def lines_of_lnotab(code):
    starts = list(dis.findlinestarts(code))
    ends = [address for address, _ in starts[1:]] + [len(code.co_code)]
    return [(begin, end, line) for (begin, line), end in zip(starts, ends) if begin < end]


def lines_of_ranges(code):
    return [(begin, end, line) for begin, end, line in code.co_lines() if begin < end]


def positions(code):
    return [(2 * unit, 2 * unit + 2) + tuple(position) for unit, position in enumerate(code.co_positions())]


def runs(code):
    find = lines_of_lnotab if VERSION < (3, 10) else lines_of_ranges if VERSION < (3, 11) else positions
    joined = []
    for run in find(code):
        if joined and joined[-1][2:] == run[2:] and joined[-1][1] == run[0]:
            joined[-1] = (joined[-1][0],) + run[1:]
        else:
            joined.append(run)
    return joined


def text(number):
    return "-" if number is None else str(number)


def dump(code):
    print(" ".join("%d-%d:%s" % (run[0], run[1], ",".join(map(text, run[2:]))) for run in runs(code)))
    if VERSION >= (3, 11):
        print(" ".join("%d-%d>%d,%d,%d" % (e.start, e.end, e.target, e.depth, e.lasti)
                       for e in dis._parse_exception_table(code)))
    for constant in code.co_consts:
        if isinstance(constant, CODE):
            dump(constant)


def main(paths):
    for path in paths:
        with open(path, "rb") as file:
            dump(marshal.loads(file.read()[HEADER:]))


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    main(sys.argv[1:])
