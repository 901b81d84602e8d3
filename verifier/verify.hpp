#pragma once

#include "objects/pyc.hpp"
#include "verifier/finding.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Tells whether code can crash or corrupt the interpreter that runs it: docs/verifier.md says what is
/// promised.
namespace pyasm::verifier {

struct VerifyOptions {
    bool warnings = true;
    std::size_t most_findings = 20; ///< of each code object; further ones are not looked for
};

/// What is known in front of one instruction, for a reader.
struct Explained {
    std::uint32_t offset = 0;
    std::string instruction;        ///< "LOAD_FAST 0 (x)"
    bool reached = true;            ///< false: no way leads here, and nothing is known
    std::vector<std::string> stack; ///< bottom first
    std::vector<std::pair<std::string, std::string>> locals; ///< name and what it holds
    std::vector<std::string> blocks; ///< of the block stack (up to 3.10), outermost first
};

/// Verifies the code objects of one file. Time and memory are linear in the size of code that compilers
/// write, and bounded for any other (docs/verifier.md says how). Keeps its buffers from one code object to
/// the next.
class Verifier {
  public:
    /// The pool must outlive it.
    Verifier(const isa::Target& target, const objects::ValuePool& pool, const VerifyOptions& options = {});
    ~Verifier();
    Verifier(Verifier&&) noexcept;
    Verifier& operator=(Verifier&&) noexcept;

    /// Looks at one code object, not at those in its constants; appends what it finds, in the order of
    /// offsets, and returns whether there is no error. Any value that `read_pyc` gives can be passed.
    bool verify(objects::ValueId code, std::vector<Finding>& findings);
    /// Whether the code takes an argument for something that only the code around it sees to: the `.0` of a
    /// generator expression for an iterator. Such code is safe where `verify` has accepted what makes a
    /// function of it.
    [[nodiscard]] bool counts_on_caller(objects::ValueId code);
    /// What `verify` believes in front of each instruction of the code object. Empty where its structure is
    /// wrong.
    [[nodiscard]] std::vector<Explained> explain(objects::ValueId code);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// All code objects under a file's top object, each once, an outer one before those in its constants. The top
/// object must be a code object that can run as a program: `run`, `import` and `exec` give it no closure.
[[nodiscard]] std::vector<Finding> verify(const objects::PycFile& file, const VerifyOptions& options = {});
/// The code objects that `verify` looks at, in its order.
[[nodiscard]] std::vector<objects::ValueId> code_objects(const objects::PycFile& file);

} // namespace pyasm::verifier
