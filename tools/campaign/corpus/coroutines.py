"""Coroutines and asynchronous generators, driven by hand: there is no event loop."""
from corpus import case


class Pause(object):
    """Waits once."""

    def __init__(self, value=None):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


class Numbers(object):
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


class Guard(object):
    def __init__(self, swallows=False):
        self.swallows = swallows

    async def __aenter__(self):
        await Pause("enter")
        return self

    async def __aexit__(self, kind, value, traceback):
        await Pause("exit")
        return self.swallows


async def plain(n):
    return n


@case((1,), ("a",))
async def awaits(n):
    a = await Pause(n)
    try:
        b = await plain(n)
    except ValueError as error:
        b = error
    finally:
        await Pause("f")
    return a, b


@case((2,), (0,))
async def async_for(n):
    found = []
    async for i in Numbers(n):
        if i == 1:
            continue
        found.append(i)
        if i == 5:
            break
    else:
        found.append("else")
    return found


@case((True, 0), (False, 1), (True, 1), (False, 2))
async def async_with(swallows, way):
    async with Guard(swallows) as guard, Guard():
        if way == 1:
            raise ValueError("in with")
        if way == 2:
            return guard.swallows
        await Pause(1)
    for _ in range(2):
        async with Guard(True):
            if way == 0:
                continue
            break
    return way


@case((2,), (0,))
async def async_generator(n):
    for i in range(n):
        try:
            got = yield i
        except ValueError as error:
            yield error
        await Pause(i)
    yield "end"


@case((2,))
async def async_generator_with(n):
    async with Guard(True):
        async for i in async_generator(n):
            got = yield i, n
            if got:
                return
    try:
        yield 1
    finally:
        await Pause(0)


@case((3,))
async def async_comprehensions(n):
    a = [i async for i in Numbers(n)]
    b = {i: j async for i in Numbers(n) for j in (1, 2)}
    c = {i async for i in async_generator(n) if i}
    d = [await plain(i) for i in range(n)]
    e = (i async for i in Numbers(n))
    return a, b, len(c), d, e


@case((1,))
async def gathers(n):
    async def inner(m):
        nonlocal n
        n += m
        await Pause(n)
        return n
    return await inner(1), await inner(2), [await inner(i) for i in (1, 2)]
