#include "support/render.hpp"

#include "support/text.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pyasm::support {

namespace {

/// Columns of an excerpt, and how many of them may stand before the place where a long line is cut.
constexpr int excerpt_columns = 96;
constexpr int columns_before = 40;
/// Bytes looked at on each side of the place; enough for the columns in any script.
constexpr std::size_t bytes_around = 1024;

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view magenta = "\x1b[1;35m";
constexpr std::string_view cyan = "\x1b[1;36m";
constexpr std::string_view green = "\x1b[1;32m";
constexpr std::string_view plain = "\x1b[0m";

/// Levels of a long trail that are shown: next to the place, and next to the file that the user named.
constexpr std::size_t levels_inside = 6;
constexpr std::size_t levels_outside = 3;

/// A code point of the excerpt.
struct Cell {
    std::size_t offset; ///< of its first byte in the line
    std::string shown;
    int width;
};

/// An excerpt and where the marks go under it, in columns.
struct Excerpt {
    std::string text;
    int mark_start = 0;
    int mark_width = 1;
};

class Renderer {
  public:
    Renderer(const Sources& sources, bool color) : sources_(sources), color_(color) {}

    void add(const Diagnostic& diagnostic);
    void add_line(std::string_view text) { out_.append(text).append("\n"); }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void message(std::string_view place, std::string_view kind, std::string_view kind_color,
                 std::string_view text);
    void excerpt(const Location& location, Span span);
    void note(Span span, std::string_view text, bool with_excerpt);
    void trail(const SourceFile& innermost, Span told);
    void paint(std::string_view color, std::string_view text);

    const Sources& sources_;
    bool color_;
    std::string out_;
};

/// A sentence as the end of another: "Did you mean X?" as "did you mean X?", and no full stop. Names keep
/// their case.
std::string as_clause(std::string_view sentence) {
    std::string result = visible(sentence);
    const auto is = [&](std::size_t at, char first, char last) {
        return at < result.size() && result[at] >= first && result[at] <= last;
    };
    if (is(0, 'A', 'Z') && (is(1, 'a', 'z') || is(1, ' ', ' '))) {
        result[0] = static_cast<char>(result[0] - 'A' + 'a');
    }
    if (result.ends_with('.') && !result.ends_with("..")) result.pop_back();
    return result;
}

std::string place_text(const Location& location) {
    return fmt::format("{}:{}:{}:", visible(location.file->path), location.line, location.column);
}

/// The code points around `place`; a tab is one blank, so that columns can be counted.
std::vector<Cell> cells_around(std::string_view line, std::size_t place) {
    std::size_t at = place > bytes_around ? place - bytes_around : 0;
    const auto continues = [&](std::size_t i) {
        return (static_cast<unsigned char>(line[i]) & 0xC0) == 0x80;
    };
    if (at > 0) {
        for (int i = 0; i < 3 && at < place && continues(at); ++i) ++at;
    }
    const std::size_t end = std::min(line.size(), place + bytes_around);
    std::vector<Cell> cells;
    while (at < end) {
        CodePoint point = decode_utf8(line, at);
        Cell cell{at, {}, 0};
        if (line[at] == '\t') {
            cell.shown = " ";
            cell.width = 1;
        } else {
            cell.width = append_visible(cell.shown, line.substr(at, point.size), point);
        }
        at += point.size;
        cells.push_back(std::move(cell));
    }
    return cells;
}

/// Which of the cells to show: all where they fit, else a window around `middle`.
std::pair<std::size_t, std::size_t> choose_window(const std::vector<Cell>& cells, std::size_t middle) {
    std::size_t first = middle;
    std::size_t last = middle;
    int used = 0;
    const auto grow_left = [&](int limit) {
        while (first > 0 && used + cells[first - 1].width <= limit) used += cells[--first].width;
    };
    grow_left(columns_before);
    while (last < cells.size() && used + cells[last].width <= excerpt_columns) used += cells[last++].width;
    grow_left(excerpt_columns);
    return {first, last};
}

Excerpt make_excerpt(std::string_view line, std::size_t place, std::size_t length) {
    const std::vector<Cell> cells = cells_around(line, place);
    const auto at =
        std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) { return cell.offset >= place; });
    const auto [first, last] = choose_window(cells, static_cast<std::size_t>(at - cells.begin()));
    Excerpt result;
    int column = 0;
    const bool cut_left = first < cells.size() ? cells[first].offset > 0 : first > 0;
    if (cut_left) {
        result.text = "...";
        column = 3;
    }
    int mark_end = -1;
    result.mark_start = -1;
    for (std::size_t i = first; i < last; ++i) {
        if (cells[i].offset >= place && result.mark_start < 0) result.mark_start = column;
        result.text += cells[i].shown;
        column += cells[i].width;
        if (cells[i].offset < place + length) mark_end = column;
    }
    if (result.mark_start < 0) result.mark_start = column;
    result.mark_width = std::max(1, mark_end - result.mark_start);
    const bool cut_right = last < cells.size() || (last > 0 && place + bytes_around < line.size());
    if (cut_right) result.text += "...";
    return result;
}

