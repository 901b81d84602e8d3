#include "tools/campaign/operands.hpp"

#include <algorithm>
#include <array>

namespace pyasm::campaign {

using isa::OperandBase;

Operands::Operands(Subject& subject, const objects::CodeObject& code, Random& random)
    : target_(subject.target()), random_(random) {
    for (int number = 0; number < 256; ++number) {
        const isa::OpInfo* op = target_.op(static_cast<std::uint8_t>(number));
        if (!op || op->is(isa::OpFlag::Internal) || op->is(isa::OpFlag::Prefix)) continue;
        opcodes_.push_back(static_cast<std::uint8_t>(number));
        if (op->role != isa::OpRole::None) special_opcodes_.push_back(static_cast<std::uint8_t>(number));
    }
    constants_ = subject.members(code.consts).size();
    names_ = subject.members(code.names).size();
    if (target_.code.localsplus) {
        locals_ = cells_ = subject.members(code.localsplusnames).size();
    } else {
        locals_ = subject.members(code.varnames).size();
        cells_ = subject.members(code.cellvars).size() + subject.members(code.freevars).size();
    }
}

std::uint32_t Operands::index_below(std::size_t size) {
    if (random_.once_in(40)) return static_cast<std::uint32_t>(size + random_.below(3));
    return static_cast<std::uint32_t>(random_.below(size));
}

std::uint32_t Operands::argument_for(const isa::OpInfo& op) {
    const isa::OperandKind& kind = *op.operand;
    std::uint32_t value = 0;
    switch (kind.base) {
    case OperandBase::None: return 0;
    case OperandBase::Integer:
        value = static_cast<std::uint32_t>(random_.below(random_.once_in(4) ? 9 : 4));
        break;
    case OperandBase::Const: value = index_below(constants_); break;
    case OperandBase::Name: value = index_below(names_); break;
    case OperandBase::Local: value = index_below(locals_); break;
    case OperandBase::LocalPair:
        value = index_below(locals_) << 4 | index_below(std::min<std::size_t>(locals_, 16));
        break;
    case OperandBase::Deref: value = index_below(cells_); break;
    case OperandBase::JumpForward:
    case OperandBase::JumpBackward:
    case OperandBase::JumpAbsolute: return static_cast<std::uint32_t>(random_.below(64));
    case OperandBase::Symbolic:
        if (kind.names.empty()) return index_below(8);
        value = random_.once_in(40) ? index_below(kind.names.size() + 2) : random_.of(kind.names).value;
        break;
    case OperandBase::FlagSet:
        for (const isa::OperandName& flag : kind.flags)
            if (random_.once_in(3)) value |= flag.value;
        return value;
    }
    value <<= kind.shift;
    for (const isa::OperandName& flag : kind.flags)
        if (random_.once_in(3)) value |= flag.value;
    return value;
}

std::uint32_t Operands::other_argument(const Body& body, const program::Instruction& item) {
    static constexpr std::array<std::uint32_t, 10> boundaries{0,   1,   2,      127,         128,
                                                              255, 256, 0xFFFF, 0x7FFF'FFFF, 0xFFFF'FFFF};
    switch (random_.below(12)) {
    case 0: return item.argument + 1;
    case 1: return item.argument - 1;
    case 2: return item.argument ^ (1U << random_.below(random_.once_in(8) ? 32 : 5));
    case 3:
        if (random_.once_in(3)) return random_.of(boundaries);
        [[fallthrough]];
    case 4:
    case 5:
    case 6: {
        std::vector<std::uint32_t> seen;
        for (const Body::Node& node : body.nodes)
            if (node.item.op && item.op && node.item.op->operand->base == item.op->operand->base)
                seen.push_back(node.item.argument);
        if (!seen.empty()) return random_.of(seen);
        [[fallthrough]];
    }
    default: return item.op ? argument_for(*item.op) : static_cast<std::uint32_t>(random_.below(256));
    }
}

Body::Node Operands::other_opcode(Body& body, const program::Instruction& item) {
    const std::size_t choice = random_.below(20);
    if (choice == 0) return body.make(static_cast<std::uint8_t>(random_.below(256)), item.argument);
    if (choice > 3 && item.op) {
        const bool same_stack = choice > 7;
        std::vector<std::uint8_t> similar;
        for (const std::uint8_t number : opcodes_) {
            const isa::OpInfo& op = *target_.op(number);
            if (&op == item.op) continue;
            const bool same_operand = op.operand->base == item.op->operand->base;
            if (same_stack ? op.stack.pops(item.argument) == item.op->stack.pops(item.argument) &&
                                 op.stack.pushes(item.argument) == item.op->stack.pushes(item.argument)
                           : same_operand)
                similar.push_back(number);
        }
        if (!similar.empty()) {
            const std::uint8_t number = random_.of(similar);
            const isa::OpInfo& op = *target_.op(number);
            const bool keeps =
                op.operand->base == item.op->operand->base && op.operand->shift == item.op->operand->shift;
            return body.make(number, keeps && !random_.once_in(4) ? item.argument : argument_for(op));
        }
    }
    return any_instruction(body);
}

Body::Node Operands::any_instruction(Body& body) {
    const std::uint8_t number = random_.of(opcodes_);
    return body.make(number, argument_for(*target_.op(number)));
}

Body::Node Operands::special_instruction(Body& body) {
    const std::uint8_t number = random_.of(special_opcodes_);
    return body.make(number, argument_for(*target_.op(number)));
}

void Operands::aim(Body& body, Body::Node& node, std::size_t index) {
    const auto near = [&] {
        const std::size_t first = index > 12 ? index - 12 : 0;
        return body.place_at(first + random_.below(std::min(body.nodes.size() + 1, index + 16) - first));
    };
    // A place that fits the direction, most of the time: anything else has no encoding.
    for (int tries = 0; tries < 4; ++tries) {
        if (random_.once_in(3)) {
            std::vector<Body::Place> aimed;
            for (const Body::Node& other : body.nodes)
                if (other.target != Body::nowhere) aimed.push_back(other.target);
            for (const Body::Row& row : body.rows) aimed.push_back(row.target);
            node.target = aimed.empty() ? near() : random_.of(aimed);
        } else {
            node.target = random_.once_in(5) ? body.place_at(random_.below(body.nodes.size() + 1)) : near();
        }
        const bool behind = body.index_of(node.target) > index;
        const OperandBase base = node.item.op->operand->base;
        if (base == OperandBase::JumpAbsolute || behind == (base == OperandBase::JumpForward)) return;
    }
}

} // namespace pyasm::campaign
