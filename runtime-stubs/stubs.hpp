#pragma once

#include <span>
#include <string>
#include <string_view>

/// The sources that programs include or are linked with: the `.pyasm` files of this folder, embedded.
namespace pyasm::runtime_stubs {

struct Stub {
    std::string_view name; ///< its file's name without ending: "start", as in `.include <start>`
    std::string_view text; ///< the whole file
};

/// All of them, sorted by name.
[[nodiscard]] std::span<const Stub> all();
/// Null if there is none of this name.
[[nodiscard]] const Stub* find(std::string_view name);

/// The stub that defines a macro; null if none does.
[[nodiscard]] const Stub* find_macro(std::string_view macro);
/// The macro of any stub that `word` is likely to be a misspelling of; empty if none is near. Those of the
/// stubs themselves, which begin with an underscore, are none.
[[nodiscard]] std::string_view nearest_macro(std::string_view word);

/// What the comment says that a stub begins with, without the marks. Its first line is a summary, and the
/// others follow behind an empty line. Lines end in LF, the last one too; empty where there is no such
/// comment.
[[nodiscard]] std::string documentation(const Stub& stub);
/// The first line of the documentation.
[[nodiscard]] std::string_view summary(const Stub& stub);

} // namespace pyasm::runtime_stubs
