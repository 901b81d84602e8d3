#pragma once

#include "isa/target.hpp"
#include "program/encode.hpp"
#include "support/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::tests {

/// A body put together by hand, for what stands below the assembler.
struct Body {
    explicit Body(std::string_view target_name);

    Body& op(std::string_view name, std::uint32_t argument = 0);
    /// `count` times the same instruction.
    Body& fill(std::string_view name, std::size_t count);
    /// A jump to the item with this index (which may come later), and bytes past it.
    Body& jump(std::string_view name, std::uint32_t target, std::int64_t addend = 0);
    /// A written EXTENDED_ARG; `argument` below 0: its operand left out.
    Body& prefix(int argument);
    Body& bytes(std::string_view bytes);

    /// Encodes; false where there were errors, which `messages` then has.
    bool encode();
    [[nodiscard]] std::string hex() const;
    /// The messages of all errors, with their help in brackets, a line each.
    [[nodiscard]] std::string messages() const;

    const isa::Target& target;
    program::InstructionList list;
    program::Encoder encoder;
    support::Diagnostics diagnostics;

  private:
    std::uint8_t pending_ = 0;
    void push(program::Instruction item);
};

} // namespace pyasm::tests
