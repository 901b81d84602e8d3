#pragma once

#include "grammar/characters.hpp"
#include "grammar/directives.hpp"
#include "grammar/messages.hpp"

#include <tao/pegtl.hpp>

#include <cstring>

/// The grammar as PEG rules, without actions and messages; `docs/language.md` has the same in PEG notation.
/// Rules that plain combinators cannot say (tables of bytes, the diagnostics of `expect`, nesting without
/// recursion) have a `match` of their own.
namespace pyasm::grammar::rules {

using tao::pegtl::apply_mode;
using tao::pegtl::at;
using tao::pegtl::empty_list;
using tao::pegtl::eof;
using tao::pegtl::eol;
using tao::pegtl::eolf;
using tao::pegtl::not_at;
using tao::pegtl::one;
using tao::pegtl::opt;
using tao::pegtl::rewind_mode;
using tao::pegtl::seq;
using tao::pegtl::sor;
using tao::pegtl::star;
using tao::pegtl::success;
using tao::pegtl::type_list;
using tao::pegtl::until;
template <char... C> using text = tao::pegtl::string<C...>;

// ---------------------------------------------------------------------------------------------- building
// blocks

/// One byte of a class.
template <CharClass Class> struct in {
    using rule_t = in;
    using subs_t = empty_list;
    template <class Input> [[nodiscard]] static bool match(Input& input) {
        if (input.empty() || !is(input.peek_char(), Class)) return false;
        input.bump_in_this_line(1);
        return true;
    }
};

/// All bytes of a class that follow; none will do.
template <CharClass Class> struct any {
    using rule_t = any;
    using subs_t = empty_list;
    template <class Input> [[nodiscard]] static bool match(Input& input) {
        const char* const begin = input.current();
        const char* const end = input.end();
        const char* next = begin;
        while (next != end && is(*next, Class)) ++next;
        input.bump(static_cast<std::size_t>(next - begin));
        return true;
    }
};

/// At least one byte of a class.
template <CharClass Class> struct some : seq<in<Class>, any<Class>> {};

/// `Rule`, or one diagnostic at the place where it should stand.
template <class Rule, Expected What> struct expect {
    using rule_t = expect;
    using subs_t = type_list<Rule>;
    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        if (Control<Rule>::template match<A, rewind_mode::required, Action, Control>(input, state))
            return true;
        state.expected(What, input.current());
        return false;
    }
};

/// `Rule`, which must not match without taking something.
template <class Rule> struct progress {
    using rule_t = progress;
    using subs_t = type_list<Rule>;
    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        const char* const begin = input.current();
        return Control<Rule>::template match<A, M, Action, Control>(input, state) && input.current() != begin;
    }
};

struct blanks : any<Blank> {};
struct comment : seq<one<'#'>, until<at<eolf>>> {};
/// Between the words inside brackets.
struct space : star<sor<some<Space>, comment>> {};
struct stop : sor<eolf, one<'#'>> {};
/// ` @ 2:11-16` behind an instruction: what tells it from the operator.
struct position_mark {
    using rule_t = position_mark;
    using subs_t = empty_list;
    template <class Input> [[nodiscard]] static bool match(Input& input) {
        if (input.empty() || input.peek_char() != '@') return false;
        const char* next = input.current() + 1;
        if (!is(next[-2], Blank)) return false; // an instruction stands before it
        const char* const end = input.end();
        while (next != end && is(*next, Blank)) ++next;
        const char* const number = next + (next != end && *next == '-');
        const bool none = end - next >= 4 && std::memcmp(next, "none", 4) == 0 &&
                          (next + 4 == end || !is(next[4], WordPart));
        if (!none && (number == end || !is(*number, Digit))) return false;
        input.bump_in_this_line(static_cast<std::size_t>(next - input.current()));
        return true;
    }
};
/// Where an instruction's operand has ended.
struct operand_stop : sor<stop, position_mark> {};
struct line_end : seq<blanks, opt<comment>, eolf> {};
struct comma : seq<blanks, one<','>, blanks> {};
/// In a list of values or names, which may go on in the next line behind it.
struct list_comma : seq<blanks, one<','>, space> {};
struct word : seq<in<WordStart>, any<WordPart>> {};
/// Also `.0`, and dotted ones: `os.path`.
struct name : sor<seq<in<WordStart>, any<NamePart>>, seq<one<'.'>, in<WordPart>, any<NamePart>>> {};
struct quote : one<'"', '\''> {};

