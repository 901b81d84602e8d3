#pragma once

#include "isa/target.hpp"
#include "objects/line_table.hpp"
#include "objects/pyc.hpp"
#include "objects/value.hpp"
#include "support/span.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// The symbolic form of a program: what the parser builds from text and the disassembler from a code object.
/// Text in it is a view into a source or into the arena of `Unit::values`.
namespace pyasm::program {

using objects::ValueId;
using support::Span;

/// How an operand is written. What it means depends on the instruction, so it is decided by the assembler.
enum class OperandForm : std::uint8_t {
    None,
    Raw,     ///< [n]: `number`
    Integer, ///< n, -n, 0x1f that fits 64 bits, without suffix: `number`
    Value, ///< any other literal: `value`. A string literal also sets `quoted` and `text`: it may be meant as
           ///< a name
    Name, ///< print, done, .0, None: `text`; print + NULL, attr + NULL|self, loop+1: `suffix` is what follows
          ///< the
          ///<   first plus, blanks trimmed ("NULL", "NULL|self", "1", "lazy"); several flags: "NULL|self + x"
    NamePair, ///< a, b: `text` and `suffix`
    Words,    ///< an operator or symbolic word with other characters: +, <=, not in, bool(<), [], a|b: `text`
              ///<   (inner blanks made single)
};

struct Operand {
    OperandForm form = OperandForm::None;
    /// Name, NamePair: the name was written as a string literal ("not an identifier"); `text` is its decoded
    /// form.
    bool quoted = false;
    bool suffix_quoted = false;
    Span span;
    std::string_view text;
    std::string_view suffix;
    union {
        std::int64_t number = 0;
        ValueId value;
    };
};

/// A row of the exception table: `.except START, END -> HANDLER, depth=1, lasti`, or what a `.try` says of
/// its handler.
struct ExceptRow {
    struct LabelRef {
        std::string_view name;
        std::int64_t addend = 0; ///< `label+1`, in code units
        Span span;
    };
    LabelRef start; ///< empty for `.try`
    LabelRef end;   ///< empty for `.try`
    LabelRef handler;
    std::optional<std::uint32_t> depth; ///< derived where it is not given
    bool lasti = false;
};

enum class StatementKind : std::uint8_t {
    Instruction, ///< `text` is the mnemonic as written
    Label,       ///< `text` is its name
    Line,        ///< `.line`: `index` into Unit::positions
    Try,         ///< `.try`: `index` into Unit::except_rows
    EndTry,
    Except, ///< `.except`: `index` into Unit::except_rows
    Op,     ///< `.op NUMBER [ARG]`: operand.number is the argument, `index` the opcode (0..255);
            ///<   operand.form is None where no argument was written
    Bytes,  ///< `.bytes ...`: operand.value is a Bytes value
    Cache,  ///< `.cache n, n...`: the cache units of the instruction before it, in place of zeros;
            ///< operand.value is
            ///<   a Tuple of Int values 0..65535, which may be empty: no cache units at all
};

/// One line of a body.
struct Statement {
    StatementKind kind = StatementKind::Instruction;
    std::uint32_t index = 0;
    Span span; ///< the mnemonic, label or directive word
    std::string_view text;
    Operand operand;
};

enum class BlockKind : std::uint8_t { Module, Function, Class, Code };

enum class ParameterKind : std::uint8_t { PositionalOnly, Positional, VarArgs, KeywordOnly, VarKeywords };

struct Parameter {
    ParameterKind kind = ParameterKind::Positional;
    std::string_view name;
    Span span;
    ValueId default_value =
        objects::no_value; ///< a code object has no place for it: kept for the portable level
};

/// A derived field stated outright. `span.known()` or `set` tells whether it is.
template <class T> struct Pin {
    T value{};
    Span span;
    bool set = false;
    explicit operator bool() const { return set; }
};

/// A list of values with the place of each.
struct PinnedList {
    std::vector<ValueId> values;
    std::vector<Span> spans;
};

/// The directives that pin a block's derived fields.
struct BlockPins {
    Pin<std::int32_t> argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, firstlineno;
    Pin<std::string_view> flags; ///< as written: a number, or names joined by `|`
    Pin<ValueId> name, qualname, filename, doc;
    Pin<PinnedList> consts, names;
    Pin<PinnedList> locals; ///< co_varnames
    Pin<PinnedList> cellvars, freevars;
    Pin<PinnedList> hidden; ///< `.hidden`: locals that an inlined comprehension hides (3.12+)
    Pin<ValueId> localsplusnames, localspluskinds; ///< outright, for 3.11+ tables that no signature gives
    Pin<ValueId> linetable, exceptiontable;
    bool unchecked = false;
};

/// A comment of the text. The printer gives them out; the parser drops them.
struct Comment {
    enum class Place : std::uint8_t {
        Above,  ///< on a line of its own before the statement
        Behind, ///< on the statement's line
    };
    std::uint32_t block = 0;
    std::uint32_t statement = 0; ///< index in the block's body; its size: behind the last one
    Place place = Place::Behind;
    std::string_view text; ///< any bytes: the printer keeps them inside the comment
};

/// One code object in text.
struct Block {
    BlockKind kind = BlockKind::Module;
    std::string_view symbol; ///< "add", "Outer.method", "<lambda>"; empty for a module
    Span span;               ///< the directive word
    Span symbol_span;
    Span end_span;              ///< the `.end`; unknown where it is missing
    std::int32_t parent = -1;   ///< index in Unit::blocks of the block it stands in
    bool has_signature = false; ///< `.function` always; `.code NAME(...)` may
    bool is_async = false;      ///< `.function async NAME(...)`
    std::vector<Parameter> parameters;
    BlockPins pins;
    std::vector<Statement> body;
};

/// A name in `.global` or `.extern`.
struct SymbolName {
    std::string_view name;
    Span span;
};

/// `.constant NAME LITERAL`
struct NamedConstant {
    std::string_view name;
    Span span; ///< of the name
    ValueId value = objects::no_value;
};

/// The pyc header as the file states it: `.source mtime=1 size=2`, `.hash checked b"........"`.
struct HeaderDirectives {
    Pin<objects::PycHeader> header; ///< `.header none` sets PycHeader::absent
    /// `.hash checked "hello.py"`: the file whose hash is wanted; empty where the hash itself is given.
    std::string_view hash_of_file;
    Span hash_of_file_span;
};

/// A parsed file. It is complete as far as the text was understood, also when there were errors.
struct Unit {
    const isa::Target* target = nullptr; ///< the target it was parsed for; never null after parsing
    Pin<std::string_view> target_directive;
    /// The source's `.target` is wrong, which is reported: what depends on the target is not looked at.
    bool target_is_wrong = false;
    HeaderDirectives header;
    /// `.filename` before the first block: co_filename of every block that has no other. A block's own
    /// `.filename` holds for the blocks in it, too.
    Pin<ValueId> filename;
    Pin<ValueId> top;      ///< `.value`: the file's top object, where it is not a block's code object
    Pin<ValueId> trailing; ///< `.trailing`: Bytes behind the object
    /// `.marshal`: how marshal wrote the objects (objects/marshal_layout.hpp), a string
    Pin<ValueId> layout;
    std::vector<SymbolName> globals; ///< `.global`: what other units may refer to
    std::vector<SymbolName> externs; ///< `.extern`: what this one refers to in others
    std::vector<NamedConstant> constants;
    std::vector<Block> blocks; ///< in the order of their first lines; a nested block follows its parent
    objects::ValuePool values;
    std::vector<Span> value_spans; ///< by ValueId; may be shorter than the pool
    std::vector<objects::Position> positions;
    std::vector<ExceptRow> except_rows;
    std::vector<Comment> comments; ///< sorted by block, then statement

    [[nodiscard]] Span span_of(ValueId id) const {
        const auto index = static_cast<std::uint32_t>(id);
        return index < value_spans.size() ? value_spans[index] : Span{};
    }
};

} // namespace pyasm::program
