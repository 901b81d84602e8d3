#pragma once

#include "objects/value.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::grammar {

/// Finds the values that a text has to name (`&1 [1, 2]`, `*1`): mutable ones that stand in several places,
/// those that stand in themselves, and large ones that would be written again and again. Time and memory are
/// linear in the values.
class Anchors {
  public:
    explicit Anchors(const objects::ValuePool& pool) : pool_(pool) {}

    /// Tells of one more place of the text where the value stands.
    void use(objects::ValueId id) {
        if (may_be_shared(id)) note(id);
    }

    /// For the text, once all uses are known: what to write for a value at this place. 0: the value itself;
    /// else the anchor's number. `first`: the value follows it.
    [[nodiscard]] std::uint32_t number(objects::ValueId id, bool& first) {
        const auto index = static_cast<std::uint32_t>(id);
        if (index >= notes_.size() || !notes_[index].anchored) return 0;
        first = notes_[index].number == 0;
        if (first) {
            written_.push_back(id);
            notes_[index].number = static_cast<std::uint32_t>(written_.size());
        }
        return notes_[index].number;
    }
    /// How many have been written, and back to a state with fewer: their text has been taken back.
    [[nodiscard]] std::size_t mark() const { return written_.size(); }
    void rewind(std::size_t mark) {
        for (; written_.size() > mark; written_.pop_back())
            notes_[static_cast<std::uint32_t>(written_.back())].number = 0;
    }

  private:
    /// Bytes, roughly, that are better not written twice.
    static constexpr std::uint32_t large = 500;
    /// Smaller ones are, since a text reads better with them in place, until that has taken `most_again`
    /// bytes in all; what has no more than `small` takes no more than an anchor would.
    static constexpr std::uint32_t small = 40;
    static constexpr std::uint64_t most_again = std::uint64_t{8} << 20;

    struct Note {
        std::uint32_t weight = 0; ///< bytes, roughly, of it all; no more than a bit above `large`
        std::uint32_t number = 0; ///< its anchor, once it is written
        bool seen = false;
        bool open = false; ///< the walk is inside it
        bool anchored = false;
        bool keeps_identity = false; ///< it is mutable, or something in it is
    };
    struct Step {
        objects::ValueId id;
        std::uint32_t next; ///< child
    };

    [[nodiscard]] bool may_be_shared(objects::ValueId id) const {
        const objects::Value& value = pool_[id];
        switch (value.kind) {
        case objects::ValueKind::Bytes:
        case objects::ValueKind::Str: return value.size > small;
        case objects::ValueKind::Long: return value.size > small / 4;
        default: return objects::is_container(value.kind);
        }
    }
    void note(objects::ValueId id);
    void enter(objects::ValueId id);
    void add_to_parent(const Note& note);

    [[nodiscard]] static std::uint32_t weight_of(const objects::Value& value);

    const objects::ValuePool& pool_;
    std::uint64_t again_ = 0; ///< bytes, roughly, of what is written more than once
    std::vector<Note> notes_; ///< by ValueId; empty until there is something to note
    std::vector<Step> walk_;
    std::vector<objects::ValueId> written_; ///< anchor N is written_[N - 1]
};

} // namespace pyasm::grammar
