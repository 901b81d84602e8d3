#pragma once

#include "objects/value.hpp"
#include "program/object_module.hpp"
#include "program/scoped_name.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/hash.hpp"

#include <tsl/robin_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pyasm::assembler {

/// The blocks of a unit by symbol, their code objects, and who refers to whom.
class Symbols {
  public:
    /// What refers to blocks and constants, and is referred to: a block by its index, `.value`, and each
    /// `.constant`.
    using Node = std::int32_t;

    Symbols(program::Unit& unit, support::Diagnostics& diagnostics)
        : unit_(unit), diagnostics_(diagnostics), text_had_errors_(diagnostics.has_errors()) {}

    /// Enters every block and gives each a code object still to be filled; and every constant. Reports
    /// symbols that stand twice in a scope and more than one module, unless the parser has. `is_object`:
    /// symbols of other units stay as they are, and no top object is asked for.
    void enter_blocks(bool is_object);
    /// The block that is the file's top object, or `value_root`; -1 after an error, and for an object without
    /// one.
    [[nodiscard]] std::int32_t find_top();
    /// What stands for `.value` where it is the top object: it refers to blocks as a block does.
    [[nodiscard]] Node value_root() const { return static_cast<Node>(unit_.blocks.size()); }
    [[nodiscard]] Node constant_node(std::size_t index) const {
        return value_root() + 1 + static_cast<Node>(index);
    }

    [[nodiscard]] objects::ValueId code_of(std::int32_t block) const {
        return codes_[static_cast<std::size_t>(block)];
    }
    /// The code object that `code(NAME)` in `block` (-1: in `.value`) stands for, `level` levels deep in a
    /// constant; in an object, of another unit's, a CodeSymbol. Reports an unknown name and gives `no_value`.
    [[nodiscard]] objects::ValueId refer(std::string_view name, Node block, support::Span place, int level);

    /// The block that `code(NAME)` in `block` (-1: at file level) means, without referring to it; -1: none.
    [[nodiscard]] std::int32_t find(std::string_view name, std::int32_t block) const {
        return lookup(name, block);
    }
    /// Whether `.extern` declares it.
    [[nodiscard]] bool is_other(std::string_view name) const { return others_.contains(name); }
    void report_unknown(std::string_view name, support::Span place);

    /// What `const(NAME)` stands for.
    struct Constant {
        std::int32_t index = -1; ///< one of the unit's; -1: none
        objects::ValueId other =
            objects::no_value; ///< a ConstSymbol, of another unit's; no_value: it was reported
    };
    [[nodiscard]] Constant refer_constant(std::string_view name, Node block, support::Span place, int level);

    /// Levels of nesting that a node's own constants (-1: those of `.value`) have (1 for an atom), without
    /// code objects.
    void note_depth(Node node, int depth);
    /// Reports constants and code that go round in a circle, and nesting that marshal would refuse; warns of
    /// blocks that neither the top object nor what is exported leads to.
    void check_references(std::int32_t top);

    /// A block or constant at file level that `.global` names; -1, and an error, if there is none.
    [[nodiscard]] Node exported(const program::SymbolName& global);
    /// The same without a message.
    [[nodiscard]] Node find_exported(std::string_view name) const;
    /// The symbols of other units that were referred to, in the order of their first uses.
    [[nodiscard]] std::vector<program::ExternSymbol> take_externs() { return std::move(externs_); }

    /// Where a node is defined: its symbol, or what stands for it.
    [[nodiscard]] support::Span place_of(Node node) const;
    /// What a message calls a block.
    [[nodiscard]] static std::string title(const program::Block& block);

  private:
    struct Reference {
        Node from;
        Node to;
        int level;
        support::Span span;
    };
    /// The key of a symbol in a block; -1: at file level.
    [[nodiscard]] static program::ScopedName key(std::int32_t scope, std::string_view name) {
        return {static_cast<std::uint32_t>(scope + 1), name};
    }
    [[nodiscard]] bool is_block(Node node) const { return node < value_root(); }
    /// A code object takes two levels, itself and its constants; `.value` and `.constant` none.
    [[nodiscard]] int own_levels(Node node) const { return is_block(node) ? 2 : 0; }
    [[nodiscard]] std::string title_of(Node node) const;
    /// Levels around the code object that a reference leads to.
    [[nodiscard]] int levels_of(const Reference& reference) const {
        return own_levels(reference.from) - 1 + reference.level;
    }
    [[nodiscard]] std::int32_t member(std::int32_t scope, std::string_view name) const;
    [[nodiscard]] std::int32_t take_symbol(std::int32_t scope, std::string_view& name) const;
    [[nodiscard]] std::int32_t lookup(std::string_view name, std::int32_t block) const;
    [[nodiscard]] std::string_view nearest_symbol(std::string_view name) const;
    [[nodiscard]] std::string_view nearest_constant(std::string_view name) const;
    [[nodiscard]] objects::ValueId other_units(std::string_view name, bool is_code, Node from,
                                               support::Span place);
    void report_unknown_constant(std::string_view name, support::Span place);
    void report_circle(const std::vector<std::int32_t>& path, const Reference& closing);
    void visit(std::int32_t root, std::vector<std::uint8_t>& state, std::vector<int>& depth);
    void report_depth(Node node, const std::vector<int>& depth);
    void visit_rest(std::vector<std::uint8_t>& state, std::vector<int>& depth);

    program::Unit& unit_;
    support::Diagnostics& diagnostics_;
    bool text_had_errors_; // see UnitContext
    bool is_object_ = false;
    tsl::robin_map<program::ScopedName, std::int32_t, program::ScopedNameHash> members_; // blocks by scope
    tsl::robin_map<std::string_view, Node, support::TextHash> constants_;
    struct Other {
        objects::ValueId code = objects::no_value, constant = objects::no_value; // once it is referred to
    };
    tsl::robin_map<std::string_view, Other, support::TextHash> others_; // by `.extern`
    std::vector<program::ExternSymbol> externs_;
    std::vector<std::size_t> longest_; // by scope as in `key`: bytes of its longest symbol
    std::vector<objects::ValueId> codes_;
    std::vector<int> depths_; // by node
    std::vector<Reference> references_;
    std::vector<std::uint32_t> first_reference_; // by node, once sorted
    bool too_deep_ = false;
};

} // namespace pyasm::assembler
