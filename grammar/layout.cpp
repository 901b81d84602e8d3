#include "grammar/layout.hpp"

#include "grammar/characters.hpp"
#include "grammar/operand_column.hpp"
#include "grammar/text_lines.hpp"
#include "grammar/text_nesting.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace pyasm::grammar {
namespace {

using std::uint32_t;

/// Blanks in front of a position or a comment, at least.
constexpr uint32_t gap = 2;

/// Where a text that begins in this column ends.
[[nodiscard]] uint32_t column_behind(uint32_t column, std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            column = byte == '\t' ? column / 8 * 8 + 8 : column + 1;
            ++i;
        } else {
            const support::CodePoint point = support::decode_utf8(text, i);
            column += static_cast<uint32_t>(support::display_width(point.value));
            i += point.size;
        }
    }
    return column;
}

/// Where the parts of a line come to stand.
struct Placed {
    uint32_t first = 0;    ///< its first character
    uint32_t indent = 0;   ///< its word, if no labels were in front of it
    uint32_t base = 0;     ///< words in its block that stand in nothing else there
    uint32_t head = 0;     ///< its word
    uint32_t argument = 0; ///< what follows the word
    uint32_t code_end = 0; ///< behind that
    uint32_t position = 0;
    uint32_t comment = 0;
    bool code = false;   ///< in a block and not in a macro
    bool trails = false; ///< a comment alone that goes on with the one above it, behind a statement
};

class Layout {
  public:
    Layout(std::string_view text, const std::vector<TextLine>& lines)
        : text_(text), lines_(lines), placed_(lines.size()) {}

    std::string run() {
        nest();
        settle_comments();
        place_code();
        align<&TextLine::position, &TextLine::position_end, &Placed::position>();
        align<&TextLine::comment, &TextLine::comment_end, &Placed::comment>();
        return write();
    }

  private:
    [[nodiscard]] std::string_view text(uint32_t from, uint32_t to) const {
        return text_.substr(from, to - from);
    }
    /// The column of a place in the source.
    [[nodiscard]] uint32_t column(const TextLine& line, uint32_t place) const {
        return column_behind(0, text(line.start, place));
    }
    [[nodiscard]] static bool is_alone(const TextLine& line) {
        return line.has_comment() && line.comment == line.begin;
    }

    // --------------------------------------------------------------------------------------- indentation

