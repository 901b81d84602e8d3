#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pyasm::cli {

/// A text that is made of the option table: "man" (a man page in roff), "bash", "zsh" or "fish"
/// (completions); nothing for another word. The build calls `pyasm --generate WHAT > FILE` after linking and
/// installs
///
///     man  as share/man/man1/pyasm.1
///     bash as share/bash-completion/completions/pyasm
///     zsh  as share/zsh/site-functions/_pyasm
///     fish as share/fish/vendor_completions.d/pyasm.fish
[[nodiscard]] std::optional<std::string> generate(std::string_view what);

} // namespace pyasm::cli
