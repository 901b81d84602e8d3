#pragma once

#include "isa/target.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The crash matrix: small programs that no interpreter checks, each with a twin that differs in a few lines
/// and is well formed. tests/verifier/matrix/README.md describes the format of the files.
namespace pyasm::tests {

/// What an interpreter does with a program of the matrix.
enum class Outcome : std::uint8_t {
    Crash,     ///< it dies; of the versions for which that is said, at least one must
    Wrong,     ///< it goes on with something else than what is written, or with luck; nothing is demanded
    Error,     ///< it raises an exception when it comes there
    NotLoaded, ///< it raises an exception when it loads the file
    Hang,      ///< it does not end
};

/// One case for one target.
struct MatrixProgram {
    std::string name;     ///< the case's
    std::string version;  ///< "3.13"
    std::string rule;     ///< that must be named
    bool warning = false; ///< as a warning: there is no error
    Outcome outcome{};
    std::string arguments; ///< Python, for a call of the file's function
    std::string source;    ///< of the file with the fault
    std::string twin;      ///< of the file without it
    int line = 0;          ///< of `source`, of which the finding speaks; 0: of the code object as a whole
    std::string field; ///< a field of the top object that gets another value after assembling; empty: none
    std::string value; ///< the literal that it gets
    std::string place; ///< FILE:LINE of the case, for messages
};

/// All programs of all files, by file and case; a case's in the order of versions. Fails the test where a
/// file is not in the format.
[[nodiscard]] const std::vector<MatrixProgram>& matrix();

/// A program as a `.pyc`, whose lines are those of its source.
[[nodiscard]] std::string assemble_case(const MatrixProgram& program);
[[nodiscard]] std::string assemble_twin(const MatrixProgram& program);

} // namespace pyasm::tests
