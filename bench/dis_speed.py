"""Times dis.dis over the interpreter's own standard library, and writes that library as .pyc files.

usage: dis_speed.py CORPUS FOLDER SECONDS

CORPUS is what marshal_speed.py wrote. Each of its code objects becomes a .pyc in FOLDER. Prints one line: the bytes and
the seconds of dis.dis on every eighth of them, written to the null device; the best of the rounds that fit into SECONDS.
"""
import dis
import importlib.util
import marshal
import os
import struct
import sys
import time


def read(path):
    blobs = []
    with open(path, "rb") as corpus:
        while True:
            size = corpus.read(4)
            if not size:
                return blobs
            blobs.append(corpus.read(struct.unpack("<I", size)[0]))


def write(blobs, folder):
    for number, blob in enumerate(blobs):
        place = os.path.join(folder, str(number % 16))
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "%d.pyc" % number), "wb") as pyc:
            pyc.write(importlib.util.MAGIC_NUMBER + bytes(12) + blob)


def main():
    blobs = read(sys.argv[1])
    write(blobs, sys.argv[2])
    sample = blobs[::8]
    codes = [marshal.loads(blob) for blob in sample]
    times = []
    with open(os.devnull, "w") as null:
        while sum(times) < float(sys.argv[3]) or not times:
            start = time.perf_counter()
            for code in codes:
                dis.dis(code, file=null)
            times.append(time.perf_counter() - start)
    print(sum(map(len, sample)), min(times))


main()
