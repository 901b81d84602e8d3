#include "disassembler/regions.hpp"

#include <algorithm>

namespace pyasm::disassembler {

using objects::ExceptionEntry;

namespace {

constexpr unsigned most_rounds = 3; // of stating some depths, before all are stated
constexpr std::uint32_t most_depth = 0x7FFF'FFFF;

} // namespace

void Regions::begin(support::Bytes table, Items& items, Labels& labels) {
    rows_.clear();
    regions_.clear();
    marks_.clear();
    needs_pin_ = false;
    if (table.empty()) return;
    const bool read = objects::decode_exception_table(table, rows_).ok();
    if (!read) rows_.clear();
    buffer_.clear();
    objects::encode_exception_table(rows_, buffer_);
    if (!read || !std::ranges::equal(buffer_.view(), table) || !can_be_said(items)) {
        needs_pin_ = true;
        return;
    }
    const std::size_t tries = count_tries(items);
    number_keys(tries);
    nest(tries, items);
    for (std::size_t i = tries; i < rows_.size(); ++i) regions_.push_back({rows_[i], false, false});
    want_labels(tries, items, labels);
}

bool Regions::can_be_said(const Items& items) const {
    return std::ranges::all_of(rows_, [&](const ExceptionEntry& row) {
        return items.has_label_place(row.end) && items.has_label_place(row.target) && row.depth <= most_depth;
    });
}

/// How many rows, from the first one on, `.try` can make: in order and apart, none empty, between items, and
/// no two that the assembler would make one.
std::size_t Regions::count_tries(Items& items) const {
    const auto starts_item = [&](std::uint32_t offset) {
        return items.starts()[items.item_at(offset)] == offset;
    };
    std::size_t count = 0;
    for (; count < rows_.size(); ++count) {
        const ExceptionEntry& row = rows_[count];
        if (row.begin >= row.end || !starts_item(row.begin) || !starts_item(row.end)) break;
        if (count == 0) continue;
        const ExceptionEntry& before = rows_[count - 1];
        if (row.begin < before.end) break;
        if (row.begin == before.end && key_of(row) == key_of(before)) break;
    }
    return count;
}

/// Numbers what rows say, and finds for each row the last one that says the same, without code in between
/// that no row covers.
void Regions::number_keys(std::size_t tries) {
    if (numbers_.bucket_count() > 64 + 8 * tries)
        numbers_ = {}; // emptying the table of a large body would take its time for each small one
    else
        numbers_.clear();
    keys_.clear();
    for (std::size_t i = 0; i < tries; ++i)
        keys_.push_back(numbers_.try_emplace(key_of(rows_[i]), static_cast<std::uint32_t>(numbers_.size()))
                            .first->second);
    last_rows_.resize(tries);
    last_by_key_.assign(numbers_.size(), 0);
    std::size_t chain_end = tries; // one past the last row of the chain
    for (std::size_t i = tries; i-- > 0;) {
        if (i + 1 < tries && rows_[i].end != rows_[i + 1].begin) chain_end = i + 1;
        std::uint32_t& last = last_by_key_[keys_[i]];
        // Where none is known in this chain, what is left is of a later one, or of none.
        if (last <= i || last >= chain_end) last = static_cast<std::uint32_t>(i);
        last_rows_[i] = last;
    }
}

void Regions::close(std::uint32_t item) {
    is_open_[open_.back().key] = false;
    marks_.push_back({item, false, open_.back().region});
    open_.pop_back();
}

/// A region stays open over rows of others while a row of its own is still to come.
void Regions::nest(std::size_t tries, Items& items) {
    open_.clear();
    is_open_.assign(numbers_.size(), false);
    std::uint32_t end = 0;
    for (std::uint32_t i = 0; i < tries; ++i) {
        const std::uint32_t key = keys_[i];
        if (i > 0 && rows_[i].begin != end)
            while (!open_.empty()) close(items.item_at(end));
        end = rows_[i].end;
        const std::uint32_t item = items.item_at(rows_[i].begin);
        if (is_open_[key]) {
            while (open_.back().key != key) close(item);
        } else {
            while (!open_.empty() && last_by_key_[open_.back().key] < i) close(item);
            const auto region = static_cast<std::uint32_t>(regions_.size());
            regions_.push_back({rows_[i], true, false});
            marks_.push_back({item, true, region});
            open_.push_back({region, key});
            is_open_[key] = true;
        }
        last_by_key_[key] = last_rows_[i];
    }
    while (!open_.empty()) close(items.item_at(end));
}

void Regions::want_labels(std::size_t tries, Items& items, Labels& labels) const {
    for (const ExceptionEntry& row : rows_) labels.want(items.item_at(row.target));
    for (std::size_t i = tries; i < rows_.size(); ++i) {
        labels.want(items.item_at(rows_[i].begin));
        labels.want(items.item_at(rows_[i].end));
    }
}

/// As BlockAssembler::analyse_stack does.
void Regions::analyse(const Items& items, program::StackDepth& depths) {
    handled_.clear();
    for (const Region& region : regions_) {
        const ExceptionEntry& row = region.row;
        const auto depth = region.states_depth ? std::optional(row.depth) : std::nullopt;
        handled_.push_back({row.begin, row.end, row.target, depth, row.lasti});
    }
    if (needs_pin_)
        for (const ExceptionEntry& row : rows_)
            handled_.push_back({row.begin, row.end, row.target, row.depth, row.lasti});
    if (items.has_data())
        depths.analyse(target_, items.decoded().items, items.decoded().starts, handled_);
    else
        depths.analyse(target_, items.items(), items.starts(), handled_);
}

std::uint32_t Regions::derived_depth(std::size_t region, const program::StackDepth& depths) const {
    program::HandledRegion handled = handled_[region];
    handled.depth.reset();
    return depths.depth_of(handled);
}

/// Whether some derived depth is not the table's; those are stated then.
bool Regions::state_differing(const program::StackDepth& depths) {
    bool found = false;
    for (std::size_t i = 0; i < regions_.size(); ++i) {
        if (regions_[i].states_depth || derived_depth(i, depths) == regions_[i].row.depth) continue;
        regions_[i].states_depth = found = true;
    }
    return found;
}

/// A wrong depth makes others wrong, so all are stated first: with the true heights, those that follow can
/// go. Where ways do not agree about a height, what follows may still change with that; then more are stated
/// again.
void Regions::settle(const Items& items, program::StackDepth& depths) {
    for (Region& region : regions_) region.states_depth = true;
    analyse(items, depths);
    bool dropped = false;
    for (std::size_t i = 0; i < regions_.size(); ++i) {
        regions_[i].states_depth = derived_depth(i, depths) != regions_[i].row.depth;
        dropped |= !regions_[i].states_depth;
    }
    // Where each height was known for good when it was asked for, a depth that is derived now is the one that
    // was stated, and changes nothing.
    if (!dropped || !depths.wavered()) return;
    analyse(items, depths);
    for (unsigned round = 0; state_differing(depths); ++round) {
        if (round == most_rounds)
            for (Region& region : regions_) region.states_depth = true;
        analyse(items, depths);
    }
}

} // namespace pyasm::disassembler
