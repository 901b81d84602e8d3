#include "linker/settle.hpp"

#include "linker/children.hpp"
#include "objects/classes.hpp"
#include "objects/marshal_codes.hpp"
#include "support/hash.hpp"

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace pyasm::linker {
namespace {

using objects::CodeObject;
using objects::no_value;
using objects::ValueClasses;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;
using objects::type_code::flag_ref;

std::size_t index_of(ValueId id) { return static_cast<std::size_t>(id); }

/// Walks what `top` reaches in the order in which it is written, each value once. `enter` for each value,
/// `leave` behind what is below a code object.
template <class Enter, class Leave> void walk(const objects::PycFile& file, Enter&& enter, Leave&& leave) {
    struct Step {
        ValueId id;
        bool leaves;
    };
    std::vector<bool> seen(file.pool.size());
    std::vector<Step> stack{{file.top, false}};
    while (!stack.empty()) {
        const Step step = stack.back();
        stack.pop_back();
        if (step.leaves) {
            leave(step.id);
            continue;
        }
        if (index_of(step.id) >= seen.size() || seen[index_of(step.id)]) continue;
        seen[index_of(step.id)] = true;
        enter(step.id);
        if (file.pool[step.id].kind == ValueKind::Code) stack.push_back({step.id, true});
        const std::size_t first = stack.size();
        for_each_child(file.pool, *file.target, step.id, [&](ValueId child) {
            stack.push_back({child, false});
        });
        std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(first), stack.end());
    }
}

class Settler {
  public:
    Settler(objects::PycFile& file, std::span<const Transplant> transplants, ValueId added)
        : file_(file), pool_(file.pool), target_(*file.target), transplants_(transplants), added_(added),
          order_(pool_.size(), never), end_(pool_.size(), never), marks_(pool_.size(), 0) {}

    std::vector<bool> run() {
        std::vector<bool> changed;
        number_values();
        for (const Transplant& transplant : transplants_) pair_below(transplant);
        const ValueClasses classes(pool_, everything(), target_);
        classes_ = &classes;
        for (const Pair& pair : pairs_) know(pair);
        // Nested code objects come behind those around them.
        for (std::size_t i = pairs_.size(); i-- > 0;) settle_code(pairs_[i]);
        for (std::size_t i = 0; i < transplants_.size(); ++i) changed.push_back(put(pairs_[first_pair_[i]]));
        share_members();
        intern_texts();
        if (target_.marshal.references) flag();
        return changed;
    }

  private:
    static constexpr std::uint32_t never = 0xFFFF'FFFF;

    /// A new code object, and the one of the file that it resembles.
    struct Pair {
        ValueId code;
        ValueId old;
        std::uint32_t end; ///< values of the file that are written from here on are out of reach
    };

    [[nodiscard]] bool is_new(ValueId id) const { return id >= added_ && id != no_value; }

    /// When each value is written first, and how many in each code object then have FLAG_REF.
    void number_values() {
        std::uint32_t next = 0, flags = 0;
        walk(
            file_,
            [&](ValueId id) {
                order_[index_of(id)] = next++;
                marks_[index_of(id)] = flags;
                flags += has_index(id);
            },
            [&](ValueId code) {
                end_[index_of(code)] = next;
                marks_[index_of(code)] = flags - marks_[index_of(code)];
            });
    }
    [[nodiscard]] bool has_index(ValueId id) const {
        return pool_[id].kind > ValueKind::StopIteration && (pool_[id].type_byte & flag_ref);
    }

    /// All pairs of a transplant: nested code objects go by their names, the first `<lambda>` with the first.
    /// Each is in one pair at most, however often it stands somewhere.
    void pair_below(const Transplant& transplant) {
        first_pair_.push_back(pairs_.size());
        pairs_.push_back({transplant.code, transplant.place, end_[index_of(transplant.place)]});
        for (std::size_t i = first_pair_.back(); i < pairs_.size(); ++i) {
            const Pair pair = pairs_[i];
            std::map<std::string_view, std::vector<ValueId>>
                known; // those that nothing was paired with, last one first
            for_each_nested(pair.old, [&](ValueId code) { known[name_of(code)].push_back(code); });
            for (auto& [name, codes] : known) std::ranges::reverse(codes);
            for_each_nested(pair.code, [&](ValueId code) {
                std::vector<ValueId>& same = known[name_of(code)];
                if (same.empty()) return;
                const ValueId old = same.back();
                same.pop_back();
                if (paired_.contains(index_of(code)) || !resembled_.insert(index_of(old)).second) return;
                paired_.insert({index_of(code), old});
                pairs_.push_back({code, old, pair.end});
            });
        }
    }
    template <class Visit> void for_each_nested(ValueId code, Visit&& visit) const {
        const ValueId consts = pool_.code(code).consts;
        if (index_of(consts) >= pool_.size() || !objects::is_container(pool_[consts].kind)) return;
        for (const ValueId id : pool_.children(consts))
            if (index_of(id) < pool_.size() && pool_[id].kind == ValueKind::Code) visit(id);
    }
    [[nodiscard]] std::string_view name_of(ValueId code) const { return pool_.text(pool_.code(code).name); }

    /// A value from which all are reached that are to be compared.
    ValueId everything() {
        std::vector<ValueId> members{file_.top};
        for (const Transplant& transplant : transplants_) members.push_back(transplant.code);
        return pool_.add_container(ValueKind::Tuple, members);
    }

    /// Notes what the values of an old code object can stand for.
    void know(const Pair& pair) {
        for_each_child(pool_, target_, pair.old, [&](ValueId field) {
            offer(field);
            if (objects::is_container(pool_[field].kind))
                for (const ValueId member : pool_.children(field)) offer(member);
        });
        if (!texts_known_) know_texts();
    }
    /// All strings of the file that a reference can lead to: interned ones are one object wherever they
    /// stand.
    void know_texts() {
        texts_known_ = true;
        for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(added_); ++i) {
            const ValueId id{i};
            const bool text = pool_[id].kind == ValueKind::Str || pool_[id].kind == ValueKind::Bytes;
            if (text && (pool_[id].flags & objects::Value::interned) &&
                (has_index(id) || !target_.marshal.references))
                offer(id);
        }
    }
    /// The one that is written first is kept.
    void offer(ValueId id) {
        const std::uint32_t number = (*classes_)[id];
        if (number == ValueClasses::none || is_new(id) || order_[index_of(id)] == never) return;
        ValueId& known = known_.try_emplace(number, id).first.value();
        if (order_[index_of(id)] < order_[index_of(known)]) known = id;
    }

    /// What to write in the place of a new value: `like` stood there.
    ValueId best(ValueId id, ValueId like, std::uint32_t end) {
        if (!is_new(id)) return id;
        const std::uint32_t number = (*classes_)[id];
        if (number == ValueClasses::none) return id;
        if (like != no_value && (*classes_)[like] == number) return like;
        const auto known = known_.find(number);
        if (known != known_.end() && order_[index_of(known->second)] < end) return known->second;
        return fresh_.try_emplace(number, id).first->second; // of several equal new ones, the first
    }

    /// Gives the fields of a code object, and what is in its tables, the values of the file that are the
    /// same.
    void settle_code(const Pair& pair) {
        std::vector<ValueId> old_fields;
        for_each_child(pool_, target_, pair.old, [&](ValueId field) { old_fields.push_back(field); });
        std::size_t at = 0;
        for_each_child(pool_, target_, pair.code, [&](ValueId& field) {
            const ValueId like = old_fields[at++];
            settle_table(field, like, pair.end);
            field = is_new(field) && same_members(field, like) ? like : best(field, like, pair.end);
        });
    }
    void settle_table(ValueId table, ValueId like, std::uint32_t end) {
        if (!is_new(table) || pool_[table].kind != ValueKind::Tuple) return;
        const bool alike = pool_[like].kind == ValueKind::Tuple;
        const std::size_t old_size = alike ? pool_[like].size : 0;
        for (std::size_t i = 0; i < pool_[table].size; ++i) {
            ValueId& member = pool_.children(table)[i];
            if (member == no_value) continue;
            if (const auto twin = paired_.find(index_of(member));
                twin != paired_.end() && unchanged(member, twin->second))
                member = twin->second;
            else
                member = best(member, i < old_size ? pool_.children(like)[i] : no_value, end);
        }
    }
    /// Whether a nested code object, which is settled, is what the old one is.
    [[nodiscard]] bool unchanged(ValueId code, ValueId old) const {
        const CodeObject &left = pool_.code(code), &right = pool_.code(old);
        std::vector<std::uint64_t> fields[2];
        for (const CodeObject* one : {&left, &right}) {
            std::vector<std::uint64_t>& list = fields[one == &right];
            objects::visit_code_fields(
                target_.code, *one,
                [&](std::int32_t number) { return list.push_back(static_cast<std::uint32_t>(number)), true; },
                [&](ValueId id, objects::FieldKind, std::string_view) {
                    return list.push_back(index_of(id)), true;
                });
        }
        return fields[0] == fields[1];
    }
    [[nodiscard]] bool same_members(ValueId table, ValueId like) const {
        return pool_[table].kind == ValueKind::Tuple && pool_[like].kind == ValueKind::Tuple &&
               std::ranges::equal(pool_.children(table), pool_.children(like));
    }

    bool put(const Pair& pair) {
        if (unchanged(pair.code, pair.old)) return false;
        pool_.code(pair.old) = pool_.code(pair.code);
        // They count references, of which there are others now. No compiler writes such a flag.
        file_.hints.flagged_references.clear();
        return true;
    }

    /// New strings are interned where the compiler would intern them, as `write_marshal` does.
    void intern_texts() {
        for (std::size_t i = index_of(added_); i < order_.size(); ++i) {
            const ValueId id{static_cast<std::uint32_t>(i)};
            objects::Value& value = pool_[id];
            if (value.kind != ValueKind::Str && value.kind != ValueKind::Bytes) continue;
            const std::uint32_t number = (*classes_)[id];
            if (number == ValueClasses::none) continue;
            if (classes_->is_name(number) || objects::has_name_characters(pool_.text(id)))
                value.flags |= objects::Value::interned;
        }
    }

    /// New containers below the tables, and new code objects that resemble none, share equal values, too.
    void share_members() {
        std::uint32_t end = 0;
        for (const Pair& pair : pairs_) end = std::max(end, pair.end);
        if (transplants_.size() > 1) end = 0; // what is in front of one is behind another
        for (std::size_t i = index_of(added_); i < order_.size(); ++i) {
            const ValueId id{static_cast<std::uint32_t>(i)};
            for_each_child(pool_, target_, id, [&](ValueId& child) {
                if (child != no_value) child = best(child, no_value, end);
            });
        }
    }

    /// FLAG_REF for new values.
    void flag() {
        std::vector<std::uint32_t> uses(pool_.size(), 0);
        walk(
            file_,
            [&](ValueId id) {
                for_each_child(pool_, target_, id, [&](ValueId child) {
                    if (index_of(child) < uses.size()) ++uses[index_of(child)];
                });
            },
            [](ValueId) {});
        for (std::size_t i = index_of(added_); i < order_.size(); ++i)
            if (uses[i] > 1) pool_[ValueId{static_cast<std::uint32_t>(i)}].type_byte = flag_ref;
        even_out();
    }

    /// In each transplant, as many marks as there were in what it replaces, as far as there are values to
    /// carry them.
    void even_out() {
        std::uint32_t flags = 0;
        std::optional<ValueId> inside; // the transplant's place
        std::vector<ValueId> unmarked;
        std::uint32_t begin = 0;
        std::vector<bool> is_place(pool_.size());
        for (const Transplant& transplant : transplants_) is_place[index_of(transplant.place)] = true;
        walk(
            file_,
            [&](ValueId id) {
                if (!inside && is_place[index_of(id)]) {
                    inside = id;
                    begin = flags;
                    unmarked.clear();
                }
                flags += has_index(id);
                if (inside && is_new(id) && !has_index(id) && pool_[id].kind > ValueKind::StopIteration)
                    unmarked.push_back(id);
            },
            [&](ValueId code) {
                if (!inside || code != *inside) return;
                inside.reset();
                const std::uint32_t wanted = marks_[index_of(code)];
                // Names first, which a compiler would have marked.
                std::stable_partition(unmarked.begin(), unmarked.end(),
                                      [&](ValueId id) { return pool_[id].flags & objects::Value::interned; });
                for (std::size_t i = 0; i < unmarked.size() && flags - begin < wanted; ++i, ++flags)
                    pool_[unmarked[i]].type_byte = flag_ref;
            });
    }

    objects::PycFile& file_;
    ValuePool& pool_;
    const isa::Target& target_;
    const std::span<const Transplant> transplants_;
    const ValueId added_;
    std::vector<std::uint32_t> order_;    // by value: when it is written first
    std::vector<std::uint32_t> end_;      // by code object: what is written behind all of it
    std::vector<std::uint32_t> marks_;    // by code object: FLAG_REFs that are written first in it
    std::vector<Pair> pairs_;             // nested ones behind those around them
    std::vector<std::size_t> first_pair_; // by transplant
    tsl::robin_map<std::uint64_t, ValueId, support::NumberHash> paired_; // by new code object
    tsl::robin_set<std::uint64_t, support::NumberHash> resembled_; // old code objects that are in a pair
    const ValueClasses* classes_ = nullptr;
    bool texts_known_ = false;
    tsl::robin_map<std::uint64_t, ValueId, support::NumberHash> known_; // by class: of the file
    tsl::robin_map<std::uint64_t, ValueId, support::NumberHash> fresh_; // by class: of what was added
};

} // namespace

std::vector<bool> settle(objects::PycFile& file, std::span<const Transplant> transplants, ValueId added) {
    return Settler(file, transplants, added).run();
}

} // namespace pyasm::linker
