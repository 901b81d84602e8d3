from corpus import case
from corpus.base import Manager


@case((1, "a"), (2.5, "b"))
def templates(n, s):
    t = t"{n} and {s!r:>{n}} text"
    return t.strings, [i.value for i in t.interpolations], t"", t"{n}{s}", t"{s}" + t"x"


@case((1,), ("a",))
def lazy_annotations(n):
    class Late:
        field: Undefined
        other: n = 1
        if n:
            more: int

    def inner(a: Missing, b: n = 2) -> Late:
        return a, b
    try:
        return Late.__annotations__
    except NameError:
        return inner.__annotate__, inner(1)


@case((3,), (0,))
def small_numbers(n):
    return n + 1, n - 255, n == 0, n * 256, [0, 1, n][1:2], n in (0, 3), not n, n if n is not None else 7


@case((True,), (False,))
def except_without_parentheses(flag):
    try:
        if flag:
            raise ValueError
        raise KeyError
    except ValueError, KeyError:
        return flag


@case(([1, 2],), ("ab",))
def builtin_checks(items):
    return any(i for i in items), all(i for i in items), tuple(i for i in items), any([]), sum(i != 1 for i in items)


@case((0,), (1,))
def borrows(n):
    x = [n]
    y = x, x
    for z in x:
        x = z
        del z
    with Manager() as m:
        a, b = m, y
        a, b = b, a
        return a, b, x


@case((1,), (2,))
def special_methods(n):
    with Manager(True) as a, Manager(True):
        if n == 1:
            raise KeyError
        assert n != 2
    return a.notes


@case((2,))
def generators_of_many(n):
    def inner():
        x = yield
        while x is not None:
            x = yield x
        return n
    got = yield from inner()
    for i in inner():
        yield i
    return got
