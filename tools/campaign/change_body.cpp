// Changes to the instructions of a code object and to its exception table.

#include "tools/campaign/changes.hpp"
#include "tools/campaign/operands.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::campaign {
namespace {

class BodyChanger {
  public:
    BodyChanger(Subject& subject, objects::ValueId code, Random& random)
        : subject_(subject), code_(subject.code(code)), random_(random), operands_(subject, code_, random),
          body_(subject.target(), subject.bytes(code_.code), subject.bytes(code_.exceptiontable)) {
        body_.read_lines(code_.firstlineno, subject.bytes(code_.linetable));
    }

    std::string run() {
        if (body_.nodes.empty()) return {};
        if (random_.once_in(24)) return raw();
        std::string done = once();
        if (done.empty()) return {};
        const auto encoded = body_.encode();
        if (!encoded) return {};
        code_.code = subject_.add_bytes(encoded->code);
        if (subject_.target().code.exceptiontable)
            code_.exceptiontable = subject_.add_bytes(encoded->exception_table);
        if (encoded->line_table) code_.linetable = subject_.add_bytes(*encoded->line_table);
        return done;
    }

  private:
    std::string once() {
        switch (random_.below(24)) {
        case 0:
        case 1:
        case 2:
        case 3: return opcode();
        case 4:
        case 5:
        case 6:
        case 7: return argument();
        case 8:
        case 9:
        case 10: return aim();
        case 11:
        case 12: return exchange();
        case 13:
        case 14: return remove();
        case 15: return repeat();
        case 16:
        case 17:
        case 18: return insert();
        case 19: return move();
        case 20: return graft();
        case 21: return wrap();
        default: return subject_.target().code.exceptiontable ? row() : insert();
        }
    }

    std::size_t any_index() { return random_.below(body_.nodes.size()); }
    /// A few instructions from `begin` on, seldom more.
    std::size_t some_from(std::size_t begin) {
        const std::size_t most = body_.nodes.size() - begin;
        return std::min(most, 1 + random_.below(random_.once_in(4) ? 12 : 3));
    }
    static std::string words(const Body::Node& node) {
        const program::Instruction& item = node.item;
        std::string name = item.op ? std::string(item.op->name) : fmt::format("opcode {}", item.opcode);
        return item.has_argument && node.target == Body::nowhere ? fmt::format("{} {}", name, item.argument)
                                                                 : name;
    }

    std::string opcode() {
        const std::size_t index = any_index();
        Body::Node& node = body_.nodes[index];
        Body::Node other = operands_.other_opcode(body_, node.item);
        if (other.item.op && isa::is_jump(other.item.op->operand->base)) {
            other.target = node.target;
            if (node.target == Body::nowhere) operands_.aim(body_, other, index);
        }
        std::string done = fmt::format("instruction {}: {} becomes {}", index, words(node), words(other));
        other.place = node.place;
        other.position = node.position;
        node = other;
        return done;
    }

    std::string argument() {
        std::vector<std::size_t> with;
        for (std::size_t i = 0; i < body_.nodes.size(); ++i)
            if (body_.nodes[i].item.has_argument && body_.nodes[i].target == Body::nowhere) with.push_back(i);
        if (with.empty()) return {};
        const std::size_t index = random_.of(with);
        Body::Node& node = body_.nodes[index];
        const std::string before = words(node);
        const std::uint32_t other = operands_.other_argument(body_, node.item);
        if (other == node.item.argument) return {};
        body_.change(node, node.item.opcode, other);
        return fmt::format("instruction {}: {} becomes {}", index, before, words(node));
    }

    std::string aim() {
        std::vector<std::size_t> jumps;
        for (std::size_t i = 0; i < body_.nodes.size(); ++i)
            if (body_.nodes[i].target != Body::nowhere) jumps.push_back(i);
        if (jumps.empty()) return opcode();
        const std::size_t index = random_.of(jumps);
        Body::Node& node = body_.nodes[index];
        const std::size_t before = body_.index_of(node.target);
        operands_.aim(body_, node, index);
        if (body_.index_of(node.target) == before) return {};
        return fmt::format("instruction {}: {} goes to {} instead of {}", index, words(node),
                           body_.index_of(node.target), before);
    }

