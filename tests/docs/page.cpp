#include "tests/docs/page.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace pyasm::tests {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
    const std::size_t start = text.find_first_not_of(blanks);
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

/// The marks that mean something to the test. Any other comment is just a comment.
bool is_known_mark(std::string_view key) {
    constexpr std::array<std::string_view, 8> keys{"file",  "assemble", "body",   "not run",
                                                   "needs", "exit",     "python", "untidy"};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::optional<Mark> parse_mark(std::string_view line) {
    line = trimmed(line);
    if (!line.starts_with("<!--") || !line.ends_with("-->") || line.size() < 7) return {};
    const std::string_view content = trimmed(line.substr(4, line.size() - 7));
    const std::size_t colon = content.find(':');
    const std::string_view key = trimmed(content.substr(0, colon));
    if (!is_known_mark(key)) return {};
    const std::string_view value = colon == std::string_view::npos ? "" : trimmed(content.substr(colon + 1));
    return Mark{std::string(key), std::string(value)};
}

bool is_fence(std::string_view line) { return trimmed(line).starts_with("```"); }

/// GitHub's anchor of a heading: lower case, blanks to hyphens, other punctuation left out.
std::string anchor_of(std::string_view heading) {
    std::string anchor;
    for (const char c : trimmed(heading)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == ' ') {
            anchor += '-';
        } else if (std::isalnum(byte) || c == '-' || c == '_' || byte >= 0x80) {
            anchor += static_cast<char>(std::tolower(byte));
        }
    }
    return anchor;
}

void add_links(Page& page, std::size_t index) {
    const std::string_view line = page.lines[index];
    bool in_code = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '`') in_code = !in_code;
        if (in_code || !line.substr(i).starts_with("](")) continue;
        const std::size_t end = line.find(')', i);
        if (end != std::string_view::npos) {
            page.links.push_back({index, std::string(line.substr(i + 2, end - i - 2))});
        }
    }
}

/// Reads the block whose fence stands at `index`; the result is the index of the closing fence.
std::size_t add_block(Page& page, std::size_t index, std::vector<Mark> marks) {
    DocBlock block;
    block.fence = index;
    block.marks = std::move(marks);
    const std::size_t indent = page.lines[index].find('`');
    block.language = trimmed(trimmed(page.lines[index]).substr(3));
    for (++index; index < page.lines.size() && !is_fence(page.lines[index]); ++index) {
        std::string_view line = page.lines[index];
        const std::size_t text = std::min(line.find_first_not_of(' '), line.size());
        block.lines.emplace_back(line.substr(std::min(indent, text)));
    }
    if (index == page.lines.size())
        page.findings.push_back(finding(page, block.fence, "this block has no end"));
    page.blocks.push_back(std::move(block));
    return index;
}

} // namespace

std::optional<std::string> DocBlock::mark(std::string_view key) const {
    for (const Mark& entry : marks) {
        if (entry.key == key) return entry.value;
    }
    return {};
}

std::string finding(const Page& page, std::size_t line, std::string_view message) {
    return page.path + ":" + std::to_string(line + 1) + ": " + std::string(message);
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line;
        text += '\n';
    }
    return text;
}

Page parse_page(std::string path, std::string_view text) {
    Page page;
    page.path = std::move(path);
    page.lines = split_lines(text);
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < page.lines.size(); ++i) {
        const std::string_view line = page.lines[i];
        if (is_fence(line)) {
            i = add_block(page, i, std::move(marks));
            marks.clear();
        } else if (auto mark = parse_mark(line)) {
            marks.push_back(std::move(*mark));
        } else if (!trimmed(line).empty()) {
            if (!marks.empty())
                page.findings.push_back(finding(page, i, "the mark above this line has no block"));
            marks.clear();
            if (line.starts_with("#"))
                page.anchors.push_back(anchor_of(line.substr(line.find_first_not_of('#'))));
            add_links(page, i);
        }
    }
    if (!marks.empty())
        page.findings.push_back(finding(page, page.lines.size() - 1, "this mark has no block"));
    return page;
}

} // namespace pyasm::tests
