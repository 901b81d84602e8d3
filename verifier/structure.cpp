#include "verifier/structure.hpp"

#include <fmt/format.h>

namespace pyasm::verifier {

using isa::OperandBase;
using program::Instruction;

bool Structure::take(objects::ValueId id, Report& report) {
    code = &pool.code(id);
    if (!take_fields(report) || !take_counts(report)) return false;
    check_locations(report); // what is wrong there keeps nobody from following the control
    return take_instructions(report) && take_targets(report) && take_handlers(report) && take_flags(report);
}

std::uint32_t Structure::index_at(std::int64_t offset) const {
    const std::uint32_t unit = program::code_unit(target);
    if (offset < 0 || offset % unit != 0 || offset / unit >= static_cast<std::int64_t>(index_at_.size()))
        return nowhere;
    return index_at_[static_cast<std::size_t>(offset / unit)];
}

bool Structure::take_instructions(Report& report) {
    const support::Bytes bytes = support::as_bytes(pool.text(code->code));
    const std::uint32_t unit = program::code_unit(target);
    if (bytes.empty()) {
        report.error(Rule::CodeLength, Consequence::Crash, Finding::no_offset, "co_code is empty");
        return false;
    }
    if (bytes.size() % unit != 0) {
        report.error(
            Rule::CodeLength, Consequence::NotLoaded, Finding::no_offset,
            fmt::format("co_code has {} bytes, which is no whole number of code units", bytes.size()));
        return false;
    }
    program::decode(target, bytes, decoded);
    index_at_.assign(bytes.size() / unit, nowhere);
    bool good = true;
    generator_at = nowhere;
    for (std::uint32_t i = 0; i < count(); ++i) {
        index_at_[decoded.starts[i] / unit] = i;
        good &= take_instruction(i, report);
        if (!good && report.is_full()) return false;
    }
    return check_last(report) && good;
}

/// The interpreter notes for each code unit whether a lookup stands there, one behind its place, in a table
/// that ends with the code (_PyCode_InitOpcache in Objects/codeobject.c, 3.8 - 3.10).
bool Structure::check_last(Report& report) const {
    const Instruction& last = decoded.items.back();
    if (!last.op) return true;
    const bool is_cached = (target.frame.caches_globals && last.op->role == isa::OpRole::LoadGlobal) ||
                           (target.frame.caches_attributes && last.op->role == isa::OpRole::LoadAttribute);
    if (!is_cached) return true;
    report.error(Rule::FallsOff, Consequence::Crash, offset_of(static_cast<std::uint32_t>(count()) - 1),
                 fmt::format("the code ends with {}, and the interpreter's cache for it lies behind the end",
                             last.op->name),
                 "End the code with RETURN_VALUE, even where no way leads there.");
    return false;
}

bool Structure::take_instruction(std::uint32_t index, Report& report) {
    const Instruction& item = decoded.items[index];
    const std::uint32_t offset = decoded.starts[index];
    if (item.kind == Instruction::Kind::Data) {
        report.error(Rule::CodeLength, Consequence::Crash, offset,
                     "the code ends in the middle of an instruction, or with an EXTENDED_ARG");
        return false;
    }
    if (item.op && item.op->role == isa::OpRole::ReturnGenerator && generator_at == nowhere)
        generator_at = index;
    return check_opcode(item, offset, report) && check_caches(item, offset, report) &&
           check_operand(item, offset, report);
}

bool Structure::check_opcode(const Instruction& item, std::uint32_t offset, Report& report) {
    if (!item.op) {
        if (const isa::HiddenOpcode* hidden = target.hidden_op(item.opcode)) {
            report.error(Rule::Opcode, Consequence::Crash, offset,
                         fmt::format("{} runs only inside the interpreter", hidden->name),
                         "It trusts what the interpreter has written into its cache.");
        } else {
            report.error(Rule::Opcode, Consequence::Crash, offset,
                         fmt::format("CPython {} has no instruction {}", target.name, item.opcode));
        }
        return false;
    }
    if (item.op->is(isa::OpFlag::Internal)) {
        report.error(Rule::Opcode, Consequence::Crash, offset,
                     fmt::format("{} must not stand in a file", item.op->name));
        return false;
    }
    // 2.7 reads an argument behind every EXTENDED_ARG, also for an instruction without one (Python/ceval.c,
    // TARGET(EXTENDED_ARG)).
    if (item.prefixes != 0 && target.form == isa::InstructionForm::Bytecode && !item.op->takes_argument()) {
        report.error(Rule::Sequence, Consequence::Crash, offset,
                     fmt::format("EXTENDED_ARG in front of {}, which has no argument", item.op->name));
        return false;
    }
    return true;
}

bool Structure::check_caches(const Instruction& item, std::uint32_t offset, Report& report) {
    if (item.data_size != item.cache_bytes()) {
        report.error(Rule::CodeLength, Consequence::Crash, offset,
                     fmt::format("{} is followed by {} cache units, and the code ends after {}",
                                 item.op->name, item.op->caches, item.data_size / 2),
                     "The interpreter writes to them.");
        return false;
    }
    const std::string_view caches = pool.text(code->code).substr(item.data, item.data_size);
    for (const char byte : caches) {
        if (byte == 0) continue;
        report.error(Rule::Cache, Consequence::Crash, offset,
                     fmt::format("the inline cache of {} is not zero", item.op->name),
                     "It has to be, or stands for an instruction that the cache took the place of.");
        return false;
    }
    return true;
}

bool Structure::check_index(const Instruction& item, std::uint64_t index, std::uint64_t count,
                            std::string_view table, std::uint32_t offset, Report& report) {
    if (index < count) return true;
    report.error(Rule::Operand, Consequence::Crash, offset,
                 count == 0
                     ? fmt::format("{} takes entry {} of {}, which is empty", item.op->name, index, table)
                     : fmt::format("{} takes entry {} of {}, whose last one is {}", item.op->name, index,
                                   table, count - 1));
    return false;
}

bool Structure::check_operand(const Instruction& item, std::uint32_t offset, Report& report) {
    const isa::OperandKind& kind = *item.op->operand;
    const std::uint32_t argument = item.argument;
    if (argument > 0x7FFF'FFFF) { // an argument is a signed int
        report.error(Rule::Operand, Consequence::Crash, offset,
                     fmt::format("{} has an argument of more than 31 bits", item.op->name));
        return false;
    }
    const std::string_view local_table = target.code.localsplus ? "the locals" : "co_varnames";
    const auto refuse = [&] {
        report.error(Rule::Operand, Consequence::Crash, offset,
                     fmt::format("{} has no meaning for {}", item.op->name, argument),
                     fmt::format("It takes {}.", kind.expected));
        return false;
    };
    switch (kind.base) {
    case OperandBase::Const: return check_index(item, argument, consts.size(), "co_consts", offset, report);
    case OperandBase::Name: {
        std::uint32_t bits = 0;
        for (const isa::OperandName& flag : kind.flags) bits |= flag.value;
        if ((argument & ((1U << kind.shift) - 1)) & ~bits) return refuse();
        return check_index(item, argument >> kind.shift, names, "co_names", offset, report);
    }
    case OperandBase::Local: return check_index(item, argument, locals, local_table, offset, report);
    case OperandBase::LocalPair:
        return check_index(item, argument >> 4, locals, local_table, offset, report) &&
               check_index(item, argument & 15, locals, local_table, offset, report);
    case OperandBase::Deref: {
        if (!target.code.localsplus)
            return check_index(item, argument, cells, "the cell and free variables", offset, report);
        if (!check_index(item, argument, locals, local_table, offset, report)) return false;
        if (local_is(argument, objects::local_kind::cell | objects::local_kind::free)) return true;
        report.error(
            Rule::Operand, Consequence::Crash, offset,
            fmt::format("{} takes local {}, which is no cell or free variable", item.op->name, argument));
        return false;
    }
    case OperandBase::Symbolic:
        for (const isa::OperandName& name : kind.names)
            if (name.value == argument && name.legal) return true;
        return refuse();
    case OperandBase::FlagSet: {
        std::uint32_t bits = 0;
        for (const isa::OperandName& flag : kind.flags) bits |= flag.value;
        return (argument & ~bits) == 0 || refuse();
    }
    case OperandBase::Integer: return (argument >= kind.min && argument <= kind.max) || refuse();
    default: return true;
    }
}

bool Structure::take_targets(Report& report) {
    bool good = true;
    for (std::uint32_t i = 0; i < count(); ++i) {
        Instruction& item = decoded.items[i];
        if (!item.op || !isa::is_jump(item.op->operand->base)) continue;
        const std::int64_t place =
            program::jump_destination(target, *item.op, decoded.starts[i + 1], item.argument);
        item.destination = index_at(place);
        const std::uint32_t offset = offset_of(i);
        if (item.argument > item.op->operand->max) {
            report.error(Rule::Target, Consequence::WrongResult, offset,
                         fmt::format("{} jumps further than the interpreter can", item.op->name));
            good = false;
        }
        if (item.destination == nowhere) {
            const bool inside = place >= 0 && place < decoded.starts.back();
            report.error(Rule::Target, Consequence::Crash, offset,
                         inside ? fmt::format("{} leads into the middle of the instruction before {}",
                                              item.op->name, place + 1)
                                : fmt::format("{} leads to {}, outside of the code", item.op->name, place));
            good = false;
            continue;
        }
        if (item.op->role != isa::OpRole::ForIter) continue;
        // At the end of its iterator the interpreter skips these without looking (FOR_ITER in
        // Python/bytecodes.c).
        for (std::uint32_t skipped = 0; skipped < target.frame.loop_end_skipped; ++skipped) {
            const std::uint32_t at = item.destination + skipped;
            const isa::OpInfo* op = at < count() ? decoded.items[at].op : nullptr;
            const std::string_view wanted = skipped == 0 ? "END_FOR" : "POP_TOP";
            if (op && op->name == wanted && decoded.items[at].prefixes == 0) continue;
            report.error(Rule::Sequence, Consequence::Crash, offset,
                         fmt::format("there is no {} where FOR_ITER leads to", wanted),
                         "The interpreter skips the place without looking at it.");
            good = false;
        }
    }
    return good;
}

} // namespace pyasm::verifier
