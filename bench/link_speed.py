"""Times linking, and takes its memory: link_speed.py PYASM FOLDER SECONDS

Writes the program of link_units.py into FOLDER, makes object files of its 1,000 units, and links them, as often as fits into
SECONDS. Prints one line: the bytes of the objects and of the output, the best time in seconds, and the largest memory of the
linker in bytes.
"""
import os
import pathlib
import subprocess
import sys
import time

import link_units


def measured(argv):
    """Runs a command; its seconds and its largest resident memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen(argv)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("link_speed.py: %s failed" % " ".join(argv[:2]))
    return time.perf_counter() - start, usage.ru_maxrss * 1024  # Linux counts it in KiB


def main():
    pyasm, folder, limit = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
    sources = [str(path) for path in link_units.write(folder)]
    for first in range(0, len(sources), 100):
        subprocess.run([pyasm, "asm", "-c", *sources[first:first + 100]], check=True)
    objects = [path + "o" for path in sources]
    output = folder / "program.pyc"
    runs = []
    while not runs or sum(seconds for seconds, _ in runs) < limit:
        runs.append(measured([pyasm, "link", *objects, "-o", str(output)]))
    print(sum(os.path.getsize(path) for path in objects), output.stat().st_size, min(runs)[0], max(peak for _, peak in runs))


main()
