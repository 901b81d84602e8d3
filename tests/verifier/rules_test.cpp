// Every rule of the verifier is explained, and stands in the matrix.

#include "support/files.hpp"
#include "tests/support/interpreters.hpp"
#include "tests/verifier/matrix.hpp"
#include "verifier/finding.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

TEST_SUITE_BEGIN("verifier");

TEST_CASE("every rule has its section in the paper and a case in the matrix") {
    using namespace pyasm;
    const auto paper = support::read_file(tests::source_path("docs/verifier.md"));
    REQUIRE(paper);
    REQUIRE(verifier::rule_count() > 20);
    for (std::size_t i = 0; i < verifier::rule_count(); ++i) {
        const std::string name(verifier::name_of(static_cast<verifier::Rule>(i)));
        CAPTURE(name);
        CHECK(paper->find("\n#### " + name + "\n") != std::string::npos);
        const bool in_matrix =
            std::ranges::any_of(tests::matrix(), [&](const auto& program) { return program.rule == name; });
        // Code beyond the limits is too long for the matrix.
        CHECK((in_matrix || name == "too-complex"));
    }
}

TEST_SUITE_END();
