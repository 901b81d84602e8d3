// Any text as a `.pyasm` file: it must be refused with diagnostics that can be rendered, or give a file that
// is read back, and whose expanded text makes the same file. The first byte chooses the target.

#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "grammar/state_places.hpp"
#include "isa/target.hpp"
#include "objects/pyc.hpp"
#include "runtime-stubs/stubs.hpp"
#include "support/render.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace pyasm;

[[noreturn]] void fail(const char* what, const std::string& why) {
    std::fprintf(stderr, "%s: %s\n", what, why.c_str());
    std::abort();
}

void check(const objects::PycFile& file) {
    support::ByteWriter written;
    if (auto done = objects::write_pyc(file, written); !done) return; // deeper than marshal allows
    const auto read = objects::read_pyc(written.view());
    if (!read) fail("the reader refuses what the writer wrote", read.error().message);
    support::ByteWriter again;
    if (auto done = objects::write_pyc_exact(*read, again); !done)
        fail("cannot be written again", done.error().message);
    if (again.text() != written.text()) fail("the round trip differs", "");
}

/// The expanded text makes the same file, as long as it can be written.
void check_expanded(const objects::PycFile& file, std::string text) {
    support::ByteWriter written;
    if (auto done = objects::write_pyc(file, written); !done) return;
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto source = sources.add("fuzz.pyasm", text);
    if (!source) return;
    const auto again =
        assembler::assemble(grammar::parse(**source, sources, {}, diagnostics), sources, {}, diagnostics);
    if (!again || diagnostics.has_errors())
        fail("the expanded text is refused", support::render(diagnostics, sources, false) + text);
    support::ByteWriter bytes;
    if (auto done = objects::write_pyc(*again, bytes); !done)
        fail("it cannot be written", done.error().message);
    if (bytes.text() != written.text()) fail("the expanded text makes another file", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto targets = isa::all_targets();
    support::Sources sources;
    support::Diagnostics diagnostics;
    std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto file = sources.add("fuzz.pyasm", std::move(text));
    if (!file) return 0;
    grammar::ParseOptions options;
    options.fallback = &targets[data[0] % targets.size()];
    // The macro level: what includes find, and no more than what a run has time and memory for.
    options.find_stub = [](std::string_view name) -> std::optional<std::string_view> {
        const runtime_stubs::Stub* const stub = runtime_stubs::find(name);
        return stub ? std::optional(stub->text) : std::nullopt;
    };
    options.most_expanded_bytes = std::size_t{1} << 20;
    options.most_expansions = 20'000;
    options.definitions.push_back({"defined_outside", grammar::Quantity::of(std::int64_t{1})});
    program::Unit unit = grammar::parse(**file, sources, options, diagnostics);
    // A text without errors is expanded to one that assembles to the same bytes.
    const bool expandable = !diagnostics.has_errors();
    support::ByteWriter expanded;
    if (expandable) {
        grammar::state_places(unit, sources);
        grammar::print(unit, {}, expanded);
    }
    const auto pyc = assembler::assemble(std::move(unit), sources, {}, diagnostics);
    if (!pyc && !diagnostics.has_errors()) fail("neither a file nor an error", "");
    diagnostics.sort();
    (void)support::render(diagnostics, sources, data[0] & 0x80);
    if (pyc && !diagnostics.has_errors()) {
        check(*pyc);
        check_expanded(*pyc, std::string(expanded.text()));
    }
    return 0;
}
