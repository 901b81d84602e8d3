from corpus import case


@case(([1, 2, 3],), ([],))
def unpacked_comprehensions(items):
    nested = [items, items]
    return [*i for i in nested], {*i for i in nested}, {**i for i in [{"a": 1}, {"b": 2}]}, (*i for i in nested)


@case((3,), (0,))
def loops_of_kinds(n):
    found = []
    for i in range(n):
        for j in (1, 2):
            for k in [i, j]:
                found.append((i, j, k))
    for c in "ab":
        found.append(c)
    for x in {1: 2}:
        found += [x]
    for y in iter([1]):
        yield y
    yield found
