#include "assembler/places.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>

namespace pyasm::assembler {

using objects::ValueId;
using support::Span;

/// Blocks get their code objects in order, so that they are sorted by them.
const Places::Block* Places::find(ValueId code) const {
    const auto found = std::lower_bound(blocks_.begin(), blocks_.end(), code,
                                        [](const Block& block, ValueId id) { return block.code < id; });
    return found != blocks_.end() && found->code == code ? &*found : nullptr;
}

Span Places::block_of(ValueId code) const {
    const Block* block = find(code);
    return block ? block->directive : Span{};
}

Span Places::at(ValueId code, std::uint32_t offset) const {
    const Block* block = find(code);
    if (!block) return {};
    const bool is_last = block == &blocks_.back();
    const std::span<const Item> items(items_.begin() + static_cast<std::ptrdiff_t>(block->first),
                                      is_last ? items_.end()
                                              : items_.begin() + static_cast<std::ptrdiff_t>(block[1].first));
    const auto next =
        std::upper_bound(items.begin(), items.end(), offset,
                         [](std::uint32_t wanted, const Item& item) { return wanted < item.offset; });
    return next == items.begin() ? block->directive : std::prev(next)->span;
}

} // namespace pyasm::assembler
