#include "assembler/places.hpp"

#include <algorithm>
#include <utility>

namespace pyasm::assembler {

using objects::ValueId;
using support::Span;

void Places::add(ValueId code, Span directive, std::vector<Item> items) {
    blocks_.push_back({code, directive, std::move(items)});
}

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
    const auto next =
        std::upper_bound(block->items.begin(), block->items.end(), offset,
                         [](std::uint32_t wanted, const Item& item) { return wanted < item.offset; });
    return next == block->items.begin() ? block->directive : std::prev(next)->span;
}

} // namespace pyasm::assembler
