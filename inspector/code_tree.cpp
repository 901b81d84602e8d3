#include "inspector/code_tree.hpp"

#include "objects/code_object.hpp"

#include <span>

namespace pyasm::inspector {

using objects::ValueId;
using objects::ValueKind;

CodeTree::CodeTree(const objects::PycFile& file) : numbers_(file.pool.size(), none) {
    const objects::ValuePool& pool = file.pool;
    struct Pending {
        ValueId id;
        std::uint32_t parent;
    };
    std::vector<Pending> pending;
    std::vector<bool> seen(pool.size());
    const auto put = [&](ValueId id, std::uint32_t parent) {
        if (id == objects::no_value) return;
        const ValueKind kind = pool[id].kind;
        if (kind == ValueKind::Code || objects::is_container(kind)) pending.push_back({id, parent});
    };
    put(file.top, none);
    while (!pending.empty()) {
        const auto [id, parent] = pending.back();
        pending.pop_back();
        if (seen[static_cast<std::size_t>(id)]) continue;
        seen[static_cast<std::size_t>(id)] = true;
        if (pool[id].kind != ValueKind::Code) {
            const std::span<const ValueId> members = pool.children(id);
            for (std::size_t i = members.size(); i-- > 0;) put(members[i], parent);
            continue;
        }
        const auto number = static_cast<std::uint32_t>(entries_.size());
        numbers_[static_cast<std::size_t>(id)] = number;
        entries_.push_back({id, parent, parent == none ? 0 : entries_[parent].depth + 1});
        put(pool.code(id).consts, number);
    }
}

} // namespace pyasm::inspector
