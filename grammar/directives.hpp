#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pyasm::grammar {

enum class DirectiveId : std::uint8_t {
    Module,
    Function,
    Class,
    Code,
    Constant,
    Global,
    Extern,
    End,
    Target,
    Source,
    Hash,
    Header,
    Value,
    Trailing,
    Marshal,
    Include,
    Line,
    Try,
    EndTry,
    Except,
    Op,
    Bytes,
    Cache,
    Argcount,
    Posonlyargcount,
    Kwonlyargcount,
    Nlocals,
    Stacksize,
    Firstlineno,
    Flags,
    Name,
    Qualname,
    Filename,
    Doc,
    Consts,
    Names,
    Locals,
    Cellvars,
    Freevars,
    Hidden,
    Localsplusnames,
    Localspluskinds,
    Linetable,
    Exceptiontable,
    Unchecked,
    Macro,
    EndMacro,
    ExitMacro,
    Local,
    Set,
    If,
    Elif,
    Else,
    EndIf,
    Repeat,
    EndRepeat,
    Error,
    Warning,
};

/// Where a directive may stand.
enum class Place : std::uint8_t {
    File,     ///< outside of all blocks
    Ahead,    ///< outside of all blocks, before the first; or as a Pin
    Anywhere, ///< outside and in a block
    Pin,      ///< in a block, before its first instruction
    Body,     ///< in a block
};

/// What follows the directive's word: each has a rule of its own.
enum class Shape : std::uint8_t {
    Nothing,
    Function,
    Class,
    Code,
    Target,
    Source,
    Hash,
    Header,
    Line,
    Try,
    Except,
    Op,
    Bytes,
    Cache,
    Count,
    Flags,
    Values,
    Names,
    NameOrText,
    Value,
    Symbols,
    Constant,
    Include,
    Raw,       ///< of the macro level: text up to the statement's end
    MacroWord, ///< of the macro level, nothing follows
};

struct Directive {
    std::string_view word; ///< without its dot
    DirectiveId id;
    Shape shape;
    Place place;
};

/// Whether it is done while the source is read, and asks for other lines: `.if`, say.
[[nodiscard]] constexpr bool is_macro_level(const Directive& directive) {
    return directive.shape == Shape::Raw || directive.shape == Shape::MacroWord;
}

/// By its word without the dot; null if there is none.
[[nodiscard]] const Directive* find_directive(std::string_view word);
/// All words.
[[nodiscard]] std::span<const std::string_view> directive_words();
/// The directive that an unknown word was likely meant to be: a misspelling of it, or its name elsewhere
/// ("def", "endfunction"). Empty where nothing is near.
[[nodiscard]] std::string_view nearest_directive(std::string_view word);

} // namespace pyasm::grammar
