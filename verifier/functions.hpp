#pragma once

#include "isa/target.hpp"
#include "objects/code_object.hpp"
#include "support/hash.hpp"
#include "verifier/slot.hpp"

#include <cstdint>
#include <deque>
#include <string_view>
#include <tsl/robin_map.h>
#include <utility>
#include <vector>

namespace pyasm::verifier {

/// What the body of a code object takes for granted of an argument: `.0` of a generator expression is an
/// iterator,
/// `.defaults` of a function with type parameters a tuple. Nobody checks it when the function is called.
struct ArgumentDemand {
    std::uint32_t argument = 0;
    SlotKinds kinds = SlotKinds::Nothing;
    bool operator==(const ArgumentDemand&) const = default;
};

/// What is asked about code objects by those that make functions of them. Remembers the answers.
class Functions {
  public:
    Functions(const isa::Target& target, const objects::ValuePool& pool) : target_(target), pool_(pool) {}

    struct Facts {
        bool known = true; ///< false: it is the symbol of another unit's code object, which may be any
        std::uint32_t frees = 0;
        bool makes_generator = false; ///< calling it gives a generator, which is an iterator
        std::vector<ArgumentDemand> demands;
        /// Free variables with a name that only compilers give, whose cells must be those of that name.
        std::vector<std::pair<std::uint32_t, std::string_view>> named_frees;

        bool operator==(const Facts&) const = default;
    };
    /// Any value; one that is no code object has no free variables and no demands. Valid until the next call.
    [[nodiscard]] const Facts& of(objects::ValueId code);

  private:
    [[nodiscard]] bool iterates_over_first(const objects::CodeObject& code) const;

    const isa::Target& target_;
    const objects::ValuePool& pool_;
    [[nodiscard]] Facts find_out(const objects::CodeObject& code) const;

    // Most have none of it: they share the first.
    std::deque<Facts> facts_{Facts{}};
    tsl::robin_map<std::uint64_t, std::uint32_t, support::NumberHash> known_; // index in `facts_`
};

} // namespace pyasm::verifier