// -------------------------------------------------------------------------------------------------------
// numbers

struct digits : seq<in<Digit>, star<seq<opt<one<'_'>>, in<Digit>>>> {};
struct exponent : seq<one<'e', 'E'>, opt<one<'+', '-'>>, digits> {};
struct float_text : sor<seq<opt<digits>, one<'.'>, digits, opt<exponent>>,
                        seq<digits, one<'.'>, opt<exponent>>, seq<digits, exponent>> {};
struct long_mark : one<'l', 'L'> {};
struct hex_digits : star<seq<opt<one<'_'>>, in<HexDigit>>> {};
struct hex_float : seq<one<'0'>, one<'x', 'X'>, any<HexDigit>, opt<seq<one<'.'>, any<HexDigit>>>,
                       one<'p', 'P'>, opt<one<'+', '-'>>, some<Digit>> {};
struct hex_integer : seq<one<'0'>, one<'x', 'X'>, opt<one<'_'>>, in<HexDigit>, hex_digits, opt<long_mark>> {};
struct octal_integer : seq<one<'0'>, one<'o', 'O'>, opt<one<'_'>>, digits, opt<long_mark>> {};
struct binary_integer : seq<one<'0'>, one<'b', 'B'>, opt<one<'_'>>, digits, opt<long_mark>> {};
struct decimal_integer : seq<digits, opt<long_mark>> {};
struct imaginary : seq<sor<float_text, digits>, one<'j', 'J'>> {};
struct real_float : seq<float_text> {};
struct number
    : seq<sor<hex_float, hex_integer, octal_integer, binary_integer, imaginary, real_float, decimal_integer>,
          not_at<in<NamePart>>> {};
struct number_start : sor<in<Digit>, seq<one<'.'>, in<Digit>>> {};
struct number_atom_first : seq<opt<one<'-'>>, at<number_start>, number> {};
struct imaginary_part : seq<one<'+', '-'>, blanks, imaginary, not_at<in<WordPart>>> {};
struct number_atom : seq<number_atom_first, opt<seq<blanks, imaginary_part>>> {};
/// A number in a directive: decimal or with a prefix, in 64 bits.
struct plain_number : seq<opt<one<'-'>>, in<Digit>, any<WordPart>> {};

// -------------------------------------------------------------------------------------------------------
// strings

struct escape : seq<one<'\\'>, sor<eol, tao::pegtl::any>> {};
/// The rest of the text up to where a string should have ended.
struct unclosed_line : until<at<eolf>> {};
struct unclosed_file : until<eof> {};
template <char Q, CharClass Plain>
struct short_string : seq<one<Q>, star<sor<some<Plain>, escape>>, sor<one<Q>, unclosed_line>> {};
template <char Q, CharClass Plain>
struct long_string
    : seq<text<Q, Q, Q>, star<sor<some<Plain>, escape, seq<not_at<text<Q, Q, Q>>, one<Q, '\n', '\r'>>>>,
          sor<text<Q, Q, Q>, unclosed_file>> {};
struct any_long_string : sor<long_string<'"', PlainDouble>, long_string<'\'', PlainSingle>> {};
struct any_short_string : sor<short_string<'"', PlainDouble>, short_string<'\'', PlainSingle>> {};
struct string_prefix : opt<seq<in<WordStart>, any<WordPart>>> {};
struct string_start : seq<string_prefix, quote> {};
struct joined_strings : success {};
struct string_token : seq<string_prefix, at<quote>, sor<any_long_string, any_short_string>> {};

// ------------------------------------------------------------------------------------------------------
// literals

