#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The one table of commands and options. Parsing, `--help`, the man page and the completions all come from
/// it.
namespace pyasm::cli {

enum class CommandId : std::uint8_t { None, Asm, Link, Dis, Show, Verify, Run, Fmt, Targets, Ops, Help };

enum class OptionId : std::uint8_t {
    Help,
    Version,
    Color,
    Output,
    Recursive,
    Jobs,
    Target,
    Python,
    Exact,
    Source,
    Offsets,
    Stack,
    Bytes,
    Json,
    Explain,
    NoVerify,
    Marshal,
    Include,
    Define,
    Expand,
    Check,
    Generate,
    Compile,
    LibraryPath,
    Library,
    Main,
    ListStubs,
    Depfile,
    DepfilePath,
    Splice,
    Replace,
    Map,
    Strip,
    Gc,
    Fold
};
inline constexpr std::size_t option_count = 35;

/// What a shell offers for a word.
enum class Completion : std::uint8_t {
    None,
    File,
    Source,
    Bytecode,
    SourceOrBytecode,
    BytecodeOrObject,
    LinkInput,
    Folder,
    Program,
    Target,
    Color,
    Instruction,
    Command
};

struct OptionSpec {
    OptionId id;
    std::string_view short_name; ///< "-o", or of compilers "-MD"; may be empty
    std::string_view long_name;  ///< "--output"
    std::string_view value;      ///< "PATH"; empty for a flag
    std::string_view help;       ///< what it does, as a clause without a full stop
    Completion completion = Completion::None;
    bool hidden = false;
    bool repeats = false; ///< it may be given several times, and its value may follow the short name at once
};

struct OperandSpec {
    std::string_view name; ///< "FILE"
    std::string_view help;
    Completion completion = Completion::None;
};

/// A command line that works as it stands, given a hello.pyasm (assembled where a .pyc is named) and folders,
/// and what it does.
struct Example {
    std::string_view command;
    std::string_view meaning;
};

struct CommandSpec {
    CommandId id;
    std::string_view name;
    std::string_view usage;       ///< what follows "pyasm NAME"
    std::string_view summary;     ///< a clause
    std::string_view description; ///< paragraphs, with a blank line between
    std::span<const OperandSpec> operands;
    std::span<const OptionId> options; ///< besides those that every command has
    std::span<const Example> examples;
    bool passes_arguments_on =
        false; ///< what follows its first operand belongs to another program, untouched
    std::string_view output_help = {}; ///< of its --output, where that is not what the table of options says
};

[[nodiscard]] std::span<const OptionSpec> all_options();
[[nodiscard]] const OptionSpec& option(OptionId id);
/// The same as a command has it, with its own words.
[[nodiscard]] OptionSpec option_of(const CommandSpec& command, OptionId id);
/// Options that every command has.
[[nodiscard]] std::span<const OptionId> common_options();
/// Commands that are listed; `Help` is not.
[[nodiscard]] std::span<const CommandSpec> all_commands();
/// The command of this name; null if there is none.
[[nodiscard]] const CommandSpec* find_command(std::string_view name);
/// The listed command with this id.
[[nodiscard]] const CommandSpec& command(CommandId id);
/// What `pyasm` itself is, with the options it takes without a command.
[[nodiscard]] const CommandSpec& program();

struct ExitStatus {
    int code;
    std::string_view meaning;
};
[[nodiscard]] std::span<const ExitStatus> exit_statuses();

/// A command line, understood.
struct Arguments {
    CommandId command = CommandId::None;
    std::vector<std::string> words;                              ///< the operands in order
    std::vector<std::string> program_arguments;                  ///< for a command that passes arguments on
    std::array<std::optional<std::string>, option_count> values; ///< by option; a flag that is given has ""
    std::array<std::vector<std::string>, option_count> lists;    ///< by option, of those that repeat
    std::array<std::vector<std::string>, option_count>
        spellings; ///< of those: the name each was given by, -D say

    [[nodiscard]] bool has(OptionId id) const { return values[static_cast<std::size_t>(id)].has_value(); }
    [[nodiscard]] const std::optional<std::string>& value(OptionId id) const {
        return values[static_cast<std::size_t>(id)];
    }
    /// All values of an option that repeats, in order.
    [[nodiscard]] const std::vector<std::string>& list(OptionId id) const {
        return lists[static_cast<std::size_t>(id)];
    }
};

} // namespace pyasm::cli
