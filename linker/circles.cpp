// What no single input shows: constants that contain themselves by way of others, and members without a hash.

#include "linker/parts.hpp"
#include "objects/code_object.hpp"
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
    std::uint32_t next = 0; ///< child
};

class Circles {
  public:
    explicit Circles(Linker::Parts& parts)
        : parts_(parts), pool_(parts.program.file.pool), state_(pool_.size(), fresh) {}

    void run(ValueId top) {
        if (top == no_value || state_[static_cast<std::size_t>(top)] != fresh) return;
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

    void enter(ValueId id) {
        state_[static_cast<std::size_t>(id)] = open;
        frames_.push_back({id});
    }

    void meet(ValueId container, std::uint32_t index) {
        const ValueId id = children(container)[index];
        if (id == no_value) return;
        std::uint8_t& state = state_[static_cast<std::size_t>(id)];
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

    /// A list may contain itself within its unit; no code object may, and nothing by way of a symbol.
    [[nodiscard]] bool is_wrong(std::size_t from) const {
        for (std::size_t i = from; i < frames_.size(); ++i) {
            if (pool_[frames_[i].id].kind == ValueKind::Code) return true;
            if (std::ranges::binary_search(parts_.slots, Graft::Slot{frames_[i].id, frames_[i].next - 1})) return true;
        }
        return false;
    }

    void leave(ValueId id) {
        state_[static_cast<std::size_t>(id)] = done;
        frames_.pop_back();
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
            parts_.error(place, fmt::format("a {} that has no hash, in {}", pairs ? "key" : "member", owner()),
                         "What const(NAME) stands for there is, or holds, a list, set or dict.");
            return;
        }
        if (objects::is_mutable(value.kind) || !std::ranges::all_of(members, has_hash)) value.marks |= Value::unhashable;
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
        return constant ? fmt::format(".constant {} in {}", support::printable(constant->name), in(constant->input))
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
            if (const Definition* definition = definition_of(id)) return {definition->input, definition->span};
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

    void report_circle(std::size_t from) {
        std::string way, first;
        std::size_t shown = 0;
        for (std::size_t i = from; i < frames_.size(); ++i) {
            const std::string text = title(frames_[i].id);
            if (text.empty()) continue;
            if (first.empty()) first = text;
            if (++shown <= most_shown) way += text + " -> ";
        }
        if (shown > most_shown) way += "... -> ";
        parts_.error(place_of(from + 1), fmt::format("constants go round in a circle: {}{}", way, first),
                     "Neither code nor a constant can contain itself; a list can, in one file: &1 [*1].");
    }

    static constexpr std::size_t most_shown = 6;
    Linker::Parts& parts_;
    objects::ValuePool& pool_;
    std::vector<std::uint8_t> state_; // by value
    std::vector<Frame> frames_;
    std::map<ValueId, const Definition*> definitions_; // by value; empty until a message needs it
};

} // namespace

void Linker::Parts::check_circles() {
    Circles circles(*this);
    circles.run(program.file.top);
    for (const Wanted& one : wanted) circles.run(follow(one.value));
}

} // namespace pyasm::linker
