#include "program/encode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace pyasm::program {
namespace {

using Kind = Instruction::Kind;
using isa::InstructionForm;
using isa::OperandBase;

/// marshal counts bytes in an int32.
constexpr std::uint64_t largest_code = 0x7FFF'FFFF;

std::string with(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

/// The instruction of the target that jumps the other way, "" where there is none.
std::string counterpart(const isa::Target& target, const isa::OpInfo& op) {
    const std::string name(op.name);
    if (op.operand->base == OperandBase::JumpBackward) {
        std::string other = with(name, "BACKWARD", "FORWARD");
        if (const auto tail = other.find("_NO_INTERRUPT"); tail != std::string::npos) other.resize(tail);
        return target.find(other) ? other : std::string();
    }
    for (const std::string& other : {with(name, "FORWARD", "BACKWARD"), with(name, "FORWARD", "ABSOLUTE")})
        if (!other.empty() && target.find(other)) return other;
    return {};
}

std::string direction_help(const isa::Target& target, const isa::OpInfo& op) {
    const std::string other = counterpart(target, op);
    if (!other.empty()) return fmt::format("Use {}.", other);
    if (op.name.starts_with("SETUP_")) return "Its label stands behind the code that it covers.";
    for (const std::string_view back : {"JUMP_BACKWARD", "JUMP_ABSOLUTE"})
        if (target.find(back))
            return fmt::format(
                "Let it jump forward to a {} that goes back{}.", back,
                op.name.find("_IF_") == std::string_view::npos ? "" : ", or turn the condition round");
    return {};
}

/// How many prefixes can carry a part of an argument: what stands before them is shifted out of its 32 bits.
unsigned most_prefixes(const isa::Target& target) { return target.form == InstructionForm::Bytecode ? 1 : 3; }

/// The part of an argument that the prefix `distance` items before the instruction carries.
std::uint32_t prefix_part(const isa::Target& target, std::uint32_t argument, unsigned distance) {
    if (target.form == InstructionForm::Bytecode) return argument >> 16;
    return (argument >> (8 * distance)) & 0xFF;
}

} // namespace

bool Encoder::encode(InstructionList& list, support::Diagnostics& diagnostics) {
    const std::size_t errors = diagnostics.error_count();
    code_.clear();
    measure(list);
    if (!relax(list)) {
        diagnostics.error(list.items.front().span,
                          "the code is larger than marshal can hold (2^31 - 1 bytes)");
        return false;
    }
    for (const Jump& jump : list.jumps) settle_jump(list, jump, diagnostics);
    for (std::size_t i = 0; i < list.items.size(); ++i)
        if (list.items[i].written_prefixes) check_prefixes(list, i, diagnostics);
    if (diagnostics.error_count() != errors) return false;
    write(list);
    return true;
}

/// Sizes with as many prefixes as the arguments that are already known need.
void Encoder::measure(InstructionList& list) {
    for (const Jump& jump : list.jumps) list.items[jump.instruction].argument = 0;
    sizes_.clear();
    sizes_.reserve(list.items.size());
    for (Instruction& item : list.items) {
        if (item.kind == Kind::Data) {
            sizes_.push_back(item.data_size);
            continue;
        }
        const bool wide = item.kind == Kind::Prefix || item.has_argument;
        item.prefixes = item.kind == Kind::Operation && item.has_argument && !item.written_prefixes
                            ? prefixes_for(target_, item.argument)
                            : std::uint8_t{0};
        std::uint32_t size =
            instruction_size(target_, wide) + item.prefixes * instruction_size(target_, true);
        if (item.kind == Kind::Operation) size += item.own_caches ? item.data_size : item.cache_bytes();
        sizes_.push_back(size);
    }
}

bool Encoder::place(const InstructionList& list) {
    starts_.resize(list.items.size() + 1);
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        starts_[i] = static_cast<std::uint32_t>(at);
        at += sizes_[i];
        if (at > largest_code) return false;
    }
    starts_.back() = static_cast<std::uint32_t>(at);
    return true;
}

/// The distance (or place) that a jump has to express, in bytes; negative where its direction is wrong.
std::int64_t Encoder::jump_bytes(const InstructionList& list, const Jump& jump) const {
    const Instruction& item = list.items[jump.instruction];
    const std::int64_t destination = std::int64_t{starts_[jump.target]} + jump.addend;
    const std::int64_t next = std::int64_t{starts_[jump.instruction]} +
                              instruction_size(target_, true) * (1 + item.prefixes) + item.cache_bytes();
    switch (item.op->operand->base) {
    case OperandBase::JumpForward: return destination - next;
    case OperandBase::JumpBackward: return next - destination;
    default: return destination;
    }
}

