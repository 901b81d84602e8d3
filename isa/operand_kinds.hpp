#pragma once

// Every operand kind, as the operand column of opcodes.def names it. Spellings are those that each version's
// dis shows (Lib/dis.py, Lib/opcode.py; _opcode.get_nb_ops() and its like from 3.13 on).

#include "isa/stack_signature.hpp"

namespace pyasm::isa::kinds {

/// Stack items where they depend on the operand. Source: Python/intrinsics.c, 3.12 - 3.15.
namespace stacks {
inline constexpr StackSignature to_bool = signature::parse("left, right -- bool");
inline constexpr StackSignature of_exception = signature::parse("exc! -- exc");
inline constexpr StackSignature list_to_tuple = signature::parse("list! -- tuple");
inline constexpr StackSignature of_tuple = signature::parse("tuple! -- result");
inline constexpr StackSignature type_variable = signature::parse("str! -- result");
inline constexpr StackSignature bound_type_variable = signature::parse("str!, value -- result");
inline constexpr StackSignature type_alias = signature::parse("alias_parts! -- result");
inline constexpr StackSignature reraise_star = signature::parse("exc!, list! -- exc_or_none");
inline constexpr StackSignature type_params = signature::parse("function!, type_params! -- function");
inline constexpr StackSignature none = signature::parse(" -- none");
inline constexpr StackSignature truth = signature::parse(" -- bool");
inline constexpr StackSignature text = signature::parse(" -- str");
} // namespace stacks

namespace text {
inline constexpr std::string_view number = "a number, such as 1";
inline constexpr std::string_view count = "a count, such as 2";
inline constexpr std::string_view depth = "a distance from the top of the stack, such as 1";
inline constexpr std::string_view label = "a label";
inline constexpr std::string_view variable = "the name of a cell or free variable, such as x";
inline constexpr std::string_view compare = "a comparison, such as <";
} // namespace text

/// A kind with a plain number.
consteval OperandKind integer(std::string_view id, std::string_view expected, std::uint32_t max = 0xFFFF'FFFF,
                              std::uint32_t min = 0) {
    return {.id = id, .base = OperandBase::Integer, .max = max, .min = min, .expected = expected};
}
consteval OperandKind plain(std::string_view id, OperandBase base, std::string_view expected) {
    return {.id = id, .base = base, .expected = expected};
}
consteval OperandKind symbolic(std::string_view id, std::span<const OperandName> names,
                               std::string_view expected) {
    return {.id = id, .base = OperandBase::Symbolic, .names = names, .expected = expected};
}
consteval OperandKind flag_set(std::string_view id, std::span<const OperandName> flags,
                               std::string_view expected) {
    return {.id = id, .base = OperandBase::FlagSet, .flags = flags, .expected = expected};
}
consteval OperandKind flagged_name(std::string_view id, std::uint8_t shift,
                                   std::span<const OperandName> flags, std::string_view expected) {
    return {.id = id, .base = OperandBase::Name, .shift = shift, .flags = flags, .expected = expected};
}

inline constexpr OperandKind None = plain("None", OperandBase::None, "no operand");

// Indices and labels

inline constexpr OperandKind Const =
    plain("Const", OperandBase::Const, "a constant, such as 1, \"text\" or None");
inline constexpr OperandKind Name = plain("Name", OperandBase::Name, "a name, such as print");
inline constexpr OperandKind Local = plain("Local", OperandBase::Local, "the name of a local, such as x");
inline constexpr OperandKind LocalPair =
    plain("LocalPair", OperandBase::LocalPair, "the names of two locals, such as x, y");
inline constexpr OperandKind Deref = plain("Deref", OperandBase::Deref, text::variable);
inline constexpr OperandKind JumpForward = plain("JumpForward", OperandBase::JumpForward, text::label);
// The interpreter keeps distance + 2 in 16 bits, and goes on at the wrong place where that is not enough
// (SEND in Python/bytecodes.c, return_offset in Include/internal/pycore_frame.h, 3.12+).
inline constexpr OperandKind SendForward = {
    .id = "SendForward", .base = OperandBase::JumpForward, .max = 65533, .expected = text::label};
inline constexpr OperandKind JumpBackward = plain("JumpBackward", OperandBase::JumpBackward, text::label);
inline constexpr OperandKind JumpAbsolute = plain("JumpAbsolute", OperandBase::JumpAbsolute, text::label);

inline constexpr OperandName null_flag[] = {{1, "NULL"}};
inline constexpr OperandName method_flag[] = {{1, "NULL|self"}};
// dis shows nothing for the second bit, which says that super() was called with its arguments.
inline constexpr OperandName super_flags[] = {{1, "NULL|self"}, {2, "two_arg"}};
inline constexpr OperandName import_flags[] = {{1, "lazy"}, {2, "eager"}};
inline constexpr OperandKind NameNull =
    flagged_name("NameNull", 1, null_flag, "a name, such as print or print + NULL");
inline constexpr OperandKind NameMethod =
    flagged_name("NameMethod", 1, method_flag, "a name, such as append or append + NULL|self");
inline constexpr OperandKind NameSuper = flagged_name(
    "NameSuper", 2, super_flags, "a name, such as close, close + two_arg or close + NULL|self + two_arg");
inline constexpr OperandKind NameImport =
    flagged_name("NameImport", 2, import_flags, "a name, such as os, os + lazy or os + eager");

// Numbers

inline constexpr OperandKind Number = integer("Number", text::number);
inline constexpr OperandKind Count = integer("Count", text::count);
// The interpreter counts a reference that the empty tuple, which is immortal, does not have (BUILD_TUPLE in
// Python/bytecodes.c, 3.14): after some 2^30 times it is freed.
inline constexpr OperandKind CountFromOne = integer("CountFromOne", "a count from 1 on", 0xFFFF'FFFF, 1);
// The interpreter asks for room for so many before it looks at the class.
inline constexpr OperandKind PatternCount = integer("PatternCount", "a count of up to 65535", 0xFFFF);
inline constexpr OperandKind Depth = integer("Depth", text::depth, 0xFFFF'FFFF, 1);
inline constexpr OperandKind SwapDepth =
    integer("SwapDepth", "a distance from the top of the stack, such as 2", 0xFFFF'FFFF, 2);
inline constexpr OperandKind HighBits = integer("HighBits", "a number, such as 1, or nothing");
inline constexpr OperandKind CopyCount = integer("CopyCount", "2 or 3", 3, 2);
inline constexpr OperandKind SliceParts = integer("SliceParts", "2 or 3", 3, 2);
inline constexpr OperandKind SmallInt256 = integer("SmallInt256", "a number up to 256", 256);
inline constexpr OperandKind SmallInt1024 = integer("SmallInt1024", "a number up to 1024", 1024);
inline constexpr OperandKind UnpackEx =
    integer("UnpackEx", "a number: names before the starred one, plus 256 times the names after it");
inline constexpr OperandKind Interpolation = integer("Interpolation", "a number, such as 2");
inline constexpr OperandKind CallCounts =
    integer("CallCounts", "a number: positional arguments, plus 256 times the keyword arguments", 0xFFFF);
inline constexpr OperandKind CallFlags =
    integer("CallFlags", "0, or 1 with a mapping of keyword arguments on top", 1);
inline constexpr OperandKind ResumePlace = integer("ResumePlace", "a number, such as 0");
inline constexpr OperandKind GenKind = integer("GenKind", "0, 1 or 2", 2);
inline constexpr OperandKind YieldDepth = integer("YieldDepth", text::number);
inline constexpr OperandKind YieldFlag = integer("YieldFlag", "0 or 1", 1);
inline constexpr OperandKind AwaitPlace = integer("AwaitPlace", "0, 1 or 2", 2);
inline constexpr OperandKind IterPlace = integer("IterPlace", "a number from 0 to 3", 3);
inline constexpr OperandKind RaiseCount27 = integer("RaiseCount27", "a number from 0 to 3", 3);
inline constexpr OperandKind RaiseCount = integer("RaiseCount", "0, 1 or 2", 2);
inline constexpr OperandKind ReraiseFlag = integer("ReraiseFlag", "0 or 1", 1);
inline constexpr OperandKind ReraiseDepth = integer("ReraiseDepth", "a number, such as 0");
inline constexpr OperandKind KeepFlag = integer("KeepFlag", "0 or 1", 1);

// Operators

inline constexpr OperandName compare_names[] = {
    {0, "<"},
    {1, "<="},
    {2, "=="},
    {3, "!="},
    {4, ">"},
    {5, ">="},
    {6, "in"},
    {7, "not in"},
    {8, "is"},
    {9, "is not"},
    {10, "exception match"},
    {11, "BAD", false},
};
inline constexpr OperandKind Compare =
    symbolic("Compare", compare_names, "a comparison, such as <, in or exception match");
inline constexpr OperandKind Compare39 =
    symbolic("Compare39", std::span(compare_names).first(6), text::compare);

// The operator << 4, and below it the outcomes for which it is true (1 unordered, 2 less, 4 greater, 8
// equal).
inline constexpr OperandName compare312_names[] = {
    {0 << 4 | 2, "<"},  {1 << 4 | 10, "<="}, {2 << 4 | 8, "=="},
    {3 << 4 | 7, "!="}, {4 << 4 | 4, ">"},   {5 << 4 | 12, ">="},
};
inline constexpr OperandKind Compare312 = symbolic("Compare312", compare312_names, text::compare);

// The operator << 5, bit 4 where the result is to be made True or False, and the outcomes.
inline constexpr OperandName compare313_names[] = {
    {0 << 5 | 2, "<"},
    {1 << 5 | 10, "<="},
    {2 << 5 | 8, "=="},
    {3 << 5 | 7, "!="},
    {4 << 5 | 4, ">"},
    {5 << 5 | 12, ">="},
    {0 << 5 | 18, "bool(<)", true, &stacks::to_bool},
    {1 << 5 | 26, "bool(<=)", true, &stacks::to_bool},
    {2 << 5 | 24, "bool(==)", true, &stacks::to_bool},
    {3 << 5 | 23, "bool(!=)", true, &stacks::to_bool},
    {4 << 5 | 20, "bool(>)", true, &stacks::to_bool},
    {5 << 5 | 28, "bool(>=)", true, &stacks::to_bool},
};
inline constexpr OperandKind Compare313 =
    symbolic("Compare313", compare313_names, "a comparison, such as < or bool(<)");

inline constexpr OperandName binary_names[] = {
    {0, "+"},    {1, "&"},    {2, "//"},   {3, "<<"},  {4, "@"},   {5, "*"},   {6, "%"},
    {7, "|"},    {8, "**"},   {9, ">>"},   {10, "-"},  {11, "/"},  {12, "^"},  {13, "+="},
    {14, "&="},  {15, "//="}, {16, "<<="}, {17, "@="}, {18, "*="}, {19, "%="}, {20, "|="},
    {21, "**="}, {22, ">>="}, {23, "-="},  {24, "/="}, {25, "^="}, {26, "[]"},
};
inline constexpr OperandKind BinaryOp =
    symbolic("BinaryOp", std::span(binary_names).first(26), "an operator, such as + or +=");
inline constexpr OperandKind BinaryOp314 =
    symbolic("BinaryOp314", binary_names, "an operator, such as +, += or []");

inline constexpr OperandName is_names[] = {{0, "is"}, {1, "is not"}};
inline constexpr OperandKind IsOp = symbolic("IsOp", is_names, "is or is not");
inline constexpr OperandName contains_names[] = {{0, "in"}, {1, "not in"}};
inline constexpr OperandKind ContainsOp = symbolic("ContainsOp", contains_names, "in or not in");

// Symbolic numbers

// dis joins the conversion and the format with a comma, which is taken, too; here as elsewhere, parts are
// joined with a bar.
inline constexpr OperandName format_names[] = {
    {0, "0"},
    {1, "str"},
    {2, "repr"},
    {3, "ascii"},
    {4, "with format"},
    {5, "str|with format"},
    {6, "repr|with format"},
    {7, "ascii|with format"},
    {5, "str, with format"},
    {6, "repr, with format"},
    {7, "ascii, with format"},
};
inline constexpr OperandKind FormatValue =
    symbolic("FormatValue", format_names, "str, repr, ascii, with format, repr|with format, or 0");

inline constexpr OperandName convert_names[] = {{1, "str"}, {2, "repr"}, {3, "ascii"}};
inline constexpr OperandKind ConvertValue = symbolic("ConvertValue", convert_names, "str, repr or ascii");

inline constexpr OperandName special_names[] = {
    {0, "__enter__"}, {1, "__exit__"}, {2, "__aenter__"}, {3, "__aexit__"}};
inline constexpr OperandKind Special =
    symbolic("Special", special_names, "__enter__, __exit__, __aenter__ or __aexit__");

// For the two functions dis shows their repr, which is taken, too.
inline constexpr OperandName common314_names[] = {
    {0, "AssertionError"},          {1, "NotImplementedError"},     {2, "tuple"}, {3, "all"}, {4, "any"},
    {3, "<built-in function all>"}, {4, "<built-in function any>"},
};
inline constexpr OperandKind CommonConstant314 =
    symbolic("CommonConstant314", common314_names, "AssertionError, NotImplementedError, tuple, all or any");
inline constexpr OperandName common315_names[] = {
    {0, "AssertionError"},
    {1, "NotImplementedError"},
    {2, "tuple"},
    {3, "all"},
    {4, "any"},
    {5, "list"},
    {6, "set"},
    {7, "None", true, &stacks::none},
    {8, "''", true, &stacks::text},
    {9, "True", true, &stacks::truth},
    {10, "False", true, &stacks::truth},
    {11, "-1"},
    {3, "<built-in function all>"},
    {4, "<built-in function any>"},
    {8, "\"\""},
};
inline constexpr OperandKind CommonConstant315 =
    symbolic("CommonConstant315", common315_names,
             "AssertionError, NotImplementedError, tuple, all, any, list, set, None, '', True, False or -1");

inline constexpr OperandName intrinsic1_names[] = {
    {0, "INTRINSIC_1_INVALID", false},
    {1, "INTRINSIC_PRINT"},
    {2, "INTRINSIC_IMPORT_STAR"},
    {3, "INTRINSIC_STOPITERATION_ERROR", true, &stacks::of_exception},
    {4, "INTRINSIC_ASYNC_GEN_WRAP"},
    {5, "INTRINSIC_UNARY_POSITIVE"},
    {6, "INTRINSIC_LIST_TO_TUPLE", true, &stacks::list_to_tuple},
    {7, "INTRINSIC_TYPEVAR", true, &stacks::type_variable},
    {8, "INTRINSIC_PARAMSPEC", true, &stacks::type_variable},
    {9, "INTRINSIC_TYPEVARTUPLE", true, &stacks::type_variable},
    {10, "INTRINSIC_SUBSCRIPT_GENERIC", true, &stacks::of_tuple},
    {11, "INTRINSIC_TYPEALIAS", true, &stacks::type_alias},
};
inline constexpr OperandKind Intrinsic1 =
    symbolic("Intrinsic1", intrinsic1_names, "an intrinsic, such as INTRINSIC_PRINT");
inline constexpr OperandName intrinsic2_names[] = {
    {0, "INTRINSIC_2_INVALID", false},
    {1, "INTRINSIC_PREP_RERAISE_STAR", true, &stacks::reraise_star},
    {2, "INTRINSIC_TYPEVAR_WITH_BOUND", true, &stacks::bound_type_variable},
    {3, "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS", true, &stacks::bound_type_variable},
    {4, "INTRINSIC_SET_FUNCTION_TYPE_PARAMS", true, &stacks::type_params},
    {5, "INTRINSIC_SET_TYPEPARAM_DEFAULT"}, // 3.13
};
inline constexpr OperandKind Intrinsic2 = symbolic("Intrinsic2", std::span(intrinsic2_names).first(5),
                                                   "an intrinsic, such as INTRINSIC_PREP_RERAISE_STAR");
inline constexpr OperandKind Intrinsic2_313 =
    symbolic("Intrinsic2_313", intrinsic2_names, "an intrinsic, such as INTRINSIC_PREP_RERAISE_STAR");

// Flags

inline constexpr OperandName function_parts[] = {
    {1, "defaults"}, {2, "kwdefaults"}, {4, "annotations"}, {8, "closure"}, {16, "annotate"}};
inline constexpr std::string_view parts_expected =
    "defaults, kwdefaults, annotations or closure, joined by |, or 0";
inline constexpr OperandKind FunctionParts =
    flag_set("FunctionParts", std::span(function_parts).first(4), parts_expected);
// One of them at a time: the interpreter has no case for a sum of them (SET_FUNCTION_ATTRIBUTE in
// Python/bytecodes.c, 3.13+).
inline constexpr OperandKind FunctionAttribute =
    symbolic("FunctionAttribute", std::span(function_parts).first(4),
             "one of defaults, kwdefaults, annotations and closure");
inline constexpr OperandKind FunctionAttribute314 = symbolic(
    "FunctionAttribute314", function_parts, "one of defaults, kwdefaults, annotations, closure and annotate");

} // namespace pyasm::isa::kinds
