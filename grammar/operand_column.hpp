#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace pyasm::grammar {

/// The column in which a source's operands stand: counts where they stand now, and decides.
class OperandColumn {
  public:
    /// `always`: there is one; else operands may also stand one blank behind their words.
    explicit OperandColumn(bool always) : always_(always) {}

    /// An instruction whose word ends, and whose operand begins, so many columns behind where those that
    /// stand in no condition begin.
    void count(std::uint32_t width, std::uint32_t distance) {
        if (width >= widest) return; // stands out, wherever the others are
        longest_ = std::max(longest_, width);
        ++total_;
        if (distance >= at_.size()) return;
        ++at_[distance];
        widths_[distance] |= std::uint32_t{1} << width;
    }

    /// What most do, if that is meant: words of different lengths do it, or it is wide enough for all. Else
    /// two behind the longest word, but not more than the printer has. Of what was laid out so, the same
    /// comes out again.
    void decide() {
        const auto most = std::max_element(at_.begin(), at_.end());
        const auto distance = static_cast<std::uint32_t>(most - at_.begin());
        if (!always_) {
            // What one blank leads to is no column, however many words of one length there are.
            const std::uint32_t widths = widths_[distance];
            const bool single =
                std::has_single_bit(widths) && static_cast<std::uint32_t>(std::bit_width(widths)) == distance;
            if (single || 2 * *most <= total_) return;
        }
        const bool common = 2 * *most >= total_ && total_ != 0;
        if (common && (distance > longest_ || !std::has_single_bit(widths_[distance]))) {
            column_ = distance;
        } else {
            column_ = std::max(common ? distance : 0, std::min(longest_ + 2, widest));
        }
    }

    /// Columns from where words begin that stand in no condition to the operands, at least.
    [[nodiscard]] std::uint32_t column() const { return column_; }

  private:
    static constexpr std::uint32_t widest = 20; ///< the printer's column
    bool always_;
    std::array<std::uint32_t, 41> at_{};     ///< operands at each distance
    std::array<std::uint32_t, 41> widths_{}; ///< and of words of which lengths, as bits
    std::uint32_t total_ = 0;
    std::uint32_t longest_ = 0;
    std::uint32_t column_ = 0;
};

} // namespace pyasm::grammar
