#include "cli/input.hpp"

#include "linker/object_file.hpp"
#include "support/diagnostics.hpp"
#include "support/files.hpp"
#include "support/render.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <ostream>
#include <vector>

namespace pyasm::cli {
namespace {

using support::Error;
using support::Result;

/// A stream does not tell a read that failed from the end, which would cut a text short: standard input is
/// read past it.
Result<std::string> read_stream(const Console& console) {
    if (console.standard_in) return support::read_descriptor(0, input_limit);
    std::istream& in = console.in;
    std::string text;
    std::vector<char> buffer(std::size_t{1} << 16);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
        if (text.size() > input_limit) return Error{fmt::format("is larger than {} bytes", input_limit)};
    }
    if (in.bad()) return Error{"cannot be read"};
    return text;
}

/// A file with a header is easily taken for one without, and the other way round.
std::string help_for(support::Bytes bytes, bool as_marshal) {
    const bool has_magic = bytes.size() >= 4 && bytes[2] == '\r' && bytes[3] == '\n';
    if (as_marshal && has_magic) return "It begins as a .pyc does: leave out --marshal and --target.";
    if (!as_marshal && !has_magic && !bytes.empty())
        return "What marshal.dump wrote, without a header, is read with --marshal --target VERSION.";
    return {};
}

void report(const std::string& path, std::string message, std::string help, int status,
            const Console& console, PycInput& input) {
    report_input(path, std::move(message), std::move(help), console);
    input.errors = 1;
    input.status = status;
}

} // namespace

std::string display_name(const std::string& path) { return path == "-" ? "<stdin>" : path; }

void report_input(const std::string& path, std::string message, std::string help, const Console& console) {
    support::Diagnostics diagnostics;
    diagnostics.error_in(display_name(path), std::move(message), std::move(help));
    console.err << support::render(diagnostics, support::Sources{}, console.color);
}

bool is_text(std::string_view content) {
    const std::string_view start = content.substr(0, 512);
    if (content.size() >= 4 && content.substr(2, 2) == "\r\n") return false; // the end of a magic number
    if (start.empty() || std::any_of(start.begin(), start.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
        })) {
        return false;
    }
    const auto invalid = support::find_invalid_utf8(start);
    return !invalid || (content.size() > start.size() && start.size() - *invalid < 4); // a character is cut
}

std::optional<NoSource> other_than_source(std::string_view path, std::string_view content) {
    if (content.size() >= 4 && content.substr(2, 2) == "\r\n") {
        const auto low = static_cast<unsigned char>(content[0]);
        const auto high = static_cast<unsigned char>(content[1]);
        const std::string_view release = isa::release_of_magic(static_cast<std::uint16_t>(low | high << 8));
        if (!release.empty()) {
            return NoSource{fmt::format("is a .pyc of CPython {}, not assembly text", release),
                            "Take it apart with pyasm dis."};
        }
    }
    if (path.ends_with(".py")) {
        return NoSource{"is Python source, not assembly text",
                        "Compile it with Python, and take the .pyc apart with pyasm dis."};
    }
    return std::nullopt;
}

Result<std::string> read_input(const std::string& path, const Console& console) {
    return path == "-" ? read_stream(console) : support::read_file(path, input_limit);
}

void read_pyc_input(const std::string& path, const isa::Target* marshal_target, const Console& console,
                    PycInput& input) {
    Result<std::string> content = read_input(path, console);
    if (!content) return report(path, content.error().message, {}, status_system_at_fault, console, input);
    input.content = std::move(*content);
    parse_pyc_input(path, marshal_target, console, input);
}

void parse_pyc_input(const std::string& path, const isa::Target* marshal_target, const Console& console,
                     PycInput& input) {
    const support::Bytes bytes = support::as_bytes(input.content);
    if (marshal_target == nullptr && linker::is_object_file(input.content))
        return report(path, "is an object file, not a .pyc",
                      "Look into it with pyasm show, or make a program of it with pyasm link.",
                      status_input_at_fault, console, input);
    // An easy slip is to name hello.pyasm or hello.py for hello.pyc.
    if (marshal_target == nullptr && is_text(input.content)) {
        if (path.ends_with(".py")) {
            return report(path, "is Python source, not a .pyc",
                          "Compile it first: python -m py_compile FILE.", status_input_at_fault, console,
                          input);
        }
        if (path.ends_with(".pyasm")) {
            return report(path, "is assembly text, not a .pyc", "Assemble it with pyasm asm.",
                          status_input_at_fault, console, input);
        }
        return report(path, "is text, not a .pyc", {}, status_input_at_fault, console, input);
    }
    Result<objects::PycFile> file =
        marshal_target ? objects::read_marshal_file(bytes, *marshal_target) : objects::read_pyc(bytes);
    if (!file) {
        const Error& error = file.error();
        return report(
            path, error.offset ? fmt::format("at byte {}: {}", *error.offset, error.message) : error.message,
            help_for(bytes, marshal_target != nullptr), status_input_at_fault, console, input);
    }
    input.file = std::move(*file);
}

bool marshal_target(const Arguments& arguments, const Console& console, const isa::Target*& target) {
    target = nullptr;
    const auto& name = arguments.value(OptionId::Target);
    if (!arguments.has(OptionId::Marshal)) {
        if (!name) return true;
        console.error("a .pyc tells its version itself; --target is only for --marshal");
        return false;
    }
    if (!name) {
        console.error("a marshal file does not tell its version; add --target VERSION");
        return false;
    }
    target = target_by_name(*name, console);
    return target != nullptr;
}

const isa::Target* target_by_name(const std::string& name, const Console& console) {
    if (const isa::Target* target = isa::find_target(name)) return target;
    std::string known;
    for (const isa::Target& target : isa::all_targets()) {
        if (!known.empty()) known += ", ";
        known += target.name;
    }
    console.error(fmt::format("unknown target '{}'; there are {}", support::printable(name), known));
    return nullptr;
}

} // namespace pyasm::cli
