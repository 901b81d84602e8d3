#pragma once

#include "isa/target.hpp"
#include "objects/value.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::objects {

/// Values of a graph put into classes of what need not be told apart: equal immutable values (type- and
/// bit-aware: 1, 1.0, True, 0.0 and -0.0, NaNs with different bits stay apart), containers of equal members
/// in the same order. Code objects, lists, dicts, sets and immutable containers that contain themselves are
/// each a class of their own.
class ValueClasses {
  public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    /// Classifies all that `top` reaches. Takes linear time and no recursion, so that depth and cycles do no
    /// harm.
    ValueClasses(const ValuePool& pool, ValueId top, const isa::Target& target);

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
    struct Frame {
        ValueId id;
        std::uint32_t next; ///< child to visit
    };
    void visit(ValueId top);
    void enter(ValueId id);
    void leave(ValueId id);
    void collect(ValueId id);
    std::uint32_t intern(ValueId id);
    std::uint64_t hash(ValueId id) const;
    std::uint64_t hash_bytes(std::uint64_t seed, const void* data, std::size_t size) const;
    bool equal(ValueId a, ValueId b) const;
    void grow();
    std::uint32_t fresh();
    void mark_names();

    const ValuePool& pool_;
    const isa::Target& target_;
    std::vector<std::uint32_t> classes_;
    std::vector<std::uint8_t> seen_;
    std::vector<bool> names_;
    std::vector<Frame> stack_;
    std::vector<ValueId> members_;          // of the values on the stack, one after another
    std::vector<std::size_t> member_begin_; // where each starts in `members_`
    std::vector<ValueId> codes_;
    struct Slot {
        std::uint32_t hash = 0;
        ValueId id = no_value;
    };
    std::vector<Slot> slots_; // open addressing, a power of two
    std::size_t used_ = 0;
    std::uint64_t seed_;
    std::uint32_t count_ = 0;
    bool complete_ = true;
};

} // namespace pyasm::objects
