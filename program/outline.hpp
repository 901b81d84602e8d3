#pragma once

#include "objects/code_object.hpp"
#include "program/unit.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::program {

/// What a code object is, as far as it shows: `Code` is one that is neither a function nor the body of a
/// class or module. `is_top`: it stands where a module's body does. `Function`: it has a namespace of its own
/// and its locals in slots.
[[nodiscard]] BlockKind kind_of(const objects::ValuePool& pool, const isa::Target& target,
                                const objects::CodeObject& code, bool is_top);

/// The code objects of a file: which is nested in which, what it is, and its symbol, as `pyasm dis` writes
/// them. A code object that stands directly in the constants of exactly one other is nested in that one, up
/// to a depth that the language allows; every other (inside a container, in the constants of several, the top
/// object, nested too deep) stands at file level under a symbol that no other has.
class Outline {
  public:
    struct Entry {
        objects::ValueId code;
        std::int32_t parent = -1; ///< index of the enclosing entry
        BlockKind kind = BlockKind::Code;
        std::string_view symbol; ///< unique among its siblings, at file level in the whole file: `f`, `f$2`
    };
    /// A code object that is a member of a container other than a code object's constants.
    struct CodePlace {
        objects::ValueId container;
        std::uint32_t member;
    };
    /// Blocks in blocks; deeper ones stand at file level again.
    static constexpr int most_levels = 90;
    /// Bytes of a symbol before its number.
    static constexpr std::size_t longest_symbol = 120;

    /// Walks the values under `top` without recursion, in linear time. Symbols are views into the values or
    /// into `arena`, which may be the pool's own.
    Outline(const objects::ValuePool& pool, const isa::Target& target, objects::ValueId top,
            support::Arena& arena);

    /// A nested entry follows its parent; siblings in the order of the parent's constants.
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    /// Index of a code object's entry; -1 where it is none of the file's.
    [[nodiscard]] std::int32_t entry_of(objects::ValueId code) const { return known_[index_of(code)].entry; }
    [[nodiscard]] const std::vector<CodePlace>& in_containers() const { return in_containers_; }

  private:
    static constexpr std::int32_t no_owner = -1; // no place found yet
    static constexpr std::int32_t at_file = -2;  // in several places, or in one that nests no block
    static constexpr std::uint8_t as_value = 1;  // seen: its members have been looked at
    static constexpr std::uint8_t as_consts = 2; // seen: it is the constants of one code object
    static constexpr std::uint8_t as_shared = 4; // seen: it is the constants of several

    struct Known {                     // by a code object's index in the pool
        std::int32_t owner = no_owner; // index of the code object in whose constants it stands
        std::int32_t entry = -1;
        bool waiting = false; // a root, to be entered
    };
    struct Frame {
        std::int32_t entry;
        std::uint32_t next; // constant to look at
    };

    [[nodiscard]] std::size_t index_of(objects::ValueId code) const {
        return static_cast<std::size_t>(pool_[code].index);
    }
    void reach(objects::ValueId top);
    void meet(objects::ValueId id, std::int32_t owner);
    void look_into_code(objects::ValueId code);
    void look_into(objects::ValueId container);
    void add_root(objects::ValueId code);
    void enter_tree(objects::ValueId root);
    std::int32_t enter(objects::ValueId code, std::int32_t parent);
    void name_entries();
    [[nodiscard]] std::string_view base_symbol(objects::ValueId code);
    [[nodiscard]] std::string_view nested_symbol(const Entry& entry);
    [[nodiscard]] std::string_view numbered(std::string_view base, std::uint32_t number);

    const objects::ValuePool& pool_;
    const isa::Target& target_;
    objects::ValueId top_;
    support::Arena& arena_;
    std::vector<std::uint8_t> seen_; // by value
    std::vector<Known> known_;
    std::vector<objects::ValueId> waiting_; // values to look into
    std::vector<objects::ValueId> roots_;   // in the order in which they are found
    std::vector<CodePlace> in_containers_;
    std::vector<Frame> frames_;
    std::vector<Entry> entries_;
};

} // namespace pyasm::program
