#include "tests/linker/splice_case.hpp"

#include "linker/codes.hpp"
#include "linker/fold.hpp"
#include "linker/gc.hpp"
#include "linker/retable.hpp"
#include "linker/strip.hpp"
#include "program/outline.hpp"
#include "support/files.hpp"
#include "tests/disassembler/code_maker.hpp"
#include "verifier/verify.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace pyasm;
using objects::PycFile;
using objects::ValueId;
using tests::CodeMaker;
using tests::compile_module;
using tests::read_file;

namespace {

std::string canonical(const PycFile& file) {
    support::ByteWriter out;
    const auto done = objects::write_pyc(file, out);
    REQUIRE_MESSAGE(done.ok(), (done ? std::string() : done.error().message));
    return std::string(support::as_text(out.view()));
}

/// The first error that the verifier has; empty if none.
std::string verified(const std::string& bytes) {
    const PycFile file = read_file(bytes);
    for (const verifier::Finding& finding : verifier::verify(file, {.warnings = false}))
        return finding.message;
    return {};
}

std::string run_script(const tests::Interpreter& python, const std::string& module, std::string_view script,
                       const std::string& name = "sample") {
    const tests::TemporaryFolder folder;
    REQUIRE(support::write_file(folder.file(name + ".pyc"), support::as_bytes(module)));
    REQUIRE(support::write_file(folder.file("script.py"), support::as_bytes(script)));
    const tests::RunResult run = tests::run_python(python, {folder.file("script.py")});
    std::string said = fmt::format("{}{}{}", run.out, run.err, run.status);
    for (std::size_t at = said.find(folder.path()); at != std::string::npos; at = said.find(folder.path()))
        said.erase(at, folder.path().size());
    return said;
}

constexpr std::string_view documented = R"(# a comment
"""What the module does."""
class Shape(object):
    """What a shape is."""
    sides = 4
    def area(self, width):
        """What the area is."""
        return width * self.sides
def said():
    "said twice"
    return "said twice"
def fails(n):
    """Goes wrong."""
    if n:
        return fails(n - 1)
    raise ValueError("wrong")
def squares(n):
    """Yields."""
    for i in range(n):
        yield (lambda x: x * x)(i)
)";

constexpr std::string_view questions = R"(
from __future__ import print_function
import sys, traceback
import sample
print(sample.__doc__, sample.Shape.__doc__, sample.Shape.area.__doc__, sample.said.__doc__, sample.squares.__doc__)
print(sample.Shape().area(3), sample.said(), list(sample.squares(4)))
try:
    sample.fails(2)
except ValueError:
    print(traceback.format_exc())
events = []
def trace(frame, event, arg):
    events.append((event, frame.f_lineno))
    return trace
sys.settrace(trace)
try:
    sample.fails(1)
except ValueError:
    pass
list(sample.squares(2))
sys.settrace(None)
print(events[:3])
sys.setprofile(lambda *arguments: None)
list(sample.squares(2))
sys.setprofile(None)
if hasattr(sys, "monitoring"):
    sys.monitoring.use_tool_id(4, "test")
    lines = []
    sys.monitoring.register_callback(4, sys.monitoring.events.LINE, lambda code, line: lines.append(line))
    sys.monitoring.set_events(4, sys.monitoring.events.LINE | sys.monitoring.events.INSTRUCTION)
    list(sample.squares(2))
    sys.monitoring.set_events(4, 0)
    print(len(lines) > 0)
import dis, inspect
inspect.getsourcefile(sample.fails)
getattr(sample.fails.__code__, "co_lines", list)()
getattr(sample.fails.__code__, "co_positions", list)()
)";

/// Puts 300 constants and 300 names in front of those of a code object.
void widen(PycFile& file, ValueId id) {
    linker::Retable tables(*file.target, file.pool);
    REQUIRE(tables.load(id));
    std::vector<ValueId> constants, names;
    for (int i = 0; i < 300; ++i) {
        constants.push_back(file.pool.add_int(100000 + i));
        names.push_back(file.pool.add_text(file.pool[file.pool.code(id).name].kind,
                                           file.pool.arena().copy(fmt::format("unused_{}", i))));
    }
    tables.constants.insert(tables.constants.begin(), constants.begin(), constants.end());
    tables.names.insert(tables.names.begin(), names.begin(), names.end());
    for (linker::Retable::Use& use : tables.uses) use.index += 300;
    REQUIRE(tables.store());
}

} // namespace

