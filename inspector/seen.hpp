#pragma once

#include "inspector/code_tree.hpp"
#include "objects/value.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pyasm::inspector {

/// Which tables were shown already. A small file can give one large table to very many code objects: when the
/// repeated ones add up to some times the file, they are no longer shown again, so that time and output stay
/// linear in the file.
class Seen {
  public:
    Seen(const objects::ValuePool& pool, std::size_t file_size)
        : pool_(pool), owners_(pool.size(), CodeTree::none), budget_(file_size * 4 + 4096) {}

    /// The code object for which a table was shown before, where it is not to be shown again; else `none`,
    /// and it is shown for code object `number`.
    std::uint32_t before(objects::ValueId id, std::uint32_t number) {
        std::uint32_t& owner = owners_[static_cast<std::size_t>(id)];
        if (owner == CodeTree::none) {
            owner = number;
            return CodeTree::none;
        }
        const std::uint32_t size = pool_[id].size;
        if (size <= small) return CodeTree::none;
        if (size > budget_) return owner;
        budget_ -= size;
        return CodeTree::none;
    }

  private:
    static constexpr std::uint32_t small = 64; ///< bytes or members: no larger than a code object

    const objects::ValuePool& pool_;
    std::vector<std::uint32_t> owners_;
    std::size_t budget_;
};

} // namespace pyasm::inspector
