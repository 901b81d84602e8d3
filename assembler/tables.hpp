#pragma once

#include "assembler/context.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::assembler {

/// co_consts and co_names of the block at hand.
class Tables {
  public:
    explicit Tables(UnitContext& context) : context_(context) {}

    /// Empties both and puts their heads in: what `.consts`, `.names` and `.doc` say, and a function's first
    /// constant.
    void begin(const program::Block& block, std::int32_t index);

    /// The index of a literal, which is made ready first; `none` after an error.
    [[nodiscard]] std::uint32_t constant(objects::ValueId literal, support::Span place);
    [[nodiscard]] std::uint32_t integer(std::int64_t number);
    [[nodiscard]] std::uint32_t name(std::uint32_t string);

    /// What an instruction without constant operand says of the first constant.
    void imply(const isa::OpInfo& op, std::uint32_t argument);
    void end_of_body();

    static constexpr std::uint32_t none = BlockIndex::none;
    [[nodiscard]] const std::vector<objects::ValueId>& consts() const { return consts_; }
    [[nodiscard]] const std::vector<objects::ValueId>& names() const { return names_; }

  private:
    void append_constant(objects::ValueId prepared);
    [[nodiscard]] std::uint32_t prepared(objects::ValueId id);
    void begin_consts(const program::Block& block);
    void place_docstring(const program::Block& block);

    UnitContext& context_;
    std::int32_t block_ = 0;
    bool first_is_implied_ = false;
    BlockIndex const_index_; // by the value's key
    BlockIndex name_index_;  // by string
    std::vector<objects::ValueId> consts_;
    std::vector<objects::ValueId> names_;
};

} // namespace pyasm::assembler
