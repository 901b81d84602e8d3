#include "cli/assemble_file.hpp"
#include "cli/commands.hpp"
#include "cli/layout.hpp"
#include "isa/target.hpp"

#include <fmt/format.h>

#include <ostream>

namespace pyasm::cli {
namespace {

std::string_view header(isa::HeaderLayout layout) {
    switch (layout) {
    case isa::HeaderLayout::Mtime: return "time";
    case isa::HeaderLayout::MtimeSize: return "time size";
    case isa::HeaderLayout::Flags: return "PEP 552";
    }
    return {};
}

std::string_view instruction(isa::InstructionForm form) {
    switch (form) {
    case isa::InstructionForm::Bytecode: return "bytecode";
    case isa::InstructionForm::Wordcode: return "wordcode";
    }
    return {};
}

std::string_view line_table(isa::LineTableKind kind) {
    switch (kind) {
    case isa::LineTableKind::UnsignedLnotab: return "lnotab+";
    case isa::LineTableKind::SignedLnotab: return "lnotab";
    case isa::LineTableKind::LineTable310: return "PEP 626";
    case isa::LineTableKind::LocationTable: return "PEP 657";
    }
    return {};
}

std::vector<std::string> row(const isa::Target& target) {
    return {std::string(target.name),
            std::to_string(target.magic),
            fmt::format("{:02x}{:02x}0d0a", target.magic & 0xFF, target.magic >> 8),
            std::string(header(target.header)),
            std::string(instruction(target.form)),
            target.jump_unit == 1 ? "bytes" : "words",
            target.code.exceptiontable ? "table" : "blocks",
            std::string(line_table(target.line_table)),
            std::to_string(target.marshal.version)};
}

struct Legend {
    std::string_view column;
    std::string_view meaning;
};
constexpr std::array<Legend, 7> legends{{
    {"MAGIC", "the number that starts a .pyc, and how it stands there with CR LF behind it"},
    {"HEADER",
     "what follows it: the source's time; its time and size; or flags, then time and size, or a hash"},
    {"CODE", "an instruction has 1 byte, or 3 with an argument (bytecode), or always 2 (wordcode)"},
    {"JUMPS", "what the argument of a jump counts: bytes, or words of 2 bytes"},
    {"HANDLERS", "exceptions are handled by blocks that SETUP instructions push, or by co_exceptiontable"},
    {"LINES", "the line table: co_lnotab, where lines only grow (+) or may go back; co_linetable with lines, "
              "or with lines and columns"},
    {"MARSHAL", "the version of the marshal format"},
}};

} // namespace

int run_targets(const Arguments&, const Console& console) {
    std::vector<std::vector<std::string>> rows{
        {"TARGET", "MAGIC", "", "HEADER", "CODE", "JUMPS", "HANDLERS", "LINES", "MARSHAL"}};
    for (const isa::Target& target : isa::all_targets()) rows.push_back(row(target));
    console.out << table(rows, console.width, {}) << '\n';
    const std::size_t width = console.width == 0 ? 80 : console.width;
    for (const Legend& legend : legends)
        console.out << definition(legend.column, legend.meaning, 0, 10, width);
    return status_done;
}

} // namespace pyasm::cli
