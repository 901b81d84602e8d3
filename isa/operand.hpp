#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pyasm::isa {

/// What the number in an instruction's argument stands for, before shifts and flag bits.
enum class OperandBase : std::uint8_t {
    None,         ///< the instruction takes no argument
    Integer,      ///< a plain number: a count, a depth, a distance
    Const,        ///< index into co_consts
    Name,         ///< index into co_names
    Local,        ///< index of a local (co_varnames up to 3.10, localsplus from 3.11)
    LocalPair,    ///< two locals, first << 4 | second (3.13+)
    Deref,        ///< a cell or free variable (cellvars + freevars up to 3.10, localsplus from 3.11)
    JumpForward,  ///< distance from the next instruction (after own caches)
    JumpBackward, ///< distance back from the next instruction (after own caches)
    JumpAbsolute, ///< place in the code (<= 3.10)
    Symbolic,     ///< one of `names`: operators, intrinsics, conversions
    FlagSet,      ///< a combination of `flags`, written a|b
};

struct StackSignature;

/// A number with the spelling that `dis` shows for it.
struct OperandName {
    std::uint32_t value;
    std::string_view spelling;
    bool legal = true; ///< false: `dis` has a name for it, and the interpreter must not meet it
    const StackSignature* stack =
        nullptr; ///< where the stack items say more with this operand than the row does
};

/// One kind of operand: how it is spelt and how it is encoded. All facts about an operand that differ between
/// versions are different kinds, so that no other floor asks for a version.
struct OperandKind {
    std::string_view id; ///< "Const", "GlobalName", "Compare313": the column value in opcodes.def
    OperandBase base;
    std::uint8_t shift = 0; ///< argument = base value << shift | flag bits
    /// Low bits next to a shifted base, written `name + SPELLING` ({1, "NULL"}); or the members of a FlagSet.
    std::span<const OperandName> flags{};
    /// The members of a Symbolic operand. The first entry with a value is its canonical spelling; later ones
    /// are accepted as input.
    std::span<const OperandName> names{};
    /// Largest argument that means something for an Integer operand (inclusive); 0xFFFFFFFF when unbounded.
    std::uint32_t max = 0xFFFF'FFFF;
    /// Smallest one. A distance on the stack counts from 1: the interpreter would take what lies above the
    /// top.
    std::uint32_t min = 0;
    /// What to say in a message when the operand is missing or of the wrong kind: "a name, such as print".
    std::string_view expected{};

    /// The value of a Symbolic or FlagSet spelling ("<=", "defaults|closure"); nothing if it is not one.
    [[nodiscard]] std::optional<std::uint32_t> value_of(std::string_view spelling) const;
    /// The canonical spelling of a Symbolic or FlagSet argument; nothing if it has none (then write `[n]`).
    [[nodiscard]] std::optional<std::string> spelling_of(std::uint32_t value) const;
};

[[nodiscard]] constexpr bool is_jump(OperandBase base) {
    return base == OperandBase::JumpForward || base == OperandBase::JumpBackward ||
           base == OperandBase::JumpAbsolute;
}

} // namespace pyasm::isa
