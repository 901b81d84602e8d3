// The tables of isa/ against what each interpreter says of itself, line by line and in both directions.

#include "isa/opcode.hpp"
#include "isa/target.hpp"
#include "tests/isa/facts.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

using namespace pyasm;
using namespace pyasm::tests;

namespace {

/// Runs `check` on each interpreter's target and facts; a doctest message says which one failed.
template <class Check> void for_each_interpreter(Check check) {
    for (const Interpreter& interpreter : interpreters()) {
        CAPTURE(interpreter.version);
        const isa::Target* target = isa::find_target(interpreter.version);
        REQUIRE(target != nullptr);
        check(*target, facts_of(interpreter));
    }
}

std::string_view class_of(const isa::OpInfo& op) {
    switch (op.operand->base) {
    case isa::OperandBase::Const: return "const";
    case isa::OperandBase::Name: return "name";
    case isa::OperandBase::Local:
    case isa::OperandBase::LocalPair: return "local";
    case isa::OperandBase::Deref: return "free";
    case isa::OperandBase::JumpForward:
    case isa::OperandBase::JumpBackward: return "jrel";
    case isa::OperandBase::JumpAbsolute: return "jabs";
    case isa::OperandBase::Symbolic: return op.name == "COMPARE_OP" ? "compare" : "-";
    default: return "-";
    }
}

/// An effect that dis.stack_effect gives and that is not what happens; the reason stands beside it.
struct Untrue {
    std::string_view name;
    std::string_view first, last; ///< targets
    std::string_view reason;
};

constexpr Untrue untrue[] = {
    {"NOP", "3.6", "3.7", "not known to it"},
    {"EXTENDED_ARG", "3.6", "3.7", "not known to it"},
    {"SETUP_WITH", "3.6", "3.10", "one too many: the manager is gone when __exit__ is there"},
    {"SETUP_ASYNC_WITH", "3.6", "3.7", "counts the result that is not in the handler"},
    {"POP_EXCEPT", "3.6", "3.7", "counts nothing in place of the three that it pops"},
    {"END_FINALLY", "3.6", "3.7", "counts the one item of a body that ended well"},
    {"WITH_CLEANUP_START", "3.6", "3.6", "counts a body that ended well"},
    {"WITH_CLEANUP_FINISH", "3.6", "3.6", "counts a body that ended well"},
    {"GEN_START", "3.10", "3.10", "pops the None that was there before the first instruction"},
    {"RETURN_GENERATOR", "3.11", "3.12", "leaves out the value that is there when it is resumed"},
    {"PRECALL", "3.11", "3.11", "counts the pops of the CALL that follows"},
    {"CALL", "3.11", "3.11", "leaves the pops to its PRECALL"},
    {"RETURN_VALUE", "3.14", "3.15", "counts the value that the caller's frame gets"},
};

bool covers(const Untrue& entry, const isa::OpInfo& op, const isa::Target& target) {
    return entry.name == op.name && isa::find_target(entry.first)->column <= target.column &&
           target.column <= isa::find_target(entry.last)->column;
}

bool means_nothing(const isa::OpInfo& op, std::uint32_t argument) {
    return argument > op.operand->max || (op.operand->id == "SliceParts" && argument < 2);
}

/// True if stack_effect says what the row says. An argument that stack_effect refuses tells nothing, unless
/// it refuses all of them.
bool agrees(const isa::OpInfo& op, const EffectFact& fact, bool one_number) {
    const std::int64_t fall = isa::stack_effect(op, fact.argument, false);
    const std::int64_t jump = isa::stack_effect(op, fact.argument, true);
    if (!fact.fall) return false;
    if (one_number) return *fact.fall == std::max(fall, jump);
    return *fact.fall == fall && (*fact.jump == jump || !op.jumps());
}

/// What dis shows, spelt as pyasm spells it.
std::string respelt(const isa::OpInfo& op, std::string text) {
    if (op.operand->base != isa::OperandBase::FlagSet && op.name != "FORMAT_VALUE") return text;
    for (std::size_t at; (at = text.find(", ")) != std::string::npos;) text.replace(at, 2, "|");
    return text;
}

void check_symbol(const isa::OpInfo& op, const DisFact& fact) {
    // dis also spells sums of attributes, for which the interpreter has no case.
    if (op.name == "SET_FUNCTION_ATTRIBUTE" && fact.text.find(", ") != std::string::npos) return;
    const std::string text = respelt(op, fact.text);
    CAPTURE(text);
    CAPTURE(fact.argument);
    // Several arguments may show as the same text (COMPARE_OP's masks); one of them is the canonical one.
    const auto value = op.operand->value_of(text);
    REQUIRE_MESSAGE(value.has_value(), op.name << " does not know a spelling of dis");
    if (const auto ours = op.operand->spelling_of(fact.argument)) CHECK(*value == fact.argument);
}

void check_name(const isa::OpInfo& op, const DisFact& fact) {
    const std::uint32_t index = fact.argument >> op.operand->shift;
    std::set<std::string> shown;
    std::string_view rest = fact.text;
    for (std::size_t at; (at = rest.find(" + ")) != std::string_view::npos; rest.remove_prefix(at + 3))
        shown.emplace(rest.substr(0, at));
    shown.emplace(rest);
    CAPTURE(fact.text);
    CAPTURE(fact.argument);
    CHECK_MESSAGE(shown.erase(fmt::format("n{}", index)) == 1, op.name);
    for (const std::string& spelling : shown) {
        const auto flag = std::find_if(op.operand->flags.begin(), op.operand->flags.end(),
                                       [&](const isa::OperandName& f) { return f.spelling == spelling; });
        REQUIRE_MESSAGE(flag != op.operand->flags.end(),
                        op.name << " does not know a flag of dis: " << spelling);
        CHECK((fact.argument & flag->value) != 0);
    }
    if (op.operand->shift != 0)
        CHECK((fact.argument & 1) == (shown.empty() || shown.contains("eager") ? 0 : 1));
}

} // namespace

