#include "cli/format_file.hpp"

#include "cli/input.hpp"
#include "grammar/layout.hpp"
#include "support/render.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>

namespace pyasm::cli {
namespace {

using support::Result;
namespace fs = std::filesystem;

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view plain = "\x1b[0m";
/// Bytes of a line that are shown.
constexpr std::size_t shown = 160;

/// Takes the first line off a text; with its line end cut off.
std::string_view next_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// What the first line that differs is, and how many there are. Lines keep their numbers.
struct Difference {
    std::size_t line = 0; ///< from 1
    std::string_view before;
    std::string_view after;
    std::size_t lines = 0;
};

Difference compare(std::string_view before, std::string_view after) {
    Difference result;
    for (std::size_t line = 1; !before.empty() && !after.empty(); ++line) {
        const std::string_view old_line = next_line(before);
        const std::string_view new_line = next_line(after);
        if (old_line == new_line) continue;
        if (result.lines++ == 0) {
            result.line = line;
            result.before = old_line;
            result.after = new_line;
        }
    }
    return result;
}

/// A line as part of a difference; blanks at its end, which nobody would see, as dots.
std::string shown_line(std::string_view line) {
    const std::string_view code = line.substr(0, line.find_last_not_of(" \t\f\r") + 1);
    std::string text = support::printable(code, shown);
    for (const char c : line.substr(code.size())) text += c == ' ' ? "\u00b7" : support::printable({&c, 1});
    return text;
}

void report_difference(const std::string& path, std::string_view before, std::string_view after,
                       const Console& console) {
    const std::string name = support::visible(display_name(path));
    const Difference found = compare(before, after);
    if (found.lines == 0) {
        const bool unfinished = !before.ends_with('\n') && after.starts_with(before);
        console.err << fmt::format("{}: would change: {}\n", name,
                                   unfinished ? "its last line does not end"
                                              : "there are empty lines at its end");
        return;
    }
    const std::string others = found.lines == 1 ? "" : fmt::format(" and {} more", found.lines - 1);
    console.err << fmt::format("{}:{}: this line{} would change:\n", name, found.line, others);
    const auto put = [&](std::string_view sign, std::string_view line, std::string_view color) {
        console.err << "    " << (console.color ? color : "") << sign << ' ' << shown_line(line)
                    << (console.color ? plain : "") << '\n';
    };
    put("-", found.before, red);
    put("+", found.after, green);
}

Converted refuse(const std::string& path, std::string message, std::string help, int status,
                 const Console& console) {
    report_input(path, std::move(message), std::move(help), console);
    Converted result;
    result.status = status;
    result.errors = 1;
    return result;
}

} // namespace

Converted format_file(const std::string& path, bool check, const Console& console) {
    std::error_code unknown; // of what is not there, reading says more
    if (!check && path != "-" && fs::is_other(path, unknown)) {
        return refuse(path, "is no file with a content of its own, and is not laid out in place",
                      "For what a pipe has write -: it goes to standard output.", status_system_at_fault,
                      console);
    }
    Result<std::string> content = read_input(path, console);
    if (!content) {
        std::string help =
            fs::is_directory(path, unknown) ? "With -r, all sources in it and below are taken." : "";
        return refuse(path, content.error().message, std::move(help), status_system_at_fault, console);
    }
    if (std::optional<NoSource> other = other_than_source(path, *content)) {
        return refuse(path, std::move(other->message), std::move(other->help), status_input_at_fault,
                      console);
    }
    Converted result;
    result.bytes_read = content->size();
    support::Sources sources;
    const Result<const support::SourceFile*> file = sources.add(display_name(path), std::move(*content));
    if (!file) return refuse(path, file.error().message, {}, status_input_at_fault, console);
    const std::string_view before = file.value()->text;

    support::Diagnostics diagnostics;
    const std::optional<std::string> after = grammar::lay_out(*file.value(), diagnostics);
    if (!after) {
        console.err << support::render(diagnostics, sources, console.color);
        result.status = status_input_at_fault;
        result.errors = diagnostics.error_count();
        return result;
    }
    const bool changes = *after != before;
    if (check && changes) {
        report_difference(path, before, *after, console);
        result.would_change = true;
        result.status = status_input_at_fault;
    } else if (!check && (changes || path == "-")) {
        result.output.emplace().bytes(*after);
    }
    return result;
}

} // namespace pyasm::cli
