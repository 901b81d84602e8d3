"""What all versions can read."""
from corpus import case


class Manager(object):
    """A context manager that takes note, and swallows exceptions if told so."""

    def __init__(self, swallows=False):
        self.swallows, self.notes = swallows, []

    def __enter__(self):
        self.notes.append("enter")
        return self

    def __exit__(self, kind, value, traceback):
        self.notes.append(kind)
        return self.swallows


class Thing(object):
    size = 3

    def __init__(self, value=0):
        self.value = value

    def method(self, a, b=2):
        return (self.value, a, b)

    @property
    def twice(self):
        return self.value * 2

    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.value = (key, value)

    def __delitem__(self, key):
        self.value = key


counter = 0


def output(*words, **settings):
    return len(words) + len(settings)


@case((1, 2), ("a", "b"), (1.5, 2))
def arithmetic(a, b):
    try:
        c = a + b
        d = (a * 3, b * 2)
        if isinstance(a, str):
            return c, d
        return (c, d, a - b, a // b, a % b, -a, +b, ~int(a), int(a) << 2, 1000 >> int(b), int(a) & 7, int(b) | 8,
                int(a) ^ 3, a ** 2, a / b, not a)
    except (TypeError, ZeroDivisionError) as error:
        return str(error)


@case((5,), ([1],))
def in_place(a):
    a += a
    b = 7
    b -= 2
    b *= 3
    b //= 2
    b **= 2
    b %= 100
    b <<= 2
    b >>= 1
    b &= 0xFF
    b |= 1
    b ^= 3
    c = 9.0
    c /= 4
    return a, b, c


@case((1, 2, 3), ("a", "b", "a"), (None, None, 1))
def comparisons(a, b, c):
    found = []
    if a == b or a != c:
        found.append(a is b)
    if a in (b, c) and a not in [c]:
        found.append(1)
    if a is None:
        found.append("none")
    elif b is not None:
        found.append(c is not b)
    if a is not None and a < b <= c > 0:
        found.append("chain")
    return found, (a is not None and a >= b), not (a == c)


@case(([3, 1, 2],), ("abc",), ([],))
def loops(items):
    total = []
    for item in items:
        if item == 2:
            continue
        for other in items:
            if other == 1:
                break
            total.append((item, other))
        else:
            total.append("else")
    while total:
        total.pop()
        if len(total) == 1:
            break
    else:
        return "emptied"
    return total


@case((10,), (0,))
def while_loops(n):
    i = 0
    seen = []
    while True:
        i += 1
        if i > n:
            break
        if i % 3 == 0:
            continue
        while i % 2:
            i += 1
            seen.append(i)
    return seen


@case((0,), (1,), (2,), (3,))
def tries(n):
    found = []
    try:
        found.append(1)
        if n == 0:
            return found
        if n == 1:
            raise ValueError("one")
        if n == 2:
            raise KeyError("two")
    except ValueError as error:
        found.append(str(error))
    except (KeyError, IndexError):
        found.append("lookup")
    else:
        found.append("else")
    finally:
        found.append("finally")
    return found


@case((0,), (1,), (2,), (3,), (4,))
def finally_ways(n):
    found = []
    for i in range(4):
        try:
            found.append(i)
            if i == 1 and n == 0:
                continue
            if i == 1 and n == 1:
                break
            if i == 2 and n == 2:
                return found
            if i == 2 and n == 3:
                raise ValueError(i)
        finally:
            found.append("f")
    return found


@case((1,), (0,))
def finally_returns(n):
    try:
        try:
            1 // n
        finally:
            if not n:
                return "overridden"
    except ZeroDivisionError:
        return "never"
    return n


@case((1,), ("x",))
def nested_handlers(n):
    try:
        try:
            raise TypeError(n)
        except TypeError:
            try:
                raise KeyError(n)
            except KeyError as inner:
                raise ValueError(inner)
    except ValueError as outer:
        try:
            raise
        except Exception as again:
            return outer is again
    return None


