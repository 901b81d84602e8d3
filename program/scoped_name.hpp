#pragma once

#include "support/hash.hpp"

#include <cstdint>
#include <string_view>

namespace pyasm::program {

/// A name and the scope it belongs to (a block of a unit, the file, a signature): the key of a table. The
/// text is a view.
struct ScopedName {
    std::uint32_t scope = 0;
    std::string_view name;

    bool operator==(const ScopedName&) const = default;
};

struct ScopedNameHash {
    [[nodiscard]] std::size_t operator()(const ScopedName& key) const {
        return support::Hasher().number(key.scope).text(key.name).value();
    }
};

} // namespace pyasm::program
