#pragma once

#include "objects/value.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::verifier {

enum class Severity : std::uint8_t {
    Error,   ///< can crash or corrupt the interpreter, or is refused by it; or cannot be followed
    Warning, ///< well defined, but surely not meant
};

/// What an interpreter does with code that has the fault.
enum class Consequence : std::uint8_t {
    Crash,       ///< it can crash, or read or write memory that is not its own
    WrongResult, ///< it goes on with something else than what is written
    SystemError, ///< it raises SystemError (or another exception) at this place
    NotLoaded,   ///< it does not load the code object
    Unknown,     ///< it is not known: the code is beyond what can be followed
};
/// "the interpreter can crash here": a clause for a reader.
[[nodiscard]] std::string_view words_of(Consequence consequence);

/// What a finding is about; one row of rules.def.
enum class Rule : std::uint8_t {
#define RULE(id, name, summary) id,
#include "verifier/rules.def"
#undef RULE
};
/// "stack-underflow": stable, for programs and for the documentation.
[[nodiscard]] std::string_view name_of(Rule rule);
/// What the rule asks for, in a sentence.
[[nodiscard]] std::string_view summary_of(Rule rule);
[[nodiscard]] std::size_t rule_count();

/// A step of the way from the start of a code object to an instruction: all that is not the next instruction.
struct Step {
    enum class Way : std::uint8_t {
        Jump,      ///< the instruction at `from` jumps to `to`
        Exception, ///< it raises, and the handler is at `to`
    };
    std::uint32_t from = 0; ///< byte offset of the instruction
    std::uint32_t to = 0;
    Way way = Way::Jump;
};

/// One thing that is wrong with a code object.
struct Finding {
    static constexpr std::uint32_t no_offset = 0xFFFF'FFFF;

    Severity severity = Severity::Error;
    Rule rule{};
    Consequence consequence = Consequence::Crash;
    objects::ValueId code = objects::no_value; ///< the code object; no_value: the file's top object is none
    /// Byte offset in co_code of the instruction (of its first prefix); no_offset: of the code object as a
    /// whole.
    std::uint32_t offset = no_offset;
    std::string message; ///< one line, lower case, no full stop; no control characters
    std::string help;    ///< what to do: a sentence; may be empty
    /// The stack in front of the instruction, bottom first, in words ("list", "NULL", "object"), where it is
    /// known.
    bool has_stack = false;
    std::vector<std::string> stack;
    /// How control first got there; at most `most_steps`, the last ones.
    static constexpr std::size_t most_steps = 8;
    bool steps_left_out = false;
    std::vector<Step> way;
};

} // namespace pyasm::verifier
