#include "assembler/exceptions.hpp"

#include <fmt/format.h>

namespace pyasm::assembler {

using objects::ExceptionEntry;
using program::ExceptRow;
using program::HandledRegion;
using program::Statement;

void Exceptions::begin() {
    reported_ = false;
    regions_.clear();
    rows_.clear();
    segments_.clear();
    open_.clear();
    segment_begin_ = 0;
    handled_.clear();
    entries_.clear();
}

bool Exceptions::allowed(const Statement& statement, std::string_view directive) {
    if (!context_.target.code.exceptiontable) {
        if (!reported_ && !context_.text_had_errors)
            context_.diagnostics.error(statement.span,
                                       fmt::format("code objects of {} have no exception table for {}",
                                                   context_.target.name, directive),
                                       "Use SETUP_FINALLY and its kin, and POP_BLOCK.");
        reported_ = true; // one message a block: the other regions are the same mistake
        return false;
    }
    return statement.index < context_.unit.except_rows.size();
}

void Exceptions::open(const Statement& statement, std::uint32_t item) {
    if (!allowed(statement, ".try")) return;
    const ExceptRow& row = context_.unit.except_rows[statement.index];
    end_segment(item);
    open_.push_back(static_cast<std::uint32_t>(regions_.size()));
    regions_.push_back({statement.index, item, item, labels_.refer(row.handler.name), statement.span});
}

void Exceptions::close(const Statement& statement, std::uint32_t item) {
    if (!context_.target.code.exceptiontable) return;
    if (open_.empty()) {
        if (!context_.text_had_errors)
            context_.diagnostics.error(statement.span, "an .endtry without a .try");
        return;
    }
    end_segment(item);
    regions_[open_.back()].end = item;
    open_.pop_back();
}

void Exceptions::end_segment(std::uint32_t item) {
    if (!open_.empty() && item > segment_begin_) segments_.push_back({segment_begin_, item, open_.back()});
    segment_begin_ = item;
}

void Exceptions::row(const Statement& statement) {
    if (!allowed(statement, ".except")) return;
    const ExceptRow& row = context_.unit.except_rows[statement.index];
    rows_.push_back({statement.index, labels_.refer(row.start.name), labels_.refer(row.end.name),
                     labels_.refer(row.handler.name)});
}

void Exceptions::end_of_body(std::uint32_t item) {
    for (; !open_.empty(); open_.pop_back()) {
        Region& region = regions_[open_.back()];
        region.end = item;
        if (!context_.text_had_errors)
            context_.diagnostics.error(region.span, "this .try has no .endtry",
                                       "End the region before the block's .end.");
    }
    const auto& rows = context_.unit.except_rows;
    for (const Region& region : regions_)
        (void)labels_.item_of(region.handler, rows[region.row].handler.span);
    for (const Row& entry : rows_) {
        (void)labels_.item_of(entry.start, rows[entry.row].start.span);
        (void)labels_.item_of(entry.end, rows[entry.row].end.span);
        (void)labels_.item_of(entry.handler, rows[entry.row].handler.span);
    }
}

/// The byte offset of a label in a row; nothing after an error.
std::optional<std::uint32_t> Exceptions::offset_of(const ExceptRow::LabelRef& ref, std::uint32_t label,
                                                   std::span<const std::uint32_t> starts) {
    const std::uint32_t item = labels_.item_of(label, ref.span);
    if (item == Labels::undefined) return std::nullopt;
    const std::int64_t unit = program::instruction_size(context_.target, false);
    const std::int64_t size = starts.back();
    const bool in_range = ref.addend >= -size && ref.addend <= size;
    const std::int64_t offset = in_range ? std::int64_t{starts[item]} + ref.addend * unit : -1;
    if (offset < 0 || offset > size) {
        context_.diagnostics.error(
            ref.span, fmt::format("'{}' and {} more lies outside the code", ref.name, ref.addend));
        return std::nullopt;
    }
    if (offset % 2 != 0) {
        context_.diagnostics.error(
            ref.span, fmt::format("'{}' lies between two code units: no row can name it", ref.name),
            "Check the length of the .bytes before it.");
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(offset);
}

std::span<const HandledRegion> Exceptions::resolve(std::span<const std::uint32_t> starts) {
    for (const Region& region : regions_) {
        const ExceptRow& row = context_.unit.except_rows[region.row];
        handled_.push_back({starts[region.begin], starts[region.end],
                            offset_of(row.handler, region.handler, starts).value_or(0), row.depth,
                            row.lasti});
    }
    for (const Row& entry : rows_) {
        const ExceptRow& row = context_.unit.except_rows[entry.row];
        const auto begin = offset_of(row.start, entry.start, starts);
        const auto end = offset_of(row.end, entry.end, starts);
        if (begin && end && *begin > *end)
            context_.diagnostics.error(
                row.start.span,
                fmt::format("the row ends at '{}', before it starts at '{}'", row.end.name, row.start.name),
                "Swap them.");
        handled_.push_back({begin.value_or(0), end.value_or(0),
                            offset_of(row.handler, entry.handler, starts).value_or(0), row.depth, row.lasti});
    }
    return handled_;
}

void Exceptions::append(const ExceptionEntry& entry, bool merge) {
    if (merge && !entries_.empty()) {
        ExceptionEntry& last = entries_.back();
        if (last.end == entry.begin && last.target == entry.target && last.depth == entry.depth &&
            last.lasti == entry.lasti) {
            last.end = entry.end;
            return;
        }
    }
    entries_.push_back(entry);
}

std::span<const ExceptionEntry> Exceptions::entries(std::span<const std::uint32_t> starts,
                                                    const program::StackDepth& depths) {
    const auto entry_of = [&](const HandledRegion& handled, std::uint32_t begin, std::uint32_t end) {
        return ExceptionEntry{begin, end, handled.handler, depths.depth_of(handled), handled.lasti};
    };
    for (const Segment& segment : segments_) {
        const std::uint32_t begin = starts[segment.begin], end = starts[segment.end];
        if (begin != end) append(entry_of(handled_[segment.region], begin, end), true);
    }
    for (std::size_t i = regions_.size(); i < handled_.size(); ++i)
        append(entry_of(handled_[i], handled_[i].begin, handled_[i].end), false);
    return entries_;
}

} // namespace pyasm::assembler
