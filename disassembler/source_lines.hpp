#pragma once

#include "disassembler/disassemble.hpp"
#include "objects/value.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace pyasm::disassembler {

/// The lines of source files, each asked for once.
class SourceLines {
  public:
    static constexpr std::size_t longest = 200;
    /// Of all files together, before the last one: a code object may name any file for its own.
    static constexpr std::size_t most_bytes = std::size_t{64} << 20;

    SourceLines(program::Unit& unit, const DisassembleOptions& options) : unit_(unit), options_(options) {}

    /// From now on, lines are those of this co_filename.
    void begin(objects::ValueId filename);
    /// Line `number`, counted from 1, without its end, and no more than about `longest` bytes of it; nothing
    /// where there is none. Lives as long as the unit.
    [[nodiscard]] std::optional<std::string_view> line(std::int32_t number) const;

  private:
    using Lines = std::vector<std::string_view>;
    [[nodiscard]] Lines split(std::string_view text) const;
    [[nodiscard]] std::string_view shown(std::string_view line) const;

    program::Unit& unit_;
    const DisassembleOptions& options_;
    std::map<std::string_view, Lines> files_; // one or a few a unit
    const Lines* current_ = nullptr;
    std::size_t bytes_ = 0; // of the files
};

} // namespace pyasm::disassembler
