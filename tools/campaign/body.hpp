#pragma once

#include "objects/exception_table.hpp"
#include "objects/line_table.hpp"
#include "program/encode.hpp"
#include "program/instruction.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace pyasm::campaign {

/// A code object's instructions and exception table, with places named by what stands there: instructions can
/// come, go and move, and jumps and rows stay on theirs.
class Body {
  public:
    /// Names an instruction for as long as it is in the body; `end` is the place behind the last.
    using Place = std::uint32_t;
    static constexpr Place end = 0;
    static constexpr Place nowhere = 0xFFFF'FFFF;

    struct Node {
        program::Instruction item;
        Place place = nowhere;
        Place target = nowhere; ///< of a jump to an instruction; a jump to any other byte keeps its argument
        objects::Position position{};
    };
    struct Row {
        Place begin, end, target;
        std::uint32_t depth;
        bool lasti;
    };

    Body(const isa::Target& target, support::Bytes code, support::Bytes exception_table);
    /// Takes the lines from a line table, if it has a form. Without, `encode` gives none.
    void read_lines(std::int32_t firstlineno, support::Bytes line_table);

    std::vector<Node> nodes;
    std::vector<Row> rows;

    [[nodiscard]] const isa::Target& target() const { return target_; }
    /// Where an instruction stands now; the number of instructions for `end` and for what is not there.
    [[nodiscard]] std::size_t index_of(Place place) const;
    [[nodiscard]] Place place_at(std::size_t index) const {
        return index < nodes.size() ? nodes[index].place : end;
    }
    /// An instruction with its argument, in no body yet.
    [[nodiscard]] Node make(std::uint8_t opcode, std::uint32_t argument);
    /// Gives `node` another opcode and argument where it stands.
    void change(Node& node, std::uint8_t opcode, std::uint32_t argument) const;
    void insert(std::size_t index, std::vector<Node> added);
    /// What led to the removed ones leads to the instruction behind them.
    void remove(std::size_t begin, std::size_t count);
    /// Copies of instructions, whose jumps among themselves stay among the copies.
    [[nodiscard]] std::vector<Node> copy(std::size_t begin, std::size_t count);

    struct Encoded {
        std::vector<std::uint8_t> code, exception_table;
        std::optional<std::vector<std::uint8_t>> line_table;
    };
    /// Nothing where a jump would have to go where its instruction cannot.
    [[nodiscard]] std::optional<Encoded> encode() const;

  private:
    const isa::Target& target_;
    std::vector<std::uint8_t> original_; ///< the code as it was: bytes that are no instructions
    std::vector<std::uint32_t> starts_;  ///< of the instructions as they were
    std::int32_t firstlineno_ = 0;
    bool has_lines_ = false;
    Place next_place_ = 1;
};

} // namespace pyasm::campaign
