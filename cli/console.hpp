#pragma once

#include <cstddef>
#include <iosfwd>
#include <string_view>

namespace pyasm::cli {

/// The streams of one run and what is known of them.
struct Console {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool standard_in = false;  ///< `in` is std::cin
    bool standard_out = false; ///< `out` and `err` are std::cout and std::cerr
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool color = false;    ///< colour what goes to `err`
    std::size_t width = 0; ///< columns of the terminal behind `out`; 0 = lines may be of any length

    /// Writes "pyasm: error: MESSAGE" to `err`. Names of files in it come out as they may be shown: with
    /// escapes for control characters and what is no text.
    void error(std::string_view message) const;
    /// Writes "pyasm: MESSAGE" to `err`, in the same way.
    void note(std::string_view message) const;
    /// The same streams with another `err`.
    [[nodiscard]] Console with_err(std::ostream& other) const;
};

/// `color_when` is "always", "never" or "auto" (on a terminal, unless NO_COLOR is set or TERM is dumb).
[[nodiscard]] Console make_console(std::istream& in, std::ostream& out, std::ostream& err,
                                   std::string_view color_when);

} // namespace pyasm::cli
