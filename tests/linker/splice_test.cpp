#include "tests/linker/splice_case.hpp"

#include "objects/same_file.hpp"
#include "program/outline.hpp"
#include "support/files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace pyasm;
using objects::ValueId;
using tests::compile_module;
using tests::read_file;
using tests::Reassembled;
using tests::self_splice_fault;
using tests::spliced;

namespace {

constexpr std::string_view sample = R"(
"""A module."""
import os.path
SEPARATOR = os.path.sep
class Shape(object):
    """A class."""
    sides = 0
    def __init__(self, width, height=2):
        """Takes both."""
        self.width, self.height = width, height
    @property
    def area(self):
        return self.width * self.height
    @area.setter
    def area(self, value):
        self.width = value / self.height
    def names(self):
        return [name for name in ("width", "height") if hasattr(self, name)]
    class Inner(object):
        def deep(self, *args, **kwargs):
            return (lambda x: x + 1)(args[0]), sorted(kwargs), (1, ("a", 2.5, None)), "width"
def counter(start):
    def step(by):
        return start + by
    return step
def squares(n):
    for i in range(n):
        yield i * i
def long_one(a, b):
    try:
        if a > b:
            raise ValueError("too large: %r" % (a,))
        return {"a": a, "b": b, "c": [a, "some words."]}
    except ValueError as error:
        return str(error)
    finally:
        os.path
)";

/// The place of the first byte that differs.
std::size_t first_difference(const std::string& a, const std::string& b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}
/// How many bytes at the end are the same.
std::size_t common_tail(const std::string& a, const std::string& b) {
    return static_cast<std::size_t>(std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first -
                                    a.rbegin());
}

/// What the module prints when it is imported and asked.
std::string asked(const tests::Interpreter& python, const std::string& bytes, const std::string& question) {
    const tests::TemporaryFolder folder;
    REQUIRE(support::write_file(folder.file("sample.pyc"), support::as_bytes(bytes)));
    const tests::RunResult run = tests::run_python(
        python, {"-c", fmt::format("import sys; sys.path.insert(0, '{}'); import sample; print({})",
                                   folder.path(), question)});
    return run.status == 0 ? run.out : run.err;
}

} // namespace

TEST_CASE("splice: what is replaced by its own disassembly is the same, byte for byte") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        CHECK(self_splice_fault(compile_module(python, sample)) == "");
    }
}

TEST_CASE("splice: an edited function runs, and all else stays") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string original = compile_module(python, sample);
        std::string same_size(sample), longer(sample);
        same_size.replace(same_size.find("some words."), 11, "other text!");
        longer.replace(longer.find("too large: %r"), 13, "%r, which is far too large, came here");
        std::string faults;
        const std::string patched = spliced(
            original, "long_one", Reassembled(compile_module(python, same_size)).file, "long_one", faults);
        CHECK(faults == "");
        // Nothing is different but the text itself.
        CHECK(patched.size() == original.size());
        CHECK(first_difference(patched, original) == original.find("some words."));
        CHECK(common_tail(patched, original) == original.size() - original.find("some words.") - 11);
        CHECK(spliced(patched, "long_one", Reassembled(original).file, "long_one", faults) == original);

        const std::string other = spliced(
            original, "long_one", Reassembled(compile_module(python, longer)).file, "long_one", faults);
        CHECK(faults == "");
        CHECK(asked(python, other, "sample.long_one(5, 1)") == "5, which is far too large, came here\n");
        const std::string question =
            "(sample.counter(5)(4), list(sample.squares(3)), sample.Shape(3).names())";
        CHECK(asked(python, other, question) == asked(python, original, question));
    }
}

namespace {

struct Misfitting {
    std::string_view original, replacement; ///< definitions of f and of g
    std::string_view expected;              ///< the notes
    std::string_view versions = "3.13";
};

constexpr Misfitting misfitting[] = {
    {"def f(a, b=1): pass", "def g(a): pass",
     "  positional parameters: the original has 2 (a, b), the replacement has 1 (a). Give it the parameters "
     "(a, b).\n",
     "2.7 3.8 3.13 3.15"},
    {"def f(a, b): pass", "def g(a, c): pass",
     "  name of parameter 2: the original has b, the replacement has c. Callers can pass it by name: call it "
     "the same.\n",
     "2.7 3.13"},
    {"def f(a, *, b, c=1): pass", "def g(a, *, b): pass",
     "  keyword-only parameters: the original has b, c, the replacement has b. Give it the parameters (a, *, "
     "b, c).\n"},
    {"def f(a, /, b): pass", "def g(a, b): pass",
     "  positional-only parameters: the original has 1, the replacement has 0. Give it the parameters (a, /, "
     "b).\n",
     "3.8 3.13"},
    {"def f(*a, **k): pass", "def g(): pass",
     "  *args: the original has one, the replacement has none. Give it the parameters (*args, **kwargs).\n"
     "  **kwargs: the original has one, the replacement has none. Give it the parameters (*args, "
     "**kwargs).\n",
     "2.7 3.13"},
    {"def f(): pass", "def g(): yield",
     "  kind: the original is a plain function, the replacement is a generator. Write it as a .function "
     "without a yield and "
     "without async.\n",
     "2.7 3.13 3.15"},
    {"def f(): yield 1", "def g(): return iter([1])",
     "  kind: the original is a generator, the replacement is a plain function. Write it as a .function with "
     "a yield in it.\n"},
    {"async def f(): pass", "def g(): pass",
     "  kind: the original is a coroutine (async), the replacement is a plain function. Write it as a "
     ".function async without a "
     "yield.\n"},
    {"async def f(): yield 1", "async def g(): pass",
     "  kind: the original is an asynchronous generator, the replacement is a coroutine (async). Write it as "
     "a .function async "
     "with a yield in "
     "it.\n"},
    {"class f: pass", "def g(): pass",
     "  kind: the original is a class body, the replacement is a plain function. Write it as a .class.\n",
     "2.7 3.8 3.13"},
};

} // namespace

