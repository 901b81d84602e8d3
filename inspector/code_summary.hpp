#pragma once

#include "inspector/output.hpp"
#include "inspector/seen.hpp"
#include "inspector/words.hpp"

#include <cstdint>
#include <string_view>

namespace pyasm::inspector {

/// Shows one code object after the other: fields, sizes, tables.
class CodeSummary {
  public:
    CodeSummary(const Context& context, std::size_t file_size, std::size_t width, Output& out)
        : context_(context), width_(width), out_(out), seen_(context.pool(), file_size) {}

    /// The code object with this number.
    void show(std::uint32_t number);

  private:
    using ValueId = objects::ValueId;

    void field(std::string_view name, std::string_view text);
    void item(std::size_t index, std::string_view text);
    void fields(const objects::CodeObject& code);
    void sizes(const objects::CodeObject& code);
    void tables(const objects::CodeObject& code);
    /// True where the table is to be shown; else it says whose it is.
    bool table(std::string_view name, ValueId id, std::size_t size);
    void constants(const objects::CodeObject& code);
    void names(std::string_view name, ValueId id);
    void localsplus(const objects::CodeObject& code);
    void exceptions(const objects::CodeObject& code);

    const Context& context_;
    std::size_t width_;
    Output& out_;
    Seen seen_;
    std::uint32_t number_ = 0;
};

} // namespace pyasm::inspector
