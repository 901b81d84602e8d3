// What no single input shows: constants that contain themselves by way of others, nesting that is too deep
// together, and members without a hash.

#include "linker/parts.hpp"
#include "objects/code_object.hpp"
#include "objects/marshal.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace pyasm::linker {

using objects::no_value;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;

namespace {

struct Frame {
    ValueId id;
    std::uint32_t next = 0;  ///< child
    std::uint32_t below = 0; ///< levels of the children that were met
    std::size_t barrier = 0; ///< frames in front of this one are in no legal circle; 0: none is
};

class Circles {
  public:
    explicit Circles(Linker::Parts& parts)
        : parts_(parts), pool_(parts.program.file.pool), state_(pool_.size(), fresh),
          repeats_(parts.common_target && !parts.common_target->marshal.references) {
        if (repeats_) below_.resize(pool_.size(), 0);
    }

    /// `written`: the file's top object, whose nesting is what marshal sees.
    void run(ValueId top, bool written) {
        if (top == no_value || state_[static_cast<std::size_t>(top)] != fresh) return;
        written_ = written;
        enter(top);
        while (!frames_.empty() && parts_.errors.empty()) {
            Frame& frame = frames_.back();
            const ValueId container = members_of(frame.id);
            const auto members = container == no_value ? std::span<const ValueId>() : children(container);
            if (frame.next == members.size()) {
                leave(frame.id);
                continue;
            }
            meet(container, frame.next++);
        }
    }

  private:
    enum State : std::uint8_t { fresh, open, done };

    [[nodiscard]] std::span<const ValueId> children(ValueId id) const {
        return std::as_const(pool_).children(id);
    }
    /// The container whose members are in a value: of a code object, its constants.
    [[nodiscard]] ValueId members_of(ValueId id) const {
        if (pool_[id].kind != ValueKind::Code) return objects::is_container(pool_[id].kind) ? id : no_value;
        const ValueId consts = pool_.code(id).consts;
        return consts != no_value && objects::is_container(pool_[consts].kind) ? consts : no_value;
    }

    /// A code object and the table of its constants, or one container.
    [[nodiscard]] std::uint32_t levels_of(ValueId id) const {
        return pool_[id].kind == ValueKind::Code ? 2 : 1;
    }

    void enter(ValueId id) {
        state_[static_cast<std::size_t>(id)] = open;
        frames_.push_back({id});
        levels_ += levels_of(id);
    }

    void meet(ValueId container, std::uint32_t index) {
        const ValueId id = children(container)[index];
        if (id == no_value) return;
        std::uint8_t& state = state_[static_cast<std::size_t>(id)];
        // What is met again is a reference, and all of it again where the version has none.
        const std::uint32_t below = state == done && repeats_ ? below_[static_cast<std::size_t>(id)] : 0;
        if (written_ && levels_ + below >= objects::max_marshal_depth) return report_depth();
        frames_.back().below = std::max(frames_.back().below, below);
        if (state == open) {
            // From the end: a legal circle is one unit's, and no longer than the nesting of its literals.
            std::size_t from = frames_.size() - 1;
            while (frames_[from].id != id) --from;
            if (is_wrong(from)) report_circle(from);
        } else if (state == fresh) {
            if (pool_[id].kind == ValueKind::Code || objects::is_container(pool_[id].kind))
                enter(id);
            else
                state = done;
        }
    }

    /// A list may contain itself within its unit; no code object may, and nothing by way of a symbol. Each
    /// frame is looked at once for all circles that it is in.
    [[nodiscard]] bool is_wrong(std::size_t from) {
        for (; known_barriers_ < frames_.size(); ++known_barriers_) {
            Frame& frame = frames_[known_barriers_];
            const Frame* const outer = known_barriers_ == 0 ? nullptr : &frames_[known_barriers_ - 1];
            if (pool_[frame.id].kind == ValueKind::Code)
                frame.barrier = known_barriers_ + 1;
            else if (outer)
                frame.barrier = is_slot(*outer) ? known_barriers_ : outer->barrier;
        }
        return frames_.back().barrier > from || is_slot(frames_.back());
    }
    /// Whether the child that was met last stands where there was a symbol.
    [[nodiscard]] bool is_slot(const Frame& frame) const {
        return std::ranges::binary_search(parts_.slots, Graft::Slot{frame.id, frame.next - 1});
    }

