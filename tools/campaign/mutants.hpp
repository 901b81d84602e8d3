#pragma once

#include "objects/pyc.hpp"
#include "tools/campaign/subject.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace pyasm::campaign {

/// A function's code object after some changes, and what the verifier says of it.
struct Mutant {
    std::uint32_t function = 0; ///< which of the file's functions it was
    std::uint64_t number = 0;   ///< in the run of its seed
    bool accepted = false;
    std::string rule;    ///< of the first error, where it was refused
    std::string finding; ///< and what it says
    std::vector<std::string> changes;
    std::vector<std::uint8_t> marshalled; ///< the code object

    /// For the record, in one line: rule, finding and changes with tabs between.
    [[nodiscard]] std::string text() const;
};

/// Makes mutants of the functions in a file whose top object is a tuple of code objects. Each is a function
/// of the seed and its number alone.
class Mutants {
  public:
    /// Nothing where the file's top object is something else.
    [[nodiscard]] static std::optional<Mutants> of(objects::PycFile file, std::uint64_t seed);

    /// With all of its changes, or those whose numbers are in `keep`. Nothing where they come to nothing, or
    /// to a file that this program cannot read (which is refused, then).
    [[nodiscard]] std::optional<Mutant> make(std::uint64_t number,
                                             const std::vector<std::size_t>* keep = nullptr);
    /// Asks the verifier. What this program cannot read is refused, too.
    void judge(Mutant& mutant) const;
    /// Whether the like of it was not asked about before.
    [[nodiscard]] bool is_new(const Mutant& mutant);
    /// The mutant as a file that `pyasm dis` takes.
    [[nodiscard]] std::vector<std::uint8_t> pyc(const Mutant& mutant) const;

  private:
    Mutants(objects::PycFile file, std::uint64_t seed);
    Subject& subject(std::size_t index);

    objects::PycFile file_;
    std::uint64_t seed_;
    std::vector<std::unique_ptr<Subject>> subjects_;
    std::unordered_set<std::uint64_t> seen_;
};

/// Code objects that a value holds, each once, outer ones first.
[[nodiscard]] std::vector<objects::ValueId> code_objects_in(const objects::ValuePool& pool,
                                                            objects::ValueId top);

} // namespace pyasm::campaign
