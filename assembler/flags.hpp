#pragma once

#include "assembler/context.hpp"

#include <cstdint>

namespace pyasm::assembler {

/// What a body shows about the kind of function it is.
struct BodyTraits {
    bool yields = false;          ///< has an instruction that makes a generator
    bool yields_in_async = false; ///< has one that makes an asynchronous generator
};

/// co_flags of a block whose `.flags` are not stated. Source: compute_code_flags in Python/compile.c, 2.7
/// and 3.6 - 3.15.
[[nodiscard]] std::uint32_t derive_flags(const UnitContext& context, const program::Block& block,
                                         const BodyTraits& traits, bool has_cells_or_frees);

/// The flags that `.flags` states: a number of 32 bits, or names joined by `|`. Reports a word that is no
/// flag of the target, and takes it for 0.
[[nodiscard]] std::uint32_t stated_flags(UnitContext& context, const program::Pin<std::string_view>& pin);

} // namespace pyasm::assembler
