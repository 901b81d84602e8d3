#pragma once

#include "objects/value.hpp"
#include "program/scoped_name.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"

#include <tsl/robin_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::assembler {

/// The blocks of a unit by symbol, their code objects, and who refers to whom.
class Symbols {
  public:
    Symbols(program::Unit& unit, support::Diagnostics& diagnostics)
        : unit_(unit), diagnostics_(diagnostics), text_had_errors_(diagnostics.has_errors()) {}

    /// Enters every block and gives each a code object still to be filled. Reports symbols that stand twice
    /// in a scope and more than one module, unless the parser has.
    void enter_blocks();
    /// The block that is the file's top object, or `value_root`; -1 after an error.
    [[nodiscard]] std::int32_t find_top();
    /// What stands for `.value` where it is the top object: it refers to blocks as a block does.
    [[nodiscard]] std::int32_t value_root() const { return static_cast<std::int32_t>(unit_.blocks.size()); }

    [[nodiscard]] objects::ValueId code_of(std::int32_t block) const {
        return codes_[static_cast<std::size_t>(block)];
    }
    /// The code object that `code(NAME)` in `block` (-1: at file level) stands for, `level` levels deep in a
    /// constant; reports an unknown name and gives `no_value`.
    [[nodiscard]] objects::ValueId refer(std::string_view name, std::int32_t block, support::Span place,
                                         int level);

    /// The block that `code(NAME)` in `block` (-1: at file level) means, without referring to it; -1: none.
    [[nodiscard]] std::int32_t find(std::string_view name, std::int32_t block) const {
        return lookup(name, block);
    }
    void report_unknown(std::string_view name, support::Span place);

    /// Levels of nesting that a block's own constants (-1: `.value`) have (1 for an atom), without code objects.
    void note_depth(std::int32_t block, int depth);
    /// Reports code constants that go round in a circle, and nesting that marshal would refuse; warns of
    /// blocks that the top object does not lead to.
    void check_references(std::int32_t top);

    /// What a message calls a block.
    [[nodiscard]] static std::string title(const program::Block& block);

  private:
    struct Reference {
        std::int32_t from;
        std::int32_t to;
        int level;
        support::Span span;
    };
    /// The key of a symbol in a block; -1: at file level.
    [[nodiscard]] static program::ScopedName key(std::int32_t scope, std::string_view name) {
        return {static_cast<std::uint32_t>(scope + 1), name};
    }
    /// A code object takes two levels, itself and its constants; `.value` none.
    [[nodiscard]] int own_levels(std::int32_t block) const { return block == value_root() ? 0 : 2; }
    /// Levels around the code object that a reference leads to.
    [[nodiscard]] int levels_of(const Reference& reference) const {
        return own_levels(reference.from) - 1 + reference.level;
    }
    [[nodiscard]] std::int32_t member(std::int32_t scope, std::string_view name) const;
    [[nodiscard]] std::int32_t take_symbol(std::int32_t scope, std::string_view& name) const;
    [[nodiscard]] std::int32_t lookup(std::string_view name, std::int32_t block) const;
    [[nodiscard]] std::string_view nearest_symbol(std::string_view name) const;
    void report_circle(const std::vector<std::int32_t>& path, const Reference& closing);
    void visit(std::int32_t root, std::vector<std::uint8_t>& state, std::vector<int>& depth);
    void report_depth(std::int32_t block, const std::vector<int>& depth);

    program::Unit& unit_;
    support::Diagnostics& diagnostics_;
    bool text_had_errors_;                                                               // see UnitContext
    tsl::robin_map<program::ScopedName, std::int32_t, program::ScopedNameHash> members_; // blocks by scope
    std::vector<std::size_t> longest_; // by scope as in `key`: bytes of its longest symbol
    std::vector<objects::ValueId> codes_;
    std::vector<int> depths_;
    std::vector<Reference> references_;
    std::vector<std::uint32_t> first_reference_; // by block, once sorted
    bool too_deep_ = false;
};

} // namespace pyasm::assembler
