#include "objects/code_object.hpp"
#include "objects/exception_table.hpp"
#include "objects/pyc.hpp"
#include "program/decode.hpp"
#include "program/stack_depth.hpp"
#include "support/files.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace pyasm::tests {
namespace {

using objects::CodeObject;
using objects::PycFile;
using objects::ValueId;
using objects::ValueKind;

/// What the code objects of one interpreter's library say.
struct Tally {
    std::size_t codes = 0, equal = 0;
    std::string above; // where the derived size is more than the compiled one
    std::string below;
};

/// The least share of code objects, in percent, whose compiled size is the derived one. Up to 3.9 the
/// peephole optimizer folds constants after the size was taken; up to 3.6 the compiler counts what a block's
/// handler finds on the stack in its body, too, and 3.6 leaves POP_EXCEPT out. In all of these the compiled
/// size is too large.
int equal_percent(std::string_view version) {
    if (version == "2.7") return 95;
    if (version == "3.6") return 80;
    if (version == "3.7" || version == "3.8" || version == "3.9") return 99;
    return 100;
}

std::int64_t derived_depth(const PycFile& file, const CodeObject& code) {
    const auto decoded = program::decode(*file.target, support::as_bytes(file.pool.text(code.code)));
    std::vector<program::HandledRegion> regions;
    if (file.target->code.exceptiontable) {
        const auto rows =
            objects::decode_exception_table(support::as_bytes(file.pool.text(code.exceptiontable)));
        REQUIRE(rows);
        for (const auto& row : *rows)
            regions.push_back({row.begin, row.end, row.target, row.depth, row.lasti});
    }
    program::StackDepth depths;
    depths.analyse(*file.target, decoded.items, decoded.starts, regions);
    return depths.greatest();
}

void hold(const PycFile& file, ValueId id, Tally& tally) {
    const CodeObject& code = file.pool.code(id);
    // A body that never pushes has 1 here.
    const std::int64_t derived = std::max<std::int64_t>(derived_depth(file, code), 1);
    const std::int64_t compiled = std::max<std::int64_t>(code.stacksize, 1);
    ++tally.codes;
    tally.equal += derived == compiled;
    std::string& list = derived > compiled ? tally.above : tally.below;
    if (derived != compiled && list.size() < 1000)
        list += fmt::format("{}:{} {}: derived {}, compiled {}\n", file.pool.text(code.filename),
                            code.firstlineno, file.pool.text(code.name), derived, compiled);
    for (const ValueId value : file.pool.children(code.consts))
        if (file.pool[value].kind == ValueKind::Code) hold(file, value, tally);
}

} // namespace

TEST_CASE("derived stack sizes are those of the compilers, or better") {
    for (const Interpreter& python : interpreters()) {
        TemporaryFolder folder;
        const RunResult run =
            run_python(python, {source_path("tests/objects/compile_corpus.py"), folder.path(), "15"});
        REQUIRE_MESSAGE(run.status == 0, run.err);
        Tally tally;
        for (int i = 0; i < std::stoi(run.out); ++i) {
            const auto bytes = support::read_file(folder.file(fmt::format("{:05}.pyc", i)));
            REQUIRE(bytes);
            const auto file = objects::read_pyc(support::as_bytes(*bytes));
            REQUIRE(file);
            hold(*file, file->top, tally);
        }
        CAPTURE(python.version);
        CHECK(tally.codes > 500);
        CHECK(tally.above == "");
        CHECK_MESSAGE(tally.equal * 100 >=
                          tally.codes * static_cast<std::size_t>(equal_percent(python.version)),
                      fmt::format("{} of {} are equal\n{}", tally.equal, tally.codes, tally.below));
    }
}

} // namespace pyasm::tests
