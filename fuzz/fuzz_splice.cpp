// Any bytes as a `.pyc`: if they are read, a code object that is replaced by itself gives the same
// objects, replacing one by any other is refused or gives a file that is read back, and so do the passes that
// make a program smaller, which leave good code good.

#include "linker/fold.hpp"
#include "linker/gc.hpp"
#include "linker/splice.hpp"
#include "linker/strip.hpp"
#include "objects/marshal.hpp"
#include "objects/pyc.hpp"
#include "program/outline.hpp"
#include "program/qualified_names.hpp"
#include "support/arena.hpp"
#include "verifier/verify.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace pyasm;

namespace {

void demand(bool good, const char* what, const std::string& why = {}) {
    if (good) return;
    std::fprintf(stderr, "%s %s\n", what, why.c_str());
    std::abort();
}

objects::PycFile read(support::Bytes bytes) {
    auto file = objects::read_pyc(bytes);
    demand(file.ok(), "what was read is refused:", file ? std::string() : file.error().message);
    return std::move(file).value();
}

bool has_errors(const objects::PycFile& file) {
    return std::ranges::any_of(verifier::verify(file), [](const verifier::Finding& finding) {
        return finding.severity == verifier::Severity::Error;
    });
}

/// Replaces code object `place` of the file by code object `taken` of another reading of it. Whether it
/// fitted.
bool splice(support::Bytes bytes, std::size_t place, std::size_t taken, objects::PycFile& file) {
    const objects::PycFile other = read(bytes);
    support::Arena arena;
    const program::Outline outline(file.pool, *file.target, file.top, arena);
    const program::QualifiedNames names(outline, file.pool);
    const std::string name = names.exact(place);
    if (names.find(name).size() != 1) return false; // too many names for all of them to have a path
    const linker::Replacement replacement{name, "taken", &other.pool, outline.entries()[taken].code};
    const linker::SpliceResult result = linker::splice(file, {&replacement, 1});
    demand(result.errors.empty() || place != taken, "a code object does not fit in its own place:",
           result.errors.empty() ? std::string() : result.errors.front().message);
    demand(result.errors.empty() != result.done.empty(), "neither an error nor a result");
    return result.errors.empty();
}

/// The objects written without regard to how they were: references and marks that no compiler makes do not
/// count.
std::string canonical(const objects::PycFile& file) {
    support::ByteWriter out;
    const auto written = objects::write_marshal(file.pool, file.top, *file.target, out);
    return written ? std::string(out.text()) : written.error().message;
}

/// Whether there is what is one object, and no other, by where it stands: a copy of it is something new.
bool has_mutable_values(const objects::ValuePool& pool) {
    for (std::uint32_t i = 0; i < pool.size(); ++i)
        if (objects::is_mutable(pool[objects::ValueId{i}].kind)) return true;
    return false;
}

void check_splicing(support::Bytes bytes, std::size_t choice) {
    objects::PycFile file = read(bytes);
    support::Arena arena;
    const std::size_t codes = program::Outline(file.pool, *file.target, file.top, arena).entries().size();
    if (codes == 0) return;
    const std::size_t place = choice % codes, taken = choice / codes % codes;
    if (!has_mutable_values(file.pool) && splice(bytes, place, place, file)) {
        demand(canonical(file) == canonical(read(bytes)),
               "a code object that is replaced by itself changes the file");
    }
    objects::PycFile patched = read(bytes);
    if (!splice(bytes, place, taken, patched)) return;
    support::ByteWriter written;
    if (objects::write_pyc_exact(patched, written).ok()) read(written.view());
}

void check_passes(support::Bytes bytes, std::size_t choice) {
    objects::PycFile file = read(bytes);
    const bool was_good = !has_errors(file);
    if (choice & 1) linker::strip(file);
    if (choice & 2) linker::collect_garbage(file);
    if (choice & 4) linker::fold(file);
    if (was_good) demand(!has_errors(file), "a pass makes good code bad");
    support::ByteWriter written;
    if (objects::write_pyc(file, written).ok()) read(written.view());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const support::Bytes bytes{data, size};
    if (!objects::read_pyc(bytes)) return 0;
    std::size_t choice = 0;
    for (const std::uint8_t byte : bytes) choice = choice * 31 + byte;
    choice %= 1'000'003;
    check_splicing(bytes, choice);
    check_passes(bytes, choice);
    return 0;
}
