#pragma once

#include "isa/target.hpp"
#include "support/bytes.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace pyasm::bench {

/// The listings of a corpus of marshalled code objects of one version.
class Listings {
  public:
    /// `blobs` must outlive the object. Fails by `give_up`.
    Listings(const std::vector<support::Bytes>& blobs, const isa::Target& target);

    /// Bytes to text, as `pyasm dis` does it without its file operations.
    void disassemble_all() const;
    /// Text to bytes, as `pyasm asm --no-verify` does it; `verified`: as `pyasm asm` does it.
    void assemble_all(bool verified) const;
    /// Bytes read and verified, as `pyasm verify` does it.
    void verify_all() const;
    /// Bytes of all the text.
    [[nodiscard]] std::size_t size() const;

  private:
    const std::vector<support::Bytes>& blobs_;
    const isa::Target& target_;
    std::vector<std::string> texts_;
};

} // namespace pyasm::bench