    void leave(ValueId id) {
        state_[static_cast<std::size_t>(id)] = done;
        const std::uint32_t own = levels_of(id);
        const std::uint32_t below = frames_.back().below + own;
        levels_ -= own;
        frames_.pop_back();
        known_barriers_ = std::min(known_barriers_, frames_.size());
        if (repeats_) below_[static_cast<std::size_t>(id)] = below;
        if (!frames_.empty()) frames_.back().below = std::max(frames_.back().below, below);
        Value& value = pool_[id];
        if (parts_.slots.empty() || !objects::is_container(value.kind)) return;
        const bool pairs = value.kind == ValueKind::Dict || value.kind == ValueKind::FrozenDict;
        const bool keys = pairs || value.kind == ValueKind::Set || value.kind == ValueKind::FrozenSet;
        const auto members = children(id);
        const auto has_hash = [this](ValueId part) {
            return part == no_value || !(pool_[part].marks & Value::unhashable);
        };
        for (std::size_t i = 0; keys && i < members.size(); i += pairs ? 2 : 1) {
            if (has_hash(members[i])) continue;
            frames_.push_back({id});
            const Place place = place_of(frames_.size());
            parts_.error(place,
                         fmt::format("a {} that has no hash, in {}", pairs ? "key" : "member", owner()),
                         "What const(NAME) stands for there is, or holds, a list, set or dict.");
            return;
        }
        if (objects::is_mutable(value.kind) || !std::ranges::all_of(members, has_hash))
            value.marks |= Value::unhashable;
    }

    /// What a message calls a value: a code object or an exported constant; empty for others.
    [[nodiscard]] std::string title(ValueId id) {
        const auto in = [this](InputIndex input) {
            return support::printable(parts_.program.inputs[input].path, 100);
        };
        if (pool_[id].kind == ValueKind::Code) {
            const CodeOrigin* origin = parts_.program.origin_of(id);
            const ValueId name = pool_.code(id).name;
            const ValueKind kind = name == no_value ? ValueKind::None : pool_[name].kind;
            const bool named = kind == ValueKind::Str || kind == ValueKind::Bytes;
            return fmt::format("{} in {}", named ? support::printable(pool_.text(name)) : "a code object",
                               origin ? in(origin->input) : "");
        }
        const Definition* constant = definition_of(id);
        return constant ? fmt::format(".constant {} in {}", support::printable(constant->name),
                                      in(constant->input))
                        : std::string();
    }
    /// The first `.constant` that has a value. Only messages ask.
    [[nodiscard]] const Definition* definition_of(ValueId id) {
        if (definitions_.empty())
            for (const Definition& one : parts_.definitions.all())
                if (!one.weak) definitions_.try_emplace(parts_.follow(one.value), &one);
        const auto found = definitions_.find(id);
        return found == definitions_.end() ? nullptr : found->second;
    }

    /// The innermost value of the first `count` frames that has a place.
    [[nodiscard]] Place place_of(std::size_t count) {
        while (count-- != 0) {
            const ValueId id = frames_[count].id;
            if (const Definition* definition = definition_of(id))
                return {definition->input, definition->span};
            if (pool_[id].kind != ValueKind::Code) continue;
            if (const CodeOrigin* origin = parts_.program.origin_of(id)) return {origin->input, {}};
        }
        return {};
    }
    [[nodiscard]] std::string owner() {
        for (std::size_t i = frames_.size(); i-- != 0;)
            if (std::string text = title(frames_[i].id); !text.empty()) return text;
        return "the program";
    }

    /// What the frames from `from` on are called, each with an arrow behind it. `first` gets the first name.
    [[nodiscard]] std::string way(std::size_t from, std::string& first) {
        std::string way;
        std::size_t shown = 0;
        for (std::size_t i = from; i < frames_.size(); ++i) {
            const std::string text = title(frames_[i].id);
            if (text.empty()) continue;
            if (first.empty()) first = text;
            if (++shown <= most_shown) way += text + " -> ";
        }
        if (shown > most_shown) way += "... -> ";
        return way;
    }
    void report_circle(std::size_t from) {
        std::string first;
        const std::string names = way(from, first);
        parts_.error(place_of(from + 1), fmt::format("constants go round in a circle: {}{}", names, first),
                     "Neither code nor a constant can contain itself; a list can, in one file: &1 [*1].");
    }
    void report_depth() {
        std::string first, names = way(0, first);
        if (names.ends_with(" -> ")) names.resize(names.size() - 4);
        parts_.error(place_of(frames_.size()),
                     fmt::format("constants are nested deeper than the {} levels that marshal reads: {}",
                                 objects::max_marshal_depth, names),
                     "A code object takes two levels, a tuple one.");
    }

    static constexpr std::size_t most_shown = 6;
    Linker::Parts& parts_;
    objects::ValuePool& pool_;
    std::vector<std::uint8_t> state_; // by value
    std::vector<Frame> frames_;
    std::uint32_t levels_ = 0;       // of all frames
    std::size_t known_barriers_ = 0; // of the first so many frames
    bool written_ = false;
    bool repeats_;                                     // marshal writes a value as often as it is met
    std::vector<std::uint32_t> below_;                 // by value that is done: levels in it; only then
    std::map<ValueId, const Definition*> definitions_; // by value; empty until a message needs it
};

} // namespace

void Linker::Parts::check_circles() {
    Circles circles(*this);
    circles.run(program.file.top, true);
    for (const Wanted& one : wanted) circles.run(follow(one.value), false);
}

} // namespace pyasm::linker
