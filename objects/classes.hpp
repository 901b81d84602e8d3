#pragma once

#include "isa/target.hpp"
#include "objects/value.hpp"

#include <tsl/robin_set.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace pyasm::objects {

/// Values of a graph put into classes of what need not be told apart: immutable values that are the same (see
/// objects/same_value.hpp), containers with their members in the same order. Code objects, lists, dicts, sets
/// and immutable containers that contain themselves are each a class of their own; code objects on request
/// not.
class ValueClasses {
  public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    enum class Codes : bool {
        AreThemselves, ///< each code object is a class of its own
        ByContent,     ///< those whose fields are the same are one
    };

    /// Classifies all that `top` reaches. Takes linear time and no recursion, so that depth and cycles do no
    /// harm.
    ValueClasses(const ValuePool& pool, ValueId top, const isa::Target& target,
                 Codes codes = Codes::AreThemselves);
    ValueClasses(const ValueClasses&) = delete;
    ValueClasses& operator=(const ValueClasses&) = delete;

    /// Number of classes; they count from 0.
    [[nodiscard]] std::uint32_t size() const { return count_; }
    /// The class of a value that `top` reaches; `none` for any other.
    [[nodiscard]] std::uint32_t operator[](ValueId id) const {
        return classes_[static_cast<std::size_t>(id)];
    }
    /// Whether the strings of a class stand in a name's place of some code object.
    [[nodiscard]] bool is_name(std::uint32_t number) const { return names_[number]; }
    /// False if a child or a field is missing somewhere: such a graph cannot be written.
    [[nodiscard]] bool complete() const { return complete_; }

  private:
    // Of values whose members have their classes.
    struct Hash {
        const ValueClasses* owner;
        std::size_t operator()(ValueId id) const;
    };
    struct Same {
        const ValueClasses* owner;
        bool operator()(ValueId left, ValueId right) const;
    };
    static constexpr bool store_hash = true; // growing need not look at the values again

    struct Frame {
        ValueId id;
        std::uint32_t next; ///< child to visit
    };
    void visit(ValueId top);
    void enter(ValueId id);
    void leave(ValueId id);
    void collect(ValueId id);
    std::uint32_t intern(ValueId id);
    std::uint32_t fresh();
    [[nodiscard]] bool has_identity(ValueKind kind) const;
    [[nodiscard]] std::uint64_t hash_code(const CodeObject& code) const;
    [[nodiscard]] bool same_code(const CodeObject& left, const CodeObject& right) const;
    void mark_names();

    const ValuePool& pool_;
    const isa::Target& target_;
    const Codes codes_as_;
    std::vector<std::uint32_t> classes_;
    std::vector<std::uint8_t> seen_;
    std::vector<bool> names_;
    std::vector<Frame> stack_;
    std::vector<ValueId> members_;          // of the values on the stack, one after another
    std::vector<std::size_t> member_begin_; // where each starts in `members_`
    std::vector<ValueId> codes_;
    // One of each class that is told by its content.
    tsl::robin_set<ValueId, Hash, Same, std::allocator<ValueId>, store_hash> known_;
    std::uint32_t count_ = 0;
    bool complete_ = true;
};

/// How often each class is met where each class is walked through once: 0, 1 or 2 for "more than once".
/// Linear, without recursion. `classes` must be complete.
[[nodiscard]] std::vector<std::uint8_t>
count_meetings(const ValuePool& pool, ValueId top, const isa::Target& target, const ValueClasses& classes);

/// Whether the compiler interns a string constant: letters, digits and underscores only. Source:
/// all_name_chars and intern_string_constants in Objects/codeobject.c.
[[nodiscard]] bool has_name_characters(std::string_view text);

} // namespace pyasm::objects