TEST_CASE("splice: what does not fit is refused, with both sides") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        for (const Misfitting& one : misfitting) {
            if (one.versions.find(python.version) == std::string_view::npos) continue;
            CAPTURE(python.version);
            CAPTURE(one.original);
            CAPTURE(one.replacement);
            const std::string original = compile_module(python, one.original);
            const std::string other = compile_module(python, one.replacement);
            std::string faults;
            CHECK(spliced(original, "f", read_file(other), "g", faults) == original);
            CHECK(faults == "'g' does not fit in the place of 'f'; \n" + std::string(one.expected) +
                                "  the replacement is at line 1 of sample.py\n");
        }
    }
}

TEST_CASE("splice: what nobody can see may be different") {
    const tests::Interpreter* python = tests::interpreter("3.13");
    if (!python) return;
    for (const auto& [original, other] : {std::pair{"def f(a, /): pass", "def g(b, /): pass"},
                                          {"def f(*a, **k): pass", "def g(*rest, **others): pass"},
                                          {"def f(*, a, b): pass", "def g(*, b, a): pass"}}) {
        std::string faults;
        spliced(compile_module(*python, original), "f", read_file(compile_module(*python, other)), "g",
                faults);
        CHECK(faults == "");
    }
}

TEST_CASE("splice: free variables must be those of the closure") {
    constexpr std::string_view original = "def make(a, b):\n def f(): return a, b\n return f\n";
    constexpr std::string_view fewer = "def make(a, b):\n def g(): return a\n return g\n";
    constexpr std::string_view none = "def g(): return a\n";
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string bytes = compile_module(python, original);
        const std::string one = compile_module(python, fewer), zero = compile_module(python, none);
        std::string faults;
        CHECK(spliced(bytes, "make.f", read_file(one), "make.g", faults) == bytes);
        CHECK(faults ==
              "'make.g' does not fit in the place of 'make.<locals>.f'; \n"
              "  free variables: the original has a, b, the replacement has a. State .freevars a, b "
              "in it: its closure "
              "has these cells in this order.\n  the replacement is at line 2 of sample.py\n");
        CHECK(spliced(zero, "g", read_file(one), "make.g", faults) == zero);
        CHECK(faults == "'make.g' does not fit in the place of 'g'; \n"
                        "  free variables: the original has none, the replacement has a. Its function is "
                        "made without a "
                        "closure: it can use "
                        "globals, but no variables of a function around it.\n"
                        "  the replacement is at line 2 of sample.py\n");
    }
}

TEST_CASE("splice: the new code object gets what its place gives") {
    constexpr std::string_view original = "from __future__ import division\n"
                                          "class C(object):\n def f(self): return [lambda: 1][0]\n";
    constexpr std::string_view other = "def g(self): return [lambda: 2, lambda: 3][1]\n";
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string bytes = compile_module(python, original);
        const std::string source = compile_module(python, other);
        std::string faults;
        const std::string patched = spliced(bytes, "C.f", read_file(source), "g", faults);
        CHECK(faults == "");
        CHECK(asked(python, patched, "sample.C().f()()") == "3\n");
        CHECK(asked(python, patched,
                    "sample.C.f.__name__, hasattr(sample.C.f, '__qualname__') and sample.C.f.__qualname__") ==
              asked(python, bytes,
                    "sample.C.f.__name__, hasattr(sample.C.f, '__qualname__') and sample.C.f.__qualname__"));
        CHECK(asked(python, patched, "sample.C.f.__code__.co_flags") ==
              asked(python, bytes, "sample.C.f.__code__.co_flags"));
        if (read_file(bytes).target->code.qualname)
            CHECK(asked(python, patched, "sample.C().f().__qualname__") == "C.f.<locals>.<lambda>\n");
    }
}

