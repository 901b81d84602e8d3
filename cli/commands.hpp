#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"

namespace pyasm::cli {

/// Each does one command and returns the exit status. The arguments are those of its own command.
int run_asm(const Arguments& arguments, const Console& console);
int run_link(const Arguments& arguments, const Console& console);
int run_dis(const Arguments& arguments, const Console& console);
int run_show(const Arguments& arguments, const Console& console);
int run_verify(const Arguments& arguments, const Console& console);
int run_run(const Arguments& arguments, const Console& console);
int run_fmt(const Arguments& arguments, const Console& console);
int run_targets(const Arguments& arguments, const Console& console);
int run_ops(const Arguments& arguments, const Console& console);

} // namespace pyasm::cli
