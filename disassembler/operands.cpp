#include "disassembler/operands.hpp"

#include <algorithm>
#include <string>

namespace pyasm::disassembler {

using isa::OperandBase;
using isa::OperandKind;
using objects::ValueKind;
using program::Operand;
using program::OperandForm;

void OperandWriter::begin(const CodeTables& tables) {
    tables_ = &tables;
    constants_.begin(tables.constant_count());
    names_.begin(tables.name_count());
    locals_.begin(tables.local_count());
    derefs_.begin(tables.deref_count());
    made_cells_.begin(tables.deref_count());
    out_of_range_ = false;
}

void OperandWriter::write_raw(std::uint32_t argument, Operand& operand) {
    operand.form = OperandForm::Raw;
    operand.number = argument;
}

void OperandWriter::write(const isa::OpInfo& op, std::uint32_t argument, bool has_argument,
                          Operand& operand) {
    if (!has_argument) return;
    if (write_symbolic(op, argument, operand)) return;
    write_raw(argument, operand);
    out_of_range_ |= !has_entry(op, argument);
}

bool OperandWriter::write_symbolic(const isa::OpInfo& op, std::uint32_t argument, Operand& operand) {
    const OperandKind& kind = *op.operand;
    switch (kind.base) {
    case OperandBase::Integer:
        if (argument > kind.max) return false;
        operand.form = OperandForm::Integer;
        operand.number = argument;
        return true;
    case OperandBase::Const: return write_constant(argument, operand);
    case OperandBase::Name: return write_name(kind, argument, operand);
    case OperandBase::Local: return write_local(argument, operand);
    case OperandBase::LocalPair: return write_pair(argument, operand);
    case OperandBase::Deref: return write_deref(op, argument, operand);
    case OperandBase::Symbolic:
    case OperandBase::FlagSet: return write_word(kind, argument, operand);
    case OperandBase::None:
    case OperandBase::JumpForward:
    case OperandBase::JumpBackward:
    case OperandBase::JumpAbsolute: break;
    }
    return false;
}

bool OperandWriter::write_constant(std::uint32_t index, Operand& operand) {
    if (index >= tables_->constant_count() || !tables_->constant_is_plain(index)) return false;
    const objects::ValueId value = tables_->constant(index);
    operand.form = OperandForm::Value;
    operand.value = unit_.values[value].kind == ValueKind::Code ? outline_.symbol_of(value) : value;
    constants_.note(index);
    return true;
}

bool OperandWriter::write_name(const OperandKind& kind, std::uint32_t argument, Operand& operand) {
    const std::uint32_t index = argument >> kind.shift;
    if (index >= tables_->name_count() || !tables_->name_is_plain(index)) return false;
    if (tables_->name(index).size() > longest_name) return false;
    if (const std::uint32_t bits = argument & ((1U << kind.shift) - 1)) {
        const auto flags = suffix(kind, bits);
        if (!flags) return false;
        operand.suffix = *flags;
    }
    operand.form = OperandForm::Name;
    operand.text = tables_->name(index);
    names_.note(index);
    return true;
}

bool OperandWriter::can_name_local(std::uint32_t slot) const {
    return slot < tables_->local_count() && tables_->local_is_plain(slot) &&
           tables_->local(slot).size() <= longest_name;
}

bool OperandWriter::write_local(std::uint32_t slot, Operand& operand) {
    if (!can_name_local(slot)) return false;
    operand.form = OperandForm::Name;
    operand.text = tables_->local(slot);
    locals_.note(slot);
    return true;
}

bool OperandWriter::write_pair(std::uint32_t argument, Operand& operand) {
    const std::uint32_t first = argument >> 4, second = argument & 15;
    if (first > 15 || !can_name_local(first) || !can_name_local(second)) return false;
    operand.form = OperandForm::NamePair;
    operand.text = tables_->local(first);
    operand.suffix = tables_->local(second);
    locals_.note(first);
    locals_.note(second);
    return true;
}

bool OperandWriter::write_deref(const isa::OpInfo& op, std::uint32_t slot, Operand& operand) {
    if (slot >= tables_->deref_count() || !tables_->deref_is_plain(slot)) return false;
    if (tables_->deref(slot).size() > longest_name) return false;
    operand.form = OperandForm::Name;
    operand.text = tables_->deref(slot);
    derefs_.note(slot);
    if (op.is(isa::OpFlag::MakesCell)) made_cells_.note(slot);
    return true;
}

bool OperandWriter::write_word(const OperandKind& kind, std::uint32_t argument, Operand& operand) {
    std::string_view text;
    if (const Spelling* spelling = known(kind, argument)) {
        text = spelling->text;
    } else if (kind.base == OperandBase::Symbolic) {
        const auto found = std::find_if(kind.names.begin(), kind.names.end(),
                                        [&](const isa::OperandName& name) { return name.value == argument; });
        if (found == kind.names.end()) return false;
        text = found->spelling;
    } else {
        const auto flags = kind.spelling_of(argument);
        if (!flags) return false;
        text = remember(kind, argument, *flags);
    }
    operand.form = OperandForm::Words;
    operand.text = text;
    return true;
}

/// "NULL|self + two_arg"; nothing where a bit has no name.
std::optional<std::string_view> OperandWriter::suffix(const OperandKind& kind, std::uint32_t bits) {
    for (const isa::OperandName& flag : kind.flags)
        if (flag.value == bits) return flag.spelling;
    if (const Spelling* spelling = known(kind, bits)) return spelling->text;
    std::string text;
    std::uint32_t rest = bits;
    for (const isa::OperandName& flag : kind.flags) {
        if ((rest & flag.value) == 0) continue;
        if (!text.empty()) text += " + ";
        text += flag.spelling;
        rest &= ~flag.value;
    }
    if (rest != 0) return std::nullopt;
    return remember(kind, bits, text);
}

const OperandWriter::Spelling* OperandWriter::known(const OperandKind& kind, std::uint32_t value) const {
    for (const Spelling& spelling : spellings_)
        if (spelling.kind == &kind && spelling.value == value) return &spelling;
    return nullptr;
}

std::string_view OperandWriter::remember(const OperandKind& kind, std::uint32_t value,
                                         std::string_view text) {
    spellings_.push_back({&kind, value, unit_.values.arena().copy(text)});
    return spellings_.back().text;
}

/// As the assembler's Operands::check_raw asks for it.
bool OperandWriter::has_entry(const isa::OpInfo& op, std::uint32_t argument) const {
    const std::uint32_t index = argument >> op.operand->shift;
    switch (op.operand->base) {
    case OperandBase::Const: return index < tables_->constant_count();
    case OperandBase::Name: return index < tables_->name_count();
    case OperandBase::Local: return index < tables_->local_count();
    case OperandBase::LocalPair:
        return argument >> 4 < tables_->local_count() && (argument & 15) < tables_->local_count();
    case OperandBase::Deref: return index < tables_->deref_count();
    default: return true;
    }
}

} // namespace pyasm::disassembler
