#include "cli/layout.hpp"

#include <algorithm>

namespace pyasm::cli {
namespace {

constexpr std::size_t gap = 2;          // blanks between columns
constexpr std::size_t least_column = 8; // a flexible column is not made narrower than this
constexpr std::size_t most_column = 44; // nor wider than this: a longer cell reaches into the next

/// Columns that ASCII or UTF-8 text takes: its code points, as no table holds wide characters.
std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string cut(std::string_view text, std::size_t width) {
    if (columns_of(text) <= width) return std::string(text);
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end) {
        if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && ++seen == width) break;
    }
    std::string result(text.substr(0, end));
    while (!result.empty() && result.back() == ' ') result.pop_back();
    return result + "\u2026";
}

std::vector<std::size_t> natural_widths(std::span<const std::vector<std::string>> rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
    }
    return widths;
}

/// Takes columns away from the widest of the flexible ones, one at a time, until the line fits.
void fit(std::vector<std::size_t>& widths, std::size_t width, std::span<const std::size_t> flexible) {
    std::size_t line = 0;
    for (const std::size_t column : widths) line += column + gap;
    line -= std::min(line, gap);
    while (line > width) {
        std::size_t* widest = nullptr;
        for (const std::size_t i : flexible) {
            if (i < widths.size() && widths[i] > least_column && (!widest || widths[i] > *widest)) {
                widest = &widths[i];
            }
        }
        if (!widest) return;
        --*widest;
        --line;
    }
}

} // namespace

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
    std::string result;
    std::string line;
    const auto flush = [&] {
        if (!line.empty()) result += std::string(indent, ' ') + line + '\n';
        line.clear();
    };
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty()) continue;
        if (!line.empty() && indent + columns_of(line) + 1 + columns_of(word) > width) flush();
        if (!line.empty()) line += ' ';
        line += word;
    }
    flush();
    return result;
}

std::string definition(std::string_view term, std::string_view meaning, std::size_t indent,
                       std::size_t column, std::size_t width) {
    const std::string body = wrap(meaning, column, width);
    std::string head = std::string(indent, ' ') + std::string(term);
    if (body.empty()) return head + '\n';
    if (columns_of(head) + gap > column) return head + '\n' + body;
    head.resize(head.size() + column - columns_of(head), ' ');
    return head + body.substr(column);
}

std::string table(std::span<const std::vector<std::string>> rows, std::size_t width,
                  std::span<const std::size_t> flexible) {
    std::vector<std::size_t> widths = natural_widths(rows);
    for (const std::size_t i : flexible) {
        if (i + 1 < widths.size()) widths[i] = std::min(widths[i], most_column);
    }
    if (width != 0) fit(widths, width, flexible);
    std::string result;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string cell = width != 0 ? cut(row[i], widths[i]) : row[i];
            line += cell;
            line.append(widths[i] - std::min(widths[i], columns_of(cell)) + gap, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        result += line + '\n';
    }
    return result;
}

} // namespace pyasm::cli
