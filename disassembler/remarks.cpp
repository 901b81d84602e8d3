#include "disassembler/remarks.hpp"

#include "grammar/print.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::disassembler {

using isa::OperandBase;

namespace {

constexpr std::size_t most_of_a_value = 60;

} // namespace

std::string Remarks::opcode(std::uint8_t number) const {
    const isa::Target& target = *unit_.target;
    if (const isa::OpInfo* op = target.op(number)) return std::string(op->name);
    const isa::HiddenOpcode* hidden = target.hidden_op(number);
    if (!hidden) return fmt::format("{} has no instruction {}", target.name, number);
    const isa::OpInfo* plain = target.plain_form(number);
    const std::string_view what =
        hidden->why == isa::HiddenOpcode::Why::Instrumented ? "instrumented" : "specialised";
    return plain ? fmt::format("{}, a form of {}", hidden->name, plain->name)
                 : fmt::format("{}, {}", hidden->name, what);
}

std::string Remarks::constant(const CodeTables& tables, std::uint32_t index) {
    if (index >= tables.constant_count())
        return fmt::format("no constant {}: there are {}", index, tables.constant_count());
    const objects::ValueId value = tables.constant(index);
    const bool is_code = unit_.values[value].kind == objects::ValueKind::Code;
    support::ByteWriter out;
    grammar::print_value(unit_.values, is_code ? outline_.symbol_of(value) : value, *unit_.target,
                         most_of_a_value, out);
    return fmt::format("constant {}: {}", index, out.text());
}

std::string Remarks::name(std::string_view what, std::string_view name, std::uint32_t index,
                          std::uint32_t count) const {
    if (index >= count) return fmt::format("no {} {}: there are {}", what, index, count);
    if (name.size() > most_of_a_value)
        return fmt::format("{} {}: {}", what, index, support::printable(name, most_of_a_value));
    support::ByteWriter out;
    grammar::print_name(name, *unit_.target, out);
    return fmt::format("{} {}: {}", what, index, out.text());
}

std::string Remarks::local(const CodeTables& tables, std::uint32_t slot) const {
    return name("local", slot < tables.local_count() ? tables.local(slot) : "", slot, tables.local_count());
}

std::string Remarks::argument(const CodeTables& tables, const isa::OpInfo& op, std::uint32_t argument) {
    const std::uint32_t index = argument >> op.operand->shift;
    switch (op.operand->base) {
    case OperandBase::None: return "takes no operand";
    case OperandBase::Const: return constant(tables, index);
    case OperandBase::Name:
        return name("name", index < tables.name_count() ? tables.name(index) : "", index,
                    tables.name_count());
    case OperandBase::Local: return local(tables, index);
    case OperandBase::LocalPair: return local(tables, argument >> 4) + ", " + local(tables, argument & 15);
    case OperandBase::Deref:
        return name("variable", index < tables.deref_count() ? tables.deref(index) : "", index,
                    tables.deref_count());
    default: return {};
    }
}

std::string Remarks::destination(std::int64_t offset, std::uint32_t code_size) const {
    if (offset >= 0 && offset <= code_size) return fmt::format("to byte {}, within a code unit", offset);
    return fmt::format("to byte {}, outside of the code", offset);
}

std::string Remarks::inside(const Items& items, std::uint32_t item, std::uint32_t distance) const {
    const program::Instruction& into = items.items()[item];
    if (into.kind == program::Instruction::Kind::Data) return "into bytes";
    const std::string_view name = into.op ? into.op->name : "an unknown instruction";
    const std::uint32_t start = items.starts()[item] + distance;
    const bool caches = items.form(item) != ItemForm::Prefix && start >= into.data;
    const bool prefixed = items.form(item) != ItemForm::Prefix && into.prefixes != 0;
    return fmt::format("into the {} of {}", caches ? "caches" : prefixed ? "prefixes" : "argument", name);
}

} // namespace pyasm::disassembler