@case((0,), (1,))
def bare_except(n):
    try:
        return [1][n]
    except:
        pass
    while n > 0:
        try:
            n -= 1
            int("x")
        except ValueError:
            continue
        except Exception:
            break
        finally:
            n -= 1
    return n


@case((False, 0), (True, 1), (False, 1), (True, 2))
def with_blocks(swallows, way):
    with Manager(swallows) as first, Manager(False) as second:
        if way == 1:
            raise ValueError("in with")
        if way == 2:
            return first.notes
    for _ in range(2):
        with Manager(True):
            if way == 0:
                continue
            break
    return first.notes, second.notes


@case((3,), (0,))
def generator(n):
    got = None
    for i in range(n):
        try:
            got = yield i, got
        except ValueError as error:
            yield str(error)
        finally:
            got = "after"
    yield got


@case((2,))
def generator_of_generator(n):
    inner = generator(n)
    for value in inner:
        yield value
    with Manager(True):
        yield inner
        raise KeyError


@case((3,), ("ab",))
def closures(n):
    x = n
    calls = []

    def outer(y):
        def inner(z=1, *rest, **named):
            calls.append((x, y, z, rest, named))
            return x, y, z
        return inner
    made = [outer(i) for i in (1, 2)]
    made[0]()
    made[1](2, 3, k=4)
    x = n * 2
    return made[0](), [f(0) for f in made], calls, lambda: (x, made)


@case((1,))
def cell_argument(n, m=4):
    def inner():
        return n + m
    n += 1
    try:
        return inner, inner()
    finally:
        m = 0


@case(([1, 2, 3, 4],), ("text",))
def comprehensions(items):
    k = 2
    a = [i for i in items if i != k]
    b = dict((i, j) for i in items for j in (1, 2))
    c = {i: k for i in items}
    d = {i for i in items if i}
    e = sum(1 for i in items if i != k)
    f = [[j for j in a] for i in items]
    return a, b, c, len(d), e, f


@case((1, 2), ("k", "v"))
def displays(a, b):
    t = (a, b)
    return [a, b, t], {a: b, "k": t}, {a, b, 3}, (a, (b, [])), [], {}, (), [1, 2, 3, 4], (1, 2), {"a": 1, "b": 2}


@case(((1, 2), 3), ("ab", "c"))
def unpacking(pair, other):
    a, b = pair
    (c, d), e = pair, other
    a, b = b, a
    c, d, e = e, c, d
    for x, (y, z) in [(1, (2, 3)), (a, (b, c))]:
        e = x, y, z
    [f, g, h, i] = 1, 2, 3, 4
    return a, b, c, d, e, f, g, h, i


@case((1, 2))
def calls(a, b):
    items, named = (a, b), {"x": a, "y": b}
    first = output(a, b), output(a, x=b), output(*items), output(**named), output(a, *items, **named)
    thing = Thing(a)
    second = thing.method(a), thing.method(a, b=b), thing.method(*(a,), **{"b": b}), Thing.method(thing, a)
    return first, second, len(items), max(a, b, key=None) if a else min(items), "x,y".split(",", 1), str(a).upper()


@case(([1, 2, 3, 4, 5],), ("abcdef",))
def slices(items):
    a, b = 1, 3
    found = items[a:b], items[:b], items[a:], items[:], items[::2], items[a:b:1], items[-1], items[a]
    copy = list(items)
    copy[a:b] = [0]
    copy[:1] = []
    copy[2:] = [7]
    copy[:] = copy + copy
    copy[0] += 1 if copy[0] == 0 else ""
    del copy[0:1]
    del copy[:1]
    del copy[3:]
    del copy[-1]
    return found, copy


@case(("a",), (1,))
def attributes(value):
    thing = Thing(value)
    thing.value = [value]
    thing.value += [2]
    thing.other = thing.twice
    found = thing.value, thing.other, Thing.size, thing.size
    del thing.other
    thing["k"] = value
    found += (thing["j"], thing.value, thing[1:2], thing[..., 1])
    del thing["k"]
    return found, thing.value


