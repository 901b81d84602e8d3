#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "objects/pyc.hpp"
#include "support/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pyasm::cli {

inline constexpr int status_done = 0;
inline constexpr int status_input_at_fault = 1;
inline constexpr int status_system_at_fault = 2;

/// Largest text or `.pyc` that is read, in bytes. Far above any real one; it keeps an endless stream from
/// filling the memory.
inline constexpr std::uint64_t input_limit = std::uint64_t{512} << 20;

/// What an input is called in messages: "-" is "<stdin>".
[[nodiscard]] std::string display_name(const std::string& path);

/// Says on standard error what is wrong with an input as a whole, and what to do.
void report_input(const std::string& path, std::string message, std::string help, const Console& console);

/// The whole content of a file; of "-", the console's input. The error does not repeat the path.
[[nodiscard]] support::Result<std::string> read_input(const std::string& path, const Console& console);

/// Whether a file that is no `.pyc` is a text.
[[nodiscard]] bool is_text(std::string_view content);

/// What an input is instead of assembly text, and what to do with it.
struct NoSource {
    std::string message;
    std::string help;
};
/// An easy slip is to name hello.pyc or hello.py for hello.pyasm. Nothing where `content` may be assembly
/// text.
[[nodiscard]] std::optional<NoSource> other_than_source(std::string_view path, std::string_view content);

/// A `.pyc` that was read, with the bytes that its values are views into; or what went wrong.
struct PycInput {
    int status = status_done;
    std::size_t errors = 0; ///< that were reported
    std::string content;
    objects::PycFile file; ///< of use just if `status` is `status_done`
    PycInput() = default;
    PycInput(const PycInput&) = delete; // a short content's bytes would move
    PycInput& operator=(const PycInput&) = delete;
};

/// Reads `path` ("-": the console's input) into `input`. `marshal_target`: the file is what marshal.dump
/// wrote in that version; null: a `.pyc`. What is wrong goes to the console's `err`.
void read_pyc_input(const std::string& path, const isa::Target* marshal_target, const Console& console,
                    PycInput& input);

/// The same with the content, which has been read, in `input`.
void parse_pyc_input(const std::string& path, const isa::Target* marshal_target, const Console& console,
                     PycInput& input);

/// What --marshal and --target say together: the target of a bare marshal file, or null for a `.pyc`. False,
/// and an error on the console, where they do not fit.
[[nodiscard]] bool marshal_target(const Arguments& arguments, const Console& console,
                                  const isa::Target*& target);

/// The target that `name` names; null, and an error on the console, if there is none.
[[nodiscard]] const isa::Target* target_by_name(const std::string& name, const Console& console);

} // namespace pyasm::cli
