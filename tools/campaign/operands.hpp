#pragma once

#include "tools/campaign/body.hpp"
#include "tools/campaign/random.hpp"
#include "tools/campaign/subject.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::campaign {

/// Chooses instructions and arguments that could stand in one code object.
class Operands {
  public:
    Operands(Subject& subject, const objects::CodeObject& code, Random& random);

    /// Mostly in range; at its end or beyond once in a while. Of a jump: any distance.
    [[nodiscard]] std::uint32_t argument_for(const isa::OpInfo& op);
    /// Another argument for an instruction of the body: near it, one that the body has elsewhere, or a new
    /// one.
    [[nodiscard]] std::uint32_t other_argument(const Body& body, const program::Instruction& item);
    /// An instruction that takes and leaves as many items as `item`, or has an operand of the same kind, or
    /// any.
    [[nodiscard]] Body::Node other_opcode(Body& body, const program::Instruction& item);
    /// Any instruction; a jump leads to one of the body.
    [[nodiscard]] Body::Node any_instruction(Body& body);
    /// One that does more to the frame than its stack effect says: of locals, blocks, generators, and so on.
    [[nodiscard]] Body::Node special_instruction(Body& body);
    /// Gives a jump a place to go to, near `index` or where others go.
    void aim(Body& body, Body::Node& node, std::size_t index);
    /// The opcodes that the target defines and a file may have, without EXTENDED_ARG.
    [[nodiscard]] std::span<const std::uint8_t> opcodes() const { return opcodes_; }

  private:
    [[nodiscard]] std::uint32_t index_below(std::size_t size);

    const isa::Target& target_;
    Random& random_;
    std::vector<std::uint8_t> opcodes_, special_opcodes_;
    std::size_t constants_, names_, locals_, cells_;
};

} // namespace pyasm::campaign
