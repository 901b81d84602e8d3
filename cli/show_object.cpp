#include "cli/show_object.hpp"

#include "cli/input.hpp"
#include "linker/object_file.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <ostream>
#include <vector>

namespace pyasm::cli {
namespace {

std::string symbols(std::string_view title, const std::vector<linker::ObjectSymbol>& symbols) {
    if (symbols.empty()) return {};
    std::string text;
    for (const linker::ObjectSymbol& symbol : symbols)
        text += fmt::format("  {:<8}  {:<8}  {}\n", text.empty() ? title : "",
                            symbol.is_code ? "code" : "constant", support::printable(symbol.name));
    return text;
}

} // namespace

int show_object(const std::string& path, std::string_view content, const Console& console) {
    const auto header = linker::read_object(content);
    if (!header) {
        const support::Error& error = header.error();
        report_input(
            path, error.offset ? fmt::format("at byte {}: {}", *error.offset, error.message) : error.message,
            "Make it again with pyasm asm -c.", console);
        return status_input_at_fault;
    }
    console.out << fmt::format("{}: object file for CPython {}, {} bytes\n", display_name(path),
                               header->target->name, content.size())
                << fmt::format("  made of   {}\n", support::printable(header->source))
                << fmt::format("  body      {}\n",
                               header->has_module ? "it has one, which can be a program's" : "none")
                << symbols("exports", header->globals) << symbols("wants", header->externs);
    return status_done;
}

} // namespace pyasm::cli
