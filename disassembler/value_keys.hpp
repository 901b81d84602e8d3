#pragma once

#include "objects/value.hpp"

#include <tsl/robin_set.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace pyasm::disassembler {

/// Numbers the values of a pool so that those which the assembler might take for the same constant, or the
/// same name, have the same number: each value once, when it is first asked for. Mutable containers are told
/// by their content, like the others: a text with two equal ones in it is read with care. A container inside
/// itself is only itself.
class ValueKeys {
  public:
    ValueKeys() : known_(0, Hash{this}, Same{this}) {}
    ValueKeys(const ValueKeys&) = delete;
    ValueKeys& operator=(const ValueKeys&) = delete;

    /// Begins with another pool, if it is another one.
    void begin(const objects::ValuePool& pool);

    /// The number of a value. Linear in what has no number yet, without recursion.
    [[nodiscard]] std::uint32_t key(objects::ValueId id) {
        const auto index = static_cast<std::size_t>(id);
        return index < keys_.size() && keys_[index] < open ? keys_[index] : find(id);
    }

  private:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    static constexpr std::uint32_t open = 0xFFFF'0000; ///< from here on: being numbered, by its level
    static constexpr std::uint32_t levels = 0xFFFF;    ///< that are told apart; marshal has 2000

    struct Hash {
        const ValueKeys* owner;
        [[nodiscard]] std::size_t operator()(objects::ValueId id) const;
    };
    struct Same {
        const ValueKeys* owner;
        [[nodiscard]] bool operator()(objects::ValueId a, objects::ValueId b) const;
    };
    static constexpr bool store_hash = true; // growing need not look at the values again

    struct Frame {
        objects::ValueId id;
        std::uint32_t next;
        std::uint32_t lowest; ///< level of the outermost value that it contains and that contains it
    };
    std::uint32_t find(objects::ValueId id);
    void push(objects::ValueId id);
    void pop();
    void enter(objects::ValueId id);

    const objects::ValuePool* pool_ = nullptr;
    std::vector<std::uint32_t> keys_; // by value: the first that is the same
    std::vector<Frame> frames_;
    tsl::robin_set<objects::ValueId, Hash, Same, std::allocator<objects::ValueId>, store_hash> known_;
};

} // namespace pyasm::disassembler
