#pragma once

#include "inspector/byte_walker.hpp"
#include "inspector/json_values.hpp"
#include "inspector/json_writer.hpp"
#include "inspector/seen.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace pyasm::inspector {

/// Code objects as JSON: docs/show-json.md.
class JsonCode {
  public:
    JsonCode(const Context& context, std::size_t file_size, std::span<const ByteWalker::Extent> extents,
             JsonValues& values, JsonWriter& json)
        : context_(context), extents_(extents), values_(values), json_(json),
          seen_(context.pool(), file_size) {}

    void put(std::uint32_t number);

  private:
    using ValueId = objects::ValueId;

    void number(std::string_view key, std::int64_t value);
    void number_or_null(std::string_view key, bool present, std::int64_t value);
    /// True where the member's value is to be written; else it says for which code object it was.
    bool begin(std::string_view key, std::uint32_t owner);
    void place(std::uint32_t number);
    void fields(const objects::CodeObject& code);
    void tables(const objects::CodeObject& code);
    void names(std::string_view key, ValueId tuple);
    void localsplus(const objects::CodeObject& code);
    void names_of_kind(std::string_view key, const objects::CodeObject& code, std::uint8_t kind);
    void constants(const objects::CodeObject& code);
    void code_bytes(const objects::CodeObject& code);
    void instruction(const objects::CodeObject& code, const program::Instruction& item, std::uint32_t begin,
                     std::uint32_t end, support::Bytes body);
    void line_table(const objects::CodeObject& code);
    void exception_table(const objects::CodeObject& code);
    void error(std::string_view key, const support::Error* error);

    const Context& context_;
    std::span<const ByteWalker::Extent> extents_;
    JsonValues& values_;
    JsonWriter& json_;
    Seen seen_;
    std::uint32_t number_ = 0;
};

} // namespace pyasm::inspector
