#pragma once

#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <cstdint>
#include <vector>

/// A source as lines of text, taken apart at the blanks that mean nothing: for the layout, which must not
/// lose what parsing leaves out (comments, macros, branches that are not taken).
namespace pyasm::grammar {

/// What a line begins with.
enum class LineRole : std::uint8_t {
    Comment,      ///< and has nothing else
    Statement,    ///< labels, an instruction or a directive
    Continuation, ///< goes on with the statement above, inside brackets or behind a comma
    Text,         ///< begins inside a string
};

/// What a statement's first word asks of the layout.
enum class HeadKind : std::uint8_t {
    None,      ///< labels alone, or no word at all
    Word,      ///< an instruction or a macro
    Begin,     ///< one whose name begins with begin_
    End,       ///< one whose name begins with end_
    Operation, ///< .op, .bytes, .cache: laid out as instructions are
    Directive, ///< any other
    List,      ///< one that goes on in the next line behind a comma
    Raw,       ///< one whose text a macro may get to see
    Region,    ///< .try, .endtry
    Block,     ///< .function and its like
    BlockEnd,  ///< .end
    Macro,
    MacroEnd,
    If,
    Else, ///< .elif, too
    EndIf,
    Repeat,
    RepeatEnd,
};

/// One line that is not empty. All places are offsets into the text; a part that is missing is empty.
struct TextLine {
    std::uint32_t start = 0; ///< of the line
    std::uint32_t begin = 0; ///< its first character that is no blank; `start` where it begins in a string
    std::uint32_t labels_end = 0;   ///< behind the labels it begins with
    std::uint32_t head = 0;         ///< the first word behind labels...
    std::uint32_t head_end = 0;     ///< ...without its arguments
    std::uint32_t argument = 0;     ///< what follows it; `code_end` if nothing does
    std::uint32_t code_end = 0;     ///< behind labels, word and arguments
    std::uint32_t position = 0;     ///< the `@` of a position behind an instruction...
    std::uint32_t position_end = 0; ///< ...and its end
    std::uint32_t comment = 0;      ///< the `#`...
    std::uint32_t comment_end = 0;  ///< ...and the comment's end, without blanks
    std::uint32_t empty_before = 0; ///< number of empty lines
    std::uint32_t opener = 0; ///< of a Continuation: the innermost open bracket, or a list's first item...
    std::uint32_t opener_line = 0; ///< ...and its index among the lines
    LineRole role = LineRole::Comment;
    HeadKind head_kind = HeadKind::None;

    /// Whether it is laid out as an instruction is.
    [[nodiscard]] bool is_instruction() const {
        return head_kind >= HeadKind::Word && head_kind <= HeadKind::Operation;
    }
    [[nodiscard]] bool has_labels() const { return labels_end != begin; }
    [[nodiscard]] bool has_argument() const { return argument != code_end; }
    [[nodiscard]] bool has_position() const { return position != position_end; }
    [[nodiscard]] bool has_comment() const { return comment != comment_end; }
};

/// Takes a text apart, line by line; empty lines are counted only. Brackets and commas carry a statement on
/// as the grammar has it. False, with an error, where the text is none, or has a string that is not closed.
/// Other mistakes do not matter. Linear in the text.
[[nodiscard]] bool read_text_lines(const support::SourceFile& file, std::vector<TextLine>& lines,
                                   support::Diagnostics& diagnostics);

} // namespace pyasm::grammar
