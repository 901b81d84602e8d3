#pragma once

#include "grammar/parse.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

/// A parsed text with all it hangs on, for the grammar's tests.
namespace pyasm::tests {

struct Parsed {
    std::unique_ptr<support::Sources> sources = std::make_unique<support::Sources>();
    support::Diagnostics diagnostics;
    program::Unit unit;
    /// Each error as "LINE:COLUMN: message; help", one a line; notes as "  LINE:COLUMN: message".
    [[nodiscard]] std::string errors() const;
};

/// Parses a text for a target ("" = by `.target`, else the newest). `files` are what `.include` finds.
Parsed parse_text(std::string_view text, std::string_view target = "",
                  const std::map<std::string, std::string>& files = {});

/// The errors of a text.
std::string errors_of(std::string_view text, std::string_view target = "");

/// A value with its type and all its bits: "int 5", "float 0x3ff8000000000000", "(int 1, str 'a')".
std::string show(const objects::ValuePool& pool, objects::ValueId id);

/// The value of one literal, as `show` has it; its errors where there are some.
std::string literal(std::string_view text, std::string_view target = "");

/// The operand of one instruction: "name print + NULL", "integer 3", "words not in".
std::string operand(std::string_view text, std::string_view target = "");

} // namespace pyasm::tests
