#include "inspector/operands.hpp"

#include <fmt/format.h>

#include <span>

namespace pyasm::inspector {
namespace {

using isa::OperandBase;
using objects::CodeObject;
using objects::ValueId;

constexpr const char* out_of_range = "out of range";

class Wording {
  public:
    Wording(const Context& context, const CodeObject& code, std::size_t most)
        : context_(context), code_(code), most_(most) {}

    [[nodiscard]] std::string text(const isa::OpInfo& op, std::uint32_t arg, std::uint32_t next) const {
        const isa::OperandKind& kind = *op.operand;
        switch (kind.base) {
        case OperandBase::None:
        case OperandBase::Integer: return {};
        case OperandBase::Const: return constant(arg >> kind.shift);
        case OperandBase::Name: return with_flags(name(code_.names, arg >> kind.shift), kind, arg);
        case OperandBase::Local: return local(arg);
        case OperandBase::LocalPair: return fmt::format("{}, {}", local(arg >> 4), local(arg & 15));
        case OperandBase::Deref: return deref(arg);
        case OperandBase::Symbolic:
        case OperandBase::FlagSet: return kind.spelling_of(arg).value_or(std::string());
        default: return fmt::format("to {}", program::jump_destination(context_.target(), op, next, arg));
        }
    }

  private:
    [[nodiscard]] std::string name(ValueId table, std::uint32_t index) const {
        const std::span<const ValueId> names = context_.pool().children(table);
        return index < names.size() ? plain_text(context_, names[index], most_) : out_of_range;
    }
    [[nodiscard]] std::string constant(std::uint32_t index) const {
        const std::span<const ValueId> consts = context_.pool().children(code_.consts);
        return index < consts.size() ? value_text(context_, consts[index], most_) : out_of_range;
    }
    [[nodiscard]] std::string local(std::uint32_t slot) const {
        return name(context_.target().code.localsplus ? code_.localsplusnames : code_.varnames, slot);
    }
    /// Up to 3.10, cells and free variables are counted together.
    [[nodiscard]] std::string deref(std::uint32_t slot) const {
        if (context_.target().code.localsplus) return name(code_.localsplusnames, slot);
        const auto cells = static_cast<std::uint32_t>(context_.pool().children(code_.cellvars).size());
        return slot < cells ? name(code_.cellvars, slot) : name(code_.freevars, slot - cells);
    }
    static std::string with_flags(std::string text, const isa::OperandKind& kind, std::uint32_t arg) {
        for (const isa::OperandName& flag : kind.flags)
            if (arg & flag.value) text += fmt::format(" + {}", flag.spelling);
        return text;
    }

    const Context& context_;
    const CodeObject& code_;
    std::size_t most_;
};

} // namespace

const isa::OpInfo* meaning_of(const isa::Target& target, std::uint8_t opcode) {
    const isa::OpInfo* op = target.op(opcode);
    return op ? op : target.plain_form(opcode);
}

std::string operand_text(const Context& context, const CodeObject& code, const program::Instruction& item,
                         std::uint32_t next, std::size_t most) {
    const isa::OpInfo* op = meaning_of(context.target(), item.opcode);
    if (op == nullptr) return {};
    return Wording(context, code, most).text(*op, item.argument, next);
}

} // namespace pyasm::inspector
