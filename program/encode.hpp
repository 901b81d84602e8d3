#pragma once

#include "program/instruction.hpp"
#include "support/diagnostics.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::program {

/// Lays out a body and writes its co_code. Its buffers are kept between bodies.
///
/// Jumps are relaxed: every jump starts without prefixes and gains one only when its argument needs it, until
/// nothing changes. Since prefixes only ever grow, that ends at the least layout. A body in which each growth
/// drives just one other jump over its threshold would take as many rounds as it has jumps; after
/// `patient_rounds` a jump also grows when it is within a margin of its threshold, and the margin doubles
/// each round, so that the work stays linear (such a body may keep a needless prefix).
class Encoder {
  public:
    static constexpr unsigned patient_rounds = 64;

    explicit Encoder(const isa::Target& target) : target_(target) {}

    /// Fills in the arguments and destinations of `list`'s jumps and the numbers of its prefixes, and encodes
    /// it. False where an error went to `diagnostics`: a jump in the direction its instruction does not have,
    /// one that ends outside the code or between two units, written prefixes that do not suit the argument,
    /// code of more than 2^31 - 1 bytes.
    bool encode(InstructionList& list, support::Diagnostics& diagnostics);

    /// What the last `encode` wrote.
    [[nodiscard]] support::Bytes code() const { return code_.view(); }
    /// Where each item of the list starts (its automatic prefixes included), and one past: the size of the
    /// code.
    [[nodiscard]] std::span<const std::uint32_t> starts() const { return starts_; }

  private:
    bool place(const InstructionList& list);
    bool relax(InstructionList& list);
    void measure(InstructionList& list);
    [[nodiscard]] std::int64_t jump_bytes(const InstructionList& list, const Jump& jump) const;
    void settle_jump(InstructionList& list, const Jump& jump, support::Diagnostics& diagnostics) const;
    void check_prefixes(const InstructionList& list, std::size_t index,
                        support::Diagnostics& diagnostics) const;
    void write(const InstructionList& list);

    const isa::Target& target_;
    std::vector<std::uint32_t> sizes_;
    std::vector<std::uint32_t> starts_;
    support::ByteWriter code_;
};

} // namespace pyasm::program
