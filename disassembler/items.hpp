#pragma once

#include "program/decode.hpp"
#include "program/instruction.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::disassembler {

/// How an item of a body is written.
enum class ItemForm : std::uint8_t {
    Mnemonic, ///< by its name
    Opcode,   ///< `.op`: it has no name here, or one that may not stand in a file
    Prefix,   ///< a written EXTENDED_ARG
    Bytes,    ///< `.bytes`
};

/// A jump to a place that a label, with a distance from it, can name.
struct LabelJump {
    std::uint32_t item = 0;
    std::uint32_t into = 0;     ///< the item that it leads to or into; the number of items at the end
    std::uint32_t distance = 0; ///< bytes behind the start of that
};

/// The items of a co_code as they are written, which is how the assembler will have them: prefixes that are
/// not just what an argument needs are items of their own, and so are bytes that no instruction accounts for.
/// `data` of an item is an offset in the code. Buffers are kept between bodies.
class Items {
  public:
    explicit Items(const isa::Target& target);

    /// The code must live as long as the items are used.
    void begin(support::Bytes code);
    /// Makes the prefixes of jumps items, too, where they have some.
    void write_jump_prefixes();
    /// Takes the prefixes off the instructions whose own bytes start at these offsets (sorted), because jumps
    /// lead there: each prefix becomes an `.op`, so that the instruction shows what it is behind the jump.
    void split_prefixes(std::vector<std::uint32_t> entered);

    /// In order.
    [[nodiscard]] std::span<const LabelJump> jumps() const { return jumps_; }
    /// Whether some item has prefixes that are no items of their own.
    [[nodiscard]] bool has_prefixes() const { return has_prefixes_; }
    [[nodiscard]] std::span<const program::Instruction> items() const { return items_; }
    /// One more than there are items.
    [[nodiscard]] std::span<const std::uint32_t> starts() const { return starts_; }
    [[nodiscard]] ItemForm form(std::uint32_t item) const { return forms_[item]; }
    /// Whether a `.cache` follows.
    [[nodiscard]] bool states_caches(std::uint32_t item) const {
        return items_[item].own_caches && (forms_[item] == ItemForm::Mnemonic || items_[item].data_size != 0);
    }
    /// Whether an item is a jump that can be written with a label if its destination can.
    [[nodiscard]] bool is_jump(std::uint32_t item) const {
        return forms_[item] == ItemForm::Mnemonic && opcodes_[items_[item].opcode].jumps;
    }
    /// Where a jump leads; may lie outside of the code.
    [[nodiscard]] std::int64_t destination(std::uint32_t item) const;
    /// Whether a label, with a distance from it, can name this place.
    [[nodiscard]] bool has_label_place(std::int64_t offset) const {
        return offset >= 0 && offset <= starts_.back() && (offset & (unit_ - 1)) == 0;
    }
    /// The item that holds the byte at an offset that has a place; the number of items at the end of the
    /// code.
    [[nodiscard]] std::uint32_t item_at(std::uint32_t offset);

    [[nodiscard]] support::Bytes code() const { return code_; }
    /// Whether there are `.bytes`: then the assembler finds stack heights from the bytes that it has made.
    [[nodiscard]] bool has_data() const { return has_data_; }
    [[nodiscard]] const program::DecodedCode& decoded() const { return decoded_; }

  private:
    /// What follows from an opcode alone.
    struct OpcodeFacts {
        ItemForm form = ItemForm::Opcode;
        bool has_place = false;      ///< for an argument
        bool wants_argument = false; ///< shows one, even if it is 0
        bool jumps = false;
        std::uint8_t cache_bytes = 0; ///< where it is written by its name
    };

    [[nodiscard]] bool settle();
    void build();
    void find_jumps();
    void number_units();
    void add(program::Instruction& item, std::uint32_t start, ItemForm form);
    void add_rest(std::uint32_t begin, std::uint32_t end);
    void add_bytes(std::uint32_t begin, std::uint32_t end);
    void add_operation(const program::Instruction& decoded, std::uint32_t begin, std::uint32_t end);
    [[nodiscard]] std::uint32_t add_prefixes(std::uint32_t begin, std::uint32_t count, bool argument);
    void add_prefix(std::uint32_t at);
    void add_split_prefixes(std::uint32_t begin, std::uint32_t end);
    void set_caches(program::Instruction& item, ItemForm form, std::uint32_t end);
    [[nodiscard]] ItemForm form_of(std::uint8_t opcode) const;
    [[nodiscard]] std::uint32_t prefix_value(std::uint32_t at) const;

    const isa::Target& target_;
    const std::uint32_t unit_; // bytes of a code unit, a power of two
    std::array<OpcodeFacts, 256> opcodes_;
    support::Bytes code_;
    program::DecodedCode decoded_; // its items become those of the body where they are all right
    std::vector<program::Instruction> built_items_;
    std::vector<std::uint32_t> built_starts_;
    std::span<program::Instruction> items_;
    std::span<const std::uint32_t> starts_;
    std::vector<ItemForm> forms_;
    std::vector<LabelJump> jumps_;
    std::vector<std::uint32_t> entered_; // instructions that are split from their prefixes
    std::vector<std::uint32_t> by_unit_; // item of each code unit; empty until it is asked for
    bool decoded_is_changed_ = false;
    bool has_prefixes_ = false;
    bool has_data_ = false;
    bool writes_jump_prefixes_ = false;
};

} // namespace pyasm::disassembler
