#pragma once

#include "tests/support/interpreters.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace pyasm::tests {

/// The lines of describe_opcodes.py.
struct OpFact {
    std::uint8_t number;
    int caches;
    std::string operand_class;
    bool has_argument;
    std::string name;
};
struct EffectFact {
    std::optional<std::int64_t> fall, jump; ///< nothing where stack_effect refuses the argument
    std::uint32_t argument;
};
struct DisFact {
    std::uint32_t argument;
    std::string text;
};
struct Facts {
    int magic = 0;
    int have_argument = 0;
    int extended_arg = 0;
    std::set<std::pair<std::uint32_t, std::string>> flags;
    std::vector<std::pair<int, std::string>> releases; ///< magic number and "3.5"
    std::vector<OpFact> ops;
    std::map<std::string, std::vector<EffectFact>> effects;
    std::map<std::string, std::vector<DisFact>> dis;
    std::set<std::tuple<std::string, int, int>> hidden; ///< name, number, HiddenOpcode::Why
};

/// What an interpreter says of itself; it is asked once.
const Facts& facts_of(const Interpreter& interpreter);

} // namespace pyasm::tests
