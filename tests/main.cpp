#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/interpreters.hpp"
#include "tests/support/runner.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value && std::string_view(value) != "0";
}

/// True if the run may count as passed as far as interpreters go. With PYASM_REQUIRE_ALL=1 none may be
/// missing.
bool report_interpreters() {
    const bool required = is_set("PYASM_REQUIRE_ALL");
    const std::size_t missing = required ? pyasm::tests::missing_interpreters() : 0;
    std::fputs(pyasm::tests::describe_interpreters().c_str(), stdout);
    if (missing == 0) return true;
    std::printf("PYASM_REQUIRE_ALL is set, and %zu interpreters are missing\n", missing);
    return false;
}

} // namespace

/// Options are doctest's (--help) and these:
///   --update   rewrite the golden files to what pyasm does now
///   --jobs=N   run the tests in N processes
int main(int argc, char** argv) {
    bool update = is_set("PYASM_UPDATE_GOLDEN");
    int jobs = 1;
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--update") {
            update = true;
        } else if (option.starts_with("--jobs=")) {
            jobs = std::atoi(argv[i] + 7);
        } else {
            argv[kept++] = argv[i];
        }
    }
    pyasm::tests::register_golden_tests(update);
    doctest::Context context;
    context.setOption("no-version", true);
    context.applyCommandLine(kept, argv);
    if (context.shouldExit()) return context.run();

    pyasm::tests::Tally tally;
    if (jobs > 1) {
        (void)pyasm::tests::interpreters(); // once, and not in each process
        tally = pyasm::tests::run_tests_in_parallel(context, jobs);
    } else {
        tally = pyasm::tests::run_tests(context);
        if (context.shouldExit()) return tally.ok ? 0 : 1;
    }
    if (!report_interpreters()) tally.ok = false;
    std::printf("%d passed, %d failed\n", tally.passed, tally.failed);
    return tally.ok ? 0 : 1;
}
