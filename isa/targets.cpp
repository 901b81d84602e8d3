// What the targets are. Each version is written as the changes to the one before it.

#include "isa/target.hpp"

#include <algorithm>

namespace pyasm::isa {
namespace {

// Bits of co_flags. Sources: Include/code.h (2.7, 3.6, 3.7), Include/cpython/code.h (3.8+); names as in
// inspect and dis.COMPILER_FLAG_NAMES, those of `from __future__` as in Lib/__future__.py with FUTURE_ in
// front. The __future__ bits moved up by four places in 3.8.
constexpr CodeFlag flags_2_7[] = {
    {0x1, "OPTIMIZED"},
    {0x2, "NEWLOCALS"},
    {0x4, "VARARGS"},
    {0x8, "VARKEYWORDS"},
    {0x10, "NESTED"},
    {0x20, "GENERATOR"},
    {0x40, "NOFREE"},
    {0x2000, "FUTURE_DIVISION"},
    {0x4000, "FUTURE_ABSOLUTE_IMPORT"},
    {0x8000, "FUTURE_WITH_STATEMENT"},
    {0x10000, "FUTURE_PRINT_FUNCTION"},
    {0x20000, "FUTURE_UNICODE_LITERALS"},
};

constexpr CodeFlag flags_of_3_7[] = {
    {0x1, "OPTIMIZED"},
    {0x2, "NEWLOCALS"},
    {0x4, "VARARGS"},
    {0x8, "VARKEYWORDS"},
    {0x10, "NESTED"},
    {0x20, "GENERATOR"},
    {0x40, "NOFREE"},
    {0x80, "COROUTINE"},
    {0x100, "ITERABLE_COROUTINE"},
    {0x200, "ASYNC_GENERATOR"},
    {0x2000, "FUTURE_DIVISION"},
    {0x4000, "FUTURE_ABSOLUTE_IMPORT"},
    {0x8000, "FUTURE_WITH_STATEMENT"},
    {0x10000, "FUTURE_PRINT_FUNCTION"},
    {0x20000, "FUTURE_UNICODE_LITERALS"},
    {0x40000, "FUTURE_BARRY_AS_FLUFL"},
    {0x80000, "FUTURE_GENERATOR_STOP"},
    {0x100000, "FUTURE_ANNOTATIONS"}, // 3.7
};
constexpr std::span<const CodeFlag> flags_3_7{flags_of_3_7};

constexpr CodeFlag flags_3_8[] = {
    {0x1, "OPTIMIZED"},
    {0x2, "NEWLOCALS"},
    {0x4, "VARARGS"},
    {0x8, "VARKEYWORDS"},
    {0x10, "NESTED"},
    {0x20, "GENERATOR"},
    {0x40, "NOFREE"},
    {0x80, "COROUTINE"},
    {0x100, "ITERABLE_COROUTINE"},
    {0x200, "ASYNC_GENERATOR"},
    {0x20000, "FUTURE_DIVISION"},
    {0x40000, "FUTURE_ABSOLUTE_IMPORT"},
    {0x80000, "FUTURE_WITH_STATEMENT"},
    {0x100000, "FUTURE_PRINT_FUNCTION"},
    {0x200000, "FUTURE_UNICODE_LITERALS"},
    {0x400000, "FUTURE_BARRY_AS_FLUFL"},
    {0x800000, "FUTURE_GENERATOR_STOP"},
    {0x1000000, "FUTURE_ANNOTATIONS"},
};

constexpr CodeFlag flags_of_3_14[] = {
    {0x1, "OPTIMIZED"},
    {0x2, "NEWLOCALS"},
    {0x4, "VARARGS"},
    {0x8, "VARKEYWORDS"},
    {0x10, "NESTED"},
    {0x20, "GENERATOR"},
    {0x80, "COROUTINE"},
    {0x100, "ITERABLE_COROUTINE"},
    {0x200, "ASYNC_GENERATOR"},
    {0x20000, "FUTURE_DIVISION"},
    {0x40000, "FUTURE_ABSOLUTE_IMPORT"},
    {0x80000, "FUTURE_WITH_STATEMENT"},
    {0x100000, "FUTURE_PRINT_FUNCTION"},
    {0x200000, "FUTURE_UNICODE_LITERALS"},
    {0x400000, "FUTURE_BARRY_AS_FLUFL"},
    {0x800000, "FUTURE_GENERATOR_STOP"},
    {0x1000000, "FUTURE_ANNOTATIONS"},
    {0x2000000, "NO_MONITORING_EVENTS"}, // 3.13
    {0x4000000, "HAS_DOCSTRING"},        // 3.14
    {0x8000000, "METHOD"},               // 3.14
};
constexpr std::span<const CodeFlag> flags_3_14{flags_of_3_14};

constexpr std::uint32_t future_bits(std::span<const CodeFlag> flags) {
    std::uint32_t bits = 0;
    for (const CodeFlag& flag : flags)
        if (flag.name.starts_with("FUTURE_")) bits |= flag.bit;
    return bits;
}

constexpr Target python2_7 = [] {
    Target t{};
    t.name = "2.7";
    t.column = 0;
    t.magic = 62211;
    t.header = HeaderLayout::Mtime;
    t.form = InstructionForm::Bytecode;
    t.have_argument = 90;
    t.extended_arg = 145;
    t.jump_unit = 1;
    t.line_table = LineTableKind::UnsignedLnotab;
    t.source_hash = SourceHash::None;
    t.literals = LiteralDialect::Python2;
    t.marshal.version = 2;
    t.marshal.interned_table = true;
    t.flag_bits.optimized = 0x1;
    t.flag_bits.newlocals = 0x2;
    t.flag_bits.varargs = 0x4;
    t.flag_bits.varkeywords = 0x8;
    t.flag_bits.nested = 0x10;
    t.flag_bits.generator = 0x20;
    t.flag_bits.nofree = 0x40;
    t.flags = flags_2_7;
    t.flag_bits.future = future_bits(t.flags);
    t.conventions.none_first_in_functions = true;
    t.conventions.nofree_flag = true;
    t.conventions.class_newlocals = true;
    t.frame.block_stack = true;
    t.frame.handler_items = 3;
    t.frame.why_codes = true;
    t.frame.unbound_checked = true;
    t.frame.await_mark = AwaitMark::NextYieldFrom;
    t.frame.awaited_depth = 1;
    t.frame.trusts_nofree = true;
    return t;
}();

constexpr Target python3_6 = [] {
    Target t = python2_7;
    t.name = "3.6";
    t.column = 1;
    t.magic = 3379;
    t.header = HeaderLayout::MtimeSize;
    t.form = InstructionForm::Wordcode;
    t.extended_arg = 144;
    t.line_table = LineTableKind::SignedLnotab;
    t.literals = LiteralDialect::Python3;
    t.underscores_in_numbers = true;
    t.marshal.version = 4;
    t.marshal.interned_table = false;
    t.marshal.references = true;
    t.marshal.short_forms = true;
    t.code.kwonlyargcount = true;
    t.flag_bits.coroutine = 0x80;
    t.flag_bits.async_generator = 0x200;
    t.flags = flags_3_7.first(flags_3_7.size() - 1);
    t.flag_bits.future = future_bits(t.flags);
    t.conventions.class_newlocals = false;
    t.frame.handler_items = 6;
    t.frame.handler_block = true;
    t.frame.trusts_nofree = false;
    return t;
}();

constexpr Target python3_7 = [] {
    Target t = python3_6;
    t.name = "3.7";
    t.column = 2;
    t.magic = 3394;
    t.header = HeaderLayout::Flags;
    t.source_hash = SourceHash::SipHash24;
    t.flags = flags_3_7;
    t.flag_bits.future = future_bits(t.flags);
    return t;
}();

constexpr Target python3_8 = [] {
    Target t = python3_7;
    t.name = "3.8";
    t.column = 3;
    t.magic = 3413;
    t.code.posonlyargcount = true;
    t.flags = flags_3_8;
    t.flag_bits.future = future_bits(t.flags);
    t.frame.why_codes = false;
    t.frame.return_addresses = true;
    t.frame.caches_globals = true;
    return t;
}();

constexpr Target python3_9 = [] {
    Target t = python3_8;
    t.name = "3.9";
    t.column = 4;
    t.magic = 3425;
    t.conventions.one_height = true;
    t.frame.return_addresses = false;
    return t;
}();

constexpr Target python3_10 = [] {
    Target t = python3_9;
    t.name = "3.10";
    t.column = 5;
    t.magic = 3439;
    t.jump_unit = 2;
    t.line_table = LineTableKind::LineTable310;
    t.frame.sends_at_start = true;
    t.frame.caches_attributes = true;
    return t;
}();

constexpr Target python3_11 = [] {
    Target t = python3_10;
    t.name = "3.11";
    t.column = 6;
    t.magic = 3495;
    t.line_table = LineTableKind::LocationTable;
    t.source_hash = SourceHash::SipHash13;
    t.code.localsplus = true;
    t.code.qualname = true;
    t.code.exceptiontable = true;
    t.flag_bits.nofree = 0;
    t.flags = flags_3_14.first(flags_3_14.size() - 3);
    t.flag_bits.future = future_bits(t.flags);
    t.conventions.nofree_flag = false;
    t.frame.block_stack = false;
    t.frame.handler_block = false;
    t.frame.sends_at_start = false;
    t.frame.caches_globals = false;
    t.frame.caches_attributes = false;
    t.frame.cells_in_locals = true;
    t.frame.generator_instruction = true;
    t.frame.await_mark = AwaitMark::NextResume;
    t.frame.generator_first = true;
    t.frame.signals_after_jump = true;
    return t;
}();

constexpr Target python3_12 = [] {
    Target t = python3_11;
    t.name = "3.12";
    t.column = 7;
    t.code.hidden_locals = true;
    t.magic = 3531;
    t.conventions.merges_locations = true;
    t.conventions.async_wrap_intrinsic = 4; // INTRINSIC_ASYNC_GEN_WRAP
    t.frame.unbound_checked = false;
    t.frame.loop_end_skipped = 1; // END_FOR
    return t;
}();

constexpr Target python3_13 = [] {
    Target t = python3_12;
    t.name = "3.13";
    t.column = 8;
    t.magic = 3571;
    // opcode.HAVE_ARGUMENT is 44 here and names the last opcode without an argument; before 3.13 it was the
    // first with one.
    t.have_argument = 45;
    t.extended_arg = 71;
    t.flags = flags_3_14.first(flags_3_14.size() - 2);
    t.flag_bits.future = future_bits(t.flags);
    t.conventions.least_stacksize = 1;
    t.frame.loop_end_skipped = 2; // END_FOR, POP_TOP
    t.frame.await_mark = AwaitMark::YieldArgument;
    t.frame.signals_after_jump = false;
    return t;
}();

constexpr Target python3_14 = [] {
    Target t = python3_13;
    t.name = "3.14";
    t.column = 9;
    t.magic = 3627;
    t.have_argument = 44;
    t.extended_arg = 69;
    t.marshal.version = 5;
    t.marshal.slices = true;
    t.code.argument_kinds = true;
    t.flag_bits.has_docstring = 0x4000000;
    t.flag_bits.method = 0x8000000;
    t.flags = flags_3_14;
    t.flag_bits.future = future_bits(t.flags);
    t.conventions.none_first_in_functions = false;
    t.conventions.first_constant_stays = true;
    t.frame.loop_end_skipped = 1; // END_FOR
    t.frame.borrows = true;
    return t;
}();

constexpr Target python3_15 = [] {
    Target t = python3_14;
    t.name = "3.15";
    t.column = 10;
    t.magic = 3666;
    t.have_argument = 42;
    t.extended_arg = 67;
    t.marshal.version = 6;
    t.marshal.frozendicts = true;
    t.frame.awaited_depth = 2;       // the index is on top of it
    t.frame.generator_first = false; // a generator expression makes its iterator before
    return t;
}();

constexpr std::array<Target, target_count> targets = {
    python2_7,  python3_6,  python3_7,  python3_8,  python3_9,  python3_10,
    python3_11, python3_12, python3_13, python3_14, python3_15,
};

static_assert([] {
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (targets[i].column != i) return false;
    return true;
}());

struct MagicRange {
    std::uint16_t first;
    std::uint16_t last;
    std::string_view release;
};

constexpr MagicRange magic_ranges[] = {
#define MAGIC(first, last, release) {first, last, release},
#include "isa/magic_numbers.def"
#undef MAGIC
};

} // namespace

std::span<const Target> all_targets() { return targets; }

const Target& newest_target() { return targets.back(); }

const Target* find_target(std::string_view name) {
    const auto found =
        std::find_if(targets.begin(), targets.end(), [&](const Target& t) { return t.name == name; });
    return found == targets.end() ? nullptr : &*found;
}

const Target* target_of_magic(std::uint16_t magic) {
    const auto found =
        std::find_if(targets.begin(), targets.end(), [&](const Target& t) { return t.magic == magic; });
    return found == targets.end() ? nullptr : &*found;
}

std::string_view release_of_magic(std::uint16_t magic) {
    const auto found =
        std::find_if(std::begin(magic_ranges), std::end(magic_ranges),
                     [&](const MagicRange& range) { return range.first <= magic && magic <= range.last; });
    return found == std::end(magic_ranges) ? std::string_view{} : found->release;
}

} // namespace pyasm::isa
