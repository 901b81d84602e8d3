#pragma once

#include "grammar/anchors.hpp"
#include "grammar/print_text.hpp"
#include "grammar/text_output.hpp"
#include "isa/target.hpp"
#include "objects/value.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace pyasm::grammar {

/// Writes values as literals, on stacks of its own.
class LiteralPrinter {
  public:
    /// Where a literal stands.
    enum class Place : std::uint8_t {
        Operand,  ///< behind an instruction, where `[` opens a raw argument
        Argument, ///< behind a directive
        Document, ///< a docstring: it is split at its line feeds in any case
        Binary,   ///< bytes that are no text
    };
    static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max() / 8;

    /// `anchors`: null where none are to be written; then a value inside itself is written as "...".
    LiteralPrinter(TextOutput& out, const objects::ValuePool& pool, const isa::Target& target,
                   Anchors* anchors, std::size_t width)
        : out_(out), pool_(pool), python2_(target.literals == isa::LiteralDialect::Python2),
          anchors_(anchors), width_(width) {}

    /// Writes a literal from the present column on: on this line if it fits, else over several, the further
    /// ones indented up to here. Returns whether it fits.
    bool put(objects::ValueId id, Place place);
    /// Writes a literal on this line, as long as it gets no further than `last_column`. False: it does, and
    /// what stands there is a part of it. Linear in what is written.
    [[nodiscard]] bool put_flat(objects::ValueId id, Place place, std::size_t last_column);
    /// The same, with nothing written where it does not fit.
    [[nodiscard]] bool try_flat(objects::ValueId id, Place place, std::size_t last_column);
    /// Writes a text or bytes on this line, without an anchor.
    void put_text(objects::ValueId id, Place place);

    /// A text of the type `str` of the target's Python.
    void put_native(std::string_view text);
    /// Bare where that is read as this name.
    void put_name(std::string_view name) { is_bare_name(name) ? out_.put(name) : put_native(name); }

  private:
    struct Frame {
        objects::ValueId id;
        std::uint32_t next; ///< child
        std::size_t indent; ///< of further lines, where it is wrapped
        bool broken;        ///< its last member took several lines
    };
    struct Mark {
        TextOutput::Mark text;
        std::size_t anchors;
    };

    [[nodiscard]] Mark mark() const { return {out_.mark(), anchors_ ? anchors_->mark() : 0}; }
    void rewind(const Mark& mark) {
        out_.rewind(mark.text);
        if (anchors_) anchors_->rewind(mark.anchors);
    }
    [[nodiscard]] bool put_anchor(objects::ValueId id);
    void put_leaf(objects::ValueId id);
    [[nodiscard]] bool put_flat_value(objects::ValueId id, Place place, std::size_t last_column);
    [[nodiscard]] bool put_flat_leaf(objects::ValueId id, Place place, std::size_t last_column);
    void open(objects::ValueId id, Place place);
    void close(objects::ValueId id, Place place);
    [[nodiscard]] Charset charset_of(objects::ValueId id) const;
    [[nodiscard]] std::string_view prefix_of(objects::ValueKind kind, Place place) const;
    [[nodiscard]] std::size_t indent_here() const;
    void put_wrapped(objects::ValueId id, Place place);
    void put_wrapped_value(objects::ValueId id, Place place);
    [[nodiscard]] bool try_item(Frame& frame, bool fresh_line);
    void put_wrapped_text(objects::ValueId id, Place place);
    void break_line(std::size_t indent);

    TextOutput& out_;
    const objects::ValuePool& pool_;
    bool python2_;
    Anchors* anchors_;
    std::size_t width_;
    std::vector<Frame> flat_;    ///< of what is written on one line
    std::vector<Frame> wrapped_; ///< of what is written over several, around it
};

} // namespace pyasm::grammar
