#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace pyasm::inspector {

/// Text on its way out, handed on in large pieces, so that what is shown need not fit into memory.
class Output {
  public:
    using Sink = std::function<void(std::string_view)>;

    /// `sink` gets the text in order; the last of it when the output dies.
    explicit Output(Sink sink) : sink_(std::move(sink)) { buffer_.reserve(piece + piece / 4); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output() { flush(); }

    void text(std::string_view text) {
        if (text.size() >= piece) {
            flush();
            sink_(text);
            return;
        }
        buffer_ += text;
        if (buffer_.size() >= piece) flush();
    }
    void put(char c) {
        buffer_ += c;
        if (buffer_.size() >= piece) flush();
    }
    /// `text`, a newline.
    void line(std::string_view text) {
        this->text(text);
        this->text("\n");
    }

  private:
    static constexpr std::size_t piece = std::size_t{1} << 16;

    void flush() {
        if (!buffer_.empty()) sink_(buffer_);
        buffer_.clear();
    }

    Sink sink_;
    std::string buffer_;
};

} // namespace pyasm::inspector
