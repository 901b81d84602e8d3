// The verifier against the crash matrix, and the matrix against the interpreters.

#include "objects/code_object.hpp"
#include "objects/line_table.hpp"
#include "objects/pyc.hpp"
#include "support/bytes.hpp"
#include "tests/support/interpreters.hpp"
#include "tests/verifier/matrix.hpp"
#include "verifier/verify.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace {

using namespace pyasm;
using namespace pyasm::tests;
using objects::PycFile;
using verifier::Finding;
using verifier::Severity;

support::Bytes bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// What is wrong with the code objects of a file, and, only where a case is about that, with its top object
/// as one that is run without a closure.
std::vector<Finding> findings_in(const PycFile& file, bool as_program) {
    if (as_program) return verifier::verify(file);
    std::vector<Finding> findings;
    verifier::Verifier verifier(*file.target, file.pool);
    for (const objects::ValueId code : verifier::code_objects(file)) verifier.verify(code, findings);
    return findings;
}

/// The source line of the instruction that a finding is about; 0 where it is about the code object as a
/// whole.
int line_of(const PycFile& file, const Finding& finding) {
    if (finding.offset == Finding::no_offset) return 0;
    const objects::CodeObject& code = file.pool.code(finding.code);
    const auto size = static_cast<std::uint32_t>(file.pool.text(code.code).size());
    const auto runs = objects::decode_line_table(*file.target, code.firstlineno,
                                                 bytes_of(std::string(file.pool.text(code.linetable))), size);
    REQUIRE(runs);
    for (const auto& run : *runs)
        if (finding.offset >= run.begin && finding.offset < run.end) return run.position.line;
    return -1;
}

std::string in_words(const PycFile& file, const std::vector<Finding>& findings) {
    std::string words;
    for (const Finding& finding : findings)
        words +=
            fmt::format("{} [{}] at line {}: {}\n", finding.severity == Severity::Error ? "error" : "warning",
                        verifier::name_of(finding.rule), line_of(file, finding), finding.message);
    return words;
}

bool has_error(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings)
        if (finding.severity == Severity::Error) return true;
    return false;
}

void check_case(const MatrixProgram& program) {
    const std::string content = assemble_case(program);
    const auto file = objects::read_pyc(bytes_of(content));
    if (program.rule == "unreadable") {
        CHECK(!file);
        return;
    }
    CHECK_MESSAGE(file, file.error().message);
    if (!file) return;
    const auto findings = findings_in(*file, program.rule == "no-code");
    bool found = false;
    for (const Finding& finding : findings)
        found = found ||
                (verifier::name_of(finding.rule) == program.rule && line_of(*file, finding) == program.line &&
                 (finding.severity == Severity::Warning) == program.warning);
    CHECK_MESSAGE(found, "expected [", program.rule, "] at line ", program.line, ", but:\n",
                  in_words(*file, findings), "of\n", program.source);
    CHECK_MESSAGE(has_error(findings) == !program.warning, in_words(*file, findings));
}

void check_twin(const MatrixProgram& program) {
    const std::string content = assemble_twin(program);
    const auto file = objects::read_pyc(bytes_of(content));
    REQUIRE_MESSAGE(file, file.error().message);
    const auto findings = findings_in(*file, program.rule == "no-code");
    bool accepted = !has_error(findings);
    for (const Finding& finding : findings)
        accepted = accepted && verifier::name_of(finding.rule) != program.rule;
    CHECK_MESSAGE(accepted, "not accepted:\n", in_words(*file, findings), "of\n", program.twin);
}

} // namespace

TEST_SUITE_BEGIN("verifier");

TEST_CASE("every case of the crash matrix is refused, and its twin accepted") {
    REQUIRE(matrix().size() > 1000);
    for (const MatrixProgram& program : matrix()) {
        CAPTURE(program.name);
        CAPTURE(program.place);
        CAPTURE(program.version);
        check_case(program);
        check_twin(program);
    }
}

TEST_SUITE_END();
