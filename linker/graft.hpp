#pragma once

#include "objects/code_object.hpp"
#include "objects/value.hpp"

#include <tsl/robin_set.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace pyasm::linker {

/// Copies values of many pools into one. What is the same constant there is copied once: names, numbers,
/// bytes (short functions often have the same code) and tuples of such; what may be changed and code objects
/// stay what they are. Texts are copied, too. No recursion, and time and memory are linear in what is copied.
class Graft {
  public:
    /// `pool` is what is copied into; it must outlive this.
    explicit Graft(objects::ValuePool& pool);
    Graft(const Graft&) = delete;
    Graft& operator=(const Graft&) = delete;

    /// The pool that is copied from, until the next call. It must live as long as that.
    void begin(const objects::ValuePool& from);
    /// The copy of a value of that pool and of all below it; `no_value` of that. The same value has one copy.
    [[nodiscard]] objects::ValueId copy(objects::ValueId id);

    /// A code object that was copied from the present pool.
    struct Code {
        objects::ValueId original, copy;
    };
    /// In the order of the copies.
    [[nodiscard]] const std::vector<Code>& codes() const { return codes_; }

    /// A place of the copies that has a symbol (CodeSymbol, ConstSymbol) in it: a container's child.
    struct Slot {
        objects::ValueId container;
        std::uint32_t child;
        auto operator<=>(const Slot&) const = default;
    };
    /// Of all pools so far.
    [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }

    /// Frees what is needed for copying only.
    void end();

  private:
    static constexpr objects::ValueId waiting{
        0xFFFF'FFFE}; ///< in `copies_`: it is on the way, and has no copy yet
    static constexpr std::uint32_t code_fields = 13;

    struct Frame {
        objects::ValueId id;
        std::uint32_t next = 0;                    ///< part to copy
        std::size_t first = 0;                     ///< its parts' copies in `parts_`
        objects::ValueId copy = objects::no_value; ///< where it was needed before it was complete
    };
    struct Hash {
        const objects::ValuePool* pool;
        std::size_t operator()(objects::ValueId id) const;
    };
    struct Same {
        const objects::ValuePool* pool;
        bool operator()(objects::ValueId left, objects::ValueId right) const;
    };
    static constexpr bool store_hash = true; // growing need not look at the values again

    [[nodiscard]] objects::ValueId known(objects::ValueId id);
    [[nodiscard]] objects::ValueId copy_atom(objects::ValueId id);
    [[nodiscard]] objects::ValueId part(const Frame& frame) const;
    [[nodiscard]] std::uint32_t part_count(objects::ValueId id) const;
    [[nodiscard]] objects::ValueId early_copy(objects::ValueId id);
    [[nodiscard]] objects::ValueId finish(const Frame& frame);
    [[nodiscard]] objects::ValueId finish_container(const Frame& frame);
    [[nodiscard]] objects::ValueId finish_code(const Frame& frame);
    [[nodiscard]] objects::ValueId shared(objects::ValueId id);

    objects::ValuePool& pool_;
    const objects::ValuePool* from_ = nullptr;
    std::vector<objects::ValueId> copies_; // by value of `from_`; no_value: not looked at
    std::vector<Frame> frames_;
    std::vector<objects::ValueId> parts_;
    std::vector<Code> codes_;
    std::vector<Slot> slots_;
    tsl::robin_set<objects::ValueId, Hash, Same, std::allocator<objects::ValueId>, store_hash> shared_;
};

} // namespace pyasm::linker
