#pragma once

#include "cli/console.hpp"
#include "isa/target.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pyasm::cli {

/// A Python interpreter and what it says of itself.
struct Interpreter {
    std::string path;
    std::uint16_t magic = 0; ///< first two bytes of its `.pyc` files
    std::string version;     ///< "3.13.0"
};

/// Asks a program for its magic number; nothing if it is no Python or does not answer in time.
[[nodiscard]] std::optional<Interpreter> ask_interpreter(const std::string& path);

/// The interpreter that `--python` names, a path or a name on PATH. Nothing, and an error on the console, if
/// there is none.
[[nodiscard]] std::optional<Interpreter> named_interpreter(const std::string& name, const Console& console);

/// The first interpreter on PATH that has the target's magic number, of pythonX.Y, python3, python2 and
/// python in this order. Nothing, and an error on the console that says what was found instead, if there is
/// none; `advice` goes with it.
[[nodiscard]] std::optional<Interpreter>
matching_interpreter(const isa::Target& target, std::string_view advice, const Console& console);

/// The target of the python3 (else python) on PATH. Null, and an error on the console, if there is none or it
/// is of no known version.
[[nodiscard]] const isa::Target* default_target(const Console& console);

/// "/usr/bin/python3.13 (version 3.13.0, magic number 3571)"
[[nodiscard]] std::string describe(const Interpreter& interpreter);

} // namespace pyasm::cli