TEST_CASE("isa: the facts of a target are those of its interpreter") {
    for_each_interpreter([](const isa::Target& target, const Facts& facts) {
        CHECK(facts.magic == target.magic);
        CHECK(facts.have_argument == target.have_argument);
        CHECK(facts.extended_arg == target.extended_arg);
        for (const auto& [bit, name] : facts.flags) {
            const auto flag =
                std::find_if(target.flags.begin(), target.flags.end(),
                             [&, &wanted = name](const isa::CodeFlag& f) { return f.name == wanted; });
            REQUIRE_MESSAGE(flag != target.flags.end(), "no flag " << name);
            CHECK(flag->bit == bit);
        }
        // Neither inspect nor dis name NO_MONITORING_EVENTS, and 2.7 names none but those of __future__.
        for (const isa::CodeFlag& flag : target.flags)
            if (flag.name.starts_with("FUTURE_"))
                CHECK_MESSAGE(facts.flags.contains({flag.bit, std::string(flag.name)}), flag.name);
    });
}

TEST_CASE("isa: magic numbers belong to the releases that CPython lists") {
    for_each_interpreter([](const isa::Target&, const Facts& facts) {
        for (const auto& [magic, release] : facts.releases) {
            CAPTURE(magic);
            const std::string_view ours = isa::release_of_magic(static_cast<std::uint16_t>(magic));
            CHECK(ours.starts_with(release));
            CHECK((ours.size() == release.size() || ours[release.size()] == ' ' ||
                   ours[release.size()] == '.'));
        }
    });
}

