#include "objects/pyc.hpp"
#include "program/derived.hpp"
#include "program/qualified_names.hpp"
#include "support/files.hpp"
#include "tests/disassembler/code_maker.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pyasm;
using objects::ValueId;
using program::match_name;
using program::NameMatch;
using tests::CodeMaker;

namespace {

struct Named {
    explicit Named(const objects::PycFile& file, ValueId top)
        : outline(file.pool, *file.target, top, arena), result(outline, file.pool) {}

    [[nodiscard]] std::vector<std::string> all() const {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < result.size(); ++i) names.emplace_back(result[i]);
        return names;
    }
    [[nodiscard]] std::string found(std::string_view name) const {
        std::string text;
        for (const std::uint32_t entry : result.find(name)) text += std::string(result[entry]) + " ";
        return text;
    }

    support::Arena arena;
    program::Outline outline;
    program::QualifiedNames result;
};

constexpr std::string_view sample = R"(
class Outer(object):
    def method(self):
        return [lambda: 1, lambda: 2]
    @property
    def size(self):
        return lambda: 3
    @size.setter
    def size(self, value):
        return lambda: 4
    class Inner(object):
        def deep(self):
            class Local(object):
                def last(self): pass
            return Local
def outer():
    def inner():
        return (x for x in "")
    return inner
def outer():
    pass
)";

const std::vector<std::string> sample_names = {
    "<module>",
    "Outer",
    "Outer.method",
    "Outer.method.<locals>.<lambda>",
    "Outer.method.<locals>.<lambda>$2",
    "Outer.size",
    "Outer.size.<locals>.<lambda>",
    "Outer.size$2",
    "Outer.size$2.<locals>.<lambda>",
    "Outer.Inner",
    "Outer.Inner.deep",
    "Outer.Inner.deep.<locals>.Local",
    "Outer.Inner.deep.<locals>.Local.last",
    "outer",
    "outer.<locals>.inner",
    "outer.<locals>.inner.<locals>.<genexpr>",
    "outer$2",
};

/// `source` as the interpreter compiles it.
std::string compiled(const tests::Interpreter& python, std::string_view source) {
    const tests::TemporaryFolder folder;
    REQUIRE(support::write_file(folder.file("sample.py"), support::as_bytes(source)));
    const tests::RunResult run = tests::run_python(
        python, {"-c", "import sys, py_compile; py_compile.compile(sys.argv[1], sys.argv[2])",
                 folder.file("sample.py"), folder.file("sample.pyc")});
    CHECK_MESSAGE(run.status == 0, run.err);
    const auto bytes = support::read_file(folder.file("sample.pyc"));
    REQUIRE(bytes.ok());
    return *bytes;
}

/// A name without its numbers, as co_qualname has it.
std::string without_numbers(std::string name) {
    for (std::size_t at = name.find('$'); at != std::string::npos; at = name.find('$'))
        name.erase(at, std::min(name.find_first_not_of("0123456789", at + 1), name.size()) - at);
    return name;
}

} // namespace

TEST_CASE("qualified names: the same in all versions") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const std::string bytes = compiled(python, sample);
        const auto file = objects::read_pyc(support::as_bytes(bytes));
        REQUIRE(file.ok());
        const Named named(*file, file->top);
        CHECK(named.all() == sample_names);
        if (!file->target->code.qualname) continue;
        for (const program::Outline::Entry& entry : named.outline.entries()) {
            const objects::CodeObject& code = file->pool.code(entry.code);
            const auto index = static_cast<std::size_t>(named.outline.entry_of(entry.code));
            CHECK(without_numbers(std::string(named.result[index])) == file->pool.text(code.qualname));
        }
    }
}

TEST_CASE("qualified names: a scope of type parameters is passed over") {
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const tests::RunResult run = tests::run_python(python, {"-c", "exec('def f[T](): pass')"});
        if (run.status != 0) continue; // before 3.12
        const std::string bytes =
            compiled(python, "def f[T]():\n def g(): pass\nclass C[T]:\n def m[U](self): pass\n");
        const auto file = objects::read_pyc(support::as_bytes(bytes));
        REQUIRE(file.ok());
        const Named named(*file, file->top);
        CHECK(named.found("f") == "f ");
        CHECK(named.found("f.g") == "f.<locals>.g ");
        CHECK(named.found("C.m") == "C.m ");
        CHECK(named.found("C.<generic_parameters_of_m>") == "C.<generic_parameters_of_m> ");
    }
}

