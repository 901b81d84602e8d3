"""Times marshal.loads and marshal.dumps over the interpreter's own standard library.

usage: marshal_speed.py CORPUS SECONDS

Writes the marshalled code objects to CORPUS (u32 little-endian length, then the bytes, for each), then prints one line:
bytes, seconds of loads, seconds of dumps; each the best of the rounds that fit into SECONDS.
"""
import gc
import marshal
import os
import struct
import sys
import time


def collect():
    blobs = []
    for folder, folders, files in os.walk(os.path.dirname(os.__file__)):
        folders.sort()
        if "test" in folder or "site-packages" in folder or "dist-packages" in folder:
            continue
        for name in sorted(files):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                try:
                    with open(path, "rb") as source:
                        blobs.append(marshal.dumps(compile(source.read(), path, "exec", dont_inherit=True)))
                except (SyntaxError, ValueError):
                    pass
    return blobs


def best(work, limit):
    times = []
    while sum(times) < limit or not times:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    blobs = collect()
    with open(sys.argv[1], "wb") as corpus:
        for blob in blobs:
            corpus.write(struct.pack("<I", len(blob)) + blob)
    limit = float(sys.argv[2]) / 2
    codes = [marshal.loads(blob) for blob in blobs]
    gc.disable()
    loads = best(lambda: [marshal.loads(blob) for blob in blobs] and None, limit)
    dumps = best(lambda: [marshal.dumps(code) for code in codes] and None, limit)
    print(sum(map(len, blobs)), loads, dumps, "%d.%d" % sys.version_info[:2])


main()
