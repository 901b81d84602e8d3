#include "grammar/messages.hpp"

#include "grammar/characters.hpp"
#include "grammar/directives.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::grammar {

namespace {

/// What stands for each kind in "expected ..., found ...".
[[nodiscard]] std::string_view words_of(Expected what) {
    switch (what) {
    case Expected::Statement: return "an instruction, a label or a directive";
    case Expected::LineEnd:
    case Expected::PositionEnd:
    case Expected::ConstantEnd: return "the end of the line";
    case Expected::Gap: return "a blank after the instruction";
    case Expected::Operand: return "an operand";
    case Expected::RawArgument: return "a raw argument such as [3]";
    case Expected::SecondName: return "a second name";
    case Expected::Suffix: return "a flag or a number after '+'";
    case Expected::Symbol: return "the block's symbol";
    case Expected::Signature: return "a signature in '( )'";
    case Expected::ParameterName: return "a parameter's name";
    case Expected::SignatureEnd: return "',' or ')' in the signature";
    case Expected::TargetName: return "a version such as 3.13";
    case Expected::SourceItem: return "mtime=N, size=N or flags=N";
    case Expected::Number: return "a number";
    case Expected::HashKind: return "'checked' or 'unchecked'";
    case Expected::HeaderKind: return "'none'";
    case Expected::Text: return "a string literal";
    case Expected::Value: return "a literal";
    case Expected::NameItem: return "a name";
    case Expected::NameOrText: return "a string literal";
    case Expected::FlagNames: return "flags joined by '|', or a number";
    case Expected::Line: return "LINE, LINE:COLUMN-COLUMN, LINE:COLUMN-LINE:COLUMN, LINE-LINE or none";
    case Expected::ColumnNumber: return "a column number";
    case Expected::LineNumber: return "a line number";
    case Expected::Label: return "a label";
    case Expected::Comma: return "','";
    case Expected::Arrow: return "'->' and the handler's label";
    case Expected::ExceptOption: return "'lasti' or 'depth=N'";
    case Expected::Equals: return "'='";
    case Expected::OpNumber: return "an opcode's number";
    case Expected::ByteList: return "bytes (b\"\\x01\\x02\" or 1, 2)";
    case Expected::CacheList: return "cache units (1, 2)";
    case Expected::CodeSymbol: return "a block's symbol in code(...)";
    case Expected::ConstSymbol: return "a constant's name in const(...)";
    case Expected::ListedSymbol: return "a symbol";
    case Expected::ConstantName: return "the constant's name";
    case Expected::Closer: return "')'";
    case Expected::NanBits: return "the fraction bits of a nan, as in nan(0x8000000000001)";
    }
    return {};
}

} // namespace

std::size_t found_size(std::string_view rest) {
    if (rest.empty() || rest[0] == '\n' || rest[0] == '\r') return 0;
    std::size_t size = 1;
    if (is(rest[0], WordPart)) {
        while (size < rest.size() && is(rest[size], WordPart)) ++size;
    }
    return size;
}

std::string found_text(std::string_view rest) {
    if (rest.empty()) return "the end of the file";
    const std::size_t size = found_size(rest);
    if (size == 0 || rest[0] == '#') return "the end of the line";
    return fmt::format("'{}'", support::printable(rest.substr(0, size), 40));
}

std::string expected_message(Expected what, std::string_view rest, std::string_view directive) {
    const std::string found = found_text(rest);
    if (what == Expected::ConstantEnd) return fmt::format("unexpected {} after the operand", found);
    if (what == Expected::PositionEnd) return fmt::format("unexpected {} after the position", found);
    if (what == Expected::LineEnd) {
        if (directive.empty()) return fmt::format("unexpected {} after the operand", found);
        return fmt::format("unexpected {} after '.{}'", found, directive);
    }
    if (directive.empty() || what == Expected::SignatureEnd)
        return fmt::format("expected {}, found {}", words_of(what), found);
    return fmt::format("expected {} in '.{}', found {}", words_of(what), directive, found);
}

