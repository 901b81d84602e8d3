#include "isa/target.hpp"
#include "tests/assembler/assembled.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>
#include <vector>

namespace pyasm::tests {
namespace {

using isa::Target;

/// One thing said in Python and in assembly: the code objects must agree in counts, flags, variables and
/// names.
struct Case {
    std::string name; ///< co_name of the code object that is compared
    std::string python;
    std::string pyasm; ///< without `.target`; `{...}` stand for what differs between the versions
};

const std::vector<Case> any_version = {
    {"f", "def f(): pass", ".function f()\nNOP\n.end\n"},
    {"f", "def f(a, b, *c, **d): x = a; y = x",
     ".function f(a, b, *c, **d)\nSTORE_FAST x\nSTORE_FAST y\n.end\n"},
    {"f", "def o():\\n def f(a): pass",
     ".function o()\nLOAD_CONST code(f)\n.function f(a)\nNOP\n.end\n.end\n"},
    {"f", "class C:\\n def f(self): pass",
     ".class C\nLOAD_CONST code(f)\n.function f(self)\nNOP\n.end\n.end\n"},
    {"C", "class C:\\n x = 1", ".class C\nSTORE_NAME x\n.end\n"},
    {"f", "def o():\\n class C:\\n  def f(self): pass",
     ".function o()\nLOAD_CONST code(C)\n.class C\nLOAD_CONST code(f)\n.function "
     "f(self)\nNOP\n.end\n.end\n.end\n"},
    {"<module>", "x = 1", ".module\nSTORE_NAME x\n.end\n"},
    {"<lambda>", "x = lambda a: a",
     ".module\nLOAD_CONST code(<lambda>)\n.function <lambda>(a)\nLOAD_FAST a\n.end\n.end\n"},
    {"f", "def f():\\n \\\"doc\\\"\\n pass", ".function f()\n.doc \"doc\"\nNOP\n.end\n"},
    {"f", "def f(): yield", ".function f()\n{yield}.end\n"},
    {"f", "def o(a):\\n b = 1\\n def f(): return b, a",
     ".function o(a)\n{cell a}{cell b}LOAD_CONST code(f)\n.function f()\n{free 2}LOAD_DEREF b\nLOAD_DEREF "
     "a\n.end\n.end\n"},
    {"o", "def o(z, a):\\n c = b = z\\n def f(): return b, a, c",
     ".function o(z, a)\n{cell a}{cell b}{cell c}STORE_FAST f\n.end\n"},
};
const std::vector<Case> python3 = {
    {"f", "def f(a, *, k, m=1, **d): pass", ".function f(a, *, k, m=1, **d)\nNOP\n.end\n"},
    {"f", "def f(a, *r, k): x = 1", ".function f(a, *r, k)\nSTORE_FAST x\n.end\n"},
    {"f", "async def f(): pass", ".function async f()\nNOP\n.end\n"},
    {"f", "async def f(): yield 1", ".function async f()\n{async yield}.end\n"},
};
const std::vector<Case> positional_only = {
    {"f", "def f(p, /, a, *r, k, **d): x = 1", ".function f(p, /, a, *r, k, **d)\nSTORE_FAST x\n.end\n"},
    {"o", "def o(p, /, a, *r, k):\\n def f(): return a, r, p, k",
     ".function o(p, /, a, *r, k)\n{cell p}{cell a}{cell r}{cell k}STORE_FAST f\n.end\n"},
};

void replace(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// The text for a target: instructions that differ are filled in as the target has them.
std::string text_for(const Target& target, const Case& item) {
    std::string text = item.pyasm;
    const std::string yield =
        target.find("YIELD_VALUE")->takes_argument() ? "YIELD_VALUE 0\n" : "YIELD_VALUE\n";
    std::string wrap;
    if (target.find("ASYNC_GEN_WRAP")) wrap = "ASYNC_GEN_WRAP\n";
    if (target.find("CALL_INTRINSIC_1")) wrap = "CALL_INTRINSIC_1 INTRINSIC_ASYNC_GEN_WRAP\n";
    replace(text, "{yield}", yield);
    replace(text, "{async yield}", wrap + yield);
    const bool copies = target.find("COPY_FREE_VARS") != nullptr;
    replace(text, "{free 2}", copies ? "COPY_FREE_VARS 2\n" : "");
    for (const char* name : {"a", "b", "c", "p", "r", "k"})
        replace(text, fmt::format("{{cell {}}}", name),
                fmt::format("{} {}\n", target.find("MAKE_CELL") ? "MAKE_CELL" : "LOAD_CLOSURE", name));
    return fmt::format(".target {}\n{}", target.name, text);
}

std::string joined(const Assembled& result, objects::ValueId tuple) {
    std::string text;
    for (const auto part : result.file().pool.children(tuple))
        text += (text.empty() ? "" : ",") + std::string(result.file().pool.text(part));
    return text;
}

/// Names of localsplus whose kind has a bit, as co_varnames and its like show them.
std::string of_kind(const Assembled& result, const objects::CodeObject& code, std::uint8_t bit) {
    std::string text;
    const auto names = result.file().pool.children(code.localsplusnames);
    const std::string_view kinds = result.file().pool.text(code.localspluskinds);
    REQUIRE(names.size() == kinds.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        if (static_cast<std::uint8_t>(kinds[i]) & bit)
            text += (text.empty() ? "" : ",") + std::string(result.file().pool.text(names[i]));
    return text;
}

/// The line that signature_facts.py prints for this code object.
std::string described(const Target& target, const Assembled& result, const std::string& name) {
    const objects::CodeObject& code = result.code(name);
    const std::string counts = fmt::format("{}\t{}\t{}\t{}\t{}", name, code.argcount, code.posonlyargcount,
                                           code.kwonlyargcount, static_cast<std::uint32_t>(code.flags));
    if (!target.code.localsplus)
        return fmt::format("{}\t{}\t{}\t{}\t-\t-", counts, joined(result, code.varnames),
                           joined(result, code.cellvars), joined(result, code.freevars));
    const std::string kinds = result.hex(code.localspluskinds);
    return fmt::format("{}\t{}\t{}\t{}\t{}\t{}", counts, of_kind(result, code, objects::local_kind::local),
                       of_kind(result, code, objects::local_kind::cell),
                       of_kind(result, code, objects::local_kind::free), kinds.empty() ? "-" : kinds,
                       result.file().pool.text(code.qualname));
}

} // namespace

TEST_CASE("counts, flags, variables and names are those that the compiler derives") {
    for (const Interpreter& python : interpreters()) {
        const Target& target = *isa::find_target(python.version);
        std::vector<Case> cases = any_version;
        if (target.code.kwonlyargcount) cases.insert(cases.end(), python3.begin(), python3.end());
        if (target.code.posonlyargcount)
            cases.insert(cases.end(), positional_only.begin(), positional_only.end());
        std::string input;
        for (const Case& item : cases) {
            std::string source = item.python;
            replace(source, "\\\"", "\"");
            input += item.name + "\t" + source + "\n";
        }
        const RunResult run = run_python(python, {source_path("tests/assembler/signature_facts.py")}, input);
        REQUIRE_MESSAGE(run.status == 0, run.err);
        std::istringstream lines(run.out);
        for (const Case& item : cases) {
            CAPTURE(python.version);
            CAPTURE(item.python);
            std::string expected;
            REQUIRE(std::getline(lines, expected));
            const Assembled result(text_for(target, item));
            CHECK(described(target, result, item.name) == expected);
        }
    }
}

} // namespace pyasm::tests
