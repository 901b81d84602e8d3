#pragma once

#include "isa/opcode.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace pyasm::isa {

/// Layout of a `.pyc` header after the four magic bytes.
enum class HeaderLayout : std::uint8_t {
    Mtime,     ///< u32 mtime (2.7)
    MtimeSize, ///< u32 mtime, u32 source size (3.6)
    Flags,     ///< u32 flags, then u32 mtime and u32 size, or an 8-byte hash (PEP 552, 3.7+)
};

/// How an instruction is laid out in co_code.
enum class InstructionForm : std::uint8_t {
    Bytecode, ///< one byte, or three with a u16 argument (2.7)
    Wordcode, ///< two bytes, opcode and argument (3.6+)
};

enum class LineTableKind : std::uint8_t {
    UnsignedLnotab, ///< co_lnotab with unsigned line steps (2.7)
    SignedLnotab,   ///< co_lnotab with signed line steps (3.6 - 3.9)
    LineTable310,   ///< PEP 626 ranges (3.10)
    LocationTable,  ///< PEP 657 (3.11+)
};

enum class SourceHash : std::uint8_t { None, SipHash24, SipHash13 };

/// Which literals the language has: those of Python 2 (`10L`, `0777`, "" is a byte string) or of Python 3.
enum class LiteralDialect : std::uint8_t { Python2, Python3 };

/// A bit of co_flags with its name ("OPTIMIZED", "FUTURE_ANNOTATIONS").
struct CodeFlag {
    std::uint32_t bit;
    std::string_view name;
};

/// co_flags bits by role. 0 where the target has no such flag.
struct CodeFlagBits {
    std::uint32_t optimized, newlocals, varargs, varkeywords, nested, generator, nofree, coroutine,
        async_generator, has_docstring, method;
    std::uint32_t future; ///< all of `from __future__`

    /// Those of what does not run when it is called, but makes a generator or coroutine.
    [[nodiscard]] constexpr std::uint32_t generators() const {
        return generator | coroutine | async_generator;
    }
};

/// What marshal can hold in this version.
struct MarshalFeatures {
    std::uint8_t version; ///< what the interpreter's own compiler writes
    bool references;      ///< FLAG_REF and 'r'
    bool short_forms;     ///< a A z Z )
    bool interned_table;  ///< 't' enters a table, 'R' refers to it (2.7)
    bool slices;          ///< ':'
    bool frozendicts;     ///< '}'
};

/// Where the fields of a code object differ (order as in Python/marshal.c of each version).
struct CodeLayout {
    bool posonlyargcount;
    bool kwonlyargcount;
    /// localsplusnames and localspluskinds in place of nlocals, varnames, freevars and cellvars.
    bool localsplus;
    bool qualname;
    bool exceptiontable;
    /// localspluskinds has the bits that tell how an argument is passed (3.14+).
    bool argument_kinds;
    /// localspluskinds has the bit of locals that an inlined comprehension hides (3.12+).
    bool hidden_locals;
};

/// What compilers of this version do where it is a convention and not a format: the derived defaults.
struct Conventions {
    bool none_first_in_functions; ///< co_consts[0] of a function is its docstring or None (<= 3.13)
    /// co_consts[0] of a body is the first constant that its compiler met, also where no instruction refers
    /// to it any more (3.14+: LOAD_SMALL_INT)
    bool first_constant_stays;
    bool nofree_flag;      ///< NOFREE is set where there are no cells and free variables (<= 3.10)
    bool class_newlocals;  ///< class bodies have NEWLOCALS (2.7)
    bool merges_locations; ///< neighbours with equal locations share an entry of the location table (3.12+)
    bool one_height;       ///< all ways to an instruction bring the same stack height (3.9+: no END_FINALLY)
    std::uint8_t least_stacksize; ///< co_stacksize is no less (3.13+: 1)
    /// Argument of CALL_INTRINSIC_1 that marks an asynchronous generator's yield; 0 where there is none.
    std::uint8_t async_wrap_intrinsic;
};

/// How one can tell that a suspended generator waits in `yield from` or `await`, so that throw() and close()
/// take what is on top of its stack for the iterator it waits for. Source: _PyGen_yf in Objects/genobject.c
/// of each version.
enum class AwaitMark : std::uint8_t {
    NextYieldFrom, ///< the next instruction is YIELD_FROM (<= 3.10)
    NextResume,    ///< the next instruction is RESUME with an argument from 2 on (3.11, 3.12)
    YieldArgument, ///< YIELD_VALUE has the argument 1 (3.13+)
};

