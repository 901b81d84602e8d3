#pragma once

#include "objects/code_object.hpp"
#include "objects/pyc.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::tests {

/// A source text parsed and assembled, with what a test asks of the outcome.
class Assembled {
  public:
    /// `files`: what `.include` and `.hash checked "file"` find.
    explicit Assembled(std::string text, std::map<std::string, std::string> files = {});

    [[nodiscard]] bool ok() const { return file_.has_value(); }
    /// Every diagnostic on a line: `LINE:COLUMN: error: message [help]`, notes after it. Empty when all is
    /// well.
    [[nodiscard]] std::string messages() const;
    [[nodiscard]] const objects::PycFile& file() const;
    [[nodiscard]] const objects::CodeObject& top() const;
    /// The code object with this co_name, the top object or one that its constants lead to.
    [[nodiscard]] const objects::CodeObject& code(std::string_view name) const;

    /// A value as text: `1`, `1L`, `1.0`, `'str'`, `b'bytes'`, `(1, 2)`, `<code f>`.
    [[nodiscard]] std::string show(objects::ValueId id) const;
    [[nodiscard]] std::string hex(objects::ValueId bytes) const;
    /// The file as `write_pyc` gives it.
    [[nodiscard]] std::string bytes() const;

  private:
    [[nodiscard]] const objects::CodeObject* find(objects::ValueId id, std::string_view name) const;

    support::Sources sources_;
    support::Diagnostics diagnostics_;
    std::optional<objects::PycFile> file_;
};

} // namespace pyasm::tests
