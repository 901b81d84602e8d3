"""Functions of the standard library that are written in Python and harm nobody."""
import base64
import calendar
import collections
import colorsys
import contextlib
import copy
import csv
import difflib
import fnmatch
import fractions
import functools
import heapq
import io
import json.decoder
import json.encoder
import json.scanner
import keyword
import operator
import pprint
import quopri
import string
import textwrap
import tokenize
import types

from corpus import library

try:
    import html
    import html.parser
    import ipaddress
    import reprlib
    import statistics
    import enum
    import dataclasses
except ImportError:  # 2.7; 3.6 has no dataclasses
    pass

TEXT = u"The quick brown fox jumps over\n  the lazy dog-fence, and over it\tagain.\n\nNew paragraph here\n"
DATA = {u"a": [1, 2.5, None, True, u"x\u20ac\n"], u"b": {u"c": u"", u"d": [[], {}]}}
JSON = u'{"a": [1, -2.5e3, null, true, "x\\u20ac\\n"], "b": {"c": "", "d": [[], {}]}} '


def consume(items, most=40):
    return [item for item, _ in zip(items, range(most))]


library(textwrap.TextWrapper._split, lambda: textwrap.TextWrapper().wrap(TEXT))
library(textwrap.TextWrapper._wrap_chunks, lambda: textwrap.wrap(TEXT, 20, initial_indent="* ", subsequent_indent="  "))
library(textwrap.TextWrapper._handle_long_word, lambda: textwrap.wrap(TEXT, 4))
library(textwrap.TextWrapper._fix_sentence_endings, lambda: textwrap.wrap(TEXT, fix_sentence_endings=True))
library(textwrap.dedent, lambda: textwrap.dedent(TEXT + "    a\n      b\n"))

library(heapq.merge, lambda: list(heapq.merge([1, 4, 9], [2, 3], [5])))
library(heapq.nsmallest, lambda: heapq.nsmallest(3, [5, 2, 8, 1], key=lambda x: -x))
library(heapq.nlargest, lambda: heapq.nlargest(2, [5, 2, 8, 1]))

library(json.decoder.py_scanstring, lambda: json.decoder.py_scanstring(JSON, 22))
library(json.decoder.JSONObject, lambda: json.decoder.JSONObject(
    (JSON, 1), *((None, True) if str is bytes else (True,)),
    **dict(scan_once=json.decoder.JSONDecoder().scan_once, object_hook=None, object_pairs_hook=None)))
library(json.decoder.JSONArray, lambda: json.decoder.JSONArray(
    (JSON, 7), json.decoder.JSONDecoder().scan_once))
library(json.decoder.JSONDecoder.decode, lambda: json.decoder.JSONDecoder().decode(JSON))
library(json.scanner.py_make_scanner, lambda: json.scanner.py_make_scanner(json.decoder.JSONDecoder())(JSON, 0))
library(json.encoder._make_iterencode, lambda: "".join(json.encoder.JSONEncoder(indent=1).iterencode(DATA)))
library(json.encoder.JSONEncoder.iterencode, lambda: "".join(json.encoder.JSONEncoder(sort_keys=True).iterencode(DATA)))
library(json.encoder.py_encode_basestring_ascii, lambda: json.encoder.py_encode_basestring_ascii(u"x\u20ac\n"))

library(string.Formatter.vformat, lambda: string.Formatter().vformat("{0} {a!r:>5}", (1,), {"a": 2}))
library(getattr(string.Formatter, "_vformat"), lambda: string.Formatter().format("{0:{1}} {a.real}", 1, 5, a=2))
library(string.Formatter.get_field, lambda: string.Formatter().format("{0[a]} {1.real}", {"a": 1}, 2))
library(string.Template.substitute, lambda: string.Template("$a ${b} $$").substitute(a=1, b=2))
library(string.capwords, lambda: string.capwords("a b  c"))

library(collections.OrderedDict.fromkeys, lambda: collections.OrderedDict.fromkeys("abc"))
library(collections.Counter.most_common, lambda: collections.Counter("abca").most_common(2))
library(collections.Counter.update, lambda: collections.Counter("abca").update({"a": 1}))
library(collections.Counter.__add__, lambda: collections.Counter("abca") + collections.Counter("ax"))
library(collections.Counter.subtract, lambda: collections.Counter("abca").subtract("ab"))
library(collections.namedtuple, lambda: collections.namedtuple("Pair", "a b")(1, 2))

