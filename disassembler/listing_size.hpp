#pragma once

#include "objects/value.hpp"
#include "support/result.hpp"

#include <span>

namespace pyasm::disassembler {

/// Many code objects may share one co_code or one tuple of names, which a listing writes out for each: a
/// small file could ask for a listing without bound. Fails where the code objects would take more than
/// sixteen times what each of their parts takes once (and more than some megabytes); files of compilers stay
/// below two times.
[[nodiscard]] support::Result<void> check_listing_size(const objects::ValuePool& pool,
                                                       std::span<const objects::ValueId> codes);

} // namespace pyasm::disassembler
