#pragma once

#include "assembler/context.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::assembler {

/// The labels of the block at hand. A label may be used before it is defined.
class Labels {
  public:
    static constexpr std::uint32_t undefined = 0xFFFF'FFFF;

    explicit Labels(UnitContext& context) : context_(context) {}

    void begin(std::int32_t block);
    /// A handle for a label by name, defined or not.
    [[nodiscard]] std::uint32_t refer(std::string_view name);
    /// Labels the item numbered `item`; reports a label that stands twice, unless the parser has.
    void define(std::string_view name, std::uint32_t item, support::Span span);
    /// The item that a label stands for; where there is no such label, reports it at `span` and gives
    /// `undefined`.
    [[nodiscard]] std::uint32_t item_of(std::uint32_t label, support::Span span);
    [[nodiscard]] std::string_view name_of(std::uint32_t label) const {
        return context_.strings.text(labels_[label].string);
    }

  private:
    struct Label {
        std::uint32_t string;
        std::uint32_t item = undefined;
        support::Span span;
    };
    void report_undefined(std::string_view name, support::Span span);
    void find_homes();

    UnitContext& context_;
    std::int32_t block_ = 0;
    BlockIndex by_string_;
    std::vector<Label> labels_;
    std::vector<std::int32_t>
        homes_; // by string: a block that has the label, -1; filled for the first message
};

} // namespace pyasm::assembler
