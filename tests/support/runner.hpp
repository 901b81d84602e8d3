#pragma once

#include <doctest/doctest.h>

namespace pyasm::tests {

struct Tally {
    int passed = 0;
    int failed = 0;
    bool ok = true; ///< false also where a test process died
};

/// Runs the tests that the context selects, in this process.
Tally run_tests(doctest::Context& context);

/// Runs them in `jobs` processes, each of which takes the next test that nobody has taken. Only failures are
/// printed.
Tally run_tests_in_parallel(doctest::Context& context, int jobs);

} // namespace pyasm::tests
