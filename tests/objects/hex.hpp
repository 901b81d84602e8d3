#pragma once

#include "isa/target.hpp"
#include "objects/marshal.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Literal bytes in tests of the objects floor.
namespace pyasm::tests {

/// "28 01ff" -> three bytes; spaces do not count.
std::vector<std::uint8_t> from_hex(std::string_view text);
std::string to_hex(support::Bytes bytes);
/// The target of this name, which must exist.
const isa::Target& target_named(std::string_view name);

/// A value as text with its types, for comparing: `(1, 'a'i, b"b")`; an `i` marks interned strings.
std::string describe(const objects::ValuePool& pool, objects::ValueId id);

/// What reading gives: the value as `describe` has it, or "error at N: message".
std::string read_hex(std::string_view hex, std::string_view target);
/// Reads and writes back: hex.
std::string exact_hex(std::string_view hex, std::string_view target);
std::string canonical_hex(std::string_view hex, std::string_view target);

} // namespace pyasm::tests
