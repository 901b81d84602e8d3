#pragma once

#include "inspector/code_tree.hpp"
#include "isa/target.hpp"
#include "objects/code_object.hpp"
#include "objects/line_table.hpp"
#include "objects/pyc.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How single facts are put into words. All texts are safe to show: what could steer a terminal is escaped.
namespace pyasm::inspector {

/// A file and the numbers of its code objects: what values are worded with.
struct Context {
    const objects::PycFile& file;
    const CodeTree& tree;

    [[nodiscard]] const isa::Target& target() const { return *file.target; }
    [[nodiscard]] const objects::ValuePool& pool() const { return file.pool; }
};

/// A value as a literal, cut at about `most` bytes; `code #3 greet` for a code object.
[[nodiscard]] std::string value_text(const Context& context, objects::ValueId id, std::size_t most);
/// A string or byte string without quotes, cut at about `most` bytes.
[[nodiscard]] std::string plain_text(const Context& context, objects::ValueId id, std::size_t most);
/// The qualified name of a code object, or its name where it has no other.
[[nodiscard]] objects::ValueId best_name(const Context& context, const objects::CodeObject& code);

/// "OPTIMIZED | NEWLOCALS | 0x4000000": what has no name as a number; "none" for 0.
[[nodiscard]] std::string flags_text(const isa::Target& target, std::uint32_t flags);
/// Names of the bits that have one, lowest first.
[[nodiscard]] std::vector<std::string_view> flag_names(const isa::Target& target, std::uint32_t flags);

/// "1 byte", "2 bytes".
[[nodiscard]] std::string plural(std::uint64_t count, std::string_view one, std::string_view many);

/// "2023-11-14 22:13:20 UTC".
[[nodiscard]] std::string time_text(std::uint32_t seconds);
/// "f30d0d0a".
[[nodiscard]] std::string hex_text(support::Bytes bytes);
/// "3:4-9", "3:4-5:1", "3-5", "3", "none", as a position is written in a source.
[[nodiscard]] std::string position_text(const objects::Position& position);

/// A slot of localsplus, 3.11+: "local", "local, cell", "positional argument, local", "free". Bits that the
/// target has no name for as a number.
[[nodiscard]] std::string local_kind_text(const isa::Target& target, std::uint8_t kind);
[[nodiscard]] std::vector<std::string_view> local_kind_names(const isa::Target& target, std::uint8_t kind);

/// Locals in localsplus, 3.11+: what Python shows as co_nlocals.
[[nodiscard]] std::int64_t count_locals(const Context& context, const objects::CodeObject& code);

/// An opcode's name, also of one that the target's files cannot have; empty for an undefined one.
[[nodiscard]] std::string_view opcode_name(const isa::Target& target, std::uint8_t opcode);
/// Why an opcode should not stand in a file: "specialised", "undefined"...; empty for one that may.
[[nodiscard]] std::string_view opcode_trouble(const isa::Target& target, std::uint8_t opcode);

} // namespace pyasm::inspector
