#pragma once

#include "linker/children.hpp"
#include "objects/code_object.hpp"
#include "objects/pyc.hpp"

#include <algorithm>
#include <vector>

namespace pyasm::linker {

/// Visits the values under a file's top object, each once, in the order in which they are written. `visit`
/// may change what is in the value and add others to the pool: its members are looked at behind it. No
/// recursion; linear.
template <class Visit> void walk_values(const objects::PycFile& file, Visit&& visit) {
    std::vector<objects::ValueId> stack{file.top};
    std::vector<bool> seen(file.pool.size());
    while (!stack.empty()) {
        const objects::ValueId id = stack.back();
        stack.pop_back();
        const auto index = static_cast<std::size_t>(id);
        if (index >= file.pool.size()) continue;
        if (index >= seen.size()) seen.resize(file.pool.size());
        if (seen[index]) continue;
        seen[index] = true;
        visit(id);
        const std::size_t first = stack.size();
        for_each_child(file.pool, *file.target, id, [&](objects::ValueId child) { stack.push_back(child); });
        std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(first), stack.end());
    }
}

/// The code objects under a file's top object, each once, an outer one before those in it, in the order in
/// which they are written. No recursion; linear.
[[nodiscard]] std::vector<objects::ValueId> code_objects(const objects::PycFile& file);

/// Whether an interpreter takes a constant of this kind for a docstring where one may stand.
[[nodiscard]] bool is_docstring(const isa::Target& target, objects::ValueKind kind);

/// Whether the first constant of a code object becomes `__doc__` when a function is made of it. Up to 3.13
/// that is so where it is a string, whatever it was meant for; from 3.14 on a flag says it. Source:
/// PyFunction_New in Objects/funcobject.c of each version.
[[nodiscard]] bool has_docstring(const objects::ValuePool& pool, const isa::Target& target,
                                 const objects::CodeObject& code);

/// How large a file is as `write_pyc` writes it; 0 where that fails.
[[nodiscard]] std::size_t written_size(const objects::PycFile& file);

} // namespace pyasm::linker
