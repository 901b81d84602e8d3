#pragma once

#include "objects/pyc.hpp"
#include "objects/value.hpp"
#include "support/span.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pyasm::linker {

enum class InputKind : std::uint8_t {
    Source,   ///< `.pyasm`
    Object,   ///< `.pyasmo`, what `pyasm asm -c` makes
    Bytecode, ///< `.pyc`
};

/// A file that a program is linked from.
struct Input {
    std::string path; ///< as messages name it; of an embedded stub "<start>"
    InputKind kind = InputKind::Source;
    std::string
        library; ///< the name of the library it was taken from; empty: it is named on the command line
    bool states_target = true; ///< false: a source without `.target`, which takes the version of the others
};

/// Index of an input, in the order in which they were added.
using InputIndex = std::uint32_t;
inline constexpr InputIndex no_input = 0xFFFF'FFFF;

/// Where a code object of the program comes from.
struct CodeOrigin {
    objects::ValueId code; ///< in the program
    InputIndex input;
    objects::ValueId original; ///< in the input's own pool, as it is again when the input is loaded again
};

/// A symbol that some input refers to, and what it has turned out to be.
struct ResolvedSymbol {
    std::string name; ///< as the reference has it
    bool is_code = false;
    objects::ValueId value = objects::no_value; ///< in the program
    InputIndex input = no_input;                ///< which defines it
    InputIndex wanted_by = no_input;            ///< the first input that refers to it
    std::string wanted_in;                      ///< and the block there: ".function f"
};

/// A program that is linked and not yet written.
struct LinkedProgram {
    /// Header and trailing bytes are those of `main`. Texts are in the pool's own arena.
    objects::PycFile file;
    std::vector<Input>
        inputs; ///< all that were taken: those of the command line in their order, then from libraries
    InputIndex main = no_input;          ///< whose module body is the program's
    std::vector<ResolvedSymbol> symbols; ///< sorted by name, then kind
    std::vector<CodeOrigin> codes; ///< sorted by `code`; also of code that the module body does not lead to
    std::vector<objects::ValueId> unchecked; ///< code objects whose blocks say `.unchecked`, sorted

    /// Null for what is no code object of an input.
    [[nodiscard]] const CodeOrigin* origin_of(objects::ValueId code) const;
};

} // namespace pyasm::linker
