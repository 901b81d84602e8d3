#pragma once

#include "assembler/context.hpp"
#include "assembler/labels.hpp"
#include "objects/exception_table.hpp"
#include "program/stack_depth.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pyasm::assembler {

/// The exception table of the block at hand: `.try` regions and `.except` rows.
class Exceptions {
  public:
    Exceptions(UnitContext& context, Labels& labels) : context_(context), labels_(labels) {}

    void begin();
    /// `.try`, `.endtry` and `.except` in front of the item numbered `item`.
    void open(const program::Statement& statement, std::uint32_t item);
    void close(const program::Statement& statement, std::uint32_t item);
    void row(const program::Statement& statement);
    /// The end of the body: reports regions that are still open, and labels that are not defined.
    void end_of_body(std::uint32_t item);

    /// Turns labels into offsets; reports what lies outside the code or goes backwards. The result says where
    /// handlers are entered.
    [[nodiscard]] std::span<const program::HandledRegion> resolve(std::span<const std::uint32_t> starts);
    [[nodiscard]] std::span<const program::HandledRegion> handled() const { return handled_; }
    /// The table, once the heights are known. Innermost region first; neighbours that say the same are one
    /// row.
    [[nodiscard]] std::span<const objects::ExceptionEntry> entries(std::span<const std::uint32_t> starts,
                                                                   const program::StackDepth& depths);

  private:
    struct Region {
        std::uint32_t row;        // in Unit::except_rows
        std::uint32_t begin, end; // items
        std::uint32_t handler;    // label
        support::Span span;
    };
    struct Row {
        std::uint32_t row;
        std::uint32_t start, end, handler; // labels
    };
    struct Segment { // a stretch whose innermost region is `region`
        std::uint32_t begin, end;
        std::uint32_t region;
    };
    [[nodiscard]] bool allowed(const program::Statement& statement, std::string_view directive);
    void end_segment(std::uint32_t item);
    [[nodiscard]] std::optional<std::uint32_t> offset_of(const program::ExceptRow::LabelRef& ref,
                                                         std::uint32_t label,
                                                         std::span<const std::uint32_t> starts);
    void append(const objects::ExceptionEntry& entry, bool merge);

    UnitContext& context_;
    Labels& labels_;
    bool reported_ = false;
    std::vector<Region> regions_;
    std::vector<Row> rows_;
    std::vector<Segment> segments_;
    std::vector<std::uint32_t> open_; // regions, innermost last
    std::uint32_t segment_begin_ = 0;
    std::vector<program::HandledRegion> handled_; // regions, then rows
    std::vector<objects::ExceptionEntry> entries_;
};

} // namespace pyasm::assembler
