#include "grammar/text_lines.hpp"

#include "grammar/characters.hpp"
#include "grammar/directives.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pyasm::grammar {
namespace {

constexpr std::array<std::pair<std::string_view, HeadKind>, 30> head_words{{
    {"bytes", HeadKind::Operation},   {"cache", HeadKind::Operation},
    {"cellvars", HeadKind::List},     {"class", HeadKind::Block},
    {"code", HeadKind::Block},        {"consts", HeadKind::List},
    {"elif", HeadKind::Else},         {"else", HeadKind::Else},
    {"end", HeadKind::BlockEnd},      {"endif", HeadKind::EndIf},
    {"endmacro", HeadKind::MacroEnd}, {"endrepeat", HeadKind::RepeatEnd},
    {"endtry", HeadKind::Region},     {"error", HeadKind::Raw},
    {"extern", HeadKind::List},       {"freevars", HeadKind::List},
    {"function", HeadKind::Block},    {"global", HeadKind::List},
    {"hidden", HeadKind::List},       {"if", HeadKind::If},
    {"local", HeadKind::Raw},         {"locals", HeadKind::List},
    {"macro", HeadKind::Macro},       {"module", HeadKind::Block},
    {"names", HeadKind::List},        {"op", HeadKind::Operation},
    {"repeat", HeadKind::Repeat},     {"set", HeadKind::Raw},
    {"try", HeadKind::Region},        {"warning", HeadKind::Raw},
}};
static_assert(std::ranges::is_sorted(head_words, {}, &std::pair<std::string_view, HeadKind>::first));

/// Of a word behind a dot; null if it asks for nothing special.
[[nodiscard]] const HeadKind* special_head(std::string_view word) {
    const auto found =
        std::ranges::lower_bound(head_words, word, {}, &std::pair<std::string_view, HeadKind>::first);
    return found != head_words.end() && found->first == word ? &found->second : nullptr;
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

[[nodiscard]] bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
[[nodiscard]] bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

class Reader {
  public:
    Reader(const support::SourceFile& file, std::vector<TextLine>& lines, support::Diagnostics& diagnostics)
        : file_(file), text_(file.text), lines_(lines), diagnostics_(diagnostics) {}

    bool run() {
        if (!is_text()) return false;
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
        while (at_ < text_.size()) {
            read_line();
            if (failed_) return false;
        }
        return true;
    }

  private:
    /// An open bracket, or the first item of a list.
    struct Opener {
        std::uint32_t place;
        std::uint32_t line;
    };

    // ---------------------------------------------------------------------------------------- characters

    [[nodiscard]] bool is_text() {
        if (const auto invalid = support::find_invalid_utf8(text_)) {
            diagnostics_.error(file_.span(*invalid, *invalid + 1),
                               fmt::format("byte 0x{:02x} at offset {} is not valid UTF-8",
                                           static_cast<unsigned char>(text_[*invalid]), *invalid),
                               "A source is UTF-8 text.");
            return false;
        }
        for (std::size_t i = 0; i < text_.size(); ++i) {
            const auto byte = static_cast<unsigned char>(text_[i]);
            if ((byte >= 0x20 && byte != 0x7F) || byte == '\n' || byte == '\t' || byte == '\f') continue;
            if (byte == '\r') {
                if (i + 1 < text_.size() && text_[i + 1] == '\n') continue;
                diagnostics_.error(file_.span(i, i + 1), "a carriage return without a line feed",
                                   R"(Lines end in LF or CR LF; in a string write \r.)");
                return false;
            }
            diagnostics_.error(file_.span(i, i + 1), fmt::format("control character U+{:04X}", byte),
                               fmt::format("In a string write \\x{:02x}.", byte));
            return false;
        }
        return true;
    }

    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] bool at_line_end() const { return at_end() || text_[at_] == '\n' || text_[at_] == '\r'; }
    [[nodiscard]] bool at(CharClass classes) const { return !at_end() && is(text_[at_], classes); }
    [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(at_); }
    void skip(CharClass classes) {
        while (at(classes)) ++at_;
    }
    /// Behind the line end.
    void end_line() {
        if (!at_end() && text_[at_] == '\r') ++at_;
        if (!at_end()) ++at_;
    }

    // --------------------------------------------------------------------------------------------- lines

    void read_line() {
        line_ = TextLine{};
        line_.start = here();
        if (in_string_) {
            line_.role = LineRole::Text;
            line_.begin = line_.labels_end = line_.head = line_.head_end = line_.argument = line_.start;
            read_string();
            read_code();
            return finish_line();
        }
        skip(Blank);
        if (at_line_end()) {
            ++empty_;
            return end_line();
        }
        line_.begin = line_.labels_end = here();
        if (text_.substr(at_).starts_with(byte_order_mark)) return stray_mark();
        if (goes_on()) {
            line_.role = LineRole::Continuation;
            line_.opener = openers_.back().place;
            line_.opener_line = openers_.back().line;
            line_.head = line_.head_end = line_.argument = line_.begin;
            read_code();
        } else if (text_[at_] == '#') {
            openers_.clear();
            line_.head = line_.head_end = line_.argument = line_.code_end = line_.begin;
        } else {
            openers_.clear();
            line_.role = LineRole::Statement;
            read_statement();
        }
        finish_line();
    }

    /// Whether the line that begins here goes on with the statement above. Brackets that are not closed end
    /// in front of a directive.
    [[nodiscard]] bool goes_on() const {
        if (openers_.empty()) return false;
        if (text_[at_] != '.' || at_ + 1 == text_.size() || !is(text_[at_ + 1], WordStart)) return true;
        std::size_t to = at_ + 1;
        while (to < text_.size() && is(text_[to], WordPart)) ++to;
        const std::string_view word = text_.substr(at_ + 1, to - at_ - 1);
        return !special_head(word) && !find_directive(word);
    }

    void finish_line() {
        if (failed_) return;
        if (!in_string_ && !at_end() && text_[at_] == '#') {
            line_.comment = here();
            at_ = std::min(text_.find('\n', at_), text_.size());
            line_.comment_end = here();
            while (is(text_[line_.comment_end - 1], Space)) --line_.comment_end;
        }
        if (in_list_ && !is_list_open()) openers_.clear();
        end_line();
        line_.empty_before = std::exchange(empty_, 0);
        lines_.push_back(line_);
    }

    /// A list goes on behind a comma, and over lines with nothing but a comment.
    [[nodiscard]] bool is_list_open() const {
        if (line_.role == LineRole::Continuation && line_.code_end == line_.begin) return true;
        return openers_.size() > 1 || in_string_ ||
               (line_.code_end != line_.begin && text_[line_.code_end - 1] == ',');
    }

    // ---------------------------------------------------------------------------------------- statements

    void read_statement() {
        in_list_ = false;
        for (;;) {
            line_.head = here();
            skip_word();
            const bool is_label = line_.head != here() && !at_end() && text_[at_] == ':';
            if (!is_label) break;
            line_.labels_end = line_.code_end = here() + 1;
            ++at_;
            skip(Blank);
        }
        if (at_line_end() || text_[at_] == '#') {
            if (line_.head == here()) { // labels alone
                line_.head = line_.head_end = line_.argument = line_.code_end;
                takes_position_ = false;
                return;
            }
        } else if (line_.head == here() && text_[at_] == '.' && at_ + 1 < text_.size() &&
                   is(text_[at_ + 1], WordStart)) {
            ++at_;
            skip(WordPart);
            const HeadKind* const special = special_head(text_.substr(line_.head + 1, at_ - line_.head - 1));
            line_.head_kind = special ? *special : HeadKind::Directive;
        }
        if (line_.head_kind == HeadKind::None && line_.head != here()) {
            const std::string_view word = text_.substr(line_.head, at_ - line_.head);
            line_.head_kind = word.starts_with("begin_") ? HeadKind::Begin
                              : word.starts_with("end_") ? HeadKind::End
                                                         : HeadKind::Word;
            if (!at_end() && text_[at_] == '+') { // SLICE+1
                ++at_;
                skip(Digit);
            }
        }
        takes_position_ = line_.is_instruction();
        line_.head_end = line_.code_end = here();
        skip(Blank);
        line_.argument = here();
        if (line_.head_kind == HeadKind::List) {
            in_list_ = true;
            openers_.push_back({line_.argument, index()});
        }
        read_code();
        if (line_.argument > line_.code_end) line_.argument = line_.code_end; // blanks alone
    }

    /// A word, in a macro's body perhaps with something to substitute.
    void skip_word() {
        while (!at_end()) {
            if (is(text_[at_], WordPart)) {
                ++at_;
            } else if (text_[at_] != '\\' || !skip_marker()) {
                return;
            }
        }
    }

    /// `\name`, `\(...)` or `\{...}` on one line.
    bool skip_marker() {
        std::size_t to = at_ + 1;
        if (to == text_.size()) return false;
        if (is(text_[to], WordStart)) {
            while (to < text_.size() && is(text_[to], WordPart)) ++to;
            at_ = to;
            return true;
        }
        if (text_[to] != '(' && text_[to] != '{') return false;
        std::size_t depth = 0;
        for (; to < text_.size() && text_[to] != '\n' && text_[to] != '#'; ++to) {
            const char c = text_[to];
            if (c == '"' || c == '\'') {
                do {
                    to += text_[to] == '\\' ? 2 : 1;
                } while (to < text_.size() && text_[to] != c && text_[to] != '\n');
                if (to >= text_.size() || text_[to] == '\n') return false;
            }
            depth += opens(c);
            if (closes(c) && --depth == 0) {
                at_ = to + 1;
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] std::uint32_t index() const { return static_cast<std::uint32_t>(lines_.size()); }

    // ---------------------------------------------------------------------------------------------- code

    /// Up to the comment, the position or the line's end.
    void read_code() {
        const std::size_t base = in_list_ ? 1 : 0;
        while (!failed_ && !in_string_ && !at_line_end() && text_[at_] != '#') {
            const char c = text_[at_];
            if (c == '"' || c == '\'') {
                open_string();
                continue;
            }
            if (c == '@' && takes_position_ && openers_.empty() && is_position()) return read_position();
            if (opens(c)) openers_.push_back({here(), index()});
            if (closes(c) && openers_.size() > base) openers_.pop_back();
            ++at_;
            if (!is(c, Blank)) line_.code_end = here();
        }
        if (line_.code_end < line_.begin) line_.code_end = line_.begin;
    }

    /// As the grammar's position_mark: a blank in front, and a number or `none` behind it. The last of a
    /// line.
    [[nodiscard]] bool is_position() const {
        if (at_ == 0 || !is(text_[at_ - 1], Blank)) return false;
        const std::size_t to = std::min(text_.find_first_of("@#\"'()[]{}\r\n", at_ + 1), text_.size());
        if (to < text_.size() && text_[to] != '#' && text_[to] != '\r' && text_[to] != '\n') return false;
        std::string_view rest = text_.substr(at_ + 1, to - at_ - 1);
        while (!rest.empty() && is(rest[0], Blank)) rest.remove_prefix(1);
        if (rest.starts_with("none")) return rest.size() == 4 || !is(rest[4], WordPart);
        return !rest.empty() && is(rest[rest[0] == '-' && rest.size() > 1 ? 1 : 0], Digit);
    }

    void read_position() {
        line_.position = here();
        for (; !at_line_end() && text_[at_] != '#'; ++at_) {
            if (!is(text_[at_], Blank)) line_.position_end = here() + 1;
        }
    }

    // ------------------------------------------------------------------------------------------- strings

    void open_string() {
        string_ = here();
        quote_ = text_[at_];
        const std::string_view rest = text_.substr(at_);
        triple_ = rest.size() >= 3 && rest[1] == quote_ && rest[2] == quote_;
        at_ += triple_ ? 3 : 1;
        in_string_ = true;
        read_string();
    }

    /// Up to its end, or the line's.
    void read_string() {
        while (!at_end()) {
            const char c = text_[at_];
            if (c == '\\') {
                ++at_;
                if (at_line_end()) break;
                ++at_;
            } else if (c == quote_ && (!triple_ || text_.substr(at_, 3) == text_.substr(string_, 3))) {
                at_ += triple_ ? 3 : 1;
                in_string_ = false;
                return void(line_.code_end = here());
            } else if (c == '\n' || c == '\r') {
                if (!triple_) return unclosed();
                break;
            } else {
                ++at_;
            }
        }
        line_.code_end = here();
        if (at_end() || (text_[at_] == '\r' ? at_ + 2 : at_ + 1) >= text_.size()) unclosed();
    }

    /// It could come to stand at the file's beginning, where it would mean something.
    void stray_mark() {
        failed_ = true;
        diagnostics_.error(file_.span(at_, at_ + byte_order_mark.size()),
                           "a byte order mark (U+FEFF) that is not at the file's beginning", "Delete it.");
    }

    void unclosed() {
        failed_ = true;
        diagnostics_.error(file_.span(string_, string_ + (triple_ ? 3 : 1)), "the string is not closed",
                           triple_ ? "It takes the rest of the file."
                                   : "A string over several lines has three quotes.");
    }

    const support::SourceFile& file_;
    const std::string_view text_;
    std::vector<TextLine>& lines_;
    support::Diagnostics& diagnostics_;
    std::size_t at_ = 0;
    TextLine line_;
    std::uint32_t empty_ = 0;
    bool failed_ = false;
    bool takes_position_ = false; ///< of the statement
    bool in_list_ = false;        ///< the statement is one; its first opener stands for the list
    std::vector<Opener> openers_;
    bool in_string_ = false;
    bool triple_ = false;
    char quote_ = '"';
    std::uint32_t string_ = 0; ///< where it begins
};

} // namespace

bool read_text_lines(const support::SourceFile& file, std::vector<TextLine>& lines,
                     support::Diagnostics& diagnostics) {
    return Reader(file, lines, diagnostics).run();
}

} // namespace pyasm::grammar
