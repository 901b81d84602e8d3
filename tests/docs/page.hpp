#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The Markdown of this project's papers, as far as a test needs it: fenced blocks, the marks above them,
/// links.
namespace pyasm::tests {

/// `<!-- key: value -->` or `<!-- key -->` above a fenced block.
struct Mark {
    std::string key, value;
};

/// One fenced block.
struct DocBlock {
    std::size_t fence = 0; ///< index of the opening fence in `Page::lines`
    std::string language;  ///< "console"; empty where the fence names none
    std::vector<Mark> marks;
    std::vector<std::string> lines; ///< without the fence's own indentation

    /// The value of a mark; nothing if it has no such mark.
    [[nodiscard]] std::optional<std::string> mark(std::string_view key) const;
};

struct DocLink {
    std::size_t line = 0;
    std::string target; ///< "docs/tutorial.md#goto"
};

struct Page {
    std::string path; ///< as it is named in messages
    std::vector<std::string> lines;
    std::vector<DocBlock> blocks;
    std::vector<DocLink> links;
    std::vector<std::string> anchors;  ///< of its headings, as GitHub forms them
    std::vector<std::string> findings; ///< what is wrong with its form
};

/// Takes a page apart. Marks must stand right above their block; only blank lines may stand between.
[[nodiscard]] Page parse_page(std::string path, std::string_view text);

/// "README.md:12: message"; `line` counts from 0.
[[nodiscard]] std::string finding(const Page& page, std::size_t line, std::string_view message);

[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);
/// Each with a newline at its end.
[[nodiscard]] std::string join_lines(const std::vector<std::string>& lines);

} // namespace pyasm::tests