    std::string exchange() {
        const std::size_t a = any_index();
        const std::size_t b = random_.once_in(3) ? any_index() : std::min(a + 1, body_.nodes.size() - 1);
        if (a == b) return {};
        std::swap(body_.nodes[a].item, body_.nodes[b].item);
        std::swap(body_.nodes[a].target, body_.nodes[b].target);
        return fmt::format("instructions {} and {} change places", a, b);
    }

    std::string remove() {
        const std::size_t begin = any_index();
        const std::size_t count = random_.once_in(2) ? 1 : some_from(begin);
        std::string done = fmt::format("{} from {} ({}) are gone", count, begin, words(body_.nodes[begin]));
        body_.remove(begin, count);
        return done;
    }

    std::string repeat() {
        const std::size_t begin = any_index(), count = some_from(begin);
        const std::size_t to = random_.once_in(2) ? begin + count : any_index();
        body_.insert(to, body_.copy(begin, count));
        return fmt::format("{} from {} stand at {} once more", count, begin, to);
    }

    std::string move() {
        const std::size_t begin = any_index(), count = some_from(begin);
        std::vector<Body::Node> moved(body_.nodes.begin() + static_cast<std::ptrdiff_t>(begin),
                                      body_.nodes.begin() + static_cast<std::ptrdiff_t>(begin + count));
        const auto first = body_.nodes.begin() + static_cast<std::ptrdiff_t>(begin);
        body_.nodes.erase(first, first + static_cast<std::ptrdiff_t>(count));
        const std::size_t to = random_.below(body_.nodes.size() + 1);
        body_.insert(to, moved);
        return fmt::format("{} from {} move to {}", count, begin, to);
    }

    /// A run of any instructions that leaves the stack as high as it was, by the table.
    std::string insert() {
        const std::size_t index = any_index();
        std::vector<Body::Node> added;
        std::string names;
        std::int64_t height = 0;
        const std::int64_t below = static_cast<std::int64_t>(random_.below(4));
        for (std::size_t left = 1 + random_.below(4), tries = 40; left > 0 && tries > 0; --tries) {
            Body::Node node =
                random_.once_in(3) ? operands_.special_instruction(body_) : operands_.any_instruction(body_);
            const isa::OpInfo& op = *node.item.op;
            if (op.stack.pops(node.item.argument) > height + below) continue;
            if (op.is(isa::OpFlag::Terminates) && !random_.once_in(6)) continue;
            height += isa::stack_effect(op, node.item.argument, false);
            if (isa::is_jump(op.operand->base)) operands_.aim(body_, node, index);
            names += (names.empty() ? "" : ", ") + words(node);
            added.push_back(node);
            --left;
        }
        const isa::OpInfo* pop = subject_.target().find("POP_TOP");
        for (; height > 0 && height < 8 && !random_.once_in(12); --height)
            added.push_back(body_.make(subject_.target().number(*pop), 0));
        body_.insert(index, added);
        // Jumps to the old instruction now go to the new ones, as in code that is written so, or still pass
        // by.
        if (!added.empty() && random_.once_in(2)) {
            const Body::Place old = body_.place_at(index + added.size());
            for (Body::Node& node : body_.nodes)
                if (node.target == old) node.target = added.front().place;
        }
        return names.empty() ? names : fmt::format("at {} stand also {}", index, names);
    }

    /// Instructions of another code object; their indices come into this one's range most of the time.
    std::string graft() {
        const objects::CodeObject& other = subject_.code(random_.of(subject_.donors()));
        const Body donor(subject_.target(), subject_.bytes(other.code), subject_.bytes(other.exceptiontable));
        if (donor.nodes.empty()) return {};
        const std::size_t begin = random_.below(donor.nodes.size());
        const std::size_t count = std::min(donor.nodes.size() - begin, 1 + random_.below(8));
        const std::size_t to = any_index();
        std::vector<Body::Node> added;
        for (std::size_t i = begin; i < begin + count; ++i) {
            const program::Instruction& item = donor.nodes[i].item;
            const bool index = item.op && item.op->operand->base >= isa::OperandBase::Const &&
                               item.op->operand->base <= isa::OperandBase::Deref;
            Body::Node node =
                body_.make(item.opcode, index ? operands_.argument_for(*item.op) : item.argument);
            if (item.op && isa::is_jump(item.op->operand->base)) operands_.aim(body_, node, to);
            added.push_back(node);
        }
        body_.insert(to, added);
        return fmt::format("{} of another function from its {} on stand at {}", count, begin, to);
    }

