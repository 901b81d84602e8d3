#pragma once

#include <array>
#include <cstdint>

namespace pyasm::grammar {

/// What a byte may be part of. Bytes of 0x80 and more are letters: the text is known to be valid UTF-8.
enum CharClass : std::uint16_t {
    Blank = 1 << 0,     ///< between the words of a line
    Space = 1 << 1,     ///< between the words inside brackets: line ends, too
    WordStart = 1 << 2, ///< first of an identifier
    WordPart = 1 << 3,  ///< further ones
    NamePart = 1 << 4,  ///< of a name: dots, too ("os.path")
    Digit = 1 << 5,
    HexDigit = 1 << 6,
    SymbolPart = 1 << 7, ///< of a block's symbol: "<lambda>", "Outer.method", "f$2"
    Operator = 1 << 8,   ///< of an operand in words: operators, letters, brackets: "bool(<)", "not in", "[]"
    SuffixPart = 1 << 9, ///< of what follows a name's plus: "NULL|self"
    FlagPart = 1 << 10,  ///< of `.flags`: "OPTIMIZED|NEWLOCALS"
    PlainDouble = 1 << 11, ///< inside "...": neither quote nor backslash nor line end
    PlainSingle = 1 << 12, ///< inside '...'
    Junk = 1 << 13,        ///< what an unreadable member of a literal may go on with
    SymbolPath = 1 << 14,  ///< of a symbol that may be another file's: "helpers:Class.method"
};

[[nodiscard]] constexpr std::array<std::uint16_t, 256> make_char_classes() {
    std::array<std::uint16_t, 256> table{};
    const auto add = [&table](const char* text, std::uint16_t classes) {
        for (; *text; ++text) table[static_cast<unsigned char>(*text)] |= classes;
    };
    const std::uint16_t letter =
        WordStart | WordPart | NamePart | SymbolPart | SymbolPath | Operator | SuffixPart | FlagPart;
    for (unsigned c = 'a'; c <= 'z'; ++c) table[c] |= letter, table[c - 'a' + 'A'] |= letter;
    for (unsigned c = 0x80; c <= 0xff; ++c) table[c] |= letter;
    table['_'] |= letter;
    for (unsigned c = '0'; c <= '9'; ++c) {
        table[c] |= WordPart | NamePart | Digit | HexDigit | SymbolPart | SymbolPath | Operator | SuffixPart |
                    FlagPart;
    }
    for (unsigned c = 'a'; c <= 'f'; ++c) table[c] |= HexDigit, table[c - 'a' + 'A'] |= HexDigit;
    add(" \t\f", Blank | Space | SuffixPart | FlagPart);
    add("\r\n", Space);
    add(".", NamePart | SymbolPart | SymbolPath | Operator | SuffixPart);
    add("<>$", SymbolPart | SymbolPath);
    add(":", SymbolPath);
    add("+-*/%@&|^~<>=!()[]", Operator);
    add("|+", SuffixPart);
    add("|", FlagPart);
    for (unsigned c = 0; c <= 0xff; ++c) {
        if (c == '\\' || c == '\n' || c == '\r') continue;
        if (c != '"') table[c] |= PlainDouble;
        if (c != '\'') table[c] |= PlainSingle;
        table[c] |= Junk;
    }
    for (const char c : {',', ':', '(', ')', '[', ']', '{', '}', '#', '"', '\'', ' ', '\t', '\f'}) {
        table[static_cast<unsigned char>(c)] &= static_cast<std::uint16_t>(~Junk);
    }
    table['\\'] |= Junk;
    return table;
}

inline constexpr std::array<std::uint16_t, 256> char_classes = make_char_classes();

[[nodiscard]] constexpr bool is(char c, CharClass classes) {
    return (char_classes[static_cast<unsigned char>(c)] & classes) != 0;
}

} // namespace pyasm::grammar
