#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text that is looked at as text, before or instead of being parsed: bodies of macros, branches that are not
/// taken, arguments. Strings, comments and brackets are respected as the grammar has them. Nothing is decoded
/// and nothing reported; all is linear in what is passed over.
namespace pyasm::grammar {

struct Dialect;

/// Behind the string literal whose first quote is at `at`. One that is not closed ends with its line; with
/// three quotes, with the text.
[[nodiscard]] const char* skip_string(const char* at, const char* end, bool* closed = nullptr);
/// Behind the bracket that closes the one at `at`; null if there is none.
[[nodiscard]] const char* skip_brackets(const char* at, const char* end);

/// What a backslash outside of strings and comments asks for.
enum class MarkerKind : unsigned char {
    None,  ///< it is none: a stray backslash
    Name,  ///< \name
    Value, ///< \(EXPR)
    Text,  ///< \{EXPR}
};
struct Marker {
    MarkerKind kind = MarkerKind::None;
    const char* from = nullptr; ///< the backslash
    const char* to = nullptr;   ///< behind it all
    std::string_view inner;     ///< the name or the expression
    bool closed = true;         ///< false: its bracket is missing up to the end of the text
};
/// The marker at `at`, a backslash.
[[nodiscard]] Marker read_marker(const char* at, const char* end);

/// The rest of a statement as text.
struct RawStatement {
    const char* to = nullptr;       ///< behind its last character; a comment and blanks before it left out
    const char* next = nullptr;     ///< where the next line begins
    const char* marker = nullptr;   ///< the first backslash outside of strings; null if there is none
    const char* opener = nullptr;   ///< the outermost bracket that is not closed; null if there is none
    const char* position = nullptr; ///< the `@` of a position at its end, where `to` is in front of it
};
struct RawRules {
    bool positions = false;                   ///< ` @ 10` ends the statement
    std::size_t most_lines = ~std::size_t{0}; ///< that brackets may go on over
    bool lists = false;                       ///< behind a comma, it goes on in the next line
};
/// From `from` on. It ends with its line, except inside brackets; where those are not closed, in front of the
/// next line that begins with a directive.
[[nodiscard]] RawStatement read_statement(const char* from, const char* end, RawRules rules = {});

/// The first backslash outside of strings and comments in [from, to); null if there is none.
[[nodiscard]] const char* find_marker(const char* from, const char* to);

/// The directive word at the head of a line, behind blanks and labels, without its dot; empty where there is
/// none. Its text begins behind the dot.
[[nodiscard]] std::string_view directive_at(const char* line, const char* end);

/// Takes text apart at the commas outside of brackets and strings; each part without the blanks around it. An
/// empty text has no parts.
void split_list(std::string_view text, std::vector<std::string_view>& parts);

/// The text on one line: outside of strings, blanks, line ends and comments that follow one another become
/// one blank, so that it is the same however the source is laid out. A string over several lines is written
/// with \n; one with a prefix that the version does not have keeps that, to be refused where it is read.
[[nodiscard]] std::string on_one_line(std::string_view text, const Dialect& dialect);

/// The text with as few blanks as there can be outside of strings, without comments, its lines as they are:
/// equal for texts that differ in their layout only.
[[nodiscard]] std::string without_layout(std::string_view text);

/// Without blanks and line ends at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Whether `text` is a word: a letter and further ones and digits.
[[nodiscard]] bool is_word(std::string_view text);
/// The word at the head of a text; empty where there is none.
[[nodiscard]] std::string_view word_at(std::string_view text);

} // namespace pyasm::grammar