struct symbol : some<SymbolPart> {};
struct code_symbol : some<SymbolPath> {};
struct code_atom : seq<text<'c', 'o', 'd', 'e', '('>, space, expect<code_symbol, Expected::CodeSymbol>, space,
                       expect<one<')'>, Expected::Closer>> {};
struct plain_name_word : text<'n', 'a', 'm', 'e', '('> {};
struct qualified_name_word : text<'q', 'u', 'a', 'l', 'n', 'a', 'm', 'e', '('> {};
struct no_symbol : success {};
/// The symbol may be left out: it is the block that the literal stands in.
struct name_atom : seq<sor<plain_name_word, qualified_name_word>, space, sor<code_symbol, no_symbol>, space,
                       expect<one<')'>, Expected::Closer>> {};
struct const_atom : seq<text<'c', 'o', 'n', 's', 't', '('>, space, expect<code_symbol, Expected::ConstSymbol>, space,
                        expect<one<')'>, Expected::Closer>> {};
struct nan_argument : seq<plain_number> {};
struct nan_bits : seq<opt<one<'-'>>, text<'n', 'a', 'n', '('>, space, expect<nan_argument, Expected::NanBits>,
                      space, expect<one<')'>, Expected::Closer>> {};
struct ellipsis : text<'.', '.', '.'> {};
struct constant_word : seq<opt<one<'-'>>, word, not_at<one<'(', '"', '\''>>> {};
struct open_bracket : one<'(', '[', '{'> {};
struct open_call : seq<word, one<'('>> {};
struct close_bracket : one<')', ']', '}'> {};
struct separator : one<',', ':'> {};
struct anchor : seq<one<'&'>, some<Digit>> {};
struct anchored : seq<one<'*'>, some<Digit>> {};
struct junk : some<Junk> {};

/// A literal: an atom or a display of literals, nested to any depth that the state allows. It runs on the
/// state's stack and not on the machine's, so that 2000 levels cost nothing:
///
///     literal <- anchor literal / anchored / string+ / number / nan(...) / code(...) / name(...) / ... / word
///              / open literal (separator literal)* close
struct literal {
    using rule_t = literal;
    using subs_t = empty_list;

    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        state.begin_literal();
        for (;;) {
            skip<A, Action, Control>(input, state);
            if (state.wants_value()) {
                if (value<A, Action, Control>(input, state)) continue;
                // Unreadable: reported, and inside brackets taken for a value, so that the rest is read as
                // well.
                if (state.literal_failed() || !state.bad_value(input.current())) return false;
                (void)next<junk, A, Action, Control>(input, state);
                state.skipped_value();
            } else {
                if (!state.inside_literal()) return true;
                if (next<separator, A, Action, Control>(input, state)) continue;
                if (next<close_bracket, A, Action, Control>(input, state)) continue;
                if (state.literal_failed() || !state.bad_separator(input.current())) return false;
            }
        }
    }

  private:
    template <class Rule, apply_mode A, template <class...> class Action, template <class...> class Control,
              class Input, class State>
    [[nodiscard]] static bool next(Input& input, State& state) {
        return Control<Rule>::template match<A, rewind_mode::required, Action, Control>(input, state);
    }

    template <apply_mode A, template <class...> class Action, template <class...> class Control, class Input,
              class State>
    static void skip(Input& input, State& state) {
        if (state.inside_brackets())
            (void)next<space, A, Action, Control>(input, state);
        else
            (void)next<blanks, A, Action, Control>(input, state);
    }

    template <apply_mode A, template <class...> class Action, template <class...> class Control, class Input,
              class State>
    [[nodiscard]] static bool value(Input& input, State& state) {
        if (next<string_token, A, Action, Control>(input, state)) {
            do skip<A, Action, Control>(input, state);
            while (next<string_token, A, Action, Control>(input, state));
            return next<joined_strings, A, Action, Control>(input, state);
        }
        return next<sor<number_atom, ellipsis, constant_word, open_bracket, close_bracket, code_atom,
                        const_atom, name_atom, nan_bits, open_call, anchor, anchored>,
                    A, Action, Control>(input, state);
    }
};