TEST_CASE("splice: names that mean nothing or too much") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string bytes = compile_module(python, sample);
        const objects::PycFile other = read_file(bytes);
        const auto fault = [&](std::string_view name) {
            std::string faults;
            CHECK(spliced(bytes, name, other, "counter", faults) == bytes);
            return faults;
        };
        CHECK(fault("Shape.area") ==
              "'Shape.area' means 2 code objects of the file; Choose one by its number.\n"
              "  'Shape.area$1', at line 11 of sample.py\n"
              "  'Shape.area$2', at line 14 of sample.py\n");
        CHECK(fault("deep") == "the file has no code object 'deep'; Did you mean 'Shape.Inner.deep'?\n");
        CHECK(fault("Shape.aera") ==
              "the file has no code object 'Shape.aera'; Did you mean 'Shape.area'?\n");
        CHECK(fault("nothing_like_it")
                  .starts_with("the file has no code object 'nothing_like_it'; It has 'Shape', "));
    }
}

TEST_CASE("splice: several at once, and one in several places") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string bytes =
            compile_module(python, "def f(): return 1\ndef g(): return 'g'\ndef h(): return f(), g()\n");
        const std::string source =
            compile_module(python, "def new(): return [lambda: 'new text'][0]()\n"
                                   "def outer():\n def inner(): return 5\n return inner\n");
        const objects::PycFile other = read_file(source);
        support::Arena arena;
        const program::Outline outline(other.pool, *other.target, other.top, arena);
        const ValueId fresh = outline.entries()[1].code, outer = outline.entries()[3].code;
        const auto result_of = [&](const std::vector<linker::Replacement>& replacements, std::string& after) {
            objects::PycFile file = read_file(bytes);
            linker::SpliceResult result = linker::splice(file, replacements);
            after = tests::written(file);
            return result;
        };
        std::string after;
        CHECK(result_of({{"f", "new", &other.pool, fresh}, {"g", "new", &other.pool, fresh}}, after)
                  .errors.empty());
        CHECK(asked(python, after, "sample.h()[1] + sample.f.__name__ + sample.g.__name__") ==
              "new textfg\n");
        const auto twice =
            result_of({{"f", "new", &other.pool, fresh}, {"f", "outer", &other.pool, outer}}, after);
        REQUIRE(twice.errors.size() == 1);
        CHECK(twice.errors[0].message == "'f' is replaced twice: by 'new' and by 'outer'");
        CHECK(twice.done.empty());
        CHECK(after == bytes);

        const std::string nested =
            compile_module(python, "def outer():\n def inner(): return 4\n return inner\n");
        objects::PycFile file = read_file(nested);
        const linker::Replacement both[] = {{"outer", "outer", &other.pool, outer},
                                            {"outer.inner", "new", &other.pool, fresh}};
        const auto lost = linker::splice(file, both);
        REQUIRE(lost.errors.size() == 1);
        CHECK(lost.errors[0].message == "'outer.<locals>.inner' stands in 'outer', which is replaced, too");
        CHECK(lost.errors[0].help == "Change it in 'outer'.");
        CHECK(tests::written(file) == nested);
    }
}

TEST_CASE("splice: one object stays one object") {
    // A list in the constants, twice: 2.7 has no form for that.
    for (const std::string_view version : {"3.6", "3.8", "3.13", "3.15"}) {
        const tests::Interpreter* python = tests::interpreter(version);
        if (!python) continue;
        CAPTURE(version);
        const std::string bytes = compile_module(*python, "def f(): return 1\n");
        const std::string source = compile_module(*python, "def g(): return 2\n");
        objects::PycFile other = read_file(source);
        support::Arena arena;
        const program::Outline outline(other.pool, *other.target, other.top, arena);
        const ValueId code = outline.entries()[1].code;
        const ValueId list = other.pool.add_container(objects::ValueKind::List, std::vector<ValueId>{});
        const ValueId round =
            other.pool.add_container(objects::ValueKind::List, std::vector<ValueId>{list, list});
        other.pool.children(round)[1] = round;
        other.pool[round].marks |= objects::Value::recursive;
        std::vector<ValueId> consts(other.pool.children(other.pool.code(code).consts).begin(),
                                    other.pool.children(other.pool.code(code).consts).end());
        consts.insert(consts.end(), {list, round, list});
        other.pool.code(code).consts = other.pool.add_container(objects::ValueKind::Tuple, consts);
        std::string faults;
        const std::string patched = spliced(bytes, "f", other, "g", faults);
        CHECK(faults == "");
        const objects::PycFile read = read_file(patched);
        const program::Outline again(read.pool, *read.target, read.top, arena);
        const auto found = objects::difference(read.pool, read.pool.code(again.entries()[1].code).consts,
                                               other.pool, other.pool.code(code).consts, *read.target);
        CHECK_MESSAGE(!found, (found ? found->path + found->what : std::string()));
    }
}
