#pragma once

#include "isa/target.hpp"
#include "verifier/slot.hpp"

#include <array>
#include <cstdint>

namespace pyasm::verifier {

/// Whether what an instruction with OpFlag::PassesOn pushes under this name can be the reference that it
/// took.
[[nodiscard]] constexpr bool can_be_passed_on(std::string_view name) {
    return name != "attr" && name != "method" && name != "index";
}

/// A stack signature in the form in which it is quickest to apply: of a few items, whose number does not
/// depend on the argument. Others have `full` only.
struct CompactSignature {
    static constexpr std::size_t capacity = 7;
    const isa::StackSignature* full = nullptr;
    bool is_fixed = false;
    bool moves = false; ///< some output is an input
    std::uint8_t in = 0;
    std::uint8_t out = 0;
    std::uint8_t kept = 0; ///< items, from the bottom, that stay where they are
    std::array<SlotKinds, capacity> accepted{};
    std::array<SlotKinds, capacity> produced{};
    std::array<std::int8_t, capacity> from{};
    std::array<std::uint8_t, capacity> items{}; ///< of the signature, for each input
    std::array<bool, capacity> passes{};        ///< of each output: it can be the reference that was taken
};

struct CompactOp {
    const isa::OpInfo* info = nullptr; ///< null for a number that the target does not have
    isa::OpRole role = isa::OpRole::None;
    bool jumps = false;
    bool terminates = false;
    bool raises = false;
    bool needs_locals = false;
    bool runs_inline = false;
    bool is_deref = false;      ///< takes a cell or free variable
    bool by_operand = false;    ///< a symbolic operand's stack items may say more
    bool wants_bool = false;    ///< tests for True itself
    CompactSignature stack;     ///< of an even argument, where that makes a difference
    CompactSignature stack_odd; ///< of an odd one
    CompactSignature stack_jump;
    [[nodiscard]] const CompactSignature& stack_of(std::uint32_t argument) const {
        return argument & 1 ? stack_odd : stack;
    }
};

/// The instructions of a target, by number.
class CompactOps {
  public:
    explicit CompactOps(const isa::Target& target);
    /// Made once for each target.
    [[nodiscard]] static const CompactOps& of(const isa::Target& target);
    [[nodiscard]] const CompactOp& operator[](std::uint8_t number) const { return ops_[number]; }

  private:
    std::array<CompactOp, 256> ops_{};
};

/// The form of a signature with an even argument, or (`odd`) with an odd one; used for those that an operand
/// has, too.
[[nodiscard]] CompactSignature compact(const isa::StackSignature& signature, bool odd = false);

} // namespace pyasm::verifier
