// Any bytes as a `.pyc`: they must be refused, or be written back byte for byte; and what the canonical
// writer makes of them must be read again, and be its own canonical form.

#include "objects/pyc.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace pyasm;

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const support::Bytes bytes{data, size};
    const auto file = objects::read_pyc(bytes);
    if (!file) return 0;
    support::ByteWriter exact;
    if (!objects::write_pyc_exact(*file, exact)) fail("cannot be written back");
    if (exact.text() != support::as_text(bytes)) fail("written back differently");

    support::ByteWriter canonical;
    if (!objects::write_pyc(*file, canonical)) fail("cannot be written canonically");
    const auto read = objects::read_pyc(canonical.view());
    if (!read) fail("the canonical form cannot be read");
    support::ByteWriter again;
    if (!objects::write_pyc(*read, again)) fail("the canonical form cannot be written");
    if (again.text() != canonical.text()) fail("the canonical form is not its own");
    return 0;
}
