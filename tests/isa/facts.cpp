#include "tests/isa/facts.hpp"

#include "isa/opcode.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace pyasm::tests {
namespace {

std::optional<std::int64_t> number_or_dash(std::istream& in) {
    std::string word;
    in >> word;
    if (word == "-") return std::nullopt;
    return std::stoll(word);
}

int why(const std::string& word) {
    using Why = isa::HiddenOpcode::Why;
    if (word == "instrumented") return static_cast<int>(Why::Instrumented);
    return static_cast<int>(word == "pseudo" ? Why::Pseudo : Why::Specialised);
}

void read_op(std::istream& in, Facts& facts) {
    OpFact op{};
    int number = 0;
    in >> number >> op.caches >> op.operand_class >> op.has_argument >> op.name;
    op.number = static_cast<std::uint8_t>(number);
    facts.ops.push_back(op);
}

void read_effect(std::istream& in, Facts& facts) {
    EffectFact effect{};
    effect.fall = number_or_dash(in);
    effect.jump = number_or_dash(in);
    std::string name;
    in >> effect.argument >> name;
    facts.effects[name].push_back(effect);
}

void read_dis(std::istream& in, Facts& facts) {
    DisFact fact{};
    std::string name;
    in >> fact.argument >> name;
    in.get();
    std::getline(in, fact.text);
    facts.dis[name].push_back(fact);
}

void read_hidden(std::istream& in, Facts& facts) {
    int number = 0;
    std::string word, name;
    in >> number >> word >> name;
    facts.hidden.emplace(name, number, why(word));
}

void read_release(std::istream& in, Facts& facts) {
    std::pair<int, std::string> release;
    in >> release.first >> release.second;
    facts.releases.push_back(release);
}

void read_line(const std::string& line, Facts& facts) {
    std::istringstream in(line);
    std::string word;
    in >> word;
    if (word == "magic")
        in >> facts.magic;
    else if (word == "have_argument")
        in >> facts.have_argument;
    else if (word == "extended_arg")
        in >> facts.extended_arg;
    else if (word == "op")
        read_op(in, facts);
    else if (word == "effect")
        read_effect(in, facts);
    else if (word == "dis")
        read_dis(in, facts);
    else if (word == "hidden")
        read_hidden(in, facts);
    else if (word == "release")
        read_release(in, facts);
    else if (word == "flag") {
        std::pair<std::uint32_t, std::string> flag;
        in >> flag.first >> flag.second;
        facts.flags.insert(flag);
    } else
        FAIL("a line that nobody expects: " << line);
    REQUIRE_MESSAGE(!in.fail(), line);
}

Facts ask(const Interpreter& interpreter) {
    const RunResult result = run_python(interpreter, {"-B", source_path("tests/isa/describe_opcodes.py")});
    REQUIRE_MESSAGE(result.status == 0, result.err);
    Facts facts;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) read_line(line, facts);
    REQUIRE(facts.ops.size() > 100);
    return facts;
}

} // namespace

const Facts& facts_of(const Interpreter& interpreter) {
    static std::map<std::string, Facts> asked;
    const auto known = asked.find(interpreter.version);
    if (known != asked.end()) return known->second;
    return asked.emplace(interpreter.version, ask(interpreter)).first->second;
}

} // namespace pyasm::tests