bool Encoder::relax(InstructionList& list) {
    if (!place(list)) return false;
    for (unsigned round = 0;; ++round) {
        const std::int64_t margin =
            round < patient_rounds ? 0 : std::int64_t{1} << std::min(round - patient_rounds, 31U);
        bool grew = false;
        for (const Jump& jump : list.jumps) {
            Instruction& item = list.items[jump.instruction];
            if (item.written_prefixes) continue;
            const std::int64_t units =
                (std::max<std::int64_t>(jump_bytes(list, jump), 0) + margin) / target_.jump_unit;
            const std::uint8_t wanted =
                prefixes_for(target_, static_cast<std::uint32_t>(std::min<std::int64_t>(units, 0xFFFF'FFFF)));
            if (wanted <= item.prefixes) continue;
            sizes_[jump.instruction] += (wanted - item.prefixes) * instruction_size(target_, true);
            item.prefixes = wanted;
            grew = true;
        }
        if (!grew) return true;
        if (!place(list)) return false;
    }
}

void Encoder::settle_jump(InstructionList& list, const Jump& jump, support::Diagnostics& diagnostics) const {
    Instruction& item = list.items[jump.instruction];
    const std::int64_t destination = std::int64_t{starts_[jump.target]} + jump.addend;
    if (destination < 0 || destination > starts_.back()) {
        diagnostics.error(jump.span,
                          fmt::format("'{}' and {} bytes more lies outside the code, which has {} bytes",
                                      jump.label, jump.addend, starts_.back()));
        return;
    }
    const std::int64_t bytes = jump_bytes(list, jump);
    if (bytes < 0) {
        const bool backward = item.op->operand->base == OperandBase::JumpBackward;
        diagnostics.error(jump.span,
                          fmt::format("{} jumps {} only, and '{}' lies {} it", item.op->name,
                                      backward ? "backward" : "forward", jump.label,
                                      backward ? "after" : "before"),
                          direction_help(target_, *item.op));
        return;
    }
    if (bytes % code_unit(target_) != 0) {
        diagnostics.error(jump.span,
                          fmt::format("'{}' lies between two code units: no jump can reach it", jump.label),
                          "Check the length of the .bytes between here and there.");
        return;
    }
    item.argument = static_cast<std::uint32_t>(bytes / target_.jump_unit);
    if (jump.addend == 0) item.destination = jump.target;
}

/// Written prefixes must be enough for the argument, and say what it needs where they say something. Those
/// too far in front to be a part of it may say anything.
void Encoder::check_prefixes(const InstructionList& list, std::size_t index,
                             support::Diagnostics& diagnostics) const {
    const Instruction& item = list.items[index];
    const unsigned needed = prefixes_for(target_, item.argument);
    if (needed > item.written_prefixes) {
        diagnostics.error(item.span,
                          fmt::format("the argument {} needs {} EXTENDED_ARG, and {} {} written",
                                      item.argument, needed, item.written_prefixes,
                                      item.written_prefixes == 1 ? "is" : "are"),
                          "Write as many as it needs, or none: then they are added as needed.");
        return;
    }
    const unsigned parts = std::min<unsigned>(item.written_prefixes, most_prefixes(target_));
    for (unsigned distance = 1; distance <= parts; ++distance) {
        const Instruction& prefix = list.items[index - distance];
        const std::uint32_t part = prefix_part(target_, item.argument, distance);
        if (prefix.operand_given && prefix.argument != part)
            diagnostics.error(
                prefix.span,
                fmt::format("EXTENDED_ARG {} does not suit the argument {} of the instruction after it",
                            prefix.argument, item.argument),
                fmt::format("Write EXTENDED_ARG {}, or leave the operand out.", part));
    }
}

void Encoder::write(const InstructionList& list) {
    code_.reserve(starts_.back());
    const bool words = target_.form == InstructionForm::Wordcode;
    const auto unit = [&](std::uint8_t opcode, std::uint32_t argument) {
        code_.u8(opcode);
        if (words)
            code_.u8(static_cast<std::uint8_t>(argument));
        else
            code_.u16(static_cast<std::uint16_t>(argument));
    };
    for (const Instruction& item : list.items) {
        if (item.kind == Kind::Data) {
            code_.bytes(list.data.view().subspan(item.data, item.data_size));
            continue;
        }
        if (item.kind == Kind::Prefix) {
            unit(item.opcode, item.argument); // patched below where it belongs to an argument
            continue;
        }
        const unsigned parts = std::min<unsigned>(item.written_prefixes, most_prefixes(target_));
        for (unsigned distance = 1; distance <= parts; ++distance) {
            const std::uint32_t part = prefix_part(target_, item.argument, distance);
            const std::size_t place = code_.size() - distance * instruction_size(target_, true);
            code_[place + 1] = static_cast<std::uint8_t>(part);
            if (!words) code_[place + 2] = static_cast<std::uint8_t>(part >> 8);
        }
        for (unsigned distance = item.prefixes; distance > 0; --distance)
            unit(target_.extended_arg, prefix_part(target_, item.argument, distance));
        if (words || item.has_argument)
            unit(item.opcode, item.argument);
        else
            code_.u8(item.opcode);
        if (item.own_caches)
            code_.bytes(list.data.view().subspan(item.data, item.data_size));
        else
            code_.fill(0, item.cache_bytes());
    }
}

} // namespace pyasm::program
