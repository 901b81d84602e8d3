#pragma once

#include "program/scoped_name.hpp"
#include "support/span.hpp"

#include <tsl/robin_map.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace pyasm::grammar {

/// Where names of scopes (labels of blocks, symbols of blocks) were first defined. The names are views.
class PlaceTable {
  public:
    /// The place of an earlier definition; unknown if this is the first, which is then noted.
    [[nodiscard]] support::Span define(std::uint32_t scope, std::string_view name, support::Span place) {
        const auto [known, is_first] = places_.try_emplace(program::ScopedName{scope, name}, place);
        return is_first ? support::Span{} : known->second;
    }

    /// Forgets a definition, if it is the one at `place`.
    void forget(std::uint32_t scope, std::string_view name, support::Span place) {
        const auto known = places_.find(program::ScopedName{scope, name});
        if (known != places_.end() && known->second == place) places_.erase(known);
    }

  private:
    using Key = program::ScopedName;
    using Entry = std::pair<Key, support::Span>;
    static constexpr bool store_hash = true; // growing need not read the names again
    tsl::robin_map<Key, support::Span, program::ScopedNameHash, std::equal_to<Key>, std::allocator<Entry>,
                   store_hash>
        places_;
};

} // namespace pyasm::grammar