/// What the interpreter keeps in a frame, and what of it it checks.
struct FrameModel {
    bool block_stack;           ///< SETUP_* push blocks, at most `most_blocks` (<= 3.10)
    std::uint8_t handler_items; ///< items that an exception pushes for a block's handler: 3 (2.7), 6
    bool handler_block;         ///< and a block of its own, EXCEPT_HANDLER (3.6 - 3.10)
    bool why_codes;             ///< return, break and continue go through finally blocks (<= 3.7)
    bool return_addresses;      ///< CALL_FINALLY (3.8)
    bool cells_in_locals;       ///< MAKE_CELL and COPY_FREE_VARS put cells among the locals (3.11+)
    bool unbound_checked;       ///< LOAD_FAST raises where the local is unbound (<= 3.11)
    bool generator_instruction; ///< RETURN_GENERATOR makes the generator (3.11+); before, a flag does
    bool sends_at_start;        ///< the first send, too, pushes a value, for GEN_START (3.10)
    AwaitMark await_mark;
    std::uint8_t awaited_depth; ///< how far from the top the awaited iterator is: 1 is the top
    std::uint8_t
        loop_end_skipped;    ///< instructions at its label that FOR_ITER skips at the end, unseen (3.12+)
    bool generator_first;    ///< RETURN_GENERATOR must come before anything that can run code (3.11 - 3.14)
    bool signals_after_jump; ///< a jump back looks at signals when it has jumped: an exception then belongs
                             ///< to the
                             ///<   instruction in front of its label (3.11, 3.12)
    bool borrows;            ///< LOAD_FAST_BORROW pushes a reference that the local goes on owning (3.14+)
    bool trusts_nofree;      ///< NOFREE is believed: without cells and free variables for a call (2.7)
    bool caches_globals; ///< what LOAD_GLOBAL finds, in a table with a byte for each code unit (3.8 - 3.10)
    bool caches_attributes;                          ///< and what LOAD_ATTR finds (3.10)
    static constexpr std::uint32_t most_blocks = 20; ///< CO_MAXBLOCKS
};

/// Immutable facts of one version.
struct Target {
    std::string_view name; ///< "3.13"
    std::uint8_t column;   ///< its column in opcodes.def
    std::uint16_t magic;   ///< first two bytes of the header, little endian; CR LF follow
    HeaderLayout header;
    InstructionForm form;
    std::uint8_t have_argument; ///< opcodes from this number on take an argument (already +1 for 3.13+)
    std::uint8_t extended_arg;  ///< opcode of EXTENDED_ARG
    std::uint8_t jump_unit;     ///< bytes that one step of a jump argument stands for: 1 or 2
    LineTableKind line_table;
    SourceHash source_hash;
    LiteralDialect literals;
    bool underscores_in_numbers; ///< 1_000 (3.6+)
    MarshalFeatures marshal;
    CodeLayout code;
    CodeFlagBits flag_bits;
    std::span<const CodeFlag> flags; ///< every named co_flags bit, for spelling
    Conventions conventions;
    FrameModel frame;

    /// The row with this number; null for an undefined, specialised or instrumented one.
    [[nodiscard]] const OpInfo* op(std::uint8_t number) const;
    /// The specialised or instrumented form with this number; null if there is none. Constant time.
    [[nodiscard]] const HiddenOpcode* hidden_op(std::uint8_t number) const;
    /// The row that this hidden form stands for (BINARY_OP for BINARY_OP_ADD_INT): it has its caches; null
    /// for any other number, and for a form of no single instruction (INSTRUMENTED_LINE).
    [[nodiscard]] const OpInfo* plain_form(std::uint8_t number) const;
    /// The row with this name; null if the target has none. Constant time.
    [[nodiscard]] const OpInfo* find(std::string_view name) const;
    /// The row whose name was written with blanks at the head of a text: LOAD_CONST for "LOAD CONST 1",
    /// SLICE+1 for "SLICE +1"; the longest such name. Null if there is none, or none with a blank. For
    /// messages.
    [[nodiscard]] const OpInfo* find_spaced(std::string_view text) const;
    /// The opcode number of a row of this target. The row must be one of the target's.
    [[nodiscard]] std::uint8_t number(const OpInfo& op) const {
        return static_cast<std::uint8_t>(op.numbers[column]);
    }
    /// All names of this target, for suggestions.
    [[nodiscard]] std::span<const std::string_view> mnemonics() const;
};

/// Oldest first.
[[nodiscard]] std::span<const Target> all_targets();
[[nodiscard]] const Target& newest_target();
/// By name ("3.13"); null if there is none.
[[nodiscard]] const Target* find_target(std::string_view name);
/// By the first two bytes of a `.pyc`; null if no target has it.
[[nodiscard]] const Target* target_of_magic(std::uint16_t magic);
/// The Python release that a magic number belongs to ("3.5", "3.13 (alpha)"), known for unsupported ones,
/// too; empty if nobody knows it. Source: Include/internal/pycore_magic_number.h (3.14) and its predecessors'
/// comments.
[[nodiscard]] std::string_view release_of_magic(std::uint16_t magic);

} // namespace pyasm::isa
