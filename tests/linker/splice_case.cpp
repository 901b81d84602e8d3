#include "tests/linker/splice_case.hpp"

#include "assembler/assemble.hpp"
#include "disassembler/disassemble.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "program/outline.hpp"
#include "program/qualified_names.hpp"
#include "support/files.hpp"
#include "support/render.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace pyasm::tests {

using linker::Replacement;
using objects::PycFile;
using objects::ValueId;

std::string compile_module(const Interpreter& python, std::string_view source) {
    const TemporaryFolder folder;
    REQUIRE(support::write_file(folder.file("sample.py"), support::as_bytes(source)));
    const RunResult run = run_python(
        python,
        {"-c", "import sys, py_compile; py_compile.compile(sys.argv[1], sys.argv[2], 'sample.py', True)",
         folder.file("sample.py"), folder.file("sample.pyc")});
    REQUIRE_MESSAGE(run.status == 0, run.err);
    const auto bytes = support::read_file(folder.file("sample.pyc"));
    REQUIRE(bytes.ok());
    return *bytes;
}

PycFile read_file(const std::string& bytes) {
    auto file = objects::read_pyc(support::as_bytes(bytes));
    REQUIRE(file.ok());
    return std::move(*file);
}

std::string written(const PycFile& file) {
    support::ByteWriter out;
    const auto done = objects::write_pyc_exact(file, out);
    REQUIRE_MESSAGE(done.ok(), (done ? std::string() : done.error().message));
    return std::string(support::as_text(out.view()));
}

Reassembled::Reassembled(const std::string& original) {
    const auto unit = disassembler::disassemble(read_file(original), {});
    REQUIRE(unit.ok());
    support::ByteWriter text;
    grammar::print(*unit, {}, text);
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto source = sources.add("again.pyasm", std::string(support::as_text(text.view())));
    REQUIRE(source.ok());
    program::Unit again = grammar::parse(**source, sources, {}, diagnostics);
    const auto assembled = assembler::assemble(std::move(again), sources, {}, diagnostics);
    REQUIRE_MESSAGE(assembled.has_value(), support::render(diagnostics, sources, false));
    support::ByteWriter out;
    REQUIRE(objects::write_pyc(*assembled, out));
    bytes = support::as_text(out.view());
    file = read_file(bytes);
}

std::string self_splice_fault(const std::string& bytes) {
    const Reassembled again(bytes);
    PycFile names_of = read_file(bytes);
    support::Arena arena;
    const program::Outline outline(names_of.pool, *names_of.target, names_of.top, arena);
    const program::Outline other(again.file.pool, *again.file.target, again.file.top, arena);
    const program::QualifiedNames names(outline, names_of.pool);
    REQUIRE(outline.entries().size() == other.entries().size());
    std::vector<std::size_t> levels;
    for (const auto& entry : outline.entries())
        levels.push_back(entry.parent < 0 ? 0 : levels[static_cast<std::size_t>(entry.parent)] + 1);
    const std::size_t deepest = levels.empty() ? 0 : *std::ranges::max_element(levels);
    for (std::size_t level = 0; level <= deepest; ++level) {
        std::vector<std::string> texts(names.size());
        std::vector<Replacement> replacements;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (levels[i] != level) continue;
            texts[i] = names.exact(i);
            replacements.push_back({texts[i], names[i], &again.file.pool, other.entries()[i].code});
        }
        PycFile file = read_file(bytes);
        const linker::SpliceResult result = linker::splice(file, replacements);
        for (const linker::SpliceError& error : result.errors)
            return fmt::format("level {}: {} {}", level, error.message,
                               error.notes.empty() ? "" : error.notes.front());
        for (const linker::Spliced& one : result.done)
            if (one.changed) return fmt::format("level {}: {} is different", level, one.name);
        if (written(file) != bytes) return fmt::format("level {}: other bytes", level);
    }
    return {};
}

std::string spliced(const std::string& bytes, std::string_view name, const PycFile& other,
                    std::string_view symbol, std::string& faults) {
    support::Arena arena;
    const program::Outline outline(other.pool, *other.target, other.top, arena);
    const program::QualifiedNames names(outline, other.pool);
    const auto found = names.find(symbol);
    REQUIRE(found.size() == 1);
    PycFile file = read_file(bytes);
    const Replacement replacement{name, symbol, &other.pool, outline.entries()[found.front()].code};
    const linker::SpliceResult result = linker::splice(file, {&replacement, 1});
    faults.clear();
    for (const linker::SpliceError& error : result.errors) {
        faults += fmt::format("{}; {}\n", error.message, error.help);
        for (const std::string& note : error.notes) faults += "  " + note + "\n";
    }
    return written(file);
}

} // namespace pyasm::tests