// ------------------------------------------------------------------------------------------------------
// operands

/// A decimal number that is the whole operand: the frequent case of `literal`.
struct small_integer : seq<opt<one<'-'>>, some<Digit>> {};
struct integer_operand : seq<small_integer, blanks, at<operand_stop>> {};
struct raw_number : seq<plain_number> {};
struct raw_operand : seq<one<'['>, blanks, raw_number, blanks, one<']'>> {};
struct suffix : some<SuffixPart> {};
struct word_run : seq<some<Operator>, star<seq<some<Blank>, not_at<position_mark>, some<Operator>>>> {};
struct name_suffix : seq<blanks, one<'+'>, blanks, expect<suffix, Expected::Suffix>> {};
struct string_literal : seq<at<string_start>, literal> {};
struct second_name : seq<name, not_at<quote>> {};
struct second_string : seq<string_literal> {};
/// FORMAT_VALUE str, with format
struct further_words : seq<some<Blank>, not_at<position_mark>, word_run> {};
struct name_pair
    : seq<comma, expect<sor<second_name, second_string>, Expected::SecondName>, opt<further_words>> {};
struct operand_name : seq<name> {};
struct name_operand
    : seq<operand_name, not_at<one<'(', '"', '\''>>, sor<name_suffix, name_pair, seq<blanks, at<operand_stop>>>> {};
struct operand_string : seq<string_literal> {};
struct string_operand : seq<operand_string, opt<sor<name_suffix, name_pair>>> {};
struct call_word
    : sor<text<'c', 'o', 'd', 'e'>, text<'c', 'o', 'n', 's', 't'>, text<'n', 'a', 'm', 'e'>,
          text<'q', 'u', 'a', 'l', 'n', 'a', 'm', 'e'>, text<'c', 'o', 'm', 'p', 'l', 'e', 'x'>, text<'l', 'i', 's', 't'>,
          text<'s', 'e', 't'>, text<'f', 'r', 'o', 'z', 'e', 'n', 's', 'e', 't'>,
          text<'f', 'r', 'o', 'z', 'e', 'n', 'd', 'i', 'c', 't'>, text<'s', 'l', 'i', 'c', 'e'>,
          text<'n', 'a', 'n'>> {};
struct literal_start
    : sor<number_start, one<'(', '{'>, ellipsis, seq<call_word, one<'('>>,
          seq<one<'-'>, sor<number_start, text<'n', 'a', 'n', '('>,
                            seq<sor<text<'i', 'n', 'f'>, text<'n', 'a', 'n'>>, not_at<in<WordPart>>>>>,
          seq<one<'&', '*'>, in<Digit>>> {};
struct operand_literal : seq<literal> {};
struct literal_operand : seq<at<literal_start>, operand_literal> {};
struct words : seq<word_run> {};
struct words_operand : seq<not_at<sor<literal_start, seq<one<'['>, not_at<one<']'>>>>>, words> {};
struct operand : sor<name_operand, integer_operand, string_operand, literal_operand, words_operand,
                     seq<at<one<'['>>, expect<raw_operand, Expected::RawArgument>>> {};

// ----------------------------------------------------------------------------------------------------
// signatures

struct quoted_parameter : seq<string_literal> {};
struct bare_parameter : seq<name, not_at<quote>> {};
struct parameter_name : sor<bare_parameter, quoted_parameter> {};
struct default_value : seq<space, one<'='>, space, expect<literal, Expected::Value>> {};
struct two_stars : text<'*', '*'> {};
struct star_mark : seq<one<'*'>, not_at<one<'*'>>> {};
struct bare_star : success {};
struct slash_mark : one<'/'> {};
struct parameter : sor<seq<two_stars, space, expect<parameter_name, Expected::ParameterName>>,
                       seq<star_mark, space, sor<parameter_name, bare_star>>, slash_mark,
                       seq<parameter_name, opt<default_value>>> {};
