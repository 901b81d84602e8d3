#pragma once

#include "grammar/anchors.hpp"
#include "grammar/print.hpp"
#include "grammar/print_literals.hpp"
#include "grammar/text_output.hpp"
#include "program/unit.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pyasm::grammar {

/// Prints one unit. Columns count from 0.
class UnitPrinter {
  public:
    UnitPrinter(const program::Unit& unit, const PrintOptions& options, support::ByteWriter& out);

    void print();

  private:
    using ValueId = objects::ValueId;
    using Place = LiteralPrinter::Place;

    static constexpr std::size_t step = 4;             ///< columns that a block's contents are indented
    static constexpr std::size_t deepest = 16;         ///< levels that are indented
    static constexpr std::size_t operand_column = 20;  ///< behind the indentation
    static constexpr std::size_t position_column = 51; ///< from the line's beginning
    static constexpr std::size_t comment_column = 72;  ///< where there are positions with columns

    // The file (print.cpp).
    std::size_t note_uses();
    void note_pins(const program::BlockPins& pins);
    void put_head();
    void put_header();
    void symbols(std::string_view word, std::span<const program::SymbolName> names);
    void put_tail();

    // Blocks (print_blocks.cpp).
    void put_blocks();
    void open_block(std::uint32_t index, std::size_t level);
    void put_signature(const program::Block& block);
    void put_parameter(const program::Parameter& parameter);
    void put_pins(const program::BlockPins& pins);
    void directive(std::string_view word);
    void count(std::string_view word, const program::Pin<std::int32_t>& pin);
    void text(std::string_view word, const program::Pin<ValueId>& pin);
    void literal(std::string_view word, const program::Pin<ValueId>& pin, Place place);
    void open_list(std::string_view word, const program::PinnedList& list);
    void values(std::string_view word, const program::Pin<program::PinnedList>& pin);
    void names(std::string_view word, const program::Pin<program::PinnedList>& pin);
    /// Writes one more item of a list: on this line where it fits. `put` may be called twice.
    template <class Put> void put_item(bool first, std::size_t indent, const Put& put);

    // Bodies (print_body.cpp).
    void put_body(const program::Block& block, std::uint32_t index);
    void put_statement(const program::Statement& statement);
    void put_instruction(const program::Statement& statement);
    void put_operand(const program::Statement& statement);
    void put_value_operand(const program::Statement& statement);
    void put_operand_name(std::string_view name, bool quoted);
    void put_region(const program::Statement& statement);
    void put_label(const program::ExceptRow::LabelRef& label);
    void put_cache(const program::Statement& statement);
    void put_position(const objects::Position& position);
    void put_position_behind();
    void indent(std::size_t columns) { out_.blanks(columns); }
    /// The mnemonic or directive that an operand may follow.
    void put_word(std::string_view word);
    void pad_to_operand();
    void comments_above(std::uint32_t statement);
    void comments_behind(std::uint32_t statement);

    const program::Unit& unit_;
    std::size_t width_;
    support::ByteWriter& sink_;
    TextOutput out_;
    Anchors anchors_;
    LiteralPrinter literals_;
    bool has_columns_; ///< positions have columns: they stand on the instructions' lines
    std::size_t block_indent_ = 0;
    std::size_t body_indent_ = step;
    std::uint32_t block_ = 0;
    std::size_t comment_ = 0; ///< the next one in Unit::comments
    /// A position that waits for the instruction it is written behind.
    const objects::Position* position_ = nullptr;
};

template <class Put> void UnitPrinter::put_item(bool first, std::size_t indent, const Put& put) {
    if (first) return put();
    out_.put(',');
    const TextOutput::Mark before = out_.mark();
    out_.put(' ');
    put();
    if (out_.column() < width_) return;
    out_.rewind(before);
    out_.newline();
    out_.blanks(indent);
    put();
}

} // namespace pyasm::grammar