library(functools.total_ordering, lambda: functools.total_ordering(
    type("T", (object,), {"__lt__": lambda a, b: False})))
library(functools.update_wrapper, lambda: functools.update_wrapper(lambda: 1, consume))
library(functools.cmp_to_key, lambda: sorted([2, 1], key=functools.cmp_to_key(lambda a, b: a - b)))
library(getattr(functools, "_make_key", None), lambda: functools._make_key((1, 2), {"a": 1}, True))
library(getattr(functools, "_c3_merge", None), lambda: functools._c3_merge([[int, object], [str, object]]))
library(getattr(functools, "singledispatch", None), lambda: functools.singledispatch(consume)([1]))
library(getattr(functools, "_lru_cache_wrapper_py", functools.wraps), lambda: functools.wraps(consume)(lambda: 1))

library(copy.deepcopy, lambda: copy.deepcopy(DATA))
library(copy.copy, lambda: (copy.copy(DATA), copy.copy(fractions.Fraction(1, 2))))
library(copy._reconstruct, lambda: copy.deepcopy(fractions.Fraction(1, 2)))
library(copy._deepcopy_dict, lambda: copy.deepcopy(DATA))
library(copy._deepcopy_list, lambda: copy.deepcopy(DATA))
library(copy._deepcopy_tuple, lambda: copy.deepcopy((1, [2])))


@contextlib.contextmanager
def managed(n):
    try:
        yield n
    except ValueError:
        pass


def use_managed():
    with managed(1) as first:
        raise ValueError(first)
    with managed(2):
        return 3


library(contextlib.contextmanager, use_managed)
library(managed, use_managed)
manager_class = getattr(contextlib, "_GeneratorContextManager", None) or contextlib.GeneratorContextManager
library(manager_class.__exit__, use_managed)
library(manager_class.__enter__, use_managed)
if hasattr(contextlib, "ExitStack"):
    def use_stack():
        with contextlib.ExitStack() as stack:
            stack.enter_context(managed(1))
            stack.callback(consume, [])
            raise ValueError
    library(contextlib.ExitStack.__exit__, use_stack)
    library(contextlib.suppress.__exit__, lambda: contextlib.suppress(ValueError).__exit__(ValueError, ValueError(), None))

PROGRAM = b"def f(a):\n    if a == 'x':\n        return (a +\n  1.5)\n# end\n"
library(tokenize.generate_tokens, lambda: consume(tokenize.generate_tokens(io.StringIO(PROGRAM.decode()).readline)))
library(getattr(tokenize, "_tokenize", None), lambda: consume(tokenize.tokenize(io.BytesIO(PROGRAM).readline)))
library(tokenize.untokenize, lambda: tokenize.untokenize(
    list(tokenize.generate_tokens(io.StringIO(PROGRAM.decode()).readline))))