    void nest() {
        TextNesting nesting;
        const std::vector<uint32_t> pairs = read_pairs(text_, lines_);
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const TextLine& line = lines_[i];
            Placed& placed = placed_[i];
            placed.code = nesting.is_code();
            placed.first = nesting.body();
            if (line.role != LineRole::Statement) continue;
            const uint32_t labels = nesting.label();
            placed.base = nesting.base();
            placed.indent =
                line.head_kind == HeadKind::Region ? labels : nesting.take(line.head_kind, pairs[i]);
            placed.first = line.has_labels() ? labels : placed.indent;
        }
    }

    /// A comment alone goes on with the one above it where it stands right below that; else it belongs to the
    /// statement below it, where it stands right above that; else to the block around it.
    void settle_comments() {
        uint32_t above = 0; // the column of the comment in the line above; 0: none
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const TextLine& line = lines_[i];
            const uint32_t here = line.has_comment() ? column(line, line.comment) : 0;
            placed_[i].trails = is_alone(line) && here != 0 && here == above && line.empty_before == 0;
            above = is_alone(line) && !placed_[i].trails ? 0 : here;
        }
        const TextLine* next = nullptr; // the statement below
        uint32_t next_first = 0;
        for (std::size_t i = lines_.size(); i-- > 0;) {
            const TextLine& line = lines_[i];
            if (line.role == LineRole::Statement) {
                next = &line;
                next_first = placed_[i].first;
            } else if (line.role == LineRole::Comment && next &&
                       column(line, line.begin) == column(*next, next->begin)) {
                placed_[i].first = next_first;
            }
        }
    }

    // ---------------------------------------------------------------------------------------------- code

    /// Whether there are blanks between a word and what follows it.
    [[nodiscard]] static bool has_gap(const TextLine& line) {
        return line.has_argument() && line.argument != line.head_end;
    }

    [[nodiscard]] uint32_t operand_column(bool code) const {
        OperandColumn result(code);
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const TextLine& line = lines_[i];
            if (placed_[i].code != code || !line.is_instruction() || !has_gap(line) || line.has_labels())
                continue;
            const uint32_t head = column(line, line.head);
            const uint32_t inside = placed_[i].indent - placed_[i].base;
            result.count(inside + column(line, line.head_end) - head,
                         inside + column(line, line.argument) - head);
        }
        result.decide();
        return result.column();
    }

    void place_code() {
        const uint32_t in_blocks = operand_column(true);
        const uint32_t in_macros = operand_column(false);
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const TextLine& line = lines_[i];
            Placed& placed = placed_[i];
            if (line.role == LineRole::Statement) {
                place_statement(i, placed.code ? in_blocks : in_macros);
                continue;
            }
            if (line.role == LineRole::Continuation) placed.first = shifted(line);
            if (line.role == LineRole::Text) placed.first = 0;
            placed.head = placed.argument = placed.first;
            placed.code_end = column_behind(placed.first, text(line.begin, line.code_end));
        }
    }

    void place_statement(std::size_t i, uint32_t operands) {
        const TextLine& line = lines_[i];
        Placed& placed = placed_[i];
        placed.head = placed.first;
        if (line.has_labels()) {
            placed.head = column_behind(placed.first, text(line.begin, line.labels_end));
            if (line.head != line.labels_end) placed.head = std::max(placed.indent, placed.head + 1);
        }
        const uint32_t head_end = column_behind(placed.head, text(line.head, line.head_end));
        placed.argument = head_end;
        if (has_gap(line)) {
            placed.argument = line.is_instruction() ? std::max(placed.base + operands, head_end + 1)
                                                    : head_end + directive_gap(i, operands);
        }
        placed.code_end = column_behind(placed.argument, text(line.argument, line.code_end));
    }

    /// Arguments of directives may stand where the operands do, or below those of a neighbour.
    [[nodiscard]] uint32_t directive_gap(std::size_t i, uint32_t operands) const {
        const TextLine& line = lines_[i];
        const uint32_t argument = column(line, line.argument);
        const uint32_t inside = placed_[i].indent - placed_[i].base;
        const bool aligned = inside + argument - column(line, line.head) == operands ||
                             (i > 0 && are_aligned(i - 1, i)) ||
                             (i + 1 < lines_.size() && are_aligned(i, i + 1));
        return aligned ? argument - column(line, line.head_end) : 1;
    }

    [[nodiscard]] bool are_aligned(std::size_t i, std::size_t j) const {
        const TextLine& a = lines_[i];
        const TextLine& b = lines_[j];
        const auto is_directive = [](const TextLine& line) {
            return line.role == LineRole::Statement && !line.is_instruction() && has_gap(line) &&
                   !line.has_labels();
        };
        return is_directive(a) && is_directive(b) && b.empty_before == 0 &&
               placed_[i].first == placed_[j].first && column(a, a.begin) == column(b, b.begin) &&
               column(a, a.argument) == column(b, b.argument);
    }

    /// A line in brackets moves with its bracket where it stands behind that, else with the bracket's line.
    [[nodiscard]] uint32_t shifted(const TextLine& line) const {
        const TextLine& above = lines_[line.opener_line];
        const Placed& placed = placed_[line.opener_line];
        const uint32_t here = column(line, line.begin);
        const bool behind = here >= column(above, line.opener);
        const std::int64_t by = behind ? std::int64_t{placed.argument} - column(above, above.argument)
                                       : std::int64_t{placed.first} - column(above, above.begin);
        return static_cast<uint32_t>(std::max<std::int64_t>(0, here + by));
    }

    // ------------------------------------------------------------------------------- positions, comments

    /// Where what stands in front of a position or a comment ends, in the source and as it is placed.
    struct Ends {
        uint32_t source = 0;
        uint32_t placed = 0;
    };
    [[nodiscard]] Ends ends_before(std::size_t i, uint32_t part) const {
        const TextLine& line = lines_[i];
        const Placed& placed = placed_[i];
        if (part == line.begin) return {}; // a comment alone
        if (part != line.position && line.has_position()) {
            return {column(line, line.position_end),
                    column_behind(placed.position, text(line.position, line.position_end))};
        }
        return {column(line, line.code_end), placed.code_end};
    }

    [[nodiscard]] static bool ends_group(const TextLine& line) {
        return line.head_kind == HeadKind::Block || line.head_kind == HeadKind::BlockEnd ||
               line.head_kind == HeadKind::Macro || line.head_kind == HeadKind::MacroEnd;
    }

    /// What stands below one another in the source goes on doing so: in the same column where there is room,
    /// and right behind the longest line where it stood there.
    template <auto Begin, auto End, auto Column> void align() {
        std::vector<std::size_t> group;
        uint32_t group_column = 0;
        Ends most;
        const auto place = [&] {
            const uint32_t least = most.placed + gap;
            const bool tight = group_column <= most.source + gap;
            for (const std::size_t i : group)
                placed_[i].*Column = tight ? least : std::max(group_column, least);
            group.clear();
            most = {};
        };
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const TextLine& line = lines_[i];
            if (ends_group(line)) place();
            if (line.*Begin == line.*End) continue;
            if (line.*Begin == line.begin && !placed_[i].trails) {
                placed_[i].*Column = placed_[i].first;
                continue;
            }
            const uint32_t here = column(line, line.*Begin);
            if (here != group_column) place();
            group_column = here;
            const Ends ends = ends_before(i, line.*Begin);
            most = {std::max(most.source, ends.source), std::max(most.placed, ends.placed)};
            group.push_back(i);
        }
        place();
    }

    // --------------------------------------------------------------------------------------------- output

    [[nodiscard]] std::string write() {
        out_.reserve(text_.size() + text_.size() / 8);
        if (text_.starts_with("\xEF\xBB\xBF")) out_ = "\xEF\xBB\xBF";
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const TextLine& line = lines_[i];
            const Placed& placed = placed_[i];
            out_.append(line.empty_before, '\n');
            at_ = 0;
            put(placed.first, line.begin, line.labels_end);
            put(placed.head, line.head, line.head_end);
            put(placed.argument, line.argument, line.code_end);
            put(placed.position, line.position, line.position_end);
            put(placed.comment, line.comment, line.comment_end);
            out_ += '\n';
        }
        return std::move(out_);
    }

    void put(uint32_t to, uint32_t from, uint32_t end) {
        if (from == end) return;
        if (to > at_) out_.append(to - at_, ' ');
        out_.append(text(from, end));
        at_ = column_behind(std::max(at_, to), text(from, end));
    }

    const std::string_view text_;
    const std::vector<TextLine>& lines_;
    std::vector<Placed> placed_;
    std::string out_;
    uint32_t at_ = 0; ///< column
};

} // namespace

std::optional<std::string> lay_out(const support::SourceFile& file, support::Diagnostics& diagnostics) {
    if (file.text.size() > layout_limit) {
        diagnostics.error_in(file.path,
                             fmt::format("is larger than {} bytes, and is not laid out", layout_limit));
        return std::nullopt;
    }
    std::vector<TextLine> lines;
    if (!read_text_lines(file, lines, diagnostics)) return std::nullopt;
    return Layout(file.text, lines).run();
}

} // namespace pyasm::grammar
