#pragma once

#include "grammar/directives.hpp"
#include "grammar/literal_rules.hpp"

/// The grammar as PEG rules, without actions and messages; `docs/language.md` has the same in PEG notation.
namespace pyasm::grammar::rules {

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
struct name_operand : seq<operand_name, not_at<one<'(', '"', '\''>>,
                          sor<name_suffix, name_pair, seq<blanks, at<operand_stop>>>> {};
struct operand_string : seq<string_literal> {};
struct string_operand : seq<operand_string, opt<sor<name_suffix, name_pair>>> {};
struct call_word
    : sor<text<'c', 'o', 'd', 'e'>, text<'c', 'o', 'n', 's', 't'>, text<'n', 'a', 'm', 'e'>,
          text<'q', 'u', 'a', 'l', 'n', 'a', 'm', 'e'>, text<'c', 'o', 'm', 'p', 'l', 'e', 'x'>,
          text<'l', 'i', 's', 't'>, text<'s', 'e', 't'>, text<'f', 'r', 'o', 'z', 'e', 'n', 's', 'e', 't'>,
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
struct hash_arguments : seq<expect<hash_kind, Expected::HashKind>, blanks,
                            expect<text_literal, Expected::Text>, blanks, star<source_item>> {};
struct header_arguments : expect<seq<text<'n', 'o', 'n', 'e'>, not_at<in<WordPart>>>, Expected::HeaderKind> {
};
struct stub_name : seq<some<NamePart>> {};
struct include_arguments : sor<seq<one<'<'>, stub_name, one<'>'>>, expect<text_literal, Expected::Text>> {};

/// Text that is no part of the grammar: an expression, a macro's parameters, the arguments of a call. It goes
/// up to the statement's end.
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
struct values_arguments : sor<at<stop>, seq<expect<list_value, Expected::Value>,
                                            star<seq<list_comma, expect<list_value, Expected::Value>>>>> {};
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
struct constant_arguments
    : seq<expect<block_symbol, Expected::ConstantName>, blanks, expect<list_value, Expected::Value>> {};

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
struct plain_instruction : seq<opt<numbered_mnemonic>,
                               sor<seq<some<Blank>, sor<at<operand_stop>, expect<operand, Expected::Operand>>,
                                       blanks, opt<position_behind>>,
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
struct good_line : seq<blanks, star<seq<stray_mark, blanks>>, expect<statement, Expected::Statement>,
                       expect<line_end, Expected::LineEnd>> {};

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
/// A line, and what it asks for beyond itself (an expansion, a jump over text), which begins when its own
/// rules are through.
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
