"""Reads marshal data as hex, one a line, and prints a line for each: "ok", or the name of the exception. Runs
on Python 2.7 and 3.6 - 3.15."""
import binascii
import marshal
import resource
import sys

# Older readers allocate what a damaged count announces.
resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))

for line in sys.stdin:
    try:
        marshal.loads(binascii.unhexlify(line.strip()))
        print("ok")
    except Exception as error:
        print(type(error).__name__)
