#pragma once

#include "isa/target.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Decoding of literals' text. Nothing here knows of grammar rules, units or diagnostics: a mistake is
/// returned with its place in the text.
namespace pyasm::grammar {

/// What is wrong with a literal, and where in its text.
struct LiteralError {
    std::size_t offset = 0;
    std::size_t size = 1;
    std::string message;
    std::string help;
};

/// The dialect of literals: Python 2 or 3, and what the target's numbers may have.
struct Dialect {
    isa::LiteralDialect literals = isa::LiteralDialect::Python3;
    bool underscores = true;
    [[nodiscard]] bool python2() const { return literals == isa::LiteralDialect::Python2; }
};

/// The largest number of digits that a decimal integer may have; the conversion is quadratic. Numbers with a
/// base prefix may have any number.
inline constexpr std::size_t max_decimal_digits = 100'000;

struct Integer {
    std::vector<std::uint64_t>
        limbs;                ///< magnitude, least significant first, without leading zeros; empty = 0
    bool long_suffix = false; ///< `10L`

    /// The number as int64 if it fits.
    [[nodiscard]] std::optional<std::int64_t> small(bool negative) const;
    /// Base-2^15 digits, least significant first; none for 0.
    [[nodiscard]] std::vector<std::uint16_t> digits() const;
    /// The nearest double (ties to even); infinite when out of range.
    [[nodiscard]] double real() const;
};

/// An unsigned integer literal: decimal, 0x, 0o, 0b, 2.7's 0777 and L. `text` has the form of a literal of
/// the grammar; what the dialect does not have is an error with the right spelling as help.
[[nodiscard]] std::optional<LiteralError> decode_integer(std::string_view text, const Dialect& dialect,
                                                         Integer& out);

/// The same of any run of letters, digits and underscores that begins with a digit.
[[nodiscard]] std::optional<LiteralError> decode_integer_run(std::string_view text, const Dialect& dialect,
                                                             Integer& out);

/// An unsigned float literal, "1.5" or "1e9", as the nearest double; infinite when too large, as in Python.
[[nodiscard]] std::optional<LiteralError> decode_float(std::string_view text, const Dialect& dialect,
                                                       double& out);

/// "0x1.8p3" as the nearest double (float.fromhex); too large is an error.
[[nodiscard]] std::optional<LiteralError> decode_hex_float(std::string_view text, double& out);

/// What is wrong with a run of letters and digits that starts with a digit and is no number.
[[nodiscard]] LiteralError diagnose_number(std::string_view text, const Dialect& dialect);

enum class StringType : std::uint8_t { Str, Bytes };

/// One string token, taken apart.
struct StringToken {
    std::string_view text; ///< whole, with prefix and quotes
    std::string_view body; ///< between the quotes
    StringType type = StringType::Str;
    bool raw = false;
    bool triple = false;
    bool native = false; ///< neither b nor u in the prefix
};

/// Whether a string literal of the version may have this in front of its quotes; nothing may stand there,
/// too.
[[nodiscard]] bool is_string_prefix(std::string_view prefix, const Dialect& dialect);

/// Splits a token into prefix and body; an unknown prefix is an error. `closed`: the token ends in its
/// quotes.
[[nodiscard]] std::optional<LiteralError> split_string(std::string_view text, bool closed,
                                                       const Dialect& dialect, StringToken& out);

/// Whether the value is not just the body's bytes.
[[nodiscard]] bool needs_decoding(const StringToken& token);

/// Appends the value: UTF-8 (lone surrogates in three bytes) for Str, bytes for Bytes. Every mistake is added
/// to `errors`, with its place in `token.text`.
void decode_string(const StringToken& token, const Dialect& dialect, std::string& out,
                   std::vector<LiteralError>& errors);

/// The value of `nan(bits)`: `bits` are the 52 fraction bits, 1 to 2^52 - 1.
[[nodiscard]] double make_nan(std::uint64_t bits, bool negative);

} // namespace pyasm::grammar