    /// A block round some instructions (up to 3.10), or a handler for them.
    std::string wrap() {
        const std::size_t begin = any_index(), count = some_from(begin);
        if (subject_.target().code.exceptiontable) {
            const Body::Place target = body_.rows.empty() || random_.once_in(3)
                                           ? body_.place_at(any_index())
                                           : random_.of(body_.rows).target;
            body_.rows.insert(body_.rows.begin() +
                                  static_cast<std::ptrdiff_t>(random_.below(body_.rows.size() + 1)),
                              {body_.place_at(begin), body_.place_at(begin + count), target,
                               static_cast<std::uint32_t>(random_.below(4)), random_.once_in(2)});
            return fmt::format("{} from {} get the handler {}", count, begin, body_.index_of(target));
        }
        std::vector<const isa::OpInfo*> setups;
        for (const std::uint8_t number : operands_.opcodes()) {
            const isa::OpInfo* op = subject_.target().op(number);
            if (op->name.starts_with("SETUP_")) setups.push_back(op);
        }
        const isa::OpInfo* pop = subject_.target().find("POP_BLOCK");
        if (setups.empty() || !pop) return {};
        const isa::OpInfo& op = *random_.of(setups);
        Body::Node setup = body_.make(subject_.target().number(op), 0);
        operands_.aim(body_, setup, begin);
        body_.insert(begin + count, {body_.make(subject_.target().number(*pop), 0)});
        body_.insert(begin, {setup});
        return fmt::format("{} from {} stand in a block of {}", count, begin, op.name);
    }

    std::string row() {
        if (body_.rows.empty()) return wrap();
        const std::size_t index = random_.below(body_.rows.size());
        Body::Row& row = body_.rows[index];
        const std::string which = fmt::format("row {} of the exception table: ", index);
        const auto nudged = [&](Body::Place place) {
            const std::size_t at = body_.index_of(place) + random_.below(5);
            return random_.once_in(4) ? body_.place_at(any_index()) : body_.place_at(at < 2 ? 0 : at - 2);
        };
        switch (random_.below(8)) {
        case 0: row.begin = nudged(row.begin); return which + "another begin";
        case 1: row.end = nudged(row.end); return which + "another end";
        case 2: row.target = nudged(row.target); return which + "another handler";
        case 3:
            row.depth += static_cast<std::uint32_t>(random_.below(3)) - 1;
            return which + fmt::format("depth {}", row.depth);
        case 4: row.lasti = !row.lasti; return which + (row.lasti ? "with lasti" : "without lasti");
        case 5:
            body_.rows.erase(body_.rows.begin() + static_cast<std::ptrdiff_t>(index));
            return which + "gone";
        case 6: std::swap(row, random_.of(body_.rows)); return which + "changes places with another";
        default: row.target = random_.of(body_.rows).target; return which + "the handler of another";
        }
    }

    /// Bytes as they come, in co_code or a table.
    std::string raw() {
        const bool lines = random_.once_in(6);
        const bool table = !lines && subject_.target().code.exceptiontable && random_.once_in(4);
        objects::ValueId& field = lines ? code_.linetable : table ? code_.exceptiontable : code_.code;
        const support::Bytes old = subject_.bytes(field);
        std::vector<std::uint8_t> bytes(old.begin(), old.end());
        if (bytes.empty()) return {};
        const std::size_t at = random_.below(bytes.size());
        std::string done;
        switch (random_.below(8)) {
        case 0: bytes.resize(at), done = fmt::format("ends at byte {}", at); break;
        case 1:
            bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                         {subject_.target().extended_arg, static_cast<std::uint8_t>(random_.below(3))});
            done = fmt::format("EXTENDED_ARG at byte {}", at);
            break;
        case 2:
            bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at)),
                done = fmt::format("byte {} is gone", at);
            break;
        default:
            bytes[at] = random_.once_in(2) ? static_cast<std::uint8_t>(bytes[at] ^ 1U << random_.below(8))
                                           : static_cast<std::uint8_t>(random_.below(256));
            done = fmt::format("byte {} becomes {}", at, bytes[at]);
        }
        field = subject_.add_bytes(bytes);
        return (lines ? "line table: " : table ? "exception table: " : "code: ") + done;
    }

    Subject& subject_;
    objects::CodeObject& code_;
    Random& random_;
    Operands operands_;
    Body body_;
};

} // namespace

std::string change_body(Subject& subject, objects::ValueId code, Random& random) {
    return BodyChanger(subject, code, random).run();
}

} // namespace pyasm::campaign
