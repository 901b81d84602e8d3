#include "assembler/text_lines.hpp"

namespace pyasm::assembler {

void TextLines::begin(std::uint32_t offset) {
    block_ = offset;
    home_ = sources_.file_at(offset);
    if (home_ && home_->asked_in) home_ = home_->asked_in;
    other_ = nullptr;
}

std::int32_t TextLines::other_line(std::uint32_t offset) {
    if (other_ && other_->holds(offset) && other_line_ != 0) return other_line_;
    other_ = sources_.file_at(offset);
    const auto line = static_cast<std::int32_t>(sources_.line_in(*home_, offset));
    // Lines of a repetition in the file itself are its own; else the answer holds for all of the text.
    const bool own = other_ && other_->asked_in == home_ && other_->asked_line == 0;
    other_line_ = own ? 0 : line;
    return line;
}

} // namespace pyasm::assembler
