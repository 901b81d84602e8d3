#pragma once

#include "isa/target.hpp"
#include "objects/classes.hpp"
#include "objects/value.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::objects {

/// What a layout says of an object in the forms that compilers give: bits of a byte.
namespace outcome {
inline constexpr std::uint8_t flagged = 1;  ///< with FLAG_REF
inline constexpr std::uint8_t interned = 2; ///< a string that is interned when loaded
/// A reference to the object of its class that got an index last; no other bit.
inline constexpr std::uint8_t reference = 4;
} // namespace outcome

/// Guesses what a writer of marshal chose for the next object, from what it chose so far: recorder and writer
/// of a layout ask the same questions in the same order, so that only wrong guesses need to be written down.
/// What it guesses depends on values, not on their ids or on hints, and never on chance.
class LayoutModel {
  public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF; ///< no index

    LayoutModel(const ValuePool& pool, ValueId top, const isa::Target& target);

    /// False if something is missing in the values: then nothing may be asked.
    [[nodiscard]] bool usable() const { return classes_.complete(); }

    /// The guess for the next object. Tell afterwards what it was with `learn` or `pass`.
    [[nodiscard]] std::uint8_t guess(ValueId id);
    /// What is most likely if the guess is wrong.
    [[nodiscard]] std::uint8_t second_guess() const;
    /// The object last asked about: index of the last of its class that has one.
    [[nodiscard]] std::uint32_t known_index() const { return known_index_; }
    /// It was this, and got this index or none.
    void learn(std::uint8_t what, std::uint32_t index);
    /// It was something else that says nothing about others, and got this index or none.
    void pass(std::uint32_t index);

    /// The members of a container or a code object follow.
    void enter(ValueId id);
    void leave() { frames_.pop_back(); }
    /// The guess for the NULL at a dict's end: `flagged` or 0. Tell afterwards with `learn`.
    [[nodiscard]] std::uint8_t guess_end();

  private:
    struct Context {
        std::uint8_t guess = 0;
        std::uint8_t trust = 0; ///< 0: nothing is known
    };
    struct Frame {
        std::uint8_t kind;
        std::uint8_t place; ///< of the container itself
        std::uint8_t next;  ///< field of a code object; of other containers, even or odd
    };
    static constexpr std::size_t context_bits = 13;

    std::uint8_t next_place();
    bool looks_like_a_name(const Value& value, std::uint32_t number);
    std::uint32_t features(const Value& value, std::uint32_t number);
    std::uint8_t first_guess(const Value& value, std::uint32_t number) const;
    std::uint8_t ask(std::uint64_t key, std::uint8_t otherwise);

    const ValuePool& pool_;
    const isa::Target& target_;
    const ValueClasses classes_;
    std::vector<std::uint8_t> meetings_;    // by class: count_meetings
    std::vector<std::uint32_t> last_index_; // by class
    std::vector<std::uint8_t> written_;     // by class: its last outcome + 1
    std::vector<std::uint8_t> name_like_;   // by class: 1 has name characters, 2 has others, 0 not known yet
    std::vector<Context> contexts_;
    std::vector<Frame> frames_;
    // The object last asked about.
    Context* context_ = nullptr;
    std::uint32_t class_ = none;
    std::uint32_t known_index_ = none;
    std::uint8_t guess_ = 0;
    std::uint8_t plain_ = 0;
    std::uint8_t place_ = 0;
    std::uint8_t recent_[64] = {}; // by place: the last outcomes
};

} // namespace pyasm::objects
