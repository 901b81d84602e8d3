#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::linker {

/// What comes in front of the colon in `helpers:Class.method`: the file's name without folders, without the
/// ending
/// (`.pyc`, `.pyo`, `.pyasm`, `.pyasmo`) and without what an interpreter puts before it
/// (`.cpython-313.opt-1`). What a symbol cannot hold is replaced by `_`.
[[nodiscard]] std::string stem_of(std::string_view path);

/// What stands for a file in symbols, and tells it from others.
class FileName {
  public:
    explicit FileName(std::string_view path);

    /// Whether `prefix` can stand for it: its stem; or its name with the ending ("helpers.pyc"); in front of
    /// either, the names of folders of its path as it was given, with dots between: "tools.helpers" of
    /// "lib/tools/helpers.pyc".
    [[nodiscard]] bool matches(std::string_view prefix) const;
    /// What can stand for it, the shortest first, so many at most.
    [[nodiscard]] std::vector<std::string> prefixes(std::size_t most) const;

  private:
    [[nodiscard]] bool matches(std::string_view prefix, std::string_view name) const;

    std::string stem_;
    std::string name_;
    std::string folders_; ///< "lib.tools."; "." and ".." and `__pycache__` are left out
};

/// The two parts of `helpers:Class.method`; without a colon, `stem` is empty.
struct SplitSymbol {
    std::string_view stem, name;
};
[[nodiscard]] SplitSymbol split_symbol(std::string_view symbol);

} // namespace pyasm::linker
