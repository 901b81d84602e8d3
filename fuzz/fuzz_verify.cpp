// Any bytes as a `.pyc`: if they are read, the verifier comes to an end on them, speaks of places that there
// are, says the same when it is asked again, and explains each code object.

#include "objects/code_object.hpp"
#include "objects/pyc.hpp"
#include "verifier/verify.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace pyasm;

namespace {

void demand(bool good, const char* what) {
    if (good) return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

/// Bytes of a code object's co_code; 0 where that is none.
std::size_t code_size(const objects::ValuePool& pool, objects::ValueId id) {
    const objects::ValueId code = pool.code(id).code;
    if (code == objects::no_value || pool[code].kind != objects::ValueKind::Bytes) return 0;
    return pool[code].size;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = objects::read_pyc({data, size});
    if (!file) return 0;
    const objects::ValuePool& pool = file->pool;
    const auto findings = verifier::verify(*file);
    for (const verifier::Finding& finding : findings) {
        if (finding.code == objects::no_value || pool[finding.code].kind != objects::ValueKind::Code)
            continue;
        demand(finding.offset == verifier::Finding::no_offset ||
                   finding.offset < code_size(pool, finding.code),
               "a finding is behind the end of its code");
        for (const verifier::Step& step : finding.way)
            demand(step.from < code_size(pool, finding.code), "a step begins behind the end of its code");
    }
    const auto again = verifier::verify(*file);
    demand(again.size() == findings.size(), "verified again, it is something else");
    for (std::size_t i = 0; i < again.size(); ++i)
        demand(again[i].message == findings[i].message && again[i].offset == findings[i].offset,
               "verified again, a finding is another one");
    if (pool[file->top].kind != objects::ValueKind::Code) return 0;
    verifier::Verifier verifier(*file->target, pool);
    for (const objects::ValueId code : verifier::code_objects(*file)) (void)verifier.explain(code);
    return 0;
}
