#pragma once

#include "isa/op_role.hpp"
#include "isa/operand.hpp"
#include "isa/slot_kind.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace pyasm::isa {

struct Target;

/// How many stack slots an item of a signature stands for: ((arg >> shift) & mask) * factor + add, or none
/// where that is negative.
struct ItemCount {
    std::uint32_t mask = 0;
    std::uint8_t shift = 0;
    std::int8_t factor = 0;
    std::int8_t add = 1;

    [[nodiscard]] constexpr std::int64_t of(std::uint32_t arg) const {
        const std::int64_t count = static_cast<std::int64_t>((arg >> shift) & mask) * factor + add;
        return count < 0 ? 0 : count;
    }
};

/// One named item of a stack signature, bottom first.
struct StackItem {
    std::string_view name; ///< as in CPython's bytecodes.c where it has one; kinds follow from the names
    ItemCount count;
    /// Of a consumed item: what it may hold so that the interpreter, which does not look, cannot go astray.
    /// Of a produced item: what it holds.
    SlotKinds kinds = SlotKinds::Nothing;
    /// Of a produced item: the consumed one of the same name, which it is; -1: it is something new.
    std::int8_t from = -1;
    /// `!` in the signature: of all objects only those that the name says, for the interpreter does not
    /// check.
    bool demanded = false;
};

/// What an instruction takes from and leaves on the stack. Parsed from its text at compile time.
struct StackSignature {
    static constexpr std::size_t capacity = 16;
    std::string_view text;    ///< "callable, self_or_null, args[arg] -- result", without blanks around it
    bool counts_vary = false; ///< some item's count depends on the argument
    std::array<StackItem, capacity> items{};
    std::uint8_t before = 0; ///< items[0, before) are consumed
    std::uint8_t total = 0;  ///< items[before, total) are produced

    [[nodiscard]] std::span<const StackItem> inputs() const { return {items.data(), before}; }
    [[nodiscard]] std::span<const StackItem> outputs() const {
        return {items.data() + before, static_cast<std::size_t>(total - before)};
    }
    [[nodiscard]] std::int64_t pops(std::uint32_t arg) const;
    [[nodiscard]] std::int64_t pushes(std::uint32_t arg) const;
};

/// Properties of an opcode that other floors ask for by name.
enum class OpFlag : std::uint16_t {
    None = 0,
    Prefix = 1 << 0,     ///< EXTENDED_ARG
    Terminates = 1 << 1, ///< control never reaches the next instruction (return, raise, unconditional jump)
    Yields = 1 << 2,     ///< a body with it makes a generator: YIELD_VALUE, YIELD_FROM, RETURN_GENERATOR
    YieldsInAsync = 1 << 3, ///< in an async body it makes an asynchronous generator (YIELD_VALUE up to 3.10,
                            ///<   ASYNC_GEN_WRAP in 3.11; from 3.12 see `async_wrap_intrinsic`)
    MakesCell = 1 << 4,     ///< MAKE_CELL: its operand is a cell of this code object
    LocationOnly = 1 << 5,  ///< its jump operand names a place and does not jump (END_ASYNC_FOR 3.14+)
    Internal = 1 << 6,      ///< must not stand in a file (CACHE, RESERVED, INTERPRETER_EXIT, STOP_CODE...)
    Unwinds = 1 << 7,       ///< its jump leaves blocks: the height at its label is the enclosing loop's and
                            ///<   does not follow from the height here (CONTINUE_LOOP)
    NoRaise = 1 << 8,       ///< can never raise an exception, nor does it look at signals
    NeedsLocals = 1 << 9,   ///< takes the frame's mapping of locals for granted: not in OPTIMIZED code
    RunsInline =
        1
        << 11, ///< can run a Python function within the same loop; what that raises belongs to the code unit
               ///<   in front of this instruction (3.13+)
    PassesOn =
        1 << 10, ///< what it pushes may be the reference that it took: if that was borrowed, so is this
};
[[nodiscard]] constexpr OpFlag operator|(OpFlag a, OpFlag b) {
    return static_cast<OpFlag>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
[[nodiscard]] constexpr bool has(OpFlag set, OpFlag flag) {
    return (static_cast<std::uint16_t>(set) & static_cast<std::uint16_t>(flag)) != 0;
}

/// Number of targets the tables hold.
inline constexpr std::size_t target_count = 11;
inline constexpr std::int16_t no_opcode = -1;

/// One meaning of one opcode: a row of opcodes.def.
struct OpInfo {
    std::string_view name;      ///< "CALL"
    const OperandKind* operand; ///< never null
    std::uint8_t caches;        ///< inline cache units that follow it
    OpFlag flags;
    OpRole role;               ///< what it does beyond its stack effect
    StackSignature stack;      ///< when control falls through
    StackSignature stack_jump; ///< when it jumps (equal to `stack` where the row gives no other)
    std::string_view summary;  ///< one line of meaning for the reference
    std::array<std::int16_t, target_count> numbers; ///< per target, `no_opcode` where it has no such row

    [[nodiscard]] constexpr bool takes_argument() const { return operand->base != OperandBase::None; }
    [[nodiscard]] constexpr bool is(OpFlag flag) const { return has(flags, flag); }
    [[nodiscard]] constexpr bool jumps() const { return is_jump(operand->base) && !is(OpFlag::LocationOnly); }
};

/// Net change of the stack height by one instruction with argument `arg`, falling through or jumping.
[[nodiscard]] std::int64_t stack_effect(const OpInfo& op, std::uint32_t arg, bool jump);

/// All rows, in the table's order. A name can stand in several rows (its meaning changed); a target has at
/// most one row of a name.
[[nodiscard]] std::span<const OpInfo> all_opcodes();

/// An opcode that runs only inside the interpreter (specialised, instrumented, pseudo): it can be named in a
/// message and refused, and has no meaning here.
struct HiddenOpcode {
    std::string_view name;
    enum class Why : std::uint8_t { Specialised, Instrumented, Pseudo } why;
    std::array<std::int16_t, target_count> numbers;
};
[[nodiscard]] std::span<const HiddenOpcode> hidden_opcodes();

/// What took the place of an instruction that `target` does not have, as words for a message ("BINARY_OP +",
/// "PUSH_NULL ... CALL"); empty where nothing plain did.
[[nodiscard]] std::string_view replacement(std::string_view name, const Target& target);

} // namespace pyasm::isa
