#pragma once

#include "assembler/assemble.hpp"
#include "assembler/context.hpp"

namespace pyasm::assembler {

/// The header that the unit's `.source` or `.hash` asks for; the default one where it asks for none.
[[nodiscard]] objects::PycHeader make_header(UnitContext& context, const AssembleOptions& options);

} // namespace pyasm::assembler
