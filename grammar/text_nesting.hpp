#pragma once

#include "grammar/text_lines.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::grammar {

/// For each line of a text: the number, from 1, of what its macro begins or ends by its name; 0 for one that
/// does neither, and for one that begins what no later line of its block ends. `begin_call_value` and
/// `end_call_with_tuple` go by their first word behind `begin_` and `end_`; the library's `begin_method` is
/// ended by `end_call`, and its `begin_async` by `end_generator`. Linear in the text.
[[nodiscard]] std::vector<std::uint32_t> read_pairs(std::string_view text,
                                                    const std::vector<TextLine>& lines);

/// How deep a source's lines stand in blocks, macros, conditions, repetitions and, in blocks, between macros
/// that begin and end something by their names. It goes by the words alone, of all branches: what a branch
/// opens or closes is open or closed behind its `.endif`, too, and each branch begins as the first one. What
/// does not fit is passed over.
class TextNesting {
  public:
    TextNesting() { nodes_.push_back({}); }

    /// The columns that a statement with this word is indented; then it changes the nesting. `pair` is its
    /// line's of `read_pairs`. Constant time.
    [[nodiscard]] std::uint32_t take(HeadKind head, std::uint32_t pair = 0);

    /// The columns of a statement without such a word.
    [[nodiscard]] std::uint32_t body() const { return columns(here().level, deepest + 1); }
    /// The columns of a label.
    [[nodiscard]] std::uint32_t label() const { return columns(here().label_level, deepest); }
    /// The columns of statements in the innermost block or macro that stand in nothing else there.
    [[nodiscard]] std::uint32_t base() const { return columns(here().base_level, deepest + 1); }
    /// In a block and not in a macro.
    [[nodiscard]] bool is_code() const { return here().code; }

  private:
    enum class Kind : std::uint8_t { File, Block, Macro, If, Repeat, Begin };
    /// One that is open, in a tree whose branches are the states that were.
    struct Node {
        Kind kind = Kind::File;
        bool code = false;
        std::uint32_t level = 0;       ///< of what stands in it
        std::uint32_t label_level = 0; ///< of the labels in it
        std::uint32_t base_level =
            0; ///< of what stands in the same block or macro, and in nothing else there
        std::uint32_t parent = 0;
        std::uint32_t origin =
            0; ///< of an If: how it was when the first branch began; of a Begin: what it begins
    };
    static constexpr std::uint32_t step = 4;
    static constexpr std::uint32_t deepest = 16; ///< levels that are indented, as the printer has it
    /// Nodes that are looked through for a partner; it keeps a hostile text from taking more than linear
    /// time.
    static constexpr int farthest = 64;

    [[nodiscard]] const Node& here() const { return nodes_[here_]; }
    [[nodiscard]] static std::uint32_t columns(std::uint32_t level, std::uint32_t most) {
        return step * (level < most ? level : most);
    }
    void push(Kind kind, std::uint32_t origin = 0);
    /// Goes back to the nearest node of this kind; false, and no change, if there is none in this macro.
    bool back_to(Kind kind);
    /// Takes the nearest Begin of this number out of those that are open in the block, and those that stand
    /// in it.
    void take_begin(std::uint32_t pair);
    /// Takes the nearest node of a kind out of those that are open, from among nodes of `others`.
    void take_out(Kind kind, Kind others);

    std::vector<Node> nodes_;
    std::uint32_t here_ = 0;
};

} // namespace pyasm::grammar
