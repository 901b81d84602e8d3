from corpus import case
from corpus.base import Manager, generator


@case((5,), (0,))
def walrus(n):
    if (m := n) > 3:
        n = m + 1
    found = [last := i for i in range(n)]
    while (n := n - 2) > 0:
        found.append(n)
    return found, m, [y for x in range(3) if (y := x)]


@case((1, 2), (1, 2, 3))
def positional_only(a, b, /, c=3, *, d=4):
    def inner(x, /, y, *, z):
        return x, y, z
    return a, b, c, d, inner(1, y=2, z=3)


@case((1,), (0,))
def finally_everywhere(n):
    for i in range(3):
        try:
            if n:
                continue
            return i
        finally:
            if i == 2:
                break
            try:
                continue
            finally:
                n = not n
    return f"{n=}", i


@case((2,))
def unpacked_return(n):
    def inner():
        return 1, *range(n)

    def gen():
        yield 1, *range(n)
        x = yield
        return x, *generator(n)
    return inner(), gen()


@case((1,))
def dict_merges(n):
    a = {"x": n}
    b = {**a, "y": 2, **a}
    return dict(**a, **{"z": 1}), b, [*a, *b], (*a, *b), {*a, *b}