struct parameters : seq<parameter, star<seq<space, one<','>, space, parameter>>, opt<seq<space, one<','>>>> {
};
struct open_signature : one<'('> {};
struct close_signature : one<')'> {};
struct signature
    : seq<open_signature, space, opt<parameters>, space, expect<close_signature, Expected::SignatureEnd>> {};

// ------------------------------------------------------------------------------------------ directives'
// arguments

struct async_mark : seq<text<'a', 's', 'y', 'n', 'c'>, some<Blank>, not_at<one<'('>>> {};
struct block_symbol : seq<symbol> {};
struct function_arguments : seq<opt<async_mark>, expect<block_symbol, Expected::Symbol>, blanks,
                                expect<signature, Expected::Signature>> {};
struct class_arguments : seq<expect<block_symbol, Expected::Symbol>> {};
struct code_arguments : seq<expect<block_symbol, Expected::Symbol>, blanks, opt<signature>> {};

struct target_name : seq<in<WordPart>, star<in<NamePart>>> {};
struct target_arguments : expect<target_name, Expected::TargetName> {};

struct number_argument : seq<plain_number> {};
struct source_key : seq<word> {};
struct source_item : seq<source_key, blanks, expect<one<'='>, Expected::Equals>, blanks,
                         expect<number_argument, Expected::Number>, blanks> {};
struct source_arguments : seq<expect<source_item, Expected::SourceItem>, star<source_item>> {};

struct hash_checked : text<'c', 'h', 'e', 'c', 'k', 'e', 'd'> {};
struct hash_unchecked : text<'u', 'n', 'c', 'h', 'e', 'c', 'k', 'e', 'd'> {};
struct hash_kind : seq<sor<hash_checked, hash_unchecked>, not_at<in<WordPart>>> {};
struct text_literal : seq<string_literal> {};
struct hash_arguments
    : seq<expect<hash_kind, Expected::HashKind>, blanks, expect<text_literal, Expected::Text>, blanks,
          star<source_item>> {};
struct header_arguments
    : expect<seq<text<'n', 'o', 'n', 'e'>, not_at<in<WordPart>>>, Expected::HeaderKind> {};
struct stub_name : seq<some<NamePart>> {};
struct include_arguments : sor<seq<one<'<'>, stub_name, one<'>'>>, expect<text_literal, Expected::Text>> {};

/// Text that is no part of the grammar: an expression, a macro's parameters, the arguments of a call. It goes up to
/// the statement's end.
template <bool Call> struct raw_text {
    using rule_t = raw_text;
    using subs_t = empty_list;
    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        const char* const next = state.raw_text(input.current(), input.end(), Call);
        input.bump(static_cast<std::size_t>(next - input.current()));
        return true;
    }
};
struct raw_arguments : raw_text<false> {};
struct call_arguments : raw_text<true> {};

struct line_part : seq<opt<one<'-'>>, some<Digit>> {};
struct first_line : line_part {};
struct first_column : line_part {};
struct last_line : line_part {};
struct last_column : line_part {};
struct line_none : seq<text<'n', 'o', 'n', 'e'>, not_at<in<WordPart>>> {};
/// Behind the second number a colon shows that it was a line.
struct last_place : seq<last_line, opt<seq<one<':'>, expect<last_column, Expected::ColumnNumber>>>> {};
struct column_range : seq<one<':'>, expect<first_column, Expected::ColumnNumber>,
                          opt<seq<one<'-'>, expect<last_place, Expected::ColumnNumber>>>> {};
struct line_range
    : seq<first_line, sor<column_range, opt<seq<one<'-'>, expect<last_place, Expected::LineNumber>>>>> {};
/// A position without signs and mistakes, which nearly all are: read in one go.
struct plain_position {
    using rule_t = plain_position;
    using subs_t = empty_list;
    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        const char* const next = state.plain_position(input.current(), input.end());
        if (!next) return false;
        input.bump_in_this_line(static_cast<std::size_t>(next - input.current()));
        return true;
    }
};
struct position : sor<plain_position, line_range, line_none> {};
struct line_arguments : expect<position, Expected::Line> {};
struct position_begin : seq<position_mark> {};
struct position_behind : seq<position_begin, expect<position, Expected::Line>> {};

