// Warnings of what no way leads to.

#include "verifier/flow.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::verifier {

using isa::OpRole;

namespace {

/// What is put around the whole of a generator or coroutine, be there something in it that raises or not.
bool ends_generator(const program::Instruction& item) {
    return std::ranges::any_of(item.op->operand->names, [&item](const isa::OperandName& one) {
        return one.value == item.argument && one.spelling == "INTRINSIC_STOPITERATION_ERROR";
    });
}

/// Compilers leave the end of a handler behind, or a jump, where nothing leads to it any more: that tells
/// nobody anything.
bool is_left_over(const isa::OpInfo& op) {
    switch (op.role) {
    case OpRole::EndFinally:
    case OpRole::WithCleanup:
    case OpRole::WithCleanupStart:
    case OpRole::WithCleanupFinish:
    case OpRole::DeleteLocal:
    case OpRole::Reraise: return true;
    default: break;
    }
    return op.is(isa::OpFlag::NoRaise) || op.is(isa::OpFlag::Terminates) || op.jumps() ||
           op.name == "WITH_EXCEPT_START" || op.name == "CLEANUP_THROW" || op.name == "DELETE_NAME" ||
           op.name == "STORE_NAME" || op.name == "CHECK_EXC_MATCH";
}

} // namespace

void Flow::warn_of_dead_code() {
    const auto count = static_cast<std::uint32_t>(structure_.count());
    for (std::uint32_t i = 0; i < count && !report_->is_full(); ++i) {
        if (marks_[i] & reached) continue;
        std::uint32_t end = i;
        bool left_over = true;
        for (; end < count && !(marks_[end] & reached); ++end)
            left_over = left_over && (is_left_over(*structure_.decoded.items[end].op) ||
                                      ends_generator(structure_.decoded.items[end]));
        if (!left_over)
            report_->warning(
                Rule::Unreachable, structure_.offset_of(i),
                fmt::format("no way leads to the code from here to {}", structure_.decoded.starts[end]));
        i = end;
    }
}

} // namespace pyasm::verifier
