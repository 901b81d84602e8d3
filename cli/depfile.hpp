#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "support/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::cli {

/// A file that tells make, ninja and CMake what an output is made of.
struct Depfile {
    std::string path;
    std::string text;
};

/// Whether a depfile can name these files: none has a line break in its name, for which there is no form. If
/// not, an error is on the console.
[[nodiscard]] bool check_depfile_names(const std::vector<std::string>& files, const Console& console);

/// The rule `output: named... found...`, each file once, with what make would take for something else
/// escaped. `found`: what the named files have led to, which need not be there the next time; each has an
/// empty rule (but where its name has a %), so that make does not give up where one is gone. Standard input
/// ("-") and embedded stubs ("<start>") are no files. Nothing, and an error on the console, where
/// check_depfile_names() does not hold.
[[nodiscard]] std::optional<std::string> depfile_text(const std::string& output,
                                                      const std::vector<std::string>& named,
                                                      const std::vector<std::string>& found,
                                                      const Console& console);

/// Where the depfile of an output goes: what -MF says, else the output's name with the ending .d.
[[nodiscard]] std::string depfile_path(const Arguments& arguments, const std::string& output);

/// The option that says so, for messages.
[[nodiscard]] std::string_view depfile_option(const Arguments& arguments);

/// Whether -MD and -MF make sense for so many outputs; if not, an error is on the console.
[[nodiscard]] bool check_depfile_options(const Arguments& arguments, std::size_t outputs,
                                         bool to_standard_output, const Console& console);

/// Writes it whole or not at all; false, and an error on the console, where that is not possible.
[[nodiscard]] bool write_depfile(const Depfile& depfile, const Console& console);

using ReadFile = std::function<support::Result<std::string>(const std::string& path)>;
/// `read`, which also notes in `files` what it was asked for; `files` may be null.
[[nodiscard]] ReadFile noting(ReadFile read, std::vector<std::string>* files);

} // namespace pyasm::cli
