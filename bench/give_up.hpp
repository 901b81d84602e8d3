#pragma once

#include <string>

namespace pyasm::bench {

/// Says why there is nothing to measure, and ends the program.
[[noreturn]] void give_up(const std::string& why);

} // namespace pyasm::bench
