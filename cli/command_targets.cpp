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
    case isa::HeaderLayout::MtimeSize: return "time, size";
    case isa::HeaderLayout::Flags: return "flags, time and size or hash";
    }
    return {};
}

std::string_view instruction(isa::InstructionForm form) {
    switch (form) {
    case isa::InstructionForm::Bytecode: return "1 or 3 bytes";
    case isa::InstructionForm::Wordcode: return "2 bytes";
    }
    return {};
}

std::string_view line_table(isa::LineTableKind kind) {
    switch (kind) {
    case isa::LineTableKind::UnsignedLnotab: return "co_lnotab, only forward";
    case isa::LineTableKind::SignedLnotab: return "co_lnotab";
    case isa::LineTableKind::LineTable310: return "co_linetable (PEP 626)";
    case isa::LineTableKind::LocationTable: return "co_linetable with columns (PEP 657)";
    }
    return {};
}

std::string_view jump_unit(const isa::Target& target) { return target.jump_unit == 1 ? "bytes" : "words"; }

std::vector<std::string> row(const isa::Target& target) {
    return {std::string(target.name),
            std::to_string(target.magic),
            fmt::format("{:02x} {:02x} 0d 0a", target.magic & 0xFF, target.magic >> 8),
            std::string(header(target.header)),
            std::string(instruction(target.form)),
            std::string(jump_unit(target)),
            target.code.exceptiontable ? "table" : "blocks",
            std::to_string(target.marshal.version),
            std::to_string(target.mnemonics().size()),
            std::string(line_table(target.line_table))};
}

} // namespace

int run_targets(const Arguments&, const Console& console) {
    std::vector<std::vector<std::string>> rows{{"TARGET", "MAGIC", "AS BYTES", "HEADER AFTER MAGIC", "INSTRUCTION",
                                                "JUMPS IN", "HANDLERS", "MARSHAL", "OPS", "LINE TABLE"}};
    for (const isa::Target& target : isa::all_targets()) rows.push_back(row(target));
    constexpr std::array<std::size_t, 2> flexible{3, 9};
    console.out << table(rows, console.width, flexible);
    return status_done;
}

} // namespace pyasm::cli