@case((1,))
def global_names(n):
    global counter, fleeting
    counter += n
    fleeting = counter
    try:
        return fleeting, len("abc"), Thing
    finally:
        del fleeting


@case((True,), (False,))
def unbound(bind):
    if bind:
        x = 1
    try:
        return x
    except NameError as error:
        return str(error)


@case((1,), (None,))
def deleted(n):
    x = n
    del x
    try:
        x
    except NameError:
        x = [n]
    y = x
    del y, x
    return n


@case((2,), ("s",))
def classes(n):
    class Base(object):
        attribute = n
        pair = attribute, n

        def __init__(self, value):
            self.value = value

        def get(self):
            return self.value, n

    class Derived(Base):
        """Documented."""
        if n == 2:
            more = [i for i in range(3)]

        def get(self):
            return super(Derived, self).get() + (Base.attribute,)

        @staticmethod
        def static(a):
            return a

        @classmethod
        def make(cls, a):
            return cls(a)
    return Derived(1).get(), Derived.make(2).get(), Derived.static(3), Derived.__doc__


@case((3,))
def decorated(n):
    def twice(f):
        def wrapped(*args):
            return f(*args), f(*args)
        return wrapped

    @twice
    @twice
    def inner(a, b=n):
        return a + b
    return inner(1)


@case((0,), (1,), (None,))
def conditions(n):
    a = 1 if n else 2
    b = n or a and (not n or 5)
    c = (n is None and "none") or "some"
    assert a, "never"
    if not n:
        if a and b:
            pass
        elif c:
            a = 3
        else:
            a = 4
    return a, b, c, (lambda x: x if x else -1)(n)


@case((1,), (0,))
def asserts(n):
    try:
        assert n, "n is %r" % (n,)
        assert n
    except AssertionError as error:
        return str(error)
    return "%s-%d" % ("a", n)


@case(())
def imports():
    import string
    import collections
    return string, collections


@case(())
def imports_from():
    import string as s, bisect
    from string import digits, hexdigits as h
    from collections import namedtuple
    return s.digits == digits, len(h), bisect.bisect([1, 2], 1), namedtuple


@case((5,), (1,))
def recursive(n):
    return 1 if n <= 1 else n * recursive(n - 1)


@case((3, 4))
def many_locals(a, b):
    c = d = e = a
    f, g = b, c
    h = [a, b, c, d, e, f, g]
    i = j = k = l = m = None
    n = o = p = q = r = h
    while f:
        f -= 1
        s = n, o, p, q, r, i, j, k, l, m
    return s, h


@case(("ab",), ("",))
def strings(text):
    found = ""
    for c in text:
        found += c
        found = found + "-" + c
    return found, text.join(["x", "y"]), "%s %r" % (text, text), text * 2, text == found, text in "cab"


@case(([1, 2, 3],), (range(3),), ({1: 2},), (5,))
def iterating(items):
    it = iter(items)
    first = next(it, None)
    rest = list(it)
    for i, x in enumerate(rest):
        first = i, x
    for a, b in zip(rest, rest):
        rest = [a, b]
    return first, rest, sorted(rest), [x for x in reversed(rest)]


@case(([],), ([1],))
def appending(items):
    for i in range(3):
        items.append(i)
        items.extend([i])
    table = {}
    for i in items:
        table[i] = table.get(i, 0) + 1
    table.update({"a": 1})
    return items, table, len(items), isinstance(items, list), type(items)


@case((1,), (2,))
def raising(n):
    if n == 1:
        raise ValueError
    error = KeyError(n)
    raise error


@case((True,), (False,))
def long_body(flag):
    """More than 255 units between the jumps."""
    table = {}
    for i in range(2):
        if flag:
            table["a1"] = [i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9, i + 10, i + 11, i + 12]
            table["a2"] = [i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9, i + 10, i + 11, i + 12]
            table["a3"] = [i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9, i + 10, i + 11, i + 12]
            table["a4"] = [i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9, i + 10, i + 11, i + 12]
        else:
            try:
                table["b1"] = i // i
            except ZeroDivisionError:
                continue
    return table
