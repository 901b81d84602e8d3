// What `make splice` measures, of a few modules: functions of the library replaced, and CPython's own tests
// with them.

#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

using namespace pyasm::tests;

TEST_CASE("splice: CPython's tests pass with replaced functions in the library") {
    for (const char* version : {"3.8", "3.11", "3.13", "3.15"}) {
        if (!interpreter(version)) continue; // the closing report says so
        const RunResult run = run_command({"python3", source_path("tools/splice/measure.py"), PYASM_PROGRAM,
                                           "--short", "--jobs", "2", "--targets", version});
        CHECK_MESSAGE(run.status == 0, run.out, run.err);
        CHECK(run.out.find("8 functions replaced in 4 modules, 0 failures\n") != std::string::npos);
    }
}