TEST_CASE("strip: no docstrings, lines and file names, and programs that can still be traced") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string original = compile_module(python, documented);
        PycFile file = read_file(original);
        const linker::StripSaved saved = linker::strip(file);
        CHECK(saved.docstrings == 6);
        CHECK(saved.filenames == 1);
        CHECK(saved.line_tables > 0);
        const std::string stripped = canonical(file);
        CHECK(stripped.size() < canonical(read_file(original)).size());
        CHECK(verified(stripped) == "");
        for (const std::string_view gone : {"What the", "What a", "Goes wrong", "Yields", "sample.py"})
            CHECK_MESSAGE(stripped.find(gone) == std::string::npos, gone);
        const std::string said = run_script(python, stripped, questions);
        CAPTURE(said);
        CHECK(said.starts_with("None None None None None\n12 said twice [0, 1, 4, 9]\nTraceback"));
        CHECK(said.find("File \"<stripped>\", line 12, in fails\n") != std::string::npos);
        CHECK(said.find("ValueError: wrong\n") != std::string::npos);
        CHECK(said.find("[('call', 12), ('line', 12), ") != std::string::npos);
        CHECK(said.ends_with("\n0"));
        // Nothing is left to do.
        PycFile again = read_file(stripped);
        const linker::StripSaved nothing = linker::strip(again);
        CHECK(nothing.docstrings + nothing.line_tables + nothing.filenames == 0);
        CHECK(canonical(again) == stripped);
    }
}

TEST_CASE("strip: the docstring of a class with type parameters") {
    constexpr std::string_view generic = R"(
class Box[T]:
    """What a box is."""
    def get[U](self, other: U) -> T:
        """Gets it."""
class Small[T](Box[T]):
    """A small one."""
)";
    for (const char* version : {"3.12", "3.13", "3.14", "3.15"}) {
        const tests::Interpreter* python = tests::interpreter(version);
        if (!python) continue; // the closing report says so
        CAPTURE(version);
        const std::string original = compile_module(*python, generic);
        PycFile file = read_file(original);
        CHECK(linker::strip(file).docstrings == 3);
        CHECK(run_script(
                  *python, canonical(file),
                  "import sample\nprint(sample.Box.__doc__, sample.Box.get.__doc__, sample.Small.__doc__)\n"
                  "print(sample.Box.__type_params__)\n") == "None None None\n(T,)\n0");
    }
}

TEST_CASE("gc: what nothing refers to goes, and a docstring does not come") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string original = compile_module(python, documented);
        const std::string untouched = run_script(python, original, questions);
        PycFile file = read_file(original);
        linker::collect_garbage(file);
        const std::string collected = canonical(file);
        CHECK(verified(collected) == "");
        CHECK(run_script(python, collected, questions) == untouched);

        // Waste in front, in the middle and behind; nested code that only waste leads to.
        PycFile wasteful = read_file(original);
        support::Arena arena;
        const program::Outline outline(wasteful.pool, *wasteful.target, wasteful.top, arena);
        const ValueId said = outline.entries()[3].code, squares = outline.entries()[5].code;
        for (const ValueId code : {said, squares}) {
            objects::CodeObject& fields = wasteful.pool.code(code);
            std::vector<ValueId> consts(wasteful.pool.children(fields.consts).begin(),
                                        wasteful.pool.children(fields.consts).end());
            consts.push_back(wasteful.pool.add_int(12345));
            consts.push_back(wasteful.pool.add_code(wasteful.pool.code(code)));
            fields.consts = wasteful.pool.add_container(objects::ValueKind::Tuple, consts);
            std::vector<ValueId> names(wasteful.pool.children(fields.names).begin(),
                                       wasteful.pool.children(fields.names).end());
            names.push_back(wasteful.pool.add_text(wasteful.pool[fields.name].kind, "unused_name"));
            fields.names = wasteful.pool.add_container(objects::ValueKind::Tuple, names);
        }
        const linker::GcSaved saved = linker::collect_garbage(wasteful);
        CHECK(saved.constants >= 4);
        CHECK(saved.names == 2);
        CHECK(saved.codes == 2);
        CHECK(saved.left_alone == 0);
        CHECK(canonical(wasteful) == collected);
    }
}