namespace {

/// `- 1`, at `rest`.
[[nodiscard]] std::string joined_sign_help(std::string_view rest) {
    const std::size_t number = rest.find_first_not_of(" \t\f", 1);
    if (rest[0] != '-' || number == 1 || number == std::string_view::npos || !is(rest[number], Digit))
        return {};
    const std::string_view digits = rest.substr(number);
    return fmt::format("Write -{}, without a blank.",
                       support::printable(digits.substr(0, found_size(digits)), 40));
}

/// For text behind a directive.
[[nodiscard]] std::string line_end_help(char first, std::string_view directive) {
    if (directive == "function" || directive == "code" || directive == "class") {
        if (first == ':') return "A directive has no colon.";
        if (first == '-') return "Annotations are no part of a code object.";
        if (first == '(') return "Only .function and .code have a signature.";
    }
    const Directive* const known = find_directive(directive);
    if (known &&
        (known->shape == Shape::Values || known->shape == Shape::Value || known->shape == Shape::Constant) &&
        !operator_help({&first, 1}).empty())
        return std::string(operator_help({&first, 1}));
    const bool starts_item = is(first, WordStart) || is(first, Digit) || first == '"' || first == '\'';
    if (!known || !starts_item) return {};
    if (known->shape == Shape::Try || known->shape == Shape::Except)
        return "A comma stands before lasti and depth=N.";
    if (known->shape == Shape::Names || known->shape == Shape::Values || known->shape == Shape::Bytes ||
        known->shape == Shape::Symbols || known->shape == Shape::Cache)
        return "Write commas between them.";
    return {};
}

} // namespace

constexpr std::string_view position_help =
    "A position is written @ 10, @ 10:4-20 or @ none, with a blank before it.";

std::string_view operator_help(std::string_view rest) {
    if (rest.empty() || std::string_view("+-*/%@&|^<>").find(rest[0]) == std::string_view::npos) return {};
    return "Expressions are not computed: write the value; a complex number is written as in 1+2j.";
}

std::string expected_help(Expected what, std::string_view rest, std::string_view directive) {
    const char first = rest.empty() ? '\n' : rest[0];
    const bool is_comment = first == ';' || rest.starts_with("//");
    switch (what) {
    case Expected::Statement:
        if (is_comment) return "A comment starts with #.";
        if (is(first, Digit) && rest.substr(found_size(rest)).starts_with(':'))
            return "A label starts with a letter or an underscore.";
        if (first == '@') return "A position stands behind an instruction; for itself it is .line 10.";
        return {};
    case Expected::PositionEnd: return is_comment ? "A comment starts with #." : "";
    case Expected::ConstantEnd:
        if (is_comment) return "A comment starts with #.";
        if (first == '@') return std::string(position_help);
        if (first == ',') return "A tuple is written in brackets: (1, 2).";
        return std::string(operator_help(rest));
    case Expected::LineEnd:
        if (first == '@' && directive.empty()) return std::string(position_help);
        return is_comment ? "A comment starts with #." : line_end_help(first, directive);
    case Expected::TargetName: return first == '"' || first == '\'' ? "Leave out the quotes." : "";
    case Expected::HeaderKind: return "Other headers are stated with .source or .hash.";
    case Expected::Text:
        if (directive == "include" && first == '<') return "A stub is named as in <start>.";
        return is(first, WordStart) ? "Write it in quotes." : "";
    case Expected::Line: return rest.starts_with("None") ? "Write .line none." : "";
    case Expected::RawArgument: return "A list is written list([1, 2]).";
    case Expected::Operand:
        if (first == ':') return "A label is a name and a colon, without blanks between.";
        if (first == '$' || first == '%') return "Names are written as they are.";
        return {};
    case Expected::Value: return first == '-' ? joined_sign_help(rest) : "";
    case Expected::Signature: return "A function without parameters has ().";
    case Expected::SignatureEnd:
        if (first == ':') return "Annotations are no part of a code object.";
        return {};
    case Expected::NameItem:
    case Expected::NameOrText: return "A name that is not an identifier is written in quotes.";
    default: return {};
    }
}

} // namespace pyasm::grammar
