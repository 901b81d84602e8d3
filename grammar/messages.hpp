#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pyasm::grammar {

/// What the grammar wanted where it could not go on.
enum class Expected : std::uint8_t {
    Statement,
    LineEnd,
    Gap,
    Operand,
    RawArgument,
    SecondName,
    Suffix,
    Symbol,
    Signature,
    ParameterName,
    SignatureEnd,
    TargetName,
    SourceItem,
    Number,
    HashKind,
    HeaderKind,
    Text,
    Value,
    NameItem,
    NameOrText,
    FlagNames,
    Line,
    ColumnNumber,
    LineNumber,
    Label,
    Comma,
    Arrow,
    ExceptOption,
    Equals,
    OpNumber,
    ByteList,
    CacheList,
    CodeSymbol,
    ConstSymbol,
    ListedSymbol,
    ConstantName,
    Closer,
    NanBits,
    ConstantEnd, ///< the line's end behind a constant
    PositionEnd, ///< the line's end behind a position
};

/// The message for text that is not what was wanted. `rest` is the text from there on; `directive` the word
/// of the line's directive without its dot, if it has one.
[[nodiscard]] std::string expected_message(Expected what, std::string_view rest, std::string_view directive);
/// The likely correction that goes with it; may be empty.
[[nodiscard]] std::string expected_help(Expected what, std::string_view rest, std::string_view directive);
/// What to say where `rest` goes on behind a value with an operator; empty where it does not.
[[nodiscard]] std::string_view operator_help(std::string_view rest);
/// The token at the head of `rest` as a message names it: "'foo'", "the end of the line".
[[nodiscard]] std::string found_text(std::string_view rest);
/// How many bytes of `rest` that token has (0 at the end of a line).
[[nodiscard]] std::size_t found_size(std::string_view rest);

} // namespace pyasm::grammar