struct label_name : seq<word> {};
struct label_addend : some<Digit> {};
struct label_reference
    : seq<label_name, opt<seq<blanks, one<'+'>, blanks, expect<label_addend, Expected::Suffix>>>> {};
struct lasti_mark : seq<text<'l', 'a', 's', 't', 'i'>, not_at<in<WordPart>>> {};
struct depth_option : seq<text<'d', 'e', 'p', 't', 'h'>, blanks, expect<one<'='>, Expected::Equals>, blanks,
                          expect<number_argument, Expected::Number>> {};
struct except_options : star<seq<comma, expect<sor<lasti_mark, depth_option>, Expected::ExceptOption>>> {};
struct try_arguments : seq<expect<label_reference, Expected::Label>, except_options> {};
struct arrow : text<'-', '>'> {};
struct except_arguments
    : seq<expect<label_reference, Expected::Label>, expect<comma, Expected::Comma>,
          expect<label_reference, Expected::Label>, blanks, expect<arrow, Expected::Arrow>, blanks,
          expect<label_reference, Expected::Label>, except_options> {};

struct op_arguments : seq<expect<number_argument, Expected::OpNumber>, blanks, opt<number_argument>, blanks,
                          opt<position_behind>> {};
struct number_list : seq<number_argument, star<seq<comma, expect<number_argument, Expected::Number>>>> {};
struct byte_string : seq<string_literal> {};
struct bytes_arguments
    : seq<expect<sor<number_list, byte_string>, Expected::ByteList>, blanks, opt<position_behind>> {};
struct cache_arguments : sor<at<stop>, expect<number_list, Expected::CacheList>> {};

struct count_arguments : expect<number_argument, Expected::Number> {};
struct flag_names : seq<in<WordPart>, any<FlagPart>> {};
struct flags_arguments : expect<flag_names, Expected::FlagNames> {};
struct list_value : seq<literal> {};
struct values_arguments
    : sor<at<stop>,
          seq<expect<list_value, Expected::Value>, star<seq<list_comma, expect<list_value, Expected::Value>>>>> {};
struct bare_item : seq<name, not_at<quote>> {};
struct quoted_item : seq<string_literal> {};
struct name_item : sor<bare_item, quoted_item> {};
struct names_arguments : sor<at<stop>, seq<expect<name_item, Expected::NameItem>,
                                           star<seq<list_comma, expect<name_item, Expected::NameItem>>>>> {};
struct name_or_text_arguments : expect<name_item, Expected::NameOrText> {};
struct value_arguments : expect<list_value, Expected::Value> {};

struct listed_symbol : some<SymbolPath> {};
struct symbols_arguments : seq<expect<listed_symbol, Expected::ListedSymbol>,
                               star<seq<list_comma, expect<listed_symbol, Expected::ListedSymbol>>>> {};
struct constant_arguments : seq<expect<block_symbol, Expected::ConstantName>, blanks, expect<list_value, Expected::Value>> {};

struct directive_word : seq<one<'.'>, in<WordStart>, any<WordPart>> {};

