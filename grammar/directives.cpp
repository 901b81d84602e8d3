#include "grammar/directives.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pyasm::grammar {

namespace {

using Id = DirectiveId;

constexpr std::array table = {
    // sorted by word
    Directive{"argcount", Id::Argcount, Shape::Count, Place::Pin},
    Directive{"bytes", Id::Bytes, Shape::Bytes, Place::Body},
    Directive{"cache", Id::Cache, Shape::Cache, Place::Body},
    Directive{"cellvars", Id::Cellvars, Shape::Names, Place::Pin},
    Directive{"class", Id::Class, Shape::Class, Place::Anywhere},
    Directive{"code", Id::Code, Shape::Code, Place::Anywhere},
    Directive{"constant", Id::Constant, Shape::Constant, Place::File},
    Directive{"consts", Id::Consts, Shape::Values, Place::Pin},
    Directive{"doc", Id::Doc, Shape::Value, Place::Pin},
    Directive{"elif", Id::Elif, Shape::Raw, Place::Anywhere},
    Directive{"else", Id::Else, Shape::MacroWord, Place::Anywhere},
    Directive{"end", Id::End, Shape::Nothing, Place::Anywhere},
    Directive{"endif", Id::EndIf, Shape::MacroWord, Place::Anywhere},
    Directive{"endmacro", Id::EndMacro, Shape::MacroWord, Place::Anywhere},
    Directive{"endrepeat", Id::EndRepeat, Shape::MacroWord, Place::Anywhere},
    Directive{"endtry", Id::EndTry, Shape::Nothing, Place::Body},
    Directive{"error", Id::Error, Shape::Raw, Place::Anywhere},
    Directive{"except", Id::Except, Shape::Except, Place::Body},
    Directive{"exceptiontable", Id::Exceptiontable, Shape::Value, Place::Pin},
    Directive{"exitmacro", Id::ExitMacro, Shape::MacroWord, Place::Anywhere},
    Directive{"extern", Id::Extern, Shape::Symbols, Place::File},
    Directive{"filename", Id::Filename, Shape::NameOrText, Place::Ahead},
    Directive{"firstlineno", Id::Firstlineno, Shape::Count, Place::Pin},
    Directive{"flags", Id::Flags, Shape::Flags, Place::Pin},
    Directive{"freevars", Id::Freevars, Shape::Names, Place::Pin},
    Directive{"function", Id::Function, Shape::Function, Place::Anywhere},
    Directive{"global", Id::Global, Shape::Symbols, Place::File},
    Directive{"hash", Id::Hash, Shape::Hash, Place::File},
    Directive{"header", Id::Header, Shape::Header, Place::File},
    Directive{"hidden", Id::Hidden, Shape::Names, Place::Pin},
    Directive{"if", Id::If, Shape::Raw, Place::Anywhere},
    Directive{"include", Id::Include, Shape::Include, Place::Anywhere},
    Directive{"kwonlyargcount", Id::Kwonlyargcount, Shape::Count, Place::Pin},
    Directive{"line", Id::Line, Shape::Line, Place::Body},
    Directive{"linetable", Id::Linetable, Shape::Value, Place::Pin},
    Directive{"local", Id::Local, Shape::Raw, Place::Anywhere},
    Directive{"locals", Id::Locals, Shape::Names, Place::Pin},
    Directive{"localspluskinds", Id::Localspluskinds, Shape::Value, Place::Pin},
    Directive{"localsplusnames", Id::Localsplusnames, Shape::Value, Place::Pin},
    Directive{"macro", Id::Macro, Shape::Raw, Place::Anywhere},
    Directive{"marshal", Id::Marshal, Shape::Value, Place::File},
    Directive{"module", Id::Module, Shape::Nothing, Place::File},
    Directive{"name", Id::Name, Shape::NameOrText, Place::Pin},
    Directive{"names", Id::Names, Shape::Names, Place::Pin},
    Directive{"nlocals", Id::Nlocals, Shape::Count, Place::Pin},
    Directive{"op", Id::Op, Shape::Op, Place::Body},
    Directive{"posonlyargcount", Id::Posonlyargcount, Shape::Count, Place::Pin},
    Directive{"qualname", Id::Qualname, Shape::NameOrText, Place::Pin},
    Directive{"repeat", Id::Repeat, Shape::Raw, Place::Anywhere},
    Directive{"set", Id::Set, Shape::Raw, Place::Anywhere},
    Directive{"source", Id::Source, Shape::Source, Place::File},
    Directive{"stacksize", Id::Stacksize, Shape::Count, Place::Pin},
    Directive{"target", Id::Target, Shape::Target, Place::File},
    Directive{"trailing", Id::Trailing, Shape::Value, Place::File},
    Directive{"try", Id::Try, Shape::Try, Place::Body},
    Directive{"unchecked", Id::Unchecked, Shape::Nothing, Place::Pin},
    Directive{"value", Id::Value, Shape::Value, Place::File},
    Directive{"warning", Id::Warning, Shape::Raw, Place::Anywhere},
};
static_assert(std::ranges::is_sorted(table, {}, &Directive::word));

constexpr auto words = [] {
    std::array<std::string_view, table.size()> result{};
    for (std::size_t i = 0; i < table.size(); ++i) result[i] = table[i].word;
    return result;
}();

/// What else the directives are called: by Python, by other assemblers, by dis.
constexpr std::array<std::pair<std::string_view, std::string_view>, 32> other_words = {{
    {"args", "argcount"},  {"asciz", "bytes"},     {"byte", "bytes"},     {"def", "function"},
    {"define", "set"},     {"elseif", "elif"},     {"elsif", "elif"},     {"endfor", "end"},
    {"endm", "endmacro"},  {"endr", "endrepeat"},  {"equ", "set"},        {"exitm", "exitmacro"},
    {"export", "global"},  {"external", "extern"}, {"fi", "endif"},       {"fn", "function"},
    {"globl", "global"},   {"func", "function"},   {"ifdef", "if"},       {"ifndef", "if"},
    {"import", "include"}, {"layout", "marshal"},  {"lineno", "line"},    {"opcode", "op"},
    {"proc", "function"},  {"public", "global"},   {"python", "target"},  {"rep", "repeat"},
    {"rept", "repeat"},    {"varnames", "locals"}, {"version", "target"}, {"while", "repeat"},
}};

} // namespace

const Directive* find_directive(std::string_view word) {
    const auto found = std::ranges::lower_bound(table, word, {}, &Directive::word);
    return found != table.end() && found->word == word ? &*found : nullptr;
}

std::span<const std::string_view> directive_words() { return words; }

std::string_view nearest_directive(std::string_view word) {
    for (const auto& [other, directive] : other_words)
        if (other == word) return directive;
    const std::string_view near = support::nearest(word, words);
    // `.endfunction` and its like: a block of any kind ends in the same word.
    return word.starts_with("end") && support::edit_distance(word, near, 1) > 1 ? "end" : near;
}

} // namespace pyasm::grammar
