#pragma once

#include "grammar/rules.hpp"
#include "grammar/state.hpp"

/// What the grammar's rules do to the state: each rule with a meaning names the member function that takes
/// its text.
namespace pyasm::grammar {

template <class Rule> struct Action : tao::pegtl::nothing<Rule> {};

/// The base of an action that hands the matched text on.
template <auto Member> struct TakesText {
    template <class Input> static auto apply(const Input& input, State& state) {
        return (state.*Member)(input.begin(), input.end());
    }
};
template <auto Member> struct TakesNothing {
    static void apply0(State& state) { (state.*Member)(); }
};
template <auto Member> struct LiteralTakesText {
    template <class Input> static auto apply(const Input& input, State& state) {
        return (state.literals().*Member)(input.begin(), input.end());
    }
};
template <NumberKind Kind> struct NotesKind {
    static void apply0(State& state) { state.literals().number_kind(Kind); }
};

// Literals.
template <> struct Action<rules::real_float> : NotesKind<NumberKind::Float> {};
template <> struct Action<rules::hex_float> : NotesKind<NumberKind::HexFloat> {};
template <> struct Action<rules::imaginary> : NotesKind<NumberKind::Imaginary> {};
template <> struct Action<rules::hex_integer> : NotesKind<NumberKind::Integer> {};
template <> struct Action<rules::octal_integer> : NotesKind<NumberKind::Integer> {};
template <> struct Action<rules::binary_integer> : NotesKind<NumberKind::Integer> {};
template <> struct Action<rules::decimal_integer> : NotesKind<NumberKind::Integer> {};
template <> struct Action<rules::number_atom_first> : LiteralTakesText<&LiteralReader::first_number> {};
template <> struct Action<rules::imaginary_part> : LiteralTakesText<&LiteralReader::imaginary_part> {};
template <> struct Action<rules::number_atom> : LiteralTakesText<&LiteralReader::number> {};
template <> struct Action<rules::unclosed_line> {
    static void apply0(State& state) { state.literals().unclosed_string(false); }
};
template <> struct Action<rules::unclosed_file> {
    static void apply0(State& state) { state.literals().unclosed_string(true); }
};
template <> struct Action<rules::string_token> : LiteralTakesText<&LiteralReader::string> {};
template <> struct Action<rules::joined_strings> {
    static void apply0(State& state) { state.literals().join_strings(); }
};
template <> struct Action<rules::code_symbol> : LiteralTakesText<&LiteralReader::code_symbol> {};
template <> struct Action<rules::code_atom> : LiteralTakesText<&LiteralReader::code> {};
template <> struct Action<rules::no_symbol> {
    static void apply0(State& state) { state.literals().no_symbol(); }
};
template <> struct Action<rules::name_atom> : LiteralTakesText<&LiteralReader::name> {};
template <> struct Action<rules::const_atom> : LiteralTakesText<&LiteralReader::constant> {};
template <> struct Action<rules::nan_argument> : LiteralTakesText<&LiteralReader::nan_argument> {};
template <> struct Action<rules::nan_bits> : LiteralTakesText<&LiteralReader::nan> {};
template <> struct Action<rules::ellipsis> : LiteralTakesText<&LiteralReader::ellipsis> {};
template <> struct Action<rules::constant_word> : LiteralTakesText<&LiteralReader::word> {};
template <> struct Action<rules::open_bracket> : LiteralTakesText<&LiteralReader::open> {};
template <> struct Action<rules::open_call> : LiteralTakesText<&LiteralReader::open_call> {};
template <> struct Action<rules::close_bracket> {
    template <class Input> static bool apply(const Input& input, State& state) {
        return state.literals().close(input.begin());
    }
};
template <> struct Action<rules::anchor> : LiteralTakesText<&LiteralReader::anchor> {};
template <> struct Action<rules::anchored> : LiteralTakesText<&LiteralReader::anchored> {};
template <> struct Action<rules::separator> {
    template <class Input> static void apply(const Input& input, State& state) {
        state.literals().separator(input.begin());
    }
};

// Operands.
template <> struct Action<rules::operand_name> : TakesText<&State::operand_name> {};
template <> struct Action<rules::suffix> : TakesText<&State::operand_suffix> {};
template <> struct Action<rules::second_name> : TakesText<&State::second_name> {};
template <> struct Action<rules::second_string> : TakesNothing<&State::second_string> {};
template <> struct Action<rules::further_words> : TakesText<&State::further_words> {};
template <> struct Action<rules::small_integer> : TakesText<&State::small_integer> {};
template <> struct Action<rules::raw_number> : TakesText<&State::number> {};
template <> struct Action<rules::raw_operand> : TakesText<&State::raw_operand> {};
template <> struct Action<rules::operand_string> : TakesNothing<&State::operand_literal> {};
template <> struct Action<rules::operand_literal> : TakesNothing<&State::operand_literal> {};
template <> struct Action<rules::words> : TakesText<&State::words> {};

// Signatures.
template <> struct Action<rules::open_signature> {
    template <class Input> static void apply(const Input& input, State& state) {
        state.open_signature(input.begin());
    }
};
template <> struct Action<rules::close_signature> : TakesNothing<&State::close_signature> {};
template <> struct Action<rules::two_stars> {
    template <class Input> static void apply(const Input& input, State& state) {
        state.star_mark(input.begin(), 2);
    }
};
template <> struct Action<rules::star_mark> {
    template <class Input> static void apply(const Input& input, State& state) {
        state.star_mark(input.begin(), 1);
    }
};
template <> struct Action<rules::bare_star> : TakesNothing<&State::bare_star> {};
template <> struct Action<rules::slash_mark> {
    template <class Input> static void apply(const Input& input, State& state) {
        state.slash_mark(input.begin());
    }
};
template <> struct Action<rules::bare_parameter> : TakesText<&State::parameter> {};
template <> struct Action<rules::quoted_parameter> : TakesNothing<&State::quoted_parameter> {};
template <> struct Action<rules::default_value> : TakesNothing<&State::default_value> {};

// Directives.
template <> struct Action<rules::directive_word> : TakesText<&State::directive_word> {};
template <> struct Action<rules::block_symbol> : TakesText<&State::symbol> {};
template <> struct Action<rules::async_mark> : TakesText<&State::async_mark> {};
template <> struct Action<rules::target_name> : TakesText<&State::word> {};
template <> struct Action<rules::number_argument> : TakesText<&State::number> {};
template <> struct Action<rules::source_key> : TakesText<&State::source_key> {};
template <> struct Action<rules::source_item> : TakesNothing<&State::source_item> {};
template <> struct Action<rules::hash_checked> {
    static void apply0(State& state) { state.hash_kind(true); }
};
template <> struct Action<rules::hash_unchecked> {
    static void apply0(State& state) { state.hash_kind(false); }
};
template <> struct Action<rules::stub_name> : TakesText<&State::stub_name> {};
template <> struct Action<rules::text_literal> : TakesNothing<&State::text_literal> {};
template <int Which> struct TakesLinePart {
    template <class Input> static void apply(const Input& input, State& state) {
        state.line_part(Which, input.begin(), input.end());
    }
};
template <> struct Action<rules::first_line> : TakesLinePart<0> {};
template <> struct Action<rules::first_column> : TakesLinePart<1> {};
template <> struct Action<rules::last_line> : TakesLinePart<2> {};
template <> struct Action<rules::last_column> : TakesLinePart<3> {};
template <> struct Action<rules::line_none> : TakesNothing<&State::line_none> {};
template <> struct Action<rules::position_begin> : TakesText<&State::position_begin> {};
template <> struct Action<rules::label_name> : TakesText<&State::label_name> {};
template <> struct Action<rules::label_addend> : TakesText<&State::label_addend> {};
template <> struct Action<rules::lasti_mark> : TakesText<&State::lasti> {};
template <> struct Action<rules::depth_option> : TakesText<&State::depth_option> {};
template <> struct Action<rules::byte_string> : TakesNothing<&State::byte_string> {};
template <> struct Action<rules::flag_names> : TakesText<&State::flag_names> {};
template <> struct Action<rules::listed_symbol> : TakesText<&State::listed_symbol> {};
template <> struct Action<rules::list_value> : TakesNothing<&State::list_value> {};
template <> struct Action<rules::bare_item> : TakesText<&State::bare_item> {};
template <> struct Action<rules::quoted_item> : TakesNothing<&State::quoted_item> {};

// Lines.
template <> struct Action<rules::stray_mark> : TakesText<&State::stray_mark> {};
template <> struct Action<rules::head> : TakesText<&State::head> {};
template <> struct Action<rules::label> : TakesNothing<&State::label> {};
template <> struct Action<rules::last_colon> : TakesNothing<&State::last_label> {};
template <> struct Action<rules::numbered_mnemonic> {
    template <class Input> static void apply(const Input& input, State& state) {
        state.numbered_mnemonic(input.end());
    }
};
template <> struct Action<rules::plain_instruction> : TakesNothing<&State::instruction> {};
template <> struct Action<rules::macro_call> : TakesNothing<&State::macro_call> {};
template <> struct Action<rules::good_line> : TakesNothing<&State::commit> {};
template <> struct Action<rules::bad_line> : TakesNothing<&State::recover> {};

} // namespace pyasm::grammar
