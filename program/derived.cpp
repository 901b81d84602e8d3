#include "program/derived.hpp"

#include <algorithm>

namespace pyasm::program {

using objects::ValueKind;
using objects::ValuePool;

namespace {

constexpr std::string_view type_parameters = "<generic parameters of ";

const Block* around(const Unit& unit, const Block& block) {
    return block.parent < 0 ? nullptr : &unit.blocks[static_cast<std::size_t>(block.parent)];
}

/// Where the last part of a symbol begins: 6 in "Outer.f", 0 in ".0" and "f".
std::size_t last_part(std::string_view symbol) {
    const std::size_t dot = symbol.rfind('.');
    return dot == std::string_view::npos || dot == 0 || dot + 1 == symbol.size() ? 0 : dot + 1;
}

bool is_text(const ValuePool& pool, const Pin<ValueId>& pin) {
    return pin && (pool[pin.value].kind == ValueKind::Str || pool[pin.value].kind == ValueKind::Bytes);
}

std::uint32_t signature_flags(const isa::CodeFlagBits& bits, const Block& block) {
    std::uint32_t flags = 0;
    for (const Parameter& parameter : block.parameters) {
        if (parameter.kind == ParameterKind::VarArgs) flags |= bits.varargs;
        if (parameter.kind == ParameterKind::VarKeywords) flags |= bits.varkeywords;
    }
    return flags;
}

std::uint32_t generator_flag(const isa::CodeFlagBits& bits, const Block& block, const BodyTraits& traits) {
    if (block.is_async) return traits.yields_in_async ? bits.async_generator : bits.coroutine;
    return traits.yields ? bits.generator : 0;
}

bool stands_in_function(const Unit& unit, const Block& block) {
    for (const Block* outer = around(unit, block); outer; outer = around(unit, *outer))
        if (is_function(*outer)) return true;
    return false;
}

/// A function that a `def` or `lambda` right in a class body makes; the compiler's own ones are none.
bool is_method(const Unit& unit, const Block& block) {
    const Block* outer = around(unit, block);
    if (!outer || outer->kind != BlockKind::Class) return false;
    const std::string_view name = name_of(unit.values, block);
    return name != "__annotate__" && !is_type_parameters(name);
}

std::uint32_t function_flags(const Unit& unit, const Block& block, const BodyTraits& traits) {
    const isa::CodeFlagBits& bits = unit.target->flag_bits;
    std::uint32_t flags = bits.optimized | bits.newlocals | signature_flags(bits, block);
    flags |= generator_flag(bits, block, traits);
    if (stands_in_function(unit, block)) flags |= bits.nested;
    if (block.pins.doc) flags |= bits.has_docstring;
    if (bits.method != 0 && is_method(unit, block)) flags |= bits.method;
    return flags;
}

} // namespace

std::string_view without_number(std::string_view symbol) {
    const std::size_t end = symbol.find_last_not_of("0123456789");
    if (end == std::string_view::npos || end == 0 || end + 1 == symbol.size() || symbol[end] != '$')
        return symbol;
    return symbol.substr(0, end);
}

std::string_view derived_name(const Block& block) {
    if (block.kind == BlockKind::Module) return "<module>";
    const std::string_view symbol = without_number(block.symbol);
    return symbol.substr(last_part(symbol));
}

std::string_view name_of(const ValuePool& pool, const Block& block) {
    return is_text(pool, block.pins.name) ? pool.text(block.pins.name.value) : derived_name(block);
}

bool is_type_parameters(std::string_view name) { return name.starts_with(type_parameters); }

bool DerivedQualname::is(std::string_view text) const {
    if (text.size() != size()) return false;
    for (const std::string_view part : {outer, joint, path, name}) {
        if (!text.starts_with(part)) return false;
        text.remove_prefix(part.size());
    }
    return true;
}

std::string DerivedQualname::joined() const {
    std::string text;
    text.reserve(size());
    for (const std::string_view part : {outer, joint, path, name}) text += part;
    return text;
}

DerivedQualname own_qualname(const ValuePool& pool, const Block& block) {
    DerivedQualname result;
    result.name = name_of(pool, block);
    if (block.kind == BlockKind::Module) {
        result.name = "<module>";
        return result;
    }
    // `.name` takes the place of the symbol's last part: Outer.f named "g" is Outer.g.
    const std::string_view symbol = without_number(block.symbol);
    result.path = symbol.substr(0, last_part(symbol));
    return result;
}

std::int32_t naming_block(const Unit& unit, const Block& block) {
    if (block.kind == BlockKind::Module) return -1;
    std::int32_t outer = block.parent;
    if (outer >= 0 && is_type_parameters(name_of(unit.values, unit.blocks[static_cast<std::size_t>(outer)])))
        outer = unit.blocks[static_cast<std::size_t>(outer)].parent;
    if (outer >= 0 && unit.blocks[static_cast<std::size_t>(outer)].kind == BlockKind::Module) return -1;
    return outer;
}

bool none_comes_first(const Unit& unit, const Block& block) {
    if (block.kind != BlockKind::Function || !unit.target->conventions.none_first_in_functions) return false;
    const std::string_view name = name_of(unit.values, block);
    return !name.starts_with('<') || name == "<lambda>";
}

bool ImpliedConstant::is(const ValuePool& pool, ValueId id) const {
    const objects::Value& value = pool[id];
    if (value.kind != kind) return false;
    return kind == ValueKind::Int ? value.integer == integer : kind != ValueKind::Str || value.size == 0;
}

std::optional<ImpliedConstant> implied_constant(const isa::Target& target, const isa::OpInfo& op,
                                                std::uint32_t argument) {
    if (!target.conventions.first_constant_stays) return std::nullopt;
    if (op.name == "LOAD_SMALL_INT") return ImpliedConstant{ValueKind::Int, argument};
    if (op.name == "POP_JUMP_IF_NONE" || op.name == "POP_JUMP_IF_NOT_NONE") return ImpliedConstant{};
    if (op.name != "LOAD_COMMON_CONSTANT") return std::nullopt;
    for (const isa::OperandName& name : op.operand->names) {
        if (name.value != argument) continue;
        if (name.spelling == "None") return ImpliedConstant{};
        if (name.spelling == "True") return ImpliedConstant{ValueKind::True};
        if (name.spelling == "False") return ImpliedConstant{ValueKind::False};
        if (name.spelling == "''") return ImpliedConstant{ValueKind::Str};
    }
    return std::nullopt;
}

bool first_constant_is_implied(const Unit& unit, const Block& block) {
    return unit.target->conventions.first_constant_stays && block.kind != BlockKind::Code &&
           !block.pins.doc && !block.pins.consts;
}

std::uint32_t derive_flags(const Unit& unit, const Block& block, const BodyTraits& traits,
                           bool has_cells_or_frees, std::uint32_t outer_flags) {
    const isa::CodeFlagBits& bits = unit.target->flag_bits;
    std::uint32_t flags = outer_flags & bits.future;
    switch (block.kind) {
    case BlockKind::Code: return signature_flags(bits, block) | (block.pins.doc ? bits.has_docstring : 0);
    case BlockKind::Function: flags |= function_flags(unit, block, traits); break;
    case BlockKind::Class: flags |= unit.target->conventions.class_newlocals ? bits.newlocals : 0; break;
    case BlockKind::Module: break;
    }
    if (unit.target->conventions.nofree_flag && !has_cells_or_frees) flags |= bits.nofree;
    return flags;
}

} // namespace pyasm::program
