#include "cli/console.hpp"

#include "support/terminal.hpp"
#include "support/text.hpp"

#include <cstdlib>
#include <iostream>

namespace pyasm::cli {
namespace {

bool wants_color(std::string_view when, bool is_terminal) {
    if (when == "always") return true;
    if (when == "never" || !is_terminal) return false;
    const char* no_color = std::getenv("NO_COLOR"); // https://no-color.org: set and not empty
    if (no_color != nullptr && *no_color != '\0') return false;
    const char* term = std::getenv("TERM");
    return term == nullptr || std::string_view(term) != "dumb";
}

} // namespace

void Console::error(std::string_view message) const {
    err << "pyasm: " << (color ? "\x1b[1;31merror:\x1b[0m " : "error: ") << support::visible(message) << '\n';
}

void Console::note(std::string_view message) const { err << "pyasm: " << support::visible(message) << '\n'; }

Console Console::with_err(std::ostream& other) const {
    return {in, out, other, standard_in, standard_out, out_is_terminal, err_is_terminal, color, width};
}

Console make_console(std::istream& in, std::ostream& out, std::ostream& err, std::string_view color_when) {
    Console console{in, out, err};
    console.standard_in = &in == &std::cin;
    console.standard_out = &out == &std::cout && &err == &std::cerr;
    console.out_is_terminal = &out == &std::cout && support::is_terminal(1);
    console.err_is_terminal = &err == &std::cerr && support::is_terminal(2);
    console.color = wants_color(color_when, console.err_is_terminal);
    if (console.out_is_terminal) console.width = support::terminal_width(1).value_or(80);
    return console;
}

} // namespace pyasm::cli
