#include "cli/finding_words.hpp"

#include "inspector/operands.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::cli {
namespace {

using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;

constexpr std::size_t longest_name = 80;
constexpr std::size_t longest_operand = 60;

/// The content of a byte string; of anything else, nothing.
support::Bytes bytes_of(const objects::ValuePool& pool, ValueId id) {
    if (id == objects::no_value || pool[id].kind != ValueKind::Bytes) return {};
    return support::as_bytes(pool.text(id));
}

} // namespace

FindingWords::FindingWords(const objects::PycFile& file) : file_(file), tree_(file), context_{file_, tree_} {}

std::string FindingWords::name(ValueId code) const {
    return inspector::plain_text(context_, inspector::best_name(context_, file_.pool.code(code)),
                                 longest_name);
}

void FindingWords::look_at(ValueId code) {
    if (code_ == code) return;
    code_ = code;
    const CodeObject& fields = file_.pool.code(code);
    const support::Bytes body = bytes_of(file_.pool, fields.code);
    program::decode(*file_.target, body, decoded_);
    auto runs =
        objects::decode_line_table(*file_.target, fields.firstlineno, bytes_of(file_.pool, fields.linetable),
                                   static_cast<std::uint32_t>(body.size()));
    runs_ = runs ? std::move(*runs) : std::vector<objects::PositionRun>();
}

std::optional<std::int32_t> FindingWords::line(ValueId code, std::uint32_t offset) {
    look_at(code);
    for (const objects::PositionRun& run : runs_) {
        if (offset < run.begin || offset >= run.end) continue;
        if (run.position.line == objects::Position::none) return std::nullopt;
        return run.position.line;
    }
    return std::nullopt;
}

std::string FindingWords::instruction(ValueId code, std::uint32_t offset) {
    look_at(code);
    const auto ends = decoded_.starts.end();
    const auto at = std::lower_bound(decoded_.starts.begin(), ends, offset);
    const auto index = static_cast<std::size_t>(at - decoded_.starts.begin());
    if (at == ends || *at != offset || index >= decoded_.items.size()) return {};
    const program::Instruction& item = decoded_.items[index];
    if (item.kind == program::Instruction::Kind::Data) return {};
    const std::string_view known = inspector::opcode_name(*file_.target, item.opcode);
    std::string words = known.empty() ? fmt::format("opcode {}", item.opcode) : std::string(known);
    if (item.has_argument) words += fmt::format(" {}", item.argument);
    const std::uint32_t next =
        decoded_.starts[index + 1] - item.data_size + inspector::skipped_bytes(*file_.target, item.opcode);
    const std::string meaning =
        inspector::operand_text(context_, file_.pool.code(code), item, next, longest_operand);
    if (!meaning.empty()) words += fmt::format(" ({})", meaning);
    return words;
}

std::string stack_words(const std::vector<std::string>& stack) {
    return stack.empty() ? "empty" : fmt::format("{}", fmt::join(stack, ", "));
}

std::string way_words(const verifier::Finding& finding) {
    std::string words = finding.steps_left_out ? "..." : "";
    for (const verifier::Step& step : finding.way) {
        if (!words.empty()) words += ", ";
        words += fmt::format("{} {} -> {}", step.way == verifier::Step::Way::Jump ? "jump" : "exception",
                             step.from, step.to);
    }
    return words;
}

} // namespace pyasm::cli
