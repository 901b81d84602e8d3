#pragma once

#include "isa/opcode.hpp"
#include "isa/target.hpp"
#include "support/bytes.hpp"
#include "support/span.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::program {

/// One item of co_code, resolved against a target: an instruction, an EXTENDED_ARG that was written out, or
/// bytes that stand as they are. No offsets: those come from laying a list out (`encode.hpp`).
struct Instruction {
    enum class Kind : std::uint8_t {
        Operation, ///< an instruction with its automatic prefixes and its caches
        Prefix,    ///< a written EXTENDED_ARG; `argument` is its own operand, where `operand_given`
        Data,      ///< `.bytes`: `data` and `data_size`
    };
    static constexpr std::uint32_t nowhere = 0xFFFF'FFFF;

    const isa::OpInfo* op = nullptr; ///< null for data and for an opcode that the target does not define
    support::Span span;              ///< where it is written; unknown after decoding
    std::uint32_t argument = 0;      ///< the whole argument; for a jump to a label, known after encoding
    std::uint32_t destination =
        nowhere;                 ///< index of the instruction that a jump to a label leads to (encoding)
    std::uint32_t data = 0;      ///< offset of its own cache units, or of Data's bytes
    std::uint32_t data_size = 0; ///< in bytes
    Kind kind = Kind::Operation;
    std::uint8_t opcode = 0;
    bool has_argument = false;  ///< the argument is meant: prefixes belong to it. 2.7: three bytes
    bool own_caches = false;    ///< followed by `data` instead of `op->caches` zero units
    bool operand_given = false; ///< Prefix: its operand was written
    std::uint8_t written_prefixes =
        0;                     ///< Prefix items right before it that carry its argument (stops at 255)
    std::uint8_t prefixes = 0; ///< automatic prefixes (encoding); all prefixes (decoding)

    /// Cache units that the interpreter skips after it; jumps count from behind them.
    [[nodiscard]] std::uint32_t cache_bytes() const { return op ? op->caches * 2U : 0; }
};

/// A jump to a label.
struct Jump {
    std::uint32_t instruction = 0; ///< index in the list
    std::uint32_t target =
        0; ///< index of the instruction at the label; the list's size for the end of the code
    std::int64_t addend = 0; ///< bytes past the label
    std::string_view label;  ///< for messages
    support::Span span;
};

/// A body: items in order, its jumps in the order of their instructions, and the bytes of caches and data.
struct InstructionList {
    std::vector<Instruction> items;
    std::vector<Jump> jumps;
    support::ByteWriter data;

    void clear() {
        items.clear();
        jumps.clear();
        data.clear();
    }
};

/// Bytes of an instruction (or prefix) without its prefixes and caches.
[[nodiscard]] constexpr std::uint32_t instruction_size(const isa::Target& target, bool wide) {
    return target.form == isa::InstructionForm::Wordcode ? 2 : wide ? 3 : 1;
}

/// Instructions start at multiples of this many bytes: a code unit, or a byte in 2.7.
[[nodiscard]] constexpr std::uint32_t code_unit(const isa::Target& target) {
    return target.form == isa::InstructionForm::Wordcode ? 2 : 1;
}

/// How many EXTENDED_ARG an argument needs: each carries 8 more bits, in 2.7 the high 16.
[[nodiscard]] constexpr std::uint8_t prefixes_for(const isa::Target& target, std::uint32_t argument) {
    if (target.form == isa::InstructionForm::Bytecode) return argument > 0xFFFF ? 1 : 0;
    return argument > 0xFF'FFFF ? 3 : argument > 0xFFFF ? 2 : argument > 0xFF ? 1 : 0;
}

/// The byte of co_code that a jump with this argument leads to; may lie outside the code. `next` is the
/// offset behind the instruction and the caches that the interpreter skips. The instruction must be one with
/// a jump operand.
[[nodiscard]] constexpr std::int64_t jump_destination(const isa::Target& target, const isa::OpInfo& op,
                                                      std::int64_t next, std::uint32_t argument) {
    const std::int64_t distance = std::int64_t{argument} * target.jump_unit;
    switch (op.operand->base) {
    case isa::OperandBase::JumpForward: return next + distance;
    case isa::OperandBase::JumpBackward: return next - distance;
    default: return distance;
    }
}

} // namespace pyasm::program
