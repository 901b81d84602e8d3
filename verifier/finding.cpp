#include "verifier/finding.hpp"

#include <array>

namespace pyasm::verifier {
namespace {

struct RuleText {
    std::string_view name;
    std::string_view summary;
};
constexpr RuleText rules[] = {
#define RULE(id, name, summary) {name, summary},
#include "verifier/rules.def"
#undef RULE
};

} // namespace

std::string_view words_of(Consequence consequence) {
    switch (consequence) {
    case Consequence::Crash: return "the interpreter can crash here";
    case Consequence::WrongResult: return "the interpreter does something else than what is written";
    case Consequence::SystemError: return "the interpreter raises an error here";
    case Consequence::NotLoaded: return "the interpreter does not load this";
    case Consequence::Unknown: break;
    }
    return "what the interpreter does with it cannot be told";
}

std::string_view name_of(Rule rule) { return rules[static_cast<std::size_t>(rule)].name; }
std::string_view summary_of(Rule rule) { return rules[static_cast<std::size_t>(rule)].summary; }
std::size_t rule_count() { return std::size(rules); }

} // namespace pyasm::verifier
