#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace pyasm::support {

/// A number that no input can know: it differs from run to run of the program.
[[nodiscard]] std::uint64_t hash_seed();

/// The hash of all tables: seeded, so that no input can be made whose keys collide. What is computed must not
/// depend on it, and so not on the order in which a table is walked. Use:
/// Hasher().number(1).text("a").value().
class Hasher {
  public:
    Hasher() : key_(hash_seed()), state_(key_) {}

    Hasher& number(std::uint64_t word) {
        state_ = fold(state_ ^ word, key_);
        return *this;
    }
    Hasher& text(std::string_view text) { return bytes(text.data(), text.size()); }
    Hasher& bytes(const void* data, std::size_t size) {
        const char* at = static_cast<const char*>(data);
        state_ ^= size * odd;
        for (; size > 8; at += 8, size -= 8) number(load<std::uint64_t>(at));
        return number(rest(at, size));
    }
    [[nodiscard]] std::uint64_t value() const { return fold(state_, odd); }

  private:
    static constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;

    /// Both halves of the product, so that every bit of one factor moves bits of all places.
    [[nodiscard]] static std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
        __extension__ using Wide = unsigned __int128;
        const Wide product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    template <class Word> [[nodiscard]] static Word load(const char* at) {
        Word word;
        std::memcpy(&word, at, sizeof word);
        return word;
    }
    /// At most eight bytes as one number, without a loop; `size` tells apart what looks the same.
    [[nodiscard]] static std::uint64_t rest(const char* at, std::size_t size) {
        if (size >= 4)
            return load<std::uint32_t>(at) | std::uint64_t{load<std::uint32_t>(at + size - 4)} << 32;
        if (size == 0) return 0;
        const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
        return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
    }

    std::uint64_t key_;
    std::uint64_t state_;
};

/// For tables whose keys are numbers.
struct NumberHash {
    [[nodiscard]] std::size_t operator()(std::uint64_t number) const {
        return Hasher().number(number).value();
    }
};

/// For tables whose keys are texts.
struct TextHash {
    [[nodiscard]] std::size_t operator()(std::string_view text) const { return Hasher().text(text).value(); }
};

} // namespace pyasm::support
