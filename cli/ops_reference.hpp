#pragma once

#include "isa/opcode.hpp"
#include "isa/target.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::cli {

/// The list of instructions as aligned columns, by name; rows of one name that would look the same are
/// joined. With a target, its numbers stand in place of the versions.
[[nodiscard]] std::string list_instructions(std::span<const isa::OpInfo* const> rows,
                                            const isa::Target* target, std::size_t width);

/// One instruction in full: an entry for each of its meanings, oldest first. All rows have one name.
[[nodiscard]] std::string describe_instruction(std::span<const isa::OpInfo* const> rows, std::size_t width);

/// What a name is that runs only inside an interpreter.
[[nodiscard]] std::string describe_hidden(const isa::HiddenOpcode& hidden, std::size_t width);

/// The versions that have a number in the array: "3.6-3.10".
[[nodiscard]] std::string versions_of(const std::array<std::int16_t, isa::target_count>& numbers);

/// Whether `name` matches a pattern of letters (in either case), `*` and `?`. Takes time linear in the
/// product of their lengths at worst.
[[nodiscard]] bool matches_pattern(std::string_view name, std::string_view pattern);

} // namespace pyasm::cli
