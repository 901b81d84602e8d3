#pragma once

#include "tools/campaign/random.hpp"
#include "tools/campaign/subject.hpp"

#include <string>

namespace pyasm::campaign {

/// Makes one change to one code object and returns what it was, in words; empty where it came to nothing.
[[nodiscard]] std::string change(Subject& subject, objects::ValueId code, Random& random);

/// The two halves of `change`: instructions with the exception table, and all other fields.
[[nodiscard]] std::string change_body(Subject& subject, objects::ValueId code, Random& random);
[[nodiscard]] std::string change_field(Subject& subject, objects::ValueId code, Random& random);

} // namespace pyasm::campaign
