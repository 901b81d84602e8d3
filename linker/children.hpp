#pragma once

#include "isa/target.hpp"
#include "objects/code_fields.hpp"
#include "objects/value.hpp"

namespace pyasm::linker {

/// Visits what stands directly in a container or a code object, in the order in which marshal writes it:
/// `visit(ValueId&)` for a pool that may be changed, else `visit(ValueId)`. Other values have nothing in
/// them.
template <class Pool, class Visit>
void for_each_child(Pool& pool, const isa::Target& target, objects::ValueId id, Visit&& visit) {
    const objects::ValueKind kind = pool[id].kind;
    if (objects::is_container(kind)) {
        for (auto& child : pool.children(id)) visit(child);
    } else if (kind == objects::ValueKind::Code) {
        objects::visit_code_fields(
            target.code, pool.code(id), [](std::int32_t) { return true; },
            [&](auto& field, objects::FieldKind, std::string_view) {
                visit(field);
                return true;
            });
    }
}

} // namespace pyasm::linker