/// What follows the directive's word, by the shape that the table of directives gives.
struct arguments {
    using rule_t = arguments;
    using subs_t = empty_list;

    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        const auto as = [&]<class Rule>(type_list<Rule>) {
            return Control<Rule>::template match<A, rewind_mode::required, Action, Control>(input, state);
        };
        switch (state.shape()) {
        case Shape::Nothing: return true;
        case Shape::Function: return as(type_list<function_arguments>{});
        case Shape::Class: return as(type_list<class_arguments>{});
        case Shape::Code: return as(type_list<code_arguments>{});
        case Shape::Target: return as(type_list<target_arguments>{});
        case Shape::Source: return as(type_list<source_arguments>{});
        case Shape::Hash: return as(type_list<hash_arguments>{});
        case Shape::Header: return as(type_list<header_arguments>{});
        case Shape::Include: return as(type_list<include_arguments>{});
        case Shape::Raw: return as(type_list<raw_arguments>{});
        case Shape::MacroWord: return true;
        case Shape::Line: return as(type_list<line_arguments>{});
        case Shape::Try: return as(type_list<try_arguments>{});
        case Shape::Except: return as(type_list<except_arguments>{});
        case Shape::Op: return as(type_list<op_arguments>{});
        case Shape::Bytes: return as(type_list<bytes_arguments>{});
        case Shape::Cache: return as(type_list<cache_arguments>{});
        case Shape::Count: return as(type_list<count_arguments>{});
        case Shape::Flags: return as(type_list<flags_arguments>{});
        case Shape::Values: return as(type_list<values_arguments>{});
        case Shape::Names: return as(type_list<names_arguments>{});
        case Shape::NameOrText: return as(type_list<name_or_text_arguments>{});
        case Shape::Value: return as(type_list<value_arguments>{});
        case Shape::Symbols: return as(type_list<symbols_arguments>{});
        case Shape::Constant: return as(type_list<constant_arguments>{});
        }
        return false;
    }
};

// ---------------------------------------------------------------------------------------------------------
// lines

struct directive : seq<directive_word, blanks, arguments> {};

/// A label's name or a mnemonic; some mnemonics of 2.7 have a number: `SLICE+1`.
struct head : seq<word> {};
struct numbered_mnemonic : seq<one<'+'>, some<Digit>> {};
struct label : seq<one<':'>, blanks, head> {};
struct last_colon : one<':'> {};
struct last_label : seq<last_colon, blanks, opt<directive>> {};
struct plain_instruction
    : seq<opt<numbered_mnemonic>,
          sor<seq<some<Blank>, sor<at<operand_stop>, expect<operand, Expected::Operand>>, blanks,
                  opt<position_behind>>,
              expect<at<stop>, Expected::Gap>>> {};
/// Whether the word is a macro's name.
struct macro_name {
    using rule_t = macro_name;
    using subs_t = empty_list;
    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        return state.is_call(input.current(), input.end());
    }
};
struct macro_call : seq<macro_name, call_arguments, blanks, opt<position_behind>> {};
struct instruction : sor<macro_call, plain_instruction> {};
struct labelled_line : seq<head, star<label>, sor<last_label, instruction>> {};

struct statement : sor<labelled_line, directive, at<stop>> {};
struct byte_order_mark : text<'\xEF', '\xBB', '\xBF'> {};
/// One that is not at the file's beginning.
struct stray_mark : seq<byte_order_mark> {};
struct good_line : seq<blanks, star<seq<stray_mark, blanks>>, expect<statement, Expected::Statement>, expect<line_end, Expected::LineEnd>> {
};

/// A line with a mistake: left behind, up to where the mistake has been understood to end.
struct bad_line {
    using rule_t = bad_line;
    using subs_t = empty_list;
    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        const char* const next = state.end_of_bad_line(input.current(), input.end());
        if (next == input.current()) return false;
        input.bump(static_cast<std::size_t>(next - input.current()));
        return true;
    }
};
/// A line, and what it asks for beyond itself (an expansion, a jump over text), which begins when its own rules are
/// through.
struct line {
    using rule_t = line;
    using subs_t = type_list<good_line, bad_line>;
    template <apply_mode A, rewind_mode M, template <class...> class Action,
              template <class...> class Control, class Input, class State>
    [[nodiscard]] static bool match(Input& input, State& state) {
        const char* const from = input.current();
        const char* behind = nullptr;
        {
            auto mark = input.template mark<rewind_mode::required>();
            state.begin_statement(from);
            const bool taken =
                Control<good_line>::template match<A, rewind_mode::required, Action, Control>(input, state) ||
                Control<bad_line>::template match<A, rewind_mode::required, Action, Control>(input, state);
            if (!state.has_task()) return mark(taken);
            behind = input.current();
        } // back at the line's beginning
        input.bump(static_cast<std::size_t>(state.run_task(behind) - from));
        return true;
    }
};
struct file : seq<opt<byte_order_mark>, until<eof, progress<line>>> {};

} // namespace pyasm::grammar::rules
