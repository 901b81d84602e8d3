#include "cli/depfile.hpp"

#include "cli/outputs.hpp"
#include "support/files.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <set>
#include <utility>

namespace pyasm::cli {

namespace {

enum class Place : std::uint8_t { Target, Prerequisite };

/// What GNU make 4.3 and ninja 1.11 read back as `path`, without line breaks. Where make would take a part
/// for a pattern, make goes first, which would lose the dependency without a word: ninja knows neither \% nor
/// \[, and has no form at all for * and ?, so that it builds too often or stops. Nothing makes make read ; =
/// or |.
std::string escaped(std::string_view path, Place place) {
    constexpr std::string_view special = " \t#:*?[";
    std::string result;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (special.find(c) != std::string_view::npos || (c == '%' && place == Place::Target)) {
            // Backslashes in front of an escaped character stand for themselves only if they are doubled.
            for (std::size_t back = i; back != 0 && path[back - 1] == '\\'; --back) result += '\\';
            result += '\\';
        } else if (c == '$') {
            result += '$';
        }
        result += c;
    }
    return result;
}

} // namespace

bool check_depfile_names(const std::vector<std::string>& files, const Console& console) {
    for (const std::string& file : files) {
        if (!is_file_path(file) || file.find_first_of("\n\r") == std::string::npos) continue;
        console.error(fmt::format("-MD cannot name a file with a line break in its name: {}", file));
        return false;
    }
    return true;
}

std::optional<std::string> depfile_text(const std::string& output, const std::vector<std::string>& named,
                                        const std::vector<std::string>& found, const Console& console) {
    if (!check_depfile_names({output}, console) || !check_depfile_names(named, console) ||
        !check_depfile_names(found, console))
        return {};
    std::string text = escaped(output, Place::Target) + ':', rules;
    std::set<std::string_view> seen{output};
    const auto add = [&](const std::vector<std::string>& files, bool have_rules) {
        for (const std::string& file : files) {
            if (!is_file_path(file) || !seen.insert(file).second) continue;
            text += fmt::format(" \\\n  {}", escaped(file, Place::Prerequisite));
            // As a target, % makes a pattern in make, and \% is to ninja an output that nobody declared.
            if (have_rules && file.find('%') == std::string::npos)
                rules += fmt::format("\n{}:\n", escaped(file, Place::Target));
        }
    };
    add(named, false);
    add(found, true);
    return text + '\n' + rules;
}

std::string depfile_path(const Arguments& arguments, const std::string& output) {
    if (const auto& path = arguments.value(OptionId::DepfilePath)) return *path;
    return std::filesystem::path(output).replace_extension(".d").string();
}

std::string_view depfile_option(const Arguments& arguments) {
    return arguments.value(OptionId::DepfilePath) ? "-MF" : "-MD";
}

bool check_depfile_options(const Arguments& arguments, std::size_t outputs, bool to_standard_output,
                           const Console& console) {
    const bool wanted = arguments.has(OptionId::Depfile), named = arguments.has(OptionId::DepfilePath);
    if (named && !wanted) {
        console.error("-MF says where the depfile of -MD goes; give both");
    } else if (const auto& path = arguments.value(OptionId::DepfilePath);
               path && (path->empty() || *path == "-")) {
        console.error("-MF needs the name of a file");
    } else if (wanted && to_standard_output) {
        console.error("-MD needs an output that is a file; name it with -o");
    } else if (named && outputs > 1) {
        console.error(
            "-MF names one depfile, and there are several outputs; without it, each has its own beside it");
    } else {
        return true;
    }
    return false;
}

bool write_depfile(const Depfile& depfile, const Console& console) {
    const auto written = support::write_file(depfile.path, support::as_bytes(depfile.text));
    if (!written.ok())
        console.error(fmt::format("cannot write {}: {}", depfile.path, written.error().message));
    return written.ok();
}

ReadFile noting(ReadFile read, std::vector<std::string>* files) {
    if (!files) return read;
    return [read = std::move(read), files](const std::string& path) {
        files->push_back(path);
        return read(path);
    };
}

} // namespace pyasm::cli
