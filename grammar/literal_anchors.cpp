#include "grammar/literal_reader.hpp"

#include "isa/target.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

/// Anchors in literals: `&1 [*1]`.
namespace pyasm::grammar {

using objects::Value;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

namespace {

/// The number of `&1` or `*1`; nothing where it has more digits than any file has values.
[[nodiscard]] std::optional<std::uint64_t> anchor_number(const char* from, const char* to) {
    constexpr std::ptrdiff_t most_digits = 18;
    if (to - from - 1 > most_digits) return std::nullopt;
    std::uint64_t number = 0;
    for (const char* next = from + 1; next != to; ++next)
        number = number * 10 + static_cast<std::uint64_t>(*next - '0');
    return number;
}

} // namespace

void LiteralReader::anchor(const char* from, const char* to) {
    const auto wrong = [&](std::string message, std::string help = {}) {
        break_frame();
        return &context_.error(from, to, std::move(message), std::move(help));
    };
    if (from == last_bad_) return skipped_value(); // an operator: 2&3
    const auto number = anchor_number(from, to);
    if (!number) {
        wrong("the number of an anchor has 18 digits at most");
        return;
    }
    if (pending_ != no_anchor) {
        wrong(fmt::format("a second anchor where the value of &{} should stand", anchors_[pending_].number),
              "A value has one anchor, and is named by it wherever else it stands.");
        return;
    }
    if (const AnchorId known = anchors_.find(*number); known != no_anchor) {
        wrong(fmt::format("anchor &{} is defined twice in the file", *number),
              "Give one of them another number.")
            ->notes.push_back({anchors_[known].span, "first defined here"});
        return;
    }
    if (!frames_.empty() && frames_.back().kind >= Kind::List && frames_.back().kind <= Kind::FrozenDict) {
        wrong("an anchor inside the brackets of a call names what only lists its members",
              fmt::format(
                  "Write it in front: &{} {}...).", *number,
                  std::string_view(frames_.back().from, context_.rest(frames_.back().from).find('(') + 1)));
        return;
    }
    ValuePool& pool = context_.unit.values;
    Value open_value;
    open_value.marks = Value::unhashable; // what holds itself has no hash
    const ValueId value = pool.add(open_value);
    context_.place_value(value, context_.span(from, to));
    pending_ = anchors_.define(*number, value, context_.span(from, to));
}

void LiteralReader::anchored(const char* from, const char* to) {
    if (from == last_bad_) return skipped_value(); // an operator: 2*3
    if (pending_ != no_anchor) {
        context_.error(from, to,
                       fmt::format("the value of &{} is written out behind it", anchors_[pending_].number),
                       "A value has one anchor, and is named by it wherever else it stands.");
        return push_none(from, to);
    }
    const auto number = anchor_number(from, to);
    const AnchorId anchor = number ? anchors_.find(*number) : no_anchor;
    if (anchor == no_anchor) {
        const std::string_view digits(from + 1, static_cast<std::size_t>(to - from - 1));
        context_.error(from, to, fmt::format("no anchor &{} stands before", digits.substr(0, 18)),
                       fmt::format("The first place of the value has it: &{} VALUE.", digits.substr(0, 18)));
        return push_none(from, to);
    }
    if (anchors_[anchor].open && !may_hold_itself(anchor, from, to)) return push_none(from, to);
    push(anchors_[anchor].value, from, to);
}

/// Whether the value of an open anchor can stand in itself: a reader of marshal knows a list, a dict, a set
/// or a tuple from its beginning on, and all others when they are complete (Python/marshal.c, r_object: R_REF
/// and r_ref_reserve). Members of a set have a hash, which is asked where they are put in.
bool LiteralReader::may_hold_itself(AnchorId anchor, const char* from, const char* to) {
    if (!context_.unit.target->marshal.references) {
        context_
            .error(from, to,
                   fmt::format("a value cannot contain itself in {}, whose marshal has no references",
                               context_.unit.target->name))
            .notes.push_back({anchors_[anchor].span, "its anchor stands here"});
        return false;
    }
    for (const Frame& frame : frames_) {
        if (frame.anchor != anchor) continue;
        if (frame.kind < Kind::FrozenSet) return true;
        const std::string_view call(frame.from, context_.rest(frame.from).find('('));
        context_
            .error(from, to, fmt::format("a {} cannot contain itself: no reader takes it", call),
                   "A list, a dict or a tuple can.")
            .notes.push_back({anchors_[anchor].span, "its anchor stands here"});
        return false;
    }
    return true;
}

/// Gives a value that has been read the id of the anchor in front of it.
ValueId LiteralReader::settle(ValueId id, const char* from, const char* to) {
    const AnchorId anchor = std::exchange(pending_, no_anchor);
    anchors_.close(anchor);
    const AnchorTable::Entry& entry = anchors_[anchor];
    if (id == entry.value || anchors_.is_anchored(id)) {
        context_.error(entry.span,
                       id == entry.value
                           ? fmt::format("&{} has no value but itself", entry.number)
                           : fmt::format("the value of &{} has an anchor already", entry.number),
                       "A value has one anchor, and is named by it wherever else it stands.");
        break_frame();
        return id;
    }
    ValuePool& pool = context_.unit.values;
    pool[entry.value] = pool[id];
    context_.place_value(entry.value, context_.span(from, to));
    return entry.value;
}

/// Reports an anchor that no value follows, if there is one.
bool LiteralReader::anchor_without_value(const char* at) {
    if (pending_ == no_anchor) return false;
    const AnchorTable::Entry& entry = anchors_[std::exchange(pending_, no_anchor)];
    context_.error(entry.span, fmt::format("a value is missing behind &{}", entry.number));
    context_.resume_at(at);
    break_frame();
    return true;
}

} // namespace pyasm::grammar