void Renderer::paint(std::string_view color, std::string_view text) {
    if (color_) out_ += color;
    out_ += text;
    if (color_) out_ += plain;
}

void Renderer::message(std::string_view place, std::string_view kind, std::string_view kind_color,
                       std::string_view text) {
    if (!place.empty()) {
        paint(bold, place);
        out_ += ' ';
    }
    paint(kind_color, kind);
    out_ += ' ';
    paint(bold, text);
    out_ += '\n';
}

void Renderer::excerpt(const Location& location, Span span) {
    const Excerpt excerpt = make_excerpt(location.line_text, location.line_offset, span.size());
    std::string row = fmt::format("{:>5} | {}", location.line, excerpt.text);
    row.erase(row.find_last_not_of(' ') + 1);
    add_line(row);
    out_ += fmt::format("      | {:{}}", "", excerpt.mark_start);
    paint(green, "^" + std::string(static_cast<std::size_t>(excerpt.mark_width - 1), '~'));
    out_ += '\n';
}

void Renderer::note(Span span, std::string_view text, bool with_excerpt) {
    const Location location = span.known() ? sources_.locate(span.begin) : Location{};
    message(location.file ? place_text(location) : std::string(), "note:", cyan, visible(text));
    if (location.file && with_excerpt) excerpt(location, span);
}

void Renderer::add(const Diagnostic& diagnostic) {
    const bool is_error = diagnostic.severity == Severity::Error;
    std::string text = visible(diagnostic.message);
    if (!diagnostic.help.empty()) text += "; " + as_clause(diagnostic.help);

    // What the user wrote goes before text that comes with the program.
    const Span span = diagnostic.span.known() ? sources_.users_place(diagnostic.span) : Span{};
    const Location location = span.known() ? sources_.locate(span.begin) : Location{};
    std::string place;
    if (location.file) {
        place = place_text(location);
    } else if (!diagnostic.path.empty()) {
        place = visible(diagnostic.path) + ":";
    }
    message(place, is_error ? "error:" : "warning:", is_error ? red : magenta, text);
    if (location.file) excerpt(location, span);
    for (const Note& one : diagnostic.notes) note(one.span, one.message, true);
    if (!location.file) return;
    if (span.begin == diagnostic.span.begin) return trail(*location.file, {});
    // A message that the text itself gives needs no further words.
    const std::string_view word = sources_.text(diagnostic.span);
    if (word == ".error" || word == ".warning") return trail(*location.file, {});
    note(diagnostic.span, "which comes to this", true);
    trail(*sources_.file_at(diagnostic.span.begin), span);
}

/// How the text got where it is: the expansions and includes around it, from the inside out, but for `told`.
void Renderer::trail(const SourceFile& innermost, Span told) {
    std::vector<const Origin*> levels;
    for (const SourceFile* file = &innermost; file && file->origin.from.known();
         file = sources_.file_at(file->origin.from.begin)) {
        if (file->origin.kind != Origin::Kind::Line && file->origin.from.begin != told.begin)
            levels.push_back(&file->origin);
    }
    const bool cut = levels.size() > levels_inside + levels_outside + 1;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (cut && i == levels_inside) {
            const std::size_t left_out = levels.size() - levels_inside - levels_outside;
            message({}, "note:", cyan, fmt::format("... {} more levels ...", left_out));
            i += left_out;
        }
        const Origin& level = *levels[i];
        if (level.kind == Origin::Kind::File)
            note(level.from, "included from here", false);
        else if (level.kind == Origin::Kind::Macro)
            note(level.from, fmt::format("in the expansion of macro '{}'", printable(level.name)), true);
        else
            note(level.from, fmt::format("in turn {} of this repetition", level.turn), true);
    }
}

} // namespace

std::string render(const Diagnostic& diagnostic, const Sources& sources, bool color) {
    Renderer renderer(sources, color);
    renderer.add(diagnostic);
    return renderer.take();
}

std::string render(const Diagnostics& diagnostics, const Sources& sources, bool color) {
    Renderer renderer(sources, color);
    for (const Diagnostic& diagnostic : diagnostics.all()) renderer.add(diagnostic);
    if (diagnostics.dropped() != 0) {
        renderer.add_line(fmt::format("... and {} more error{}", diagnostics.dropped(),
                                      diagnostics.dropped() == 1 ? "" : "s"));
    }
    return renderer.take();
}

} // namespace pyasm::support
