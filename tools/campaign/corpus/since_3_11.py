from corpus import case
from corpus.base import Manager


@case((0,), (1,), (2,), (3,))
def groups(n):
    found = []
    try:
        if n == 1:
            raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
        if n == 2:
            raise ValueError(3)
        if n == 3:
            raise ExceptionGroup("g", [OSError(), ExceptionGroup("h", [ValueError(4)])])
    except* ValueError as group:
        found.append(len(group.exceptions))
    except* (KeyError, TypeError):
        found.append("key")
    except* OSError:
        raise
    else:
        found.append("else")
    finally:
        found.append("finally")
    return found


@case((1,), (0,))
def groups_in_loop(n):
    while True:
        try:
            try:
                raise ExceptionGroup("g", [ValueError(n), TypeError()])
            except* ValueError:
                n += 1
        except* TypeError as rest:
            if n > 2:
                return_value = rest
            else:
                n = 3
        if n > 2:
            return n


@case((1,))
def star_index(n):
    def inner(*args: *tuple[int, ...]):
        return args
    table = {(1, 2): n}
    index = (1, 2)
    return inner(n), table[*index], table.get((1,), n)
