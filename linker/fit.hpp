#pragma once

#include "isa/target.hpp"
#include "objects/code_object.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::linker {

/// What calling a code object makes, where it is a function.
enum class CallResult : std::uint8_t { Value, Generator, Coroutine, AsyncGenerator };

/// What those who make a function of a code object, and those who call it, can see of it.
struct Callable {
    program::BlockKind kind = program::BlockKind::Code;
    CallResult result = CallResult::Value;
    std::vector<std::string_view> positional; ///< by position; the first `positional_only` by nothing else
    std::size_t positional_only = 0;
    std::vector<std::string_view> keyword_only;
    bool varargs = false, varkeywords = false;
    std::vector<std::string_view> free; ///< names of the free variables, in the order of its closure

    /// "(a, b, /, c, *args, d, **kwargs)"
    [[nodiscard]] std::string signature() const;
};

/// Views into the pool. Counts that do not fit the code object's names are cut down to them.
[[nodiscard]] Callable callable_of(const objects::ValuePool& pool, const isa::Target& target,
                                   const objects::CodeObject& code, bool is_module_body);

/// One way in which a code object does not fit in the place of another.
struct Misfit {
    std::string what;                  ///< "free variables"
    std::string original, replacement; ///< what each has: "(a, b)", "none"
    std::string help;                  ///< what to do to the replacement: a sentence
    std::string_view verb = "has";     ///< "the original", this, and what it has; "is" for the kind
};

/// In what ways `replacement` cannot stand where `original` stands. Those who make the function give it the
/// same defaults and the same closure, and those who call it pass the same arguments, by position or by name.
/// Names of positional-only parameters, `*args` and `**kwargs` nobody can see, and the order of keyword-only
/// ones.
[[nodiscard]] std::vector<Misfit> misfits(const Callable& original, const Callable& replacement);

} // namespace pyasm::linker
