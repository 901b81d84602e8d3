#include "grammar/rules.hpp"

#include <doctest/doctest.h>
#include <tao/pegtl/contrib/analyze.hpp>

// What PEGTL's analysis has to know of the rules with a `match` of their own.
namespace tao::pegtl {

using namespace pyasm::grammar;

template <class Name, CharClass Class>
struct analyze_traits<Name, rules::in<Class>> : analyze_any_traits<> {};
template <class Name, CharClass Class>
struct analyze_traits<Name, rules::any<Class>> : analyze_opt_traits<> {};
template <class Name, class Rule, Expected What>
struct analyze_traits<Name, rules::expect<Rule, What>> : analyze_seq_traits<Rule> {};
template <class Name, class Rule>
struct analyze_traits<Name, rules::progress<Rule>> : analyze_any_traits<Rule> {};
/// Its tokens; it takes at least one of them.
template <class Name>
struct analyze_traits<Name, rules::literal>
    : analyze_any_traits<rules::space, rules::string_token, rules::number_atom, rules::ellipsis,
                         rules::constant_word, rules::open_bracket, rules::close_bracket, rules::code_atom,
                         rules::name_atom, rules::nan_bits, rules::open_call, rules::anchor, rules::anchored,
                         rules::separator, rules::junk> {};
template <class Name> struct analyze_traits<Name, rules::position_mark> : analyze_any_traits<> {};
template <class Name> struct analyze_traits<Name, rules::plain_position> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, rules::arguments>
    : analyze_opt_traits<rules::function_arguments, rules::class_arguments, rules::code_arguments,
                         rules::target_arguments, rules::source_arguments, rules::hash_arguments,
                         rules::header_arguments, rules::include_arguments, rules::raw_arguments,
                         rules::line_arguments, rules::try_arguments, rules::except_arguments,
                         rules::op_arguments, rules::bytes_arguments, rules::cache_arguments,
                         rules::count_arguments, rules::flags_arguments, rules::values_arguments,
                         rules::names_arguments, rules::name_or_text_arguments, rules::value_arguments> {};
template <class Name, bool Call> struct analyze_traits<Name, rules::raw_text<Call>> : analyze_opt_traits<> {};
template <class Name> struct analyze_traits<Name, rules::macro_name> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, rules::line> : analyze_sor_traits<rules::good_line, rules::bad_line> {};
/// It fails where it would take nothing.
template <class Name> struct analyze_traits<Name, rules::bad_line> : analyze_any_traits<> {};

} // namespace tao::pegtl

namespace {

/// A rule that runs in place, to see that the analysis finds one.
struct endless : tao::pegtl::star<tao::pegtl::opt<tao::pegtl::one<'x'>>> {};

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("no rule can run in place") {
        CHECK(tao::pegtl::analyze<pyasm::grammar::rules::file>(-1) == 0);
        CHECK(tao::pegtl::analyze<endless>(-1) != 0);
    }
}
