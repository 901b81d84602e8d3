from corpus import case
from corpus.base import Thing


@case((1,), ("a",))
def type_parameters(n):
    def first[T](items: list[T], other: T = n) -> T:
        return items[0]

    def bounded[T: int, *Ts, **P](x: T, *args: *Ts) -> T:
        return x, T
    class Box[T: (int, str)]:
        value: T = n

        def get[U](self, u: U) -> T | U:
            return self.value, u
    type Alias[T] = list[T] | None
    type Plain = int
    return first([n]), bounded(n), Box().get(1), Box[int], Alias.__value__, Plain.__value__, Alias.__type_params__


@case(([1, 2, 3],), ([],))
def inlined(items):
    x = "outer"
    a = [x for x in items]
    b = {x: y for x in items for y in items if x != y}
    c = [[x + y for x in items] for y in items]
    d = [(lambda: x)() for x in items]
    try:
        [1 // (x - 1) for x in items]
    except ZeroDivisionError:
        a.append(x)
    return a, b, c, d, x


@case((2,))
def class_comprehension(n):
    class Scope:
        x = n
        y = [x for x in range(3)]
        z = [n for _ in (1, 2)]
    return Scope.y, Scope.z, [Scope for Scope in (1,)]


@case((3,))
def nested_quotes(n):
    return f"{f"{n}" + 'x'}", f"{n!r:^{n}}", f"{'a' if n else "b"}"


@case((1,), (None,))
def supers(n):
    class Base:
        field = n

        def get(self, a=1):
            return a

    class Derived(Base):
        def get(self, a=2):
            return super().get(), super().get(a), super(Derived, self).get(a=3), super().field

        @classmethod
        def make(cls):
            return super().__new__(cls)
    return Derived().get(), Derived.make().get(4)


@case((5,))
def loops_of_kinds(n):
    found = []
    for i in range(n):
        found.append(i)
    for i in found:
        for j in (1, 2):
            found = found + [j]
        if i > 2:
            return found
    for i in (x for x in found):
        n += i
    for k, v in {"a": 1}.items():
        n += v
    return n, k, Thing(n)[n]