TEST_CASE("isa: instructions, numbers, caches and operand classes are those of the interpreter") {
    for_each_interpreter([](const isa::Target& target, const Facts& facts) {
        std::set<std::string_view> known;
        for (const OpFact& fact : facts.ops) {
            CAPTURE(fact.name);
            known.insert(fact.name);
            const isa::OpInfo* op = target.find(fact.name);
            REQUIRE(op != nullptr);
            CHECK(target.number(*op) == fact.number);
            CHECK(target.op(fact.number) == op);
            CHECK(op->caches == fact.caches);
            CHECK(op->takes_argument() == fact.has_argument);
            // dis counts LOAD_DEREF as a local from 3.14 on: both index localsplus.
            if (!(op->name == "LOAD_DEREF" && fact.operand_class == "local"))
                CHECK(class_of(*op) == fact.operand_class);
        }
        for (const isa::OpInfo& op : isa::all_opcodes())
            if (op.numbers[target.column] != isa::no_opcode) CHECK_MESSAGE(known.contains(op.name), op.name);
    });
}

TEST_CASE("isa: instructions that must not be in a file are known by name") {
    for_each_interpreter([](const isa::Target& target, const Facts& facts) {
        std::set<std::tuple<std::string, int, int>> ours;
        for (const isa::HiddenOpcode& hidden : isa::hidden_opcodes())
            if (const int number = hidden.numbers[target.column]; number != isa::no_opcode)
                ours.emplace(hidden.name, number, static_cast<int>(hidden.why));
        CHECK(ours == facts.hidden);
    });
}

TEST_CASE("isa: stack effects are those of the interpreter") {
    std::set<const Untrue*> needed;
    for_each_interpreter([&](const isa::Target& target, const Facts& facts) {
        const bool one_number = target.name == "3.6" || target.name == "3.7";
        for (const auto& [name, effects] : facts.effects) {
            const isa::OpInfo* op = target.find(name);
            REQUIRE(op != nullptr);
            const auto entry = std::find_if(std::begin(untrue), std::end(untrue),
                                            [&](const Untrue& u) { return covers(u, *op, target); });
            for (const EffectFact& fact : effects) {
                if (means_nothing(*op, fact.argument)) continue;
                const bool same = agrees(*op, fact, one_number);
                if (entry != std::end(untrue)) {
                    if (!same) needed.insert(entry);
                    continue;
                }
                CHECK_MESSAGE(
                    same, fmt::format("{} {} in {}: stack_effect says {} and {}, the table {} and {}",
                                      op->name, fact.argument, target.name, fact.fall.value_or(-999),
                                      fact.jump.value_or(-999), isa::stack_effect(*op, fact.argument, false),
                                      isa::stack_effect(*op, fact.argument, true)));
            }
        }
    });
    if (missing_interpreters() > 0) return;
    for (const Untrue& entry : untrue)
        CHECK_MESSAGE(needed.contains(&entry), "the exception for " << entry.name << " is not needed");
}

TEST_CASE("isa: operands are spelt as dis shows them") {
    for_each_interpreter([](const isa::Target& target, const Facts& facts) {
        for (const auto& [name, shown] : facts.dis) {
            const isa::OpInfo* op = target.find(name);
            REQUIRE(op != nullptr);
            CAPTURE(op->name);
            std::map<std::uint32_t, std::string> texts;
            for (const DisFact& fact : shown) {
                texts[fact.argument] = fact.text;
                if (op->operand->base == isa::OperandBase::Name)
                    check_name(*op, fact);
                else
                    check_symbol(*op, fact);
            }
            // The other direction: every spelling of the table is one of dis.
            for (const isa::OperandName& spelling : op->operand->names)
                if (spelling.spelling != "0")
                    CHECK_MESSAGE(texts.contains(spelling.value), spelling.spelling);
            if (op->operand->base == isa::OperandBase::FlagSet)
                for (const isa::OperandName& flag : op->operand->flags)
                    CHECK_MESSAGE(texts[flag.value] == flag.spelling, flag.spelling);
        }
    });
}
