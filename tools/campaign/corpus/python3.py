"""What came with Python 3, as 3.6 can read it."""
from corpus import case
from corpus.base import Manager, Thing, generator, output


@case((2,), ("a",))
def delegates(n):
    got = yield from generator(2)
    try:
        more = yield from [1, n]
    except ValueError as error:
        more = error
    return got, more


@case((1,))
def delegates_to_delegate(n):
    result = yield from delegates(n)
    yield result
    yield from (i for i in range(n))


@case((1, 2), (3, 4))
def keyword_only(a, *args, b=3, c: int = 4, **named) -> tuple:
    def inner(x, *, y=a, z=b) -> int:
        return x, y, z
    return a, args, b, c, named, inner(1, y=2), inner(1, z=c)


@case((1, "x"), (2.5, "long text"))
def formats(n, s):
    w = 8
    return f"{n}", f"{s!r:>10}", f"{n!s:{w}}|{s!a}", f"a{n}b{s}c", f"{n + 1}{{}}", f"{n:5}"


@case(([1, 2, 3, 4],), ("abc",))
def extended_unpacking(items):
    a, *b = items
    *c, d = items
    e, *f, g = items
    merged = [*b, *c, 1], (*b, 2), {*b, *c}, {**{"a": 1}, "b": 2, **dict(c=a)}
    return a, b, c, d, e, f, g, merged, output(*b, *c, k=1, **{"x": 1}, **{"y": 2}), output(1, *b, 2, z=3, **{"x": 1})


@case((1,))
def nonlocal_names(n):
    def count():
        nonlocal n
        n += 1
        return n

    def forget():
        nonlocal n
        del n
    found = count(), count()
    forget()
    try:
        count()
    except NameError:
        n = 0
    return found, count


@case((3,), ("a",))
def classes3(n):
    class Meta(type):
        @classmethod
        def __prepare__(mcs, name, bases, **named):
            return dict(named)

        def __new__(mcs, name, bases, scope, **named):
            return super().__new__(mcs, name, bases, scope)

        def __init__(cls, name, bases, scope, **named):
            super().__init__(name, bases, scope)

    class Base(metaclass=Meta, tag=n):
        field: int = n
        other: "text"

        def method(self):
            return __class__, self.field

        def get(self):
            return 1

    class Derived(Base, *(), **{"tag": 2}):
        def method(self):
            return super().method(), super(Derived, self).get(), super().field

        @property
        def value(self):
            return n
    thing = Derived()
    return thing.method(), thing.value, Derived.tag, Base.__annotations__ if n == 3 else None


@case((True,), (False,))
def annotated(flag):
    x: int = 1
    y: str
    if flag:
        y = "s"
    thing = Thing()
    thing.value: list = [x]
    (thing["k"]): int = 2
    try:
        return y, thing.value
    except UnboundLocalError as error:
        return error.args


@case((1,), (0,))
def chained(n):
    try:
        try:
            1 // n
        except ZeroDivisionError as error:
            raise ValueError("chained") from error
        raise KeyError from None
    except (ValueError, KeyError) as error:
        return error.__cause__, error.__context__ is None


@case((4,))
def generator_expressions(n):
    return (x * y for x in range(n) for y in [1, n] if x != y), (lambda: (yield n))


@case(([1, 2, 3],), ([],))
def comprehensions3(items):
    k = 1
    f = [lambda: (i, k) for i in items]
    return [g() for g in f], {i: [j for j in items if j > i] for i in items}, [i for i in items if (k or i) and i]


@case((2,))
def returns_in_generator(n):
    for i in range(n):
        with Manager(True) as m:
            x = yield m.notes
            if x:
                return x
    try:
        yield n
    finally:
        yield "cleanup"
    return "end"


@case((3,), (0,))
def class_scope(n):
    x = "outer"

    class Scope:
        y = x
        x = n
        z = [x for _ in range(2)] if not n else x

        class Inner:
            w = n
            del w
        for i in range(2):
            pass
        try:
            missing
        except NameError:
            found = True
    return Scope.y, Scope.x, Scope.z, Scope.i


@case((1,))
def local_scope(n):
    return locals(), dir(), vars()


@case(("x",), (b"x",))
def constants(n):
    return (n, None, True, False, ..., 1, -1, 255, 256, 1.5, 2j, "text", b"bytes", (1, 2), ("a", (None,)), 10 ** 20,
            n in {1, 2, 3}, n in [1, 2], {"a": 1, "b": 2, "c": 3}, [1, 2, 3], {1, 2, 3})


@case((1,), ([],))
def nested_finally(n):
    found = []
    for i in range(3):
        try:
            with Manager():
                try:
                    if i == 1:
                        continue
                    found.append(n + i)
                except TypeError as error:
                    found.append(error)
                    break
                finally:
                    found.append("inner")
        finally:
            found.append("outer")
    return found


@case((1, 2, 3))
def positional(a, b, c, *, d=0):
    return a, b, c, d


@case((1,))
def calls_much(n):
    found = positional(1, 2, 3), positional(1, c=2, b=3), positional(*(1, 2), c=n), positional(**dict(a=1, b=2, c=3))
    thing = Thing(n)
    bound = thing.method
    return found, bound(1), [bound(i) for i in range(3)], thing.method(b=1, a=2), print("x", end="", file=None), \
        int("7"), str(n), type(n), tuple([n]), Thing(n).value, isinstance(n, int), "a".join("bc"), len({}), abs(-n)