TEST_CASE("qualified names: how they are looked up") {
    CodeMaker maker("3.13");
    const auto function = [&](std::string_view name, std::vector<ValueId> consts = {}) {
        return maker.add(maker.function(name, std::move(consts)));
    };
    objects::CodeObject body = maker.module({function("f"), function("f"), function("<lambda>")});
    body.name = maker.text("C");
    const ValueId top = maker.add(
        maker.module({maker.add(body), function("C", {function("f"), function("g", {function("h")})}),
                      function("single")}));
    const Named named(maker.file, top);
    CHECK(named.all() == std::vector<std::string>{"<module>", "C", "C.f", "C.f$2", "C.<lambda>", "C$2",
                                                  "C$2.<locals>.f", "C$2.<locals>.g",
                                                  "C$2.<locals>.g.<locals>.h", "single"});
    CHECK(named.found("single") == "single ");
    CHECK(named.found("single$1") == "single ");
    CHECK(named.found("single$2") == "");
    CHECK(named.result.exact(1) == "C$1");
    CHECK(named.result.exact(2) == "C.f$1");
    CHECK(named.result.exact(8) == "C$2.<locals>.g.<locals>.h");
    CHECK(named.found("C") == "C C$2 ");
    CHECK(named.found("C$1") == "C ");
    // What is spelt out goes before what leaves out a <locals>.
    CHECK(named.found("C.f") == "C.f C.f$2 ");
    CHECK(named.found("C.<locals>.f") == "C$2.<locals>.f ");
    CHECK(named.found("C$2.f") == "C$2.<locals>.f ");
    CHECK(named.found("C.g.h") == "C$2.<locals>.g.<locals>.h ");
    CHECK(named.found("C.<locals>.g.h") == "C$2.<locals>.g.<locals>.h ");
    CHECK(named.found("C.<lambda>") == "C.<lambda> ");
    CHECK(named.found("<module>") == "<module> ");
    for (const std::string_view none :
         {"", ".", "..", "<locals>", "<locals>.single", "C.", ".C", "C..f", "f", "C$", "C$0"})
        CHECK_MESSAGE(named.found(none) == "", none);
    CHECK(match_name("f", "f$2") == NameMatch::Tight);
    CHECK(match_name("f$1", "f$2") == NameMatch::None);
    CHECK(match_name("a.b", "a.<locals>.b") == NameMatch::Loose);
    CHECK(match_name("a.<locals>.b", "a.b") == NameMatch::None);
    CHECK(program::plain_name("a$2.<locals>.b$3") == "a.b");
    CHECK(program::plain_name("<locals>") == "<locals>");
}

TEST_CASE("qualified names: an exact one for each") {
    CodeMaker maker("3.8");
    const auto lambdas = [&] {
        return maker.add(maker.function(
            "<lambda>", {maker.add(maker.function("<lambda>")), maker.add(maker.function("<lambda>"))}));
    };
    const Named named(maker.file,
                      maker.add(maker.module({maker.add(maker.function("f", {lambdas(), lambdas()}))})));
    for (std::size_t i = 0; i < named.result.size(); ++i)
        CHECK(named.result.find(named.result.exact(i)) ==
              std::vector<std::uint32_t>{static_cast<std::uint32_t>(i)});
}

TEST_CASE("qualified names: unique where symbols of one path are not") {
    // 3.15 has a path in the symbol of what is beside its function: f.__annotate__.
    CodeMaker maker("3.15");
    objects::CodeObject body = maker.module({maker.add(maker.function("g"))});
    body.name = maker.text("C");
    objects::CodeObject beside = maker.function("g");
    beside.qualname = maker.text("C.g");
    const Named named(maker.file, maker.add(maker.module({maker.add(beside), maker.add(body)})));
    CHECK(named.all() == std::vector<std::string>{"<module>", "C.g", "C", "C.g$2"});
}

TEST_CASE("qualified names: their size is bounded") {
    CodeMaker maker("3.13");
    const std::string name(110, 'n');
    std::vector<ValueId> leaves;
    for (int i = 0; i < 8000; ++i) leaves.push_back(maker.add(maker.function(name)));
    ValueId code = maker.add(maker.function(name, leaves));
    for (int level = 0; level < 86; ++level) code = maker.add(maker.function(name, {code}));
    const Named named(maker.file, maker.add(maker.module({code})));
    std::size_t bytes = 0;
    for (const std::string& one : named.all()) bytes += one.size();
    CHECK(bytes > program::most_qualname_bytes);
    CHECK(bytes < program::most_qualname_bytes + (std::size_t{2} << 20));
    CHECK(named.found(name + "$8000") == name + "$8000 ");
}
