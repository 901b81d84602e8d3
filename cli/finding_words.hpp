#pragma once

#include "inspector/words.hpp"
#include "objects/line_table.hpp"
#include "objects/pyc.hpp"
#include "program/decode.hpp"
#include "verifier/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pyasm::cli {

/// Puts places in the code objects of a file into words. What it works out of one code object is kept until
/// another one is asked for. All texts are safe to show.
class FindingWords {
  public:
    /// The file must outlive it.
    explicit FindingWords(const objects::PycFile& file);

    /// The number that `pyasm show` gives it; `CodeTree::none` for none.
    [[nodiscard]] std::uint32_t number(objects::ValueId code) const { return tree_.number_of(code); }
    /// Its qualified name, cut where it is long.
    [[nodiscard]] std::string name(objects::ValueId code) const;
    /// The line of an instruction as its line table has it.
    [[nodiscard]] std::optional<std::int32_t> line(objects::ValueId code, std::uint32_t offset);
    /// "LOAD_FAST 0 (x)"; empty where no instruction starts at `offset`.
    [[nodiscard]] std::string instruction(objects::ValueId code, std::uint32_t offset);

  private:
    void look_at(objects::ValueId code);

    const objects::PycFile& file_;
    inspector::CodeTree tree_;
    inspector::Context context_;
    objects::ValueId code_ = objects::no_value; // whose facts these are
    program::DecodedCode decoded_;
    std::vector<objects::PositionRun> runs_;
};

/// "list, NULL", or "empty".
[[nodiscard]] std::string stack_words(const std::vector<std::string>& stack);
/// How control got to a place: "jump 4 -> 20, exception 22 -> 40"; empty where it needs no words.
[[nodiscard]] std::string way_words(const verifier::Finding& finding);

} // namespace pyasm::cli
