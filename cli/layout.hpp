#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::cli {

/// Breaks `text` at blanks into lines of at most `width` bytes; a longer word stands alone on its line. Each
/// line starts with `indent` blanks and ends with a newline.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent, std::size_t width);

/// A term and what it means: the meaning starts at column `column`, on the next line where the term is too
/// long for that, and is wrapped under itself.
[[nodiscard]] std::string definition(std::string_view term, std::string_view meaning, std::size_t indent,
                                     std::size_t column, std::size_t width);

/// Rows of cells as aligned columns, two blanks between them, without blanks at line ends. The columns in
/// `flexible` are kept from being very wide for the sake of a single cell: that cell pushes the rest of its
/// line. With a `width` (not 0), they are made narrower until the lines fit, and what does not fit is cut
/// with an ellipsis.
[[nodiscard]] std::string table(std::span<const std::vector<std::string>> rows, std::size_t width,
                                std::span<const std::size_t> flexible);

} // namespace pyasm::cli
