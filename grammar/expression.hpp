#pragma once

#include "grammar/literals.hpp"
#include "isa/target.hpp"
#include "isa/version.hpp"
#include "support/source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Expressions of the macro level: `.if target >= 3.11 and not defined(DEBUG)`.
namespace pyasm::grammar {

/// Brackets, signs and `not`s inside one another.
inline constexpr std::size_t max_expression_depth = 100;
/// Bytes of a string that an expression makes.
inline constexpr std::size_t max_expression_text = std::size_t{1} << 20;

/// What an expression comes to. A truth value is the int 0 or 1.
struct Quantity {
    enum class Kind : std::uint8_t { Int, Text, Version };
    Kind kind = Kind::Int;
    std::int64_t number = 0;
    std::string text{}; ///< UTF-8; lone surrogates in three bytes
    isa::Version version{};

    static Quantity of(std::int64_t number) { return {Kind::Int, number, {}, {}}; }
    static Quantity of(std::string text) { return {Kind::Text, 0, std::move(text), {}}; }
    static Quantity of(isa::Version version) { return {Kind::Version, 0, {}, version}; }

    [[nodiscard]] bool truth() const {
        return kind == Kind::Int ? number != 0 : kind == Kind::Version || !text.empty();
    }
    /// "an int", "a string", "a version"
    [[nodiscard]] std::string_view kind_name() const;
    /// As a message or `\{EXPR}` has it: a string without quotes.
    [[nodiscard]] std::string plain() const;
    friend bool operator==(const Quantity&, const Quantity&) = default;
};

/// The value as a literal of the target's language, which an expression reads as the same value.
[[nodiscard]] std::string literal_of(const Quantity& quantity, const isa::Target& target);

/// Words that mean something in expressions, and can be no symbol's name.
[[nodiscard]] bool is_reserved_word(std::string_view word);

/// What an expression can ask for, and where its mistakes go.
class ExpressionScope {
  public:
    /// The value that `.set` or the command line has given to a name; null if there is none.
    [[nodiscard]] virtual const Quantity* symbol(std::string_view name) const = 0;
    [[nodiscard]] virtual bool is_macro(std::string_view name) const = 0;
    /// The name of a symbol that `name` is likely to be a misspelling of; empty if none is near.
    [[nodiscard]] virtual std::string_view nearest_symbol(std::string_view name) const = 0;
    /// The kind of a name in the innermost block; empty outside of blocks.
    [[nodiscard]] virtual std::string_view kind_of(std::string_view name) const = 0;
    /// The target; asked for in an expression, it cannot change any more.
    [[nodiscard]] virtual const isa::Target& target() = 0;
    [[nodiscard]] virtual Dialect dialect() const = 0;
    /// Counts the bytes of a string that was made or copied; false where there are too many in all, which is
    /// reported.
    [[nodiscard]] virtual bool charge(support::Span place, std::size_t bytes) = 0;
    virtual void error(support::Span place, std::string message, std::string help) = 0;

  protected:
    ~ExpressionScope() = default;
};

/// The value of `text`, a part of the file's text. Nothing where something is wrong with it, which is
/// reported once. Ints have 64 bits, and what needs more is an error. Linear in the text and in the strings
/// that it makes; no recursion beyond `max_expression_depth`.
[[nodiscard]] std::optional<Quantity> evaluate(std::string_view text, const support::SourceFile& file,
                                               ExpressionScope& scope);

/// The value of NAME in `-D NAME=VALUE`: an int, a string in quotes or a version as in an expression, or a
/// bare word, which is a string. Nothing for any other text.
[[nodiscard]] std::optional<Quantity> definition_value(std::string_view text);

} // namespace pyasm::grammar
