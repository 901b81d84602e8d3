#include "assembler/flags.hpp"

#include "assembler/numbers.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::assembler {

using program::Block;
using program::BlockKind;
using program::ParameterKind;

namespace {

std::uint32_t signature_flags(const isa::CodeFlagBits& bits, const Block& block) {
    std::uint32_t flags = 0;
    for (const auto& parameter : block.parameters) {
        if (parameter.kind == ParameterKind::VarArgs) flags |= bits.varargs;
        if (parameter.kind == ParameterKind::VarKeywords) flags |= bits.varkeywords;
    }
    return flags;
}

std::uint32_t generator_flag(const isa::CodeFlagBits& bits, const Block& block, const BodyTraits& traits) {
    if (block.is_async) return traits.yields_in_async ? bits.async_generator : bits.coroutine;
    return traits.yields ? bits.generator : 0;
}

bool stands_in_function(const UnitContext& context, const Block& block) {
    const auto& blocks = context.unit.blocks;
    for (std::int32_t outer = block.parent; outer >= 0;
         outer = blocks[static_cast<std::size_t>(outer)].parent)
        if (Symbols::is_function(blocks[static_cast<std::size_t>(outer)])) return true;
    return false;
}

std::uint32_t function_flags(const UnitContext& context, const Block& block, const BodyTraits& traits) {
    const isa::CodeFlagBits& bits = context.target.flag_bits;
    std::uint32_t flags = bits.optimized | bits.newlocals | signature_flags(bits, block);
    flags |= generator_flag(bits, block, traits);
    if (stands_in_function(context, block)) flags |= bits.nested;
    if (block.pins.doc) flags |= bits.has_docstring;
    const bool in_class =
        block.parent >= 0 &&
        context.unit.blocks[static_cast<std::size_t>(block.parent)].kind == BlockKind::Class;
    if (in_class) flags |= bits.method;
    return flags;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

} // namespace

std::uint32_t derive_flags(const UnitContext& context, const Block& block, const BodyTraits& traits,
                           bool has_cells_or_frees) {
    const isa::CodeFlagBits& bits = context.target.flag_bits;
    std::uint32_t flags = 0;
    switch (block.kind) {
    case BlockKind::Code: return signature_flags(bits, block) | (block.pins.doc ? bits.has_docstring : 0);
    case BlockKind::Function: flags = function_flags(context, block, traits); break;
    case BlockKind::Class: flags = context.target.conventions.class_newlocals ? bits.newlocals : 0; break;
    case BlockKind::Module: break;
    }
    if (context.target.conventions.nofree_flag && !has_cells_or_frees) flags |= bits.nofree;
    return flags;
}

std::uint32_t stated_flags(UnitContext& context, const program::Pin<std::string_view>& pin) {
    const std::string_view text = trimmed(pin.value);
    if (const auto number = parse_number(text)) {
        if (*number <= 0xFFFF'FFFF) return static_cast<std::uint32_t>(*number);
        context.diagnostics.error(pin.span, fmt::format("co_flags has 32 bits, and {} does not fit", text));
        return 0;
    }
    std::uint32_t flags = 0;
    for (std::string_view rest = text;;) {
        const std::size_t bar = rest.find('|');
        const std::string_view word = trimmed(rest.substr(0, bar));
        const isa::CodeFlag* found = nullptr;
        std::vector<std::string_view> known;
        for (const isa::CodeFlag& flag : context.target.flags) {
            if (flag.name == word) found = &flag;
            known.push_back(flag.name);
        }
        if (found) {
            flags |= found->bit;
        } else if (word.empty()) {
            context.diagnostics.error(pin.span, "a flag is missing beside '|'");
        } else {
            const std::string_view near =
                context.suggests() ? support::nearest(word, known) : std::string_view();
            context.diagnostics.error(pin.span,
                                      fmt::format("'{}' is not a flag of a code object of {}",
                                                  support::printable(word), context.target.name),
                                      near.empty() ? std::string("A number says any flags: `.flags 0x43`.")
                                                   : fmt::format("Did you mean {}?", near));
        }
        if (bar == std::string_view::npos) return flags;
        rest.remove_prefix(bar + 1);
    }
}

} // namespace pyasm::assembler
