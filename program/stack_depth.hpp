#pragma once

#include "program/instruction.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pyasm::program {

/// Code that an entry of the exception table covers, in byte offsets of co_code, and where it leads.
struct HandledRegion {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t handler = 0;
    std::optional<std::uint32_t> depth; ///< height that is kept; the height at `begin` where it is not given
    bool lasti = false;
};

/// Walks the control flow of a body and finds the height of the stack in front of each instruction: the
/// greatest that a way brings there. Where ways do not agree, an instruction is visited again for a greater
/// height, at most `most_visits` times, so that a loop which grows the stack ends, and the time stays linear.
/// Up to 3.8, where END_FINALLY brings several heights into one place, the way that comes first decides. A
/// height never falls below zero. Ways: to the next instruction unless `op` terminates, along jumps (SETUP_*
/// lead to their handlers so; those that unwind blocks say nothing of the height there), and from a region's
/// begin to its handler, which starts at depth, plus one for lasti, plus one for the exception. A region
/// whose begin is not reached has depth 0. Its buffers are kept between bodies.
class StackDepth {
  public:
    static constexpr std::int64_t unreached = -1;
    static constexpr std::uint8_t most_visits = 16;

    /// `starts` has one entry more than `items`, as `Encoder` and `decode` give them. The jumps' arguments
    /// are known. Both must live as long as heights are asked for.
    void analyse(const isa::Target& target, std::span<const Instruction> items,
                 std::span<const std::uint32_t> starts, std::span<const HandledRegion> regions);

    /// Whether some height may have been used before it was found for good: ways to an instruction do not
    /// agree, or a region is entered whose begin is not reached.
    [[nodiscard]] bool wavered() const { return wavered_; }
    /// The greatest height over all ways.
    [[nodiscard]] std::int64_t greatest() const { return greatest_; }
    /// The height in front of the instruction that starts at a byte offset; `unreached` where no way leads
    /// there or no instruction starts there.
    [[nodiscard]] std::int64_t height_at(std::uint32_t offset) const;
    /// The depth of a region: as given, else as derived.
    [[nodiscard]] std::uint32_t depth_of(const HandledRegion& region) const;

  private:
    /// What an instruction does, close at hand.
    struct Effect {
        const isa::OpInfo* op = nullptr; ///< null: not known yet
        std::int32_t falls = 0, leaps = 0;
        bool varies = false; ///< the effect depends on the argument, and those numbers say nothing
        bool jumps = false;  ///< to a height that follows from the one here
        bool terminates = false;
    };

    [[nodiscard]] std::uint32_t index_of(std::int64_t offset) const;
    [[nodiscard]] bool arrives(std::uint32_t index, std::int64_t height);
    void arrive(std::uint32_t index, std::int64_t height) {
        if (arrives(index, height)) waiting_.push_back(index);
    }
    void walk();
    [[nodiscard]] bool step(std::uint32_t index);
    [[nodiscard]] const Effect& effect_of(const Instruction& item);
    void mark_regions();
    void enter_regions(std::uint32_t index);
    void enter_handler(const HandledRegion& region);

    const isa::Target* target_ = nullptr;
    std::span<const Instruction> items_;
    std::span<const std::uint32_t> starts_;
    std::vector<HandledRegion> regions_; // sorted by begin
    std::vector<std::int64_t> heights_;
    std::vector<std::uint8_t> visits_;
    std::vector<bool> begins_region_; // by item; empty where there are no regions
    std::vector<std::uint32_t> waiting_;
    std::array<Effect, 256> effects_; // by opcode
    std::int64_t greatest_ = 0;
    bool wavered_ = false;
};

} // namespace pyasm::program
