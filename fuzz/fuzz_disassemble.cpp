// Any bytes as a `.pyc`: if they are read, their listing must assemble to an equal file; and the listing with
// how marshal wrote them, to the same bytes.

#include "assembler/assemble.hpp"
#include "disassembler/disassemble.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "objects/pyc.hpp"
#include "support/render.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace pyasm;

[[noreturn]] void fail(const char* what, std::string_view why, std::string_view listing) {
    std::fprintf(stderr, "%s: %.*s\n%.*s\n", what, static_cast<int>(why.size()), why.data(),
                 static_cast<int>(listing.size()), listing.data());
    std::abort();
}

std::string canonical(support::Bytes bytes) {
    const auto file = objects::read_pyc(bytes);
    if (!file) fail("a file that was read before is refused", file.error().message, {});
    support::ByteWriter out;
    if (auto written = objects::write_pyc(*file, out); !written)
        fail("the file cannot be written", written.error().message, {});
    return std::string(out.text());
}

/// Nothing for a file whose listing would be out of proportion.
std::optional<std::string> listing_of(support::Bytes bytes, const disassembler::DisassembleOptions& options) {
    auto file = objects::read_pyc(bytes);
    if (!file) fail("a file that was read before is refused", file.error().message, {});
    const auto unit = disassembler::disassemble(std::move(*file), options);
    if (!unit) return std::nullopt;
    support::ByteWriter out;
    grammar::print(*unit, {}, out);
    return std::string(out.text());
}

std::string assembled(const std::string& listing) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto file = sources.add("listing.pyasm", listing);
    if (!file) fail("the listing is too large", file.error().message, {});
    const auto pyc =
        assembler::assemble(grammar::parse(**file, sources, {}, diagnostics), sources, {}, diagnostics);
    if (!pyc || diagnostics.has_errors())
        fail("the listing is refused", support::render(diagnostics, sources, false), listing);
    support::ByteWriter out;
    if (auto written = objects::write_pyc(*pyc, out); !written)
        fail("the assembled file cannot be written", written.error().message, listing);
    return std::string(out.text());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const support::Bytes bytes{data, size};
    if (!objects::read_pyc(bytes)) return 0;
    disassembler::DisassembleOptions options;
    options.offsets = options.stack = size % 2 == 1; // comments must assemble away
    const auto listing = listing_of(bytes, options);
    if (!listing) return 0;
    if (canonical(support::as_bytes(assembled(*listing))) != canonical(bytes))
        fail("the listing assembles to another file", "", *listing);
    options.exact = true;
    const auto exact = listing_of(bytes, options);
    if (assembled(*exact) != support::as_text(bytes))
        fail("the exact listing assembles to other bytes", "", *exact);
    return 0;
}