TEST_CASE("gc: a string does not become a docstring") {
    for (const std::string_view version : {"2.7", "3.8", "3.13", "3.14"}) {
        CAPTURE(version);
        CodeMaker maker(version);
        const isa::Target& target = *maker.file.target;
        objects::CodeObject code =
            maker.function("f", {maker.file.pool.add_int(1), maker.text("a string"), maker.text("more")});
        std::string bytes(maker.file.pool.text(code.code));
        bytes[1] = 1; // LOAD_CONST 1
        code.code = maker.bytes(bytes);
        const ValueId id = maker.add(code);
        maker.file.top = maker.add(maker.module({id}));
        // The module's instructions use its constant.
        const linker::GcSaved saved = linker::collect_garbage(maker.file);
        const objects::CodeObject& after = maker.file.pool.code(id);
        const auto consts = maker.file.pool.children(after.consts);
        const bool stays = target.flag_bits.has_docstring == 0;
        CHECK(saved.constants == (stays ? 1U : 2U));
        CHECK(consts.size() == (stays ? 2U : 1U));
        CHECK(!linker::has_docstring(maker.file.pool, target, after));
    }
}

TEST_CASE("gc: instructions that become shorter, with their jumps, lines and handlers") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        std::string source =
            "def f(n):\n    total = 0\n    for i in range(n):\n        try:\n            if i % 3:\n";
        for (int i = 0; i < 300; ++i) source += fmt::format("                total += i * {}.5\n", i);
        source +=
            "            total += g.attribute\n        except NameError as error:\n            total -= 1\n"
            "    return total\n";
        std::string bytes = compile_module(python, source);
        PycFile file = read_file(bytes);
        const std::string script =
            "import sample\nprint(sample.f(10))\nimport traceback\ntry: sample.f('x')\n"
            "except TypeError: print(traceback.format_exc().splitlines()[-3])\n";
        // As many constants and names, which nothing uses, in front of those that are used: all arguments
        // shrink.
        support::Arena arena;
        const program::Outline outline(file.pool, *file.target, file.top, arena);
        widen(file, outline.entries()[1].code);
        const std::string wide = canonical(file);
        CHECK(verified(wide) == "");
        CHECK(run_script(python, wide, script) == run_script(python, bytes, script));
        const linker::GcSaved saved = linker::collect_garbage(file);
        CHECK(saved.constants >= 300);
        CHECK(saved.names == 300);
        CHECK(saved.left_alone == 0);
        const std::string plain = canonical(file);
        CHECK(verified(plain) == "");
        CHECK(run_script(python, plain, script) == run_script(python, bytes, script));
    }
}

TEST_CASE("fold: the same code and the same constants once") {
    constexpr std::string_view source =
        "f = lambda: [lambda x: x + (1, 'a')[0]]; g = lambda: [lambda x: x + (1, 'a')[0], 2]\n";
    const std::string script = "import sample\nprint(sample.f()[0](3), sample.g()[0](4), len(sample.g()))\n";
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string bytes = compile_module(python, source);
        PycFile file = read_file(bytes);
        // From 3.11 on, the inner ones differ in their columns. Some compilers make them one themselves.
        linker::strip(file);
        const std::size_t before = linker::code_objects(file).size();
        const linker::FoldSaved saved = linker::fold(file);
        CHECK(saved.codes == before - 4);
        CHECK(linker::code_objects(file).size() == 4);
        if (python.version == "2.7" || python.version == "3.13") CHECK(saved.codes == 1);
        const std::string folded = canonical(file);
        CHECK(verified(folded) == "");
        CHECK(run_script(python, folded, script) == run_script(python, bytes, script));
    }
}

