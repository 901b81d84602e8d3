#pragma once

#include "disassembler/disassemble.hpp"
#include "objects/code_object.hpp"
#include "objects/pyc.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pyasm::tests {

/// Puts a file together from code objects that no compiler makes.
class CodeMaker {
  public:
    explicit CodeMaker(std::string_view target);

    /// A function without arguments that has these constants and returns the first one, if the target has an
    /// instruction for that; to be changed at will.
    [[nodiscard]] objects::CodeObject function(std::string_view name,
                                               std::vector<objects::ValueId> consts = {});
    [[nodiscard]] objects::CodeObject module(std::vector<objects::ValueId> consts = {});

    [[nodiscard]] objects::ValueId add(const objects::CodeObject& code) { return file.pool.add_code(code); }
    [[nodiscard]] objects::ValueId text(std::string_view text);
    [[nodiscard]] objects::ValueId bytes(std::string_view bytes);
    [[nodiscard]] objects::ValueId tuple(const std::vector<objects::ValueId>& members);
    [[nodiscard]] objects::ValueId names(const std::vector<std::string>& names);

    /// The listing of the file with this top object.
    [[nodiscard]] std::string listing(objects::ValueId top,
                                      const disassembler::DisassembleOptions& options = {});
    /// Empty if the listing assembles to an equal file; else how it does not, with the listing.
    [[nodiscard]] std::string fault(objects::ValueId top);

    objects::PycFile file;

  private:
    [[nodiscard]] std::string canonical(objects::ValueId top);
};

/// How often a text stands in another one.
[[nodiscard]] std::size_t count_of(std::string_view part, std::string_view text);

} // namespace pyasm::tests
