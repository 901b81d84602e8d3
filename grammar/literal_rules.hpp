#pragma once

#include "grammar/characters.hpp"
#include "grammar/messages.hpp"

#include <tao/pegtl.hpp>

#include <cstring>

/// The rules of what literals are made of, and what all rules are built from; `grammar/rules.hpp` has the
/// rest. Rules that plain combinators cannot say (tables of bytes, the diagnostics of `expect`, nesting
/// without recursion) have a `match` of their own.
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
struct const_atom : seq<text<'c', 'o', 'n', 's', 't', '('>, space, expect<code_symbol, Expected::ConstSymbol>,
                        space, expect<one<')'>, Expected::Closer>> {};
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
///     literal <- anchor literal / anchored / string+ / number / nan(...) / code(...) / name(...) / ... /
///     word
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

} // namespace pyasm::grammar::rules
