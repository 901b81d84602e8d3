#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "support/bytes.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Where the outputs of a command with many inputs go, decided before anything is read.
namespace pyasm::cli {

/// What is different between commands.
struct OutputRules {
    std::string_view command;                             ///< "asm"
    std::string_view noun;                                ///< what one output is called: ".pyc"
    std::string (*output_name)(const std::string& input); ///< "dir/hello.pyasm" -> "dir/hello.pyc"
    bool (*belongs_in_tree)(std::string_view name);       ///< whether -r takes a file of this name
    std::string_view tree_files;                          ///< what those are called: ".pyasm file"
    bool beside_input = true;                             ///< without -o; else to standard output
    bool binary = true;                                   ///< not for a terminal
    bool is_source = false;                               ///< what is written may be called .pyasm
};

/// asm: hello.pyasm -> hello.pyc, hello.pyo.pyasm -> hello.pyo; another ending stays and gets ".pyc" behind
/// it.
[[nodiscard]] const OutputRules& asm_outputs();
/// asm --expand: to standard output; hello.pyasm -> hello.pyasm in a folder.
[[nodiscard]] const OutputRules& expand_outputs();
/// asm -c: hello.pyasm -> hello.pyasmo; another ending stays and gets ".pyasmo" behind it.
[[nodiscard]] const OutputRules& object_outputs();
/// dis: hello.pyc -> hello.pyasm; another ending stays and gets ".pyasm" behind it.
[[nodiscard]] const OutputRules& dis_outputs();

/// One input and where its output goes.
struct Job {
    std::string input;   ///< "-" is standard input
    std::string output;  ///< "-" is standard output
    std::string problem; ///< why it cannot be done: a message about `input`; empty: it can be tried
};

struct Plan {
    std::vector<Job> jobs;
    std::string folder;      ///< to be made before something is written; empty: none
    bool is_tree = false;    ///< -r: outputs have their folders, which are made
    bool reads_more = false; ///< a job may read other files than its input, which no output must replace
    /// No output is written before all inputs are read: each can be what another input includes.
    bool reads_first = false;
};

/// verify: takes .pyc and .pyasm files, and writes nothing but messages.
[[nodiscard]] std::optional<Plan> plan_verification(const Arguments& arguments, const Console& console);

/// fmt: takes .pyasm files, and writes each in its own place.
[[nodiscard]] std::optional<Plan> plan_in_place(const Arguments& arguments, const Console& console);

/// Decides where each output goes, without looking into the inputs; with -r, walks the folder. Nothing, and
/// an error on the console, where the command line makes no sense or two files would be written to one place.
[[nodiscard]] std::optional<Plan> plan_outputs(const Arguments& arguments, const OutputRules& rules,
                                               const Console& console);

/// Writes an output whole or not at all; false, and an error on the console, where that is not possible.
[[nodiscard]] bool write_output(const Job& job, const Plan& plan, support::Bytes content,
                                const Console& console);

/// A file that a command is to write besides, or instead of, those of a plan.
struct OutputFile {
    std::string_view option; ///< that asks for it, as a message names it: "-o", "--map"
    std::string path;        ///< "-" is standard output
};

/// Whether no output is one of `inputs`, nor another output; if not, an error is on the console. Standard
/// input ("-") and embedded stubs ("<start>") are no files. Symbolic links are followed; of two hard links to
/// one file the other keeps its content, because an output takes the place of a name and is never written
/// into a file.
[[nodiscard]] bool check_outputs(std::span<const OutputFile> outputs, std::span<const std::string> inputs,
                                 const Console& console);

/// Whether no output has a source's name, hello.pyasm: what is written is none, and would replace one. If
/// not, an error is on the console.
[[nodiscard]] bool check_output_names(std::span<const OutputFile> outputs, const Console& console);

/// Whether a path among inputs is one of a file: not standard input ("-") and no embedded stub ("<start>").
[[nodiscard]] bool is_file_path(std::string_view path);

/// One spelling for all paths to a file, so that two can be compared. The file need not exist.
[[nodiscard]] std::string identity(const std::string& path);

} // namespace pyasm::cli
