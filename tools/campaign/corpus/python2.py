"""What only 2.7 has."""
from corpus import case
from corpus.base import Manager


class Sink(object):
    def __init__(self):
        self.text = ""
        self.softspace = 0

    def write(self, text):
        self.text += text


class Old:
    def __init__(self, n):
        self.n = n

    def __getslice__(self, i, j):
        return i, j


@case((1,), ("a",))
def prints(n):
    sink = Sink()
    print >>sink, n, "text",
    print >>sink
    print >>sink, (n, n)
    print n,
    print
    return sink.text


@case((1,), ("x",))
def executes(n):
    scope = {"n": n}
    exec "m = [n]" in scope
    exec "k = n" in scope, {}
    return scope["m"]


@case((2,))
def executes_here(n):
    exec "n2 = n"
    return locals()


@case((5,), (0L,))
def numbers(n):
    return n <> 3, `n`, 0777, 10L + n, n / 2, ur"x", u"\u00e9"


@case(((1, 2),), (("a", "b"),))
def tuple_argument((a, b), c=(1, 2)):
    def inner((x, y)):
        return x, y, a
    return inner(c), b


@case((2,))
def old_class(n):
    class Inner(Old):
        slot = n

        def get(self):
            return self.n
    thing = Inner(n)
    return thing[1:2], thing[:], thing.get(), Inner.slot


@case((1,), (2,))
def raises(n):
    try:
        if n == 1:
            raise ValueError, "text"
        raise KeyError, "k", None
    except ValueError, error:
        return error
    except KeyError, (first):
        return first


@case(())
def star_import():
    exec "from string import *"
    return digits


@case(([1, 2, 3],))
def list_comprehension(items):
    found = [i for i in items for j in items if i < j]
    return found, i, [x for x in [y for y in items]]


@case((1,))
def in_place_slices(n):
    items = [n, 2, 3, 4]
    items[1:2] += [5]
    items[:1] *= 2
    items[2:] += [1]
    items[:] += [n]
    return items


@case((1,), (0,))
def class_statement(n):
    class Meta(type):
        def __new__(meta, name, bases, scope):
            return type.__new__(meta, name, bases, scope)

    class Made(object):
        __metaclass__ = Meta
        field = n
    with Manager(n):
        raise ValueError(Made.field)
    return Made