TEST_CASE("fold: an entry for each constant, and values that may change stay apart") {
    for (const std::string_view version : {"2.7", "3.8", "3.13", "3.15"}) {
        CAPTURE(version);
        CodeMaker maker(version);
        objects::ValuePool& pool = maker.file.pool;
        const ValueId lists[] = {pool.add_container(objects::ValueKind::List, 0U),
                                 pool.add_container(objects::ValueKind::List, 0U)};
        const ValueId nested[] = {maker.add(maker.function("g", {lists[0]})),
                                  maker.add(maker.function("g", {lists[1]})),
                                  maker.add(maker.function("h", {maker.text("a")})),
                                  maker.add(maker.function("h", {maker.text("a")}))};
        const ValueId f = maker.add(
            maker.function("f", {pool.add_int(7), pool.add_int(7), pool.add_float(7), lists[0], lists[1],
                                 nested[0], nested[1], nested[2], nested[3],
                                 maker.tuple({pool.add_float(0.0)}), maker.tuple({pool.add_float(-0.0)})}));
        maker.file.top = maker.add(maker.module({f}));
        const linker::FoldSaved saved = linker::fold(maker.file);
        CHECK(saved.codes == 1);
        CHECK(saved.constants == 2); // the second 7, the second h
        const auto consts = pool.children(pool.code(f).consts);
        CHECK(consts.size() == 9);
        CHECK(consts[2] == lists[0]);
        CHECK(consts[3] == lists[1]);
        CHECK(consts[4] == nested[0]);
        CHECK(consts[5] == nested[1]);
        const linker::FoldSaved nothing = linker::fold(maker.file);
        CHECK(nothing.codes + nothing.constants + nothing.values == 0);
    }
}

TEST_CASE("gc, fold, strip: modules of the library do what they did") {
    constexpr std::string_view script = R"(
from __future__ import print_function
import sys, copy, difflib, heapq, string, textwrap, fractions, bisect, collections, argparse, ast, decimal
import json, json.decoder, json.encoder, json.scanner
print(textwrap.fill("The quick brown fox jumps over the lazy dog. " * 3, 30))
print("\n".join(difflib.unified_diff("a b c".split(), "a x c d".split(), lineterm="")))
print(heapq.nlargest(3, [5, 1, 9, 7]), list(heapq.merge([1, 4], [2, 3])))
print(string.Template("$a and ${b}").substitute(a=1, b=2), fractions.Fraction("3/9") + 1)
print(json.encoder.JSONEncoder(sort_keys=True, indent=1).encode({"a": [1, 2.5, None], "b": "\u00e9"}))
print(sorted(json.decoder.JSONDecoder().decode('{"a": [1, {"b": null}], "c": "x"}').items()))
parser = argparse.ArgumentParser(prog="p", description="d")
parser.add_argument("--flag", type=int, default=3)
print(parser.parse_args(["--flag", "5"]).flag)
print(copy.deepcopy({"a": [1, {2}]}), ast.dump(ast.parse("1 + x")) != "")
try:
    json.decoder.JSONDecoder().decode("[1,")
except ValueError as error:
    print(type(error).__mro__[-3:])
print([sys.modules[name].__file__[-4:] for name in ("textwrap", "difflib", "heapq", "argparse")])
)";
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const tests::TemporaryFolder folder;
        const tests::RunResult made = tests::run_python(
            python, {"-c",
                     "import sys, os, py_compile\n"
                     "for name in 'copy difflib heapq string textwrap fractions bisect argparse ast "
                     "decimal'.split():\n"
                     "    path = __import__(name).__file__.replace('.pyc', '.py')\n"
                     "    py_compile.compile(path, os.path.join(sys.argv[1], name + '.pyc'), None, True)\n",
                     folder.path()});
        REQUIRE_MESSAGE(made.status == 0, made.err);
        REQUIRE(support::write_file(folder.file("script.py"), support::as_bytes(script)));
        const tests::RunResult expected = tests::run_python(python, {folder.file("script.py")});
        REQUIRE_MESSAGE(expected.status == 0, expected.err);
        CHECK(expected.out.find("'.pyc', '.pyc', '.pyc', '.pyc'") != std::string::npos);
        for (const std::string_view name : {"copy", "difflib", "heapq", "string", "textwrap", "fractions",
                                            "bisect", "argparse", "ast", "decimal"}) {
            const std::string path = folder.file(std::string(name) + ".pyc");
            const auto bytes = support::read_file(path);
            REQUIRE(bytes.ok());
            PycFile file = read_file(*bytes);
            linker::strip(file);
            CHECK(linker::collect_garbage(file).left_alone == 0);
            linker::fold(file);
            const std::string small = canonical(file);
            CHECK(small.size() < bytes->size());
            CHECK_MESSAGE(verified(small) == "", name);
            REQUIRE(support::write_file(path, support::as_bytes(small)));
        }
        const tests::RunResult run = tests::run_python(python, {folder.file("script.py")});
        CHECK_MESSAGE(run.out == expected.out, run.err);
    }
}
