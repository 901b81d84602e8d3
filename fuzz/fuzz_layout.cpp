// Any text as a source to be laid out. It must be refused with one error, or keep all but its blanks, stay as
// it is when it is laid out again, and assemble to what it did. The first byte chooses the target.

#include "assembler/assemble.hpp"
#include "grammar/layout.hpp"
#include "grammar/parse.hpp"
#include "isa/target.hpp"
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

[[noreturn]] void fail(const char* what, const std::string& why) {
    std::fprintf(stderr, "%s: %s\n", what, why.c_str());
    std::abort();
}

std::optional<std::string> laid_out(const std::string& text) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto file = sources.add("fuzz.pyasm", text);
    if (!file) return std::nullopt;
    std::optional<std::string> result = grammar::lay_out(**file, diagnostics);
    if (result.has_value() == (diagnostics.error_count() == 1)) fail("neither a text nor one error", "");
    (void)support::render(diagnostics, sources, false);
    return result;
}

/// All but the blanks and carriage returns.
std::string solid(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\f' && c != '\r') result += c;
    }
    while (result.ends_with('\n')) result.pop_back();
    return result;
}

/// The file that a text assembles to; empty if it does not.
std::string assembled(const std::string& text, const isa::Target& target) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto file = sources.add("fuzz.pyasm", text);
    grammar::ParseOptions options;
    options.fallback = &target;
    const auto pyc =
        assembler::assemble(grammar::parse(**file, sources, options, diagnostics), sources, {}, diagnostics);
    support::ByteWriter bytes;
    if (!pyc || diagnostics.has_errors() || !objects::write_pyc(*pyc, bytes)) return {};
    return std::string(bytes.text());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto targets = isa::all_targets();
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::optional<std::string> after = laid_out(text);
    if (!after) return 0;
    if (solid(*after) != solid(text)) fail("something else than blanks has changed", *after);
    if (laid_out(*after) != after) fail("it changes again", *after);
    const isa::Target& target = targets[data[0] % targets.size()];
    if (assembled(*after, target) != assembled(text, target)) fail("it assembles to something else", *after);
    return 0;
}
