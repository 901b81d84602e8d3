#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "objects/pyc.hpp"

namespace pyasm::cli {

/// Whether a linked program is to be made smaller: --strip, --gc or --fold.
[[nodiscard]] bool wants_passes(const Arguments& arguments);

/// Does what they ask for, in that order: what is stripped leaves garbage, and makes more the same. Says on
/// the console's `err` what each has saved.
void run_passes(const Arguments& arguments, objects::PycFile& file, const Console& console);

} // namespace pyasm::cli
