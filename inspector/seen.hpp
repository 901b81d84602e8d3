#pragma once

#include "inspector/code_tree.hpp"
#include "objects/value.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::inspector {

/// Which tables were shown already. A small file can give one large table to very many code objects: what is
/// large is shown for the first of them only, so that time and output stay linear in the file.
class Seen {
  public:
    /// Larger ones, in bytes or members, are shown once.
    static constexpr std::uint32_t small = 256;

    explicit Seen(const objects::ValuePool& pool) : pool_(pool), owners_(pool.size(), CodeTree::none) {}

    /// The code object for which a large table was shown before; `none` for the first, which is then
    /// `number`, and for small ones.
    std::uint32_t before(objects::ValueId id, std::uint32_t number) {
        if (pool_[id].size <= small) return CodeTree::none;
        std::uint32_t& owner = owners_[static_cast<std::size_t>(id)];
        if (owner != CodeTree::none) return owner;
        owner = number;
        return CodeTree::none;
    }

  private:
    const objects::ValuePool& pool_;
    std::vector<std::uint32_t> owners_;
};

} // namespace pyasm::inspector
