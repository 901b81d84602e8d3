#include "fuzz/round_trip.hpp"

#include "assembler/assemble.hpp"
#include "disassembler/disassemble.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "inspector/show.hpp"
#include "objects/pyc.hpp"
#include "support/render.hpp"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace pyasm::fuzz {
namespace {

[[noreturn]] void fail(const char* what, std::string_view why, std::string_view listing) {
    std::fprintf(stderr, "%s: %.*s\n%.*s\n", what, static_cast<int>(why.size()), why.data(),
                 static_cast<int>(listing.size()), listing.data());
    std::abort();
}

objects::PycFile read(support::Bytes bytes) {
    auto file = objects::read_pyc(bytes);
    if (!file) fail("a file that was read before is refused", file.error().message, {});
    return std::move(*file);
}

std::string canonical(support::Bytes bytes) {
    support::ByteWriter out;
    if (auto written = objects::write_pyc(read(bytes), out); !written)
        fail("the file cannot be written", written.error().message, {});
    return std::string(out.text());
}

/// Nothing for a file whose listing would be out of proportion.
std::optional<std::string> listing_of(support::Bytes bytes, const disassembler::DisassembleOptions& options) {
    const auto unit = disassembler::disassemble(read(bytes), options);
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

void check_round_trip(support::Bytes bytes, bool comments) {
    disassembler::DisassembleOptions options;
    options.offsets = options.stack = comments;
    const auto listing = listing_of(bytes, options);
    if (!listing) return;
    if (canonical(support::as_bytes(assembled(*listing))) != canonical(bytes))
        fail("the listing assembles to another file", "", *listing);
    options.exact = true;
    const auto exact = listing_of(bytes, options);
    if (!exact) fail("there is no exact listing", "", *listing);
    if (assembled(*exact) != support::as_text(bytes))
        fail("the exact listing assembles to other bytes", "", *exact);
}

void check_shown(support::Bytes bytes) {
    const objects::PycFile file = read(bytes);
    const inspector::Subject subject{file, bytes, "fuzz.pyc"};
    inspector::Output out([](std::string_view) {});
    inspector::show_summary(subject, 80, out);
    inspector::show_bytes(subject, out);
    inspector::show_json(subject, out);
}

} // namespace pyasm::fuzz