library(difflib.SequenceMatcher.find_longest_match, lambda: difflib.SequenceMatcher(None, "abcd", "bcde").get_opcodes())
library(difflib.SequenceMatcher.get_matching_blocks, lambda: difflib.SequenceMatcher(None, "abxcd", "abcd").ratio())
library(difflib.SequenceMatcher.get_opcodes, lambda: difflib.SequenceMatcher(None, "qabxcd", "abycdf").get_opcodes())
library(difflib.unified_diff, lambda: list(difflib.unified_diff("one two".split(), "one three".split())))
library(difflib.Differ.compare, lambda: list(difflib.Differ().compare(["ab\n", "c\n"], ["abc\n", "d\n"])))
library(fnmatch.translate, lambda: fnmatch.translate("*.[ch]?x[!a-z]"))
library(fractions.Fraction.limit_denominator, lambda: fractions.Fraction(355, 1133).limit_denominator(50))
library(fractions.Fraction.__new__, lambda: (fractions.Fraction("3/4"), fractions.Fraction("1.5e2")))
library(fractions.Fraction.__hash__, lambda: hash(fractions.Fraction(2, 3)))
library(colorsys.rgb_to_hsv, lambda: colorsys.rgb_to_hsv(0.2, 0.4, 0.4))
library(colorsys.hls_to_rgb, lambda: colorsys.hls_to_rgb(0.2, 0.4, 0.4))
library(calendar.monthrange, lambda: calendar.monthrange(2024, 2))
library(calendar.Calendar.itermonthdates, lambda: consume(calendar.Calendar().itermonthdates(2024, 2)))
library(calendar.TextCalendar.formatmonth, lambda: calendar.TextCalendar().formatmonth(2024, 2))
library(base64.b32encode, lambda: base64.b32encode(b"some bytes"))
library(base64.b32decode, lambda: base64.b32decode(b"ONXW2ZJAMJ4XIZLT"))
library(quopri.encode, lambda: quopri.encode(io.BytesIO(b"a=b\xff\n" * 3), io.BytesIO(), True))
library(pprint.PrettyPrinter._format, lambda: pprint.pformat(DATA, width=20))
library(getattr(pprint, "_safe_repr", None) or pprint.PrettyPrinter._safe_repr, lambda: pprint.pformat([DATA], depth=2))
library(csv.Sniffer._guess_delimiter, lambda: csv.Sniffer().sniff("a,b\n1,2\n3,4\n", ","))
library(csv.DictReader.__next__ if hasattr(csv.DictReader, "__next__") else csv.DictReader.next,
        lambda: consume(csv.DictReader(["a,b", "1,2,3", "4"])))
library(keyword.iskeyword, lambda: keyword.iskeyword("if"))

if "statistics" in globals():
    library(statistics._sum, lambda: statistics._sum([1, 2.5, fractions.Fraction(1, 3)]))
    library(statistics.median_grouped, lambda: statistics.median_grouped([1, 2, 2, 3]))
    library(statistics._ss, lambda: statistics.variance([1, 2.5, 4]))
    library(statistics.mode, lambda: statistics.mode("abca"))
    library(html.unescape, lambda: html.unescape("&lt;&#62;&amp;x"))
    library(html._replace_charref, lambda: html.unescape("&lt;&#x62;&#150;&notit;&nosuch;"))
    library(html.parser.HTMLParser.goahead, lambda: html.parser.HTMLParser().feed("<a href='x'>t &amp; <!-- c --></a>"))
    library(html.parser.HTMLParser.parse_starttag, lambda: html.parser.HTMLParser().feed("<a href='x' b>t</a>"))
    library(reprlib.Repr.repr1, lambda: reprlib.repr([DATA]))
    library(reprlib.Repr._repr_iterable, lambda: reprlib.repr([1] * 10))
    library(ipaddress.IPv6Address._ip_int_from_string, lambda: ipaddress.IPv6Address("2001:db8::1:0"))
    library(ipaddress.summarize_address_range, lambda: list(ipaddress.summarize_address_range(
        ipaddress.IPv4Address("10.0.0.1"), ipaddress.IPv4Address("10.0.0.9"))))
    library(ipaddress._BaseV4._ip_int_from_string, lambda: ipaddress.IPv4Address("10.0.0.300"))

    def use_enum():
        flags = enum.Flag("flags", "a b c")
        return enum.Enum("E", "x y").x, flags.a | flags.b, flags(3)

    library(enum.EnumMeta.__call__, use_enum)
    library(enum.EnumMeta.__new__, use_enum)
    library(enum.EnumMeta._create_, use_enum)
    library(enum.EnumMeta.__iter__, lambda: list(enum.Enum("E", "x y")))
if "dataclasses" in globals():
    def use_dataclass():
        made = dataclasses.make_dataclass("D", [("a", int), ("b", list, dataclasses.field(default_factory=list))])
        return made(1), made(2) == made(2), dataclasses.asdict(made(3))

    library(dataclasses._process_class, use_dataclass)
    library(dataclasses._get_field, use_dataclass)
    library(dataclasses._asdict_inner, use_dataclass)
    library(dataclasses.fields, use_dataclass)
if hasattr(types, "resolve_bases"):
    library(types.resolve_bases, lambda: types.resolve_bases((int, object)))
    library(types.prepare_class, lambda: types.new_class("C", (int,)))
    library(types.coroutine, lambda: types.coroutine(consume))
library(getattr(operator.attrgetter, "__init__"), lambda: operator.attrgetter("real")(1))
