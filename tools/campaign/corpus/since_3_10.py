from corpus import case
from corpus.base import Manager


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


@case((1,), ("a",), (None,), ([1, 2, 3],), ({"k": 1, "j": 2},), (Point(1, 2),), ((1, (2, 3)),), (b"x",), ({},))
def matches(value):
    match value:
        case 1 | 2:
            return "number"
        case "a":
            return "text"
        case None | True:
            return "none"
        case [1, *rest] if len(rest) > 3:
            return rest
        case [x, [y, z]]:
            return x, y, z
        case [x, y, *_]:
            return x, y
        case {"k": 1, **rest}:
            return rest
        case {"m": [a, b]} | {"n": (a, b)}:
            return a, b
        case Point(x=0) | Point(1, y=3):
            return "point"
        case Point(x, y) as p:
            return x, y, p
        case str() | bytes(_):
            return "strings"
        case {}:
            return "mapping"
        case _:
            return "else"


@case((3,), ([],), ((1, 2),))
def match_in_loop(n):
    found = []
    for item in [n, [n], {"x": n}]:
        match item:
            case [y] if y:
                found.append(y)
                continue
            case {"x": z}:
                break
            case (a, b) | [a, _, b]:
                found.append((a, b))
    return found


@case((True,), (False,))
def with_parentheses(flag):
    with (Manager(flag) as a, Manager(True) as b):
        raise ValueError(a, b)
    return a.notes, b.notes


@case(([1, 2],), ([],))
def zips(items):
    found = []
    for a, b in zip(items, items):
        found += [a, b]
    return found[1:], found[:1]
