#pragma once

#include "isa/target.hpp"
#include "objects/value.hpp"
#include "program/instruction.hpp"
#include "program/unit.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What follows from a block where no directive states it: one place for the assembler, which derives, and
/// for the disassembler, which leaves out what would be derived.
namespace pyasm::program {

/// What a body shows about the kind of function it is.
struct BodyTraits {
    bool yields = false;          ///< has an instruction that makes a generator
    bool yields_in_async = false; ///< has one that makes an asynchronous generator of an `async` function
};

/// Adds what one instruction of a body shows; `argument` is all of its argument.
inline void note_traits(const isa::Target& target, const isa::OpInfo& op, std::uint32_t argument,
                        BodyTraits& traits) {
    traits.yields |= op.is(isa::OpFlag::Yields);
    traits.yields_in_async |= op.is(isa::OpFlag::YieldsInAsync);
    const std::uint8_t wrap = target.conventions.async_wrap_intrinsic;
    if (wrap != 0 && argument == wrap && op.name == "CALL_INTRINSIC_1") traits.yields_in_async = true;
}

/// `.function`, or `.code` with a signature: its names are visible to functions in it.
[[nodiscard]] inline bool is_function(const Block& block) {
    return block.kind == BlockKind::Function || (block.kind == BlockKind::Code && block.has_signature);
}

/// A symbol without the `$` and digits at its end that make it unique: "<lambda>" of "<lambda>$2". What is
/// nothing else stays as it is.
[[nodiscard]] std::string_view without_number(std::string_view symbol);

/// co_name without `.name`: the symbol's last part; a view into the symbol.
[[nodiscard]] std::string_view derived_name(const Block& block);
/// What the block is called: `.name` where that is a text, else the derived name.
[[nodiscard]] std::string_view name_of(const objects::ValuePool& pool, const Block& block);

/// co_qualname without `.qualname`, in parts that are not joined yet: a path is in the names of all blocks
/// below it, so that a small file could ask for names without bound.
struct DerivedQualname {
    std::string_view outer; ///< of the block around it
    std::string_view joint; ///< "", "." or ".<locals>."
    std::string_view path;  ///< what the symbol has before its last part: "Outer."
    std::string_view name;

    [[nodiscard]] std::size_t size() const { return outer.size() + joint.size() + path.size() + name.size(); }
    [[nodiscard]] bool is(std::string_view text) const;
    [[nodiscard]] std::string joined() const;
};

/// Of all derived qualified names of a file together that have more than the name.
inline constexpr std::size_t most_qualname_bytes = std::size_t{64} << 20;

/// `qualname_of(index)`: co_qualname of a block that is around this one. Source: compiler_set_qualname in
/// Python/compile.c, 3.11 and 3.12; the scope of type parameters (3.12) is passed over.
template <class QualnameOf>
[[nodiscard]] DerivedQualname derive_qualname(const Unit& unit, const Block& block,
                                              const QualnameOf& qualname_of);

/// A function of 3.12+ that holds type parameters, `<generic parameters of f>`.
[[nodiscard]] bool is_type_parameters(std::string_view name);

/// Whether `None` is the first constant where neither `.doc` nor `.consts` says anything. Source:
/// compiler_function and compiler_lambda in Python/compile.c, 2.7 - 3.13: comprehensions and scopes of type
/// parameters have none.
[[nodiscard]] bool none_comes_first(const Unit& unit, const Block& block);

/// A constant that an instruction has in itself.
struct ImpliedConstant {
    objects::ValueKind kind = objects::ValueKind::None; ///< None, True, False, Int, or Str: the empty one
    std::int64_t integer = 0;

    bool operator==(const ImpliedConstant&) const = default;
    /// Whether it is this value.
    [[nodiscard]] bool is(const objects::ValuePool& pool, objects::ValueId id) const;
};
/// The constant that an instruction's source had: LOAD_SMALL_INT 1, LOAD_COMMON_CONSTANT None,
/// POP_JUMP_IF_NONE. None for others, and where it does not matter. Source: codegen.c, and
/// remove_unused_consts in flowgraph.c, 3.14.
[[nodiscard]] std::optional<ImpliedConstant> implied_constant(const isa::Target& target,
                                                              const isa::OpInfo& op, std::uint32_t argument);
/// Whether, where neither `.doc` nor `.consts` says anything, an implied constant in front of all others is
/// the first of the table, and `None` is in it where the body has neither.
[[nodiscard]] bool first_constant_is_implied(const Unit& unit, const Block& block);

/// co_flags where `.flags` does not state them. `outer_flags` are those of the block around it, 0 at file
/// level: what `from __future__` switched on holds inside, too. Source: compute_code_flags in
/// Python/compile.c, 2.7 and 3.6 - 3.15; ste_method in Python/symtable.c, 3.14.
[[nodiscard]] std::uint32_t derive_flags(const Unit& unit, const Block& block, const BodyTraits& traits,
                                         bool has_cells_or_frees, std::uint32_t outer_flags);

// What of the qualname does not depend on the callable.
[[nodiscard]] DerivedQualname own_qualname(const objects::ValuePool& pool, const Block& block);
/// The block whose qualname is a part of this one's; -1: none.
[[nodiscard]] std::int32_t naming_block(const Unit& unit, const Block& block);

template <class QualnameOf>
DerivedQualname derive_qualname(const Unit& unit, const Block& block, const QualnameOf& qualname_of) {
    DerivedQualname result = own_qualname(unit.values, block);
    const std::int32_t outer = naming_block(unit, block);
    if (outer < 0) return result;
    result.outer = qualname_of(static_cast<std::size_t>(outer));
    result.joint = is_function(unit.blocks[static_cast<std::size_t>(outer)]) ? ".<locals>." : ".";
    return result;
}

} // namespace pyasm::program
