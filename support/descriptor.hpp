#pragma once

#include <utility>

#include <unistd.h>

namespace pyasm::support {

/// Owns a file descriptor, or none.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int get() const { return value_; } ///< -1: none
    [[nodiscard]] bool open() const { return value_ >= 0; }
    void set(int value) {
        close();
        value_ = value;
    }
    /// False, with errno set, if what was written may be lost.
    bool close() { return value_ < 0 || ::close(std::exchange(value_, -1)) == 0; }

  private:
    int value_ = -1;
};

} // namespace pyasm::support
