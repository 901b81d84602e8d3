#include "grammar/print_numbers.hpp"
#include "grammar/unit_printer.hpp"

#include <algorithm>

/// Blocks: their first lines and the directives ahead of the body.
namespace pyasm::grammar {

using program::Block;
using program::BlockKind;
using program::Parameter;
using program::ParameterKind;
using program::Pin;
using program::PinnedList;

/// Each block with those nested in it behind its body.
void UnitPrinter::put_blocks() {
    constexpr std::uint32_t none = 0xFFFF'FFFF;
    const auto count = static_cast<std::uint32_t>(unit_.blocks.size());
    std::vector<std::uint32_t> child(count + 1, none); // of a block's parent + 1, the first
    std::vector<std::uint32_t> sibling(count, none);   // the next one
    for (std::uint32_t i = count; i-- > 0;) {
        const auto parent = static_cast<std::size_t>(unit_.blocks[i].parent + 1);
        sibling[i] = child[parent];
        child[parent] = i;
    }
    std::vector<std::uint32_t> open;
    std::uint32_t next = child[0];
    for (;;) {
        if (next != none) {
            open_block(next, open.size());
            open.push_back(next);
            next = child[next + 1];
            continue;
        }
        if (open.empty()) break;
        next = sibling[open.back()];
        open.pop_back();
        indent(std::min(open.size(), deepest) * step);
        out_.put(".end");
        out_.newline();
    }
}

void UnitPrinter::open_block(std::uint32_t index, std::size_t level) {
    const Block& block = unit_.blocks[index];
    block_indent_ = std::min(level, deepest) * step;
    body_indent_ = block_indent_ + step;
    out_.newline();
    indent(block_indent_);
    switch (block.kind) {
    case BlockKind::Module: out_.put(".module"); break;
    case BlockKind::Function: out_.put(block.is_async ? ".function async " : ".function "); break;
    case BlockKind::Class: out_.put(".class "); break;
    case BlockKind::Code: out_.put(".code "); break;
    }
    out_.put(block.symbol);
    if (block.has_signature) put_signature(block);
    out_.newline();
    put_pins(block.pins);
    put_body(block, index);
}

// ------------------------------------------------------------------------------------------------ signatures

void UnitPrinter::put_signature(const Block& block) {
    out_.put('(');
    const std::size_t column = std::min(out_.column(), width_ * 2 / 3);
    bool first = true;
    ParameterKind before = ParameterKind::PositionalOnly;
    const auto item = [&](const auto& put) {
        put_item(first, column, put);
        first = false;
    };
    const auto slash = [&] { out_.put('/'); };
    for (const Parameter& parameter : block.parameters) {
        if (parameter.kind > ParameterKind::PositionalOnly && before == ParameterKind::PositionalOnly &&
            !first)
            item(slash);
        if (parameter.kind == ParameterKind::KeywordOnly && before < ParameterKind::VarArgs)
            item([&] { out_.put('*'); });
        item([&] { put_parameter(parameter); });
        before = parameter.kind;
    }
    if (!first && before == ParameterKind::PositionalOnly) item(slash);
    out_.put(')');
}

void UnitPrinter::put_parameter(const Parameter& parameter) {
    if (parameter.kind == ParameterKind::VarArgs) out_.put('*');
    if (parameter.kind == ParameterKind::VarKeywords) out_.put("**");
    literals_.put_name(parameter.name);
    if (parameter.default_value == objects::no_value) return;
    out_.put('=');
    (void)literals_.put_flat(parameter.default_value, Place::Argument, LiteralPrinter::no_limit);
}

// ------------------------------------------------------------------------------------------------------ pins

void UnitPrinter::put_pins(const program::BlockPins& pins) {
    if (pins.unchecked) {
        directive("unchecked");
        out_.newline();
    }
    text("name", pins.name);
    text("qualname", pins.qualname);
    text("filename", pins.filename);
    count("firstlineno", pins.firstlineno);
    count("argcount", pins.argcount);
    count("posonlyargcount", pins.posonlyargcount);
    count("kwonlyargcount", pins.kwonlyargcount);
    count("nlocals", pins.nlocals);
    count("stacksize", pins.stacksize);
    if (pins.flags) {
        directive("flags ");
        out_.put(pins.flags.value);
        out_.newline();
    }
    literal("doc", pins.doc, Place::Document);
    values("consts", pins.consts);
    names("names", pins.names);
    names("locals", pins.locals);
    names("cellvars", pins.cellvars);
    names("freevars", pins.freevars);
    names("hidden", pins.hidden);
    literal("localsplusnames", pins.localsplusnames, Place::Argument);
    literal("localspluskinds", pins.localspluskinds, Place::Binary);
    literal("linetable", pins.linetable, Place::Binary);
    literal("exceptiontable", pins.exceptiontable, Place::Binary);
}

void UnitPrinter::directive(std::string_view word) {
    indent(body_indent_);
    out_.put('.');
    out_.put(word);
}

void UnitPrinter::count(std::string_view word, const Pin<std::int32_t>& pin) {
    if (!pin) return;
    directive(word);
    out_.put(' ');
    put_integer(out_, pin.value);
    out_.newline();
}

/// A text that the grammar does not take in brackets.
void UnitPrinter::text(std::string_view word, const Pin<ValueId>& pin) {
    if (!pin) return;
    directive(word);
    out_.put(' ');
    literals_.put_text(pin.value, Place::Argument);
    out_.newline();
}

void UnitPrinter::literal(std::string_view word, const Pin<ValueId>& pin, Place place) {
    if (!pin) return;
    directive(word);
    out_.put(' ');
    literals_.put(pin.value, place);
    out_.newline();
}

/// An empty list is the word alone.
void UnitPrinter::open_list(std::string_view word, const PinnedList& list) {
    directive(word);
    if (!list.values.empty()) out_.put(' ');
}

void UnitPrinter::values(std::string_view word, const Pin<PinnedList>& pin) {
    if (!pin) return;
    open_list(word, pin.value);
    const std::size_t column = out_.column();
    bool first = true;
    bool broken = false; // the last one took several lines
    for (const ValueId id : pin.value.values) {
        if (!first) {
            out_.put(',');
            const TextOutput::Mark before = out_.mark();
            out_.put(' ');
            if (!broken && literals_.try_flat(id, Place::Argument, width_ - 1)) continue;
            out_.rewind(before);
            out_.newline();
            indent(column);
        }
        broken = !literals_.put(id, Place::Argument);
        first = false;
    }
    out_.newline();
}

void UnitPrinter::names(std::string_view word, const Pin<PinnedList>& pin) {
    if (!pin) return;
    open_list(word, pin.value);
    const std::size_t column = out_.column();
    bool first = true;
    for (const ValueId id : pin.value.values) {
        put_item(first, column, [&] { literals_.put_name(unit_.values.text(id)); });
        first = false;
    }
    out_.newline();
}

} // namespace pyasm::grammar
