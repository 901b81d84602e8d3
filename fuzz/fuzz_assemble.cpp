// Any text as a `.pyasm` file: it must be refused with diagnostics that can be rendered, or give a file that
// is read back. The first byte chooses the target.

#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"
#include "isa/target.hpp"
#include "objects/pyc.hpp"
#include "support/render.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

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
    const auto pyc =
        assembler::assemble(grammar::parse(**file, sources, options, diagnostics), sources, {}, diagnostics);
    if (!pyc && !diagnostics.has_errors()) fail("neither a file nor an error", "");
    diagnostics.sort();
    (void)support::render(diagnostics, sources, data[0] & 0x80);
    if (pyc && !diagnostics.has_errors()) check(*pyc);
    return 0;
}
