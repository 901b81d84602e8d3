#pragma once

#include "assembler/context.hpp"

#include <cstdint>

namespace pyasm::assembler {

/// The flags that `.flags` states: a number of 32 bits, or names joined by `|`. Reports a word that is no
/// flag of the target, and takes it for 0.
[[nodiscard]] std::uint32_t stated_flags(UnitContext& context, const program::Pin<std::string_view>& pin);

} // namespace pyasm::assembler
