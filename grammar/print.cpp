#include "grammar/print.hpp"

#include "grammar/print_numbers.hpp"
#include "grammar/unit_printer.hpp"

#include <algorithm>

namespace pyasm::grammar {

using objects::PycHeader;
using program::OperandForm;
using program::StatementKind;

namespace {

/// A line that is tried out is kept in memory.
constexpr std::size_t greatest_width = 4096;
constexpr std::size_t least_width = 40;
/// Bytes that a statement takes on the average, and a bit.
constexpr std::size_t usual_line = 48;

} // namespace

UnitPrinter::UnitPrinter(const program::Unit& unit, const PrintOptions& options, support::ByteWriter& out)
    : unit_(unit), width_(std::clamp(options.width, least_width, greatest_width)), sink_(out), out_(out),
      anchors_(unit.values), literals_(out_, unit.values, *unit.target, &anchors_, width_),
      has_columns_(unit.target->line_table == isa::LineTableKind::LocationTable) {}

void UnitPrinter::print() {
    const std::size_t statements = note_uses();
    sink_.reserve(statements * usual_line);
    put_head();
    put_blocks();
    put_tail();
    out_.flush();
}

// ------------------------------------------------------------------------------------------------- anchors

/// Every place where a literal stands, so that it is known which values stand in several. Returns the number
/// of statements.
std::size_t UnitPrinter::note_uses() {
    std::size_t statements = 0;
    if (unit_.top) anchors_.use(unit_.top.value);
    for (const program::NamedConstant& constant : unit_.constants) anchors_.use(constant.value);
    for (const program::Block& block : unit_.blocks) {
        for (const program::Parameter& parameter : block.parameters)
            if (parameter.default_value != objects::no_value) anchors_.use(parameter.default_value);
        note_pins(block.pins);
        for (const program::Statement& statement : block.body) {
            if (statement.operand.form == OperandForm::Value && statement.kind == StatementKind::Instruction)
                anchors_.use(statement.operand.value);
        }
        statements += block.body.size();
    }
    return statements;
}

void UnitPrinter::note_pins(const program::BlockPins& pins) {
    for (const program::Pin<ValueId>* pin :
         {&pins.doc, &pins.localsplusnames, &pins.localspluskinds, &pins.linetable, &pins.exceptiontable})
        if (*pin) anchors_.use(pin->value);
    for (const ValueId id : pins.consts.value.values) anchors_.use(id);
}

// ------------------------------------------------------------------------------------------- file directives

void UnitPrinter::put_head() {
    out_.put(".target ");
    out_.put(unit_.target->name);
    out_.newline();
    if (unit_.header.header) put_header();
    block_indent_ = body_indent_ = 0;
    text("filename", unit_.filename);
    literal("value", unit_.top, Place::Argument);
    symbols(".extern ", unit_.externs);
    symbols(".global ", unit_.globals);
    for (const program::NamedConstant& constant : unit_.constants) {
        out_.put(".constant ");
        out_.put(constant.name);
        out_.put(' ');
        literals_.put(constant.value, Place::Argument);
        out_.newline();
    }
}

void UnitPrinter::symbols(std::string_view word, std::span<const program::SymbolName> names) {
    if (names.empty()) return;
    out_.put(word);
    bool first = true;
    for (const program::SymbolName& one : names) {
        put_item(first, word.size(), [&] { out_.put(one.name); });
        first = false;
    }
    out_.newline();
}

void UnitPrinter::put_header() {
    const PycHeader& header = unit_.header.header.value;
    const auto field = [&](std::string_view name, std::uint32_t value) {
        out_.put(name);
        put_integer(out_, value);
    };
    if (header.absent) {
        out_.put(".header none");
    } else if (header.flags & PycHeader::hash_based) {
        out_.put(header.flags & PycHeader::check_source ? ".hash checked " : ".hash unchecked ");
        if (unit_.header.hash_of_file.empty()) {
            out_.put("b\"");
            put_escaped(out_, {reinterpret_cast<const char*>(header.hash.data()), header.hash.size()}, '"',
                        Charset::Hex);
            out_.put('"');
        } else {
            literals_.put_native(unit_.header.hash_of_file);
        }
        if (header.flags & ~(PycHeader::hash_based | PycHeader::check_source)) field(" flags=", header.flags);
    } else {
        field(".source mtime=", header.mtime);
        if (header.source_size || unit_.target->header != isa::HeaderLayout::Mtime)
            field(" size=", header.source_size);
        if (header.flags) field(" flags=", header.flags);
    }
    out_.newline();
}

/// What hardly anybody reads stands at the end.
void UnitPrinter::put_tail() {
    block_indent_ = body_indent_ = 0;
    if (unit_.trailing || unit_.layout) out_.newline();
    if (unit_.trailing) {
        out_.put(".trailing ");
        literals_.put(unit_.trailing.value, Place::Binary);
        out_.newline();
    }
    if (unit_.layout) {
        out_.put(".marshal ");
        literals_.put(unit_.layout.value, Place::Argument);
        out_.newline();
    }
}

// ------------------------------------------------------------------------------------------------- interface

void print(const program::Unit& unit, const PrintOptions& options, support::ByteWriter& out) {
    UnitPrinter(unit, options, out).print();
}

void print_value(const objects::ValuePool& pool, objects::ValueId id, const isa::Target& target,
                 std::size_t most, support::ByteWriter& out) {
    TextOutput text(out);
    LiteralPrinter literals(text, pool, target, nullptr, most);
    if (!literals.put_flat(id, LiteralPrinter::Place::Argument, most)) text.put("...");
    text.flush();
}

void print_name(std::string_view name, const isa::Target& target, support::ByteWriter& out) {
    TextOutput text(out);
    const objects::ValuePool none;
    LiteralPrinter(text, none, target, nullptr, LiteralPrinter::no_limit).put_name(name);
    text.flush();
}

} // namespace pyasm::grammar
