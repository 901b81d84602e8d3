#include "objects/layout_text.hpp"

namespace pyasm::objects {

namespace {

// Numbers have base 26: capitals, and a small letter for the last digit where it also ends the number.
constexpr std::uint64_t base = 26;
constexpr char hex_digits[] = "0123456789abcdef";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

void LayoutTextWriter::upper_digits(std::uint64_t number) {
    if (number == 0) return;
    upper_digits(number / base);
    text_ += static_cast<char>('A' + number % base);
}

void LayoutTextWriter::second_guess() {
    upper_digits(run_ / base);
    text_ += static_cast<char>('a' + run_ % base);
    run_ = 0;
}

void LayoutTextWriter::mark(char mark) {
    upper_digits(run_);
    text_ += mark;
    run_ = 0;
}

void LayoutTextWriter::number(std::uint32_t number) {
    upper_digits(number / base);
    text_ += static_cast<char>('a' + number % base);
}

void LayoutTextWriter::bytes(support::Bytes bytes) {
    text_ += layout_mark::bytes_begin;
    for (const std::uint8_t byte : bytes) {
        text_ += hex_digits[byte >> 4];
        text_ += hex_digits[byte & 15];
    }
    text_ += layout_mark::bytes_end;
}

LayoutTextReader::LayoutTextReader(std::string_view text) : text_(text) {
    if (!text_.empty() && text_[0] == layout_mark::version) {
        at_ = 1;
    } else {
        loaded_ = true; // a mark that is none
        mark_ = 0;
    }
}

/// Reads how many objects are as guessed, and the mark after them.
void LayoutTextReader::load() {
    if (loaded_) return;
    loaded_ = true;
    run_ = 0;
    mark_ = 0;
    if (at_ == text_.size()) {
        run_ = UINT64_MAX;
        return;
    }
    constexpr std::uint64_t limit = std::uint64_t{1} << 40; // more objects than any file has
    while (at_ < text_.size() && text_[at_] >= 'A' && text_[at_] <= 'Z' && run_ < limit)
        run_ = run_ * base + static_cast<std::uint64_t>(text_[at_++] - 'A');
    if (at_ == text_.size() || run_ >= limit) return;
    mark_ = text_[at_++];
    if (mark_ >= 'a' && mark_ <= 'z') {
        run_ = run_ * base + static_cast<std::uint64_t>(mark_ - 'a');
        mark_ = guessed_second;
    }
}

char LayoutTextReader::next() {
    load();
    if (run_ > 0) {
        if (run_ != UINT64_MAX) --run_;
        return guessed;
    }
    if (mark_ != 0) loaded_ = false;
    return mark_;
}

bool LayoutTextReader::at_dropped_key() {
    load();
    return run_ == 0 && mark_ == layout_mark::dropped_key;
}

std::optional<std::uint32_t> LayoutTextReader::number() {
    std::uint64_t number = 0;
    while (at_ < text_.size() && number <= 0xFFFF'FFFFu) {
        const char c = text_[at_++];
        if (c >= 'a' && c <= 'z') {
            number = number * base + static_cast<std::uint64_t>(c - 'a');
            if (number > 0xFFFF'FFFFu) break;
            return static_cast<std::uint32_t>(number);
        }
        if (c < 'A' || c > 'Z') break;
        number = number * base + static_cast<std::uint64_t>(c - 'A');
    }
    return std::nullopt;
}

std::optional<char> LayoutTextReader::character() {
    if (at_ == text_.size()) return std::nullopt;
    return text_[at_++];
}

std::optional<std::vector<std::uint8_t>> LayoutTextReader::bytes() {
    const std::size_t end = text_.find(layout_mark::bytes_end, at_);
    if (end == std::string_view::npos || text_[at_] != layout_mark::bytes_begin || (end - at_) % 2 == 0)
        return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve((end - at_) / 2);
    for (std::size_t i = at_ + 1; i < end; i += 2) {
        const int high = hex_value(text_[i]), low = hex_value(text_[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    at_ = end + 1;
    return bytes;
}

bool LayoutTextReader::done() {
    if (!loaded_) return at_ == text_.size();
    return run_ == UINT64_MAX;
}

} // namespace pyasm::objects
