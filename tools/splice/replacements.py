"""What measure.py replaces in the standard library, and whose tests must pass with it."""

# By module: qualified name -> symbol of handwritten.pyasm.
HANDWRITTEN = {
    "calendar": {"isleap": "isleap", "leapdays": "leapdays"},
    "queue": {"Queue._qsize": "qsize", "Queue._put": "put", "Queue._get": "get"},
    "colorsys": {"rgb_to_yiq": "rgb_to_yiq"},
    "string": {"capwords": "capwords"},
    "shlex": {"join": "join"},
    "cmd": {"Cmd.emptyline": "emptyline"},
    "html": {"escape": "escape"},
}

# By module: functions that are taken apart by `pyasm dis`, edited so that they count their calls, and put back: plain
# ones, generators, closures and a coroutine.
EDITED = {
    "textwrap": ["TextWrapper._split", "TextWrapper._wrap_chunks", "dedent"],
    "difflib": ["SequenceMatcher.find_longest_match", "Differ.compare", "_mdiff._line_iterator"],
    "shlex": ["shlex.read_token"],
    "configparser": ["RawConfigParser.get", "RawConfigParser._read"],
    "contextlib": ["_GeneratorContextManager.__exit__", "ExitStack.__exit__._fix_exception_context", "AsyncExitStack.__aexit__"],
    "csv": ["Sniffer._guess_delimiter", "DictReader.__next__"],
    "heapq": ["merge", "nsmallest"],
    "fractions": ["Fraction.__hash__", "Fraction._richcmp"],
    "queue": ["Queue.put"],
    "pprint": ["PrettyPrinter._format"],
}

# CPython's tests of these modules.
TESTS = {
    "calendar": "test.test_calendar", "queue": "test.test_queue", "colorsys": "test.test_colorsys",
    "string": "test.test_string", "shlex": "test.test_shlex", "cmd": "test.test_cmd", "html": "test.test_html",
    "textwrap": "test.test_textwrap", "difflib": "test.test_difflib", "configparser": "test.test_configparser",
    "contextlib": "test.test_contextlib test.test_contextlib_async", "csv": "test.test_csv", "heapq": "test.test_heapq",
    "fractions": "test.test_fractions", "pprint": "test.test_pprint",
}

# What CI runs of it.
SHORT = ["calendar", "colorsys", "shlex", "textwrap"]
