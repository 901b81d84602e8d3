#include "objects/same_file.hpp"

#include "objects/code_fields.hpp"
#include "objects/marshal_atoms.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <vector>

namespace pyasm::objects {

namespace {

constexpr std::uint32_t none = 0xFFFF'FFFF;

std::string_view name_of(ValueKind kind) {
    switch (kind) {
    case ValueKind::None: return "None";
    case ValueKind::True: return "True";
    case ValueKind::False: return "False";
    case ValueKind::Ellipsis: return "Ellipsis";
    case ValueKind::StopIteration: return "StopIteration";
    case ValueKind::Int: return "an int";
    case ValueKind::Long: return "a long int";
    case ValueKind::Float: return "a float";
    case ValueKind::Complex: return "a complex number";
    case ValueKind::Bytes: return "a byte string";
    case ValueKind::Str: return "a string";
    case ValueKind::Tuple: return "a tuple";
    case ValueKind::List: return "a list";
    case ValueKind::Dict: return "a dict";
    case ValueKind::Set: return "a set";
    case ValueKind::FrozenSet: return "a frozenset";
    case ValueKind::Slice: return "a slice";
    case ValueKind::FrozenDict: return "a frozendict";
    case ValueKind::Code: return "a code object";
    case ValueKind::CodeSymbol: return "a code object's symbol";
    case ValueKind::NameSymbol: return "a block's name";
    case ValueKind::ConstSymbol: return "a constant's symbol";
    }
    return "";
}

constexpr bool has_identity(ValueKind kind) {
    return kind == ValueKind::List || kind == ValueKind::Dict || kind == ValueKind::Set ||
           kind == ValueKind::Code;
}

/// Walks through two graphs side by side. Two values that were met together once are in one set from then on
/// (as in Hopcroft and Karp's test of automata), so that there are no more steps than values.
class Comparison {
  public:
    Comparison(const ValuePool& left, const ValuePool& right, const isa::Target& target)
        : left_(left), right_(right), target_(target), parents_(left.size() + right.size()),
          partner_of_left_(left.size(), none), partner_of_right_(right.size(), none) {
        for (std::uint32_t i = 0; i < parents_.size(); ++i) parents_[i] = i;
    }

    std::optional<Difference> run(ValueId left, ValueId right) {
        push(left, right, none, 0, nullptr);
        while (!pending_.empty()) {
            const std::uint32_t step = pending_.back();
            pending_.pop_back();
            if (!same(step)) return Difference{path(step), std::move(what_)};
        }
        return std::nullopt;
    }

  private:
    /// A pair to look at, and where it stands: a field by name, or a member by number.
    struct Step {
        ValueId left, right;
        std::uint32_t from;
        std::uint32_t member;
        const char* field;
    };

    void push(ValueId left, ValueId right, std::uint32_t from, std::uint32_t member, const char* field) {
        pending_.push_back(static_cast<std::uint32_t>(steps_.size()));
        steps_.push_back({left, right, from, member, field});
    }

    bool differ(std::string what) {
        what_ = std::move(what);
        return false;
    }

    bool same(std::uint32_t index) {
        const Step step = steps_[index];
        const std::size_t l = static_cast<std::size_t>(step.left), r = static_cast<std::size_t>(step.right);
        if (l >= left_.size() || r >= right_.size())
            return (l >= left_.size() && r >= right_.size()) || differ("missing on one side");
        const Value a = normalised(left_[step.left], target_), b = normalised(right_[step.right], target_);
        if (a.kind != b.kind) return differ(fmt::format("{} against {}", name_of(a.kind), name_of(b.kind)));
        if (a.kind <= ValueKind::StopIteration) return true;
        if (has_identity(a.kind) && !same_identity(l, r)) return false;
        if (!join(static_cast<std::uint32_t>(l), static_cast<std::uint32_t>(left_.size() + r))) return true;
        if (a.kind == ValueKind::Code) return same_code(index, step);
        if (is_container(a.kind)) return same_members(index, step);
        return same_atom(a, b);
    }

    bool same_identity(std::size_t l, std::size_t r) {
        std::uint32_t& of_left = partner_of_left_[l];
        std::uint32_t& of_right = partner_of_right_[r];
        if (of_left == none && of_right == none) {
            of_left = static_cast<std::uint32_t>(r);
            of_right = static_cast<std::uint32_t>(l);
        }
        return (of_left == r && of_right == l) ||
               differ("the same object as an earlier one on one side only");
    }

    std::uint32_t root(std::uint32_t at) {
        while (parents_[at] != at) {
            parents_[at] = parents_[parents_[at]];
            at = parents_[at];
        }
        return at;
    }
    /// Makes one set of two; false if they are already.
    bool join(std::uint32_t a, std::uint32_t b) {
        a = root(a);
        b = root(b);
        if (a == b) return false;
        parents_[b] = a;
        return true;
    }

    bool same_atom(const Value& a, const Value& b) {
        bool same = true;
        switch (a.kind) {
        case ValueKind::Int: same = a.integer == b.integer; break;
        case ValueKind::Float:
            same = std::bit_cast<std::uint64_t>(a.real) == std::bit_cast<std::uint64_t>(b.real);
            break;
        case ValueKind::Complex: same = std::memcmp(a.parts, b.parts, 2 * sizeof(double)) == 0; break;
        case ValueKind::Long:
            same = a.size == b.size && (a.flags & Value::negative) == (b.flags & Value::negative) &&
                   std::equal(a.digits, a.digits + a.size, b.digits);
            break;
        default: same = std::string_view(a.text, a.size) == std::string_view(b.text, b.size); break;
        }
        return same || differ(fmt::format("{} of another value", name_of(a.kind)));
    }

    bool same_members(std::uint32_t index, const Step& step) {
        const auto left = left_.children(step.left), right = right_.children(step.right);
        if (left.size() != right.size())
            return differ(fmt::format("{} of {} against {} objects", name_of(left_[step.left].kind),
                                      left.size(), right.size()));
        for (std::size_t i = left.size(); i-- > 0;)
            push(left[i], right[i], index, static_cast<std::uint32_t>(i), nullptr);
        return true;
    }

    bool same_code(std::uint32_t index, const Step& step) {
        const CodeObject &left = left_.code(step.left), &right = right_.code(step.right);
        if (const char* field = different_count(left, right)) {
            const std::uint32_t place = static_cast<std::uint32_t>(steps_.size());
            steps_.push_back({step.left, step.right, index, 0, field});
            return at_field_ = place, differ("another number");
        }
        std::vector<ValueId> others;
        visit_code_fields(
            target_.code, right, [](std::int32_t) { return true; },
            [&others](ValueId field, FieldKind, const char*) {
                others.push_back(field);
                return true;
            });
        const std::size_t first = pending_.size();
        std::size_t next = 0;
        visit_code_fields(
            target_.code, left, [](std::int32_t) { return true; },
            [&](ValueId field, FieldKind, const char* name) {
                push(field, others[next++], index, 0, name);
                return true;
            });
        std::reverse(pending_.begin() + static_cast<std::ptrdiff_t>(first), pending_.end());
        return true;
    }

    /// The first number of a code object that differs; null if none does.
    const char* different_count(const CodeObject& left, const CodeObject& right) const {
        const isa::CodeLayout& layout = target_.code;
        if (left.argcount != right.argcount) return "argcount";
        if (layout.posonlyargcount && left.posonlyargcount != right.posonlyargcount) return "posonlyargcount";
        if (layout.kwonlyargcount && left.kwonlyargcount != right.kwonlyargcount) return "kwonlyargcount";
        if (!layout.localsplus && left.nlocals != right.nlocals) return "nlocals";
        if (left.stacksize != right.stacksize) return "stacksize";
        if (left.flags != right.flags) return "flags";
        if (left.firstlineno != right.firstlineno) return "firstlineno";
        return nullptr;
    }

    /// How one gets from a value to its member.
    std::string part(const Step& step) const {
        if (step.field) return fmt::format(".co_{}", step.field);
        const ValueKind kind = left_[steps_[step.from].left].kind;
        if (kind == ValueKind::Dict || kind == ValueKind::FrozenDict)
            return fmt::format(".{}[{}]", step.member % 2 == 0 ? "keys" : "values", step.member / 2);
        return fmt::format("[{}]", step.member);
    }

    std::string path(std::uint32_t index) const {
        constexpr std::size_t shown = 40; // parts on each end of a long way
        if (at_field_ != none) index = at_field_;
        std::vector<std::string> parts;
        for (; steps_[index].from != none; index = steps_[index].from) parts.push_back(part(steps_[index]));
        if (parts.empty()) return "top object";
        std::string text;
        for (std::size_t i = parts.size(); i-- > 0;) {
            text += parts[i];
            if (parts.size() - i == shown && i > shown) {
                text += fmt::format("...({} more)...", i - shown);
                i = shown;
            }
        }
        return text.starts_with('.') ? text.substr(1) : text;
    }

    const ValuePool& left_;
    const ValuePool& right_;
    const isa::Target& target_;
    std::vector<std::uint32_t> parents_; // left values, then right ones
    // Of objects with identity: the one met on the other side.
    std::vector<std::uint32_t> partner_of_left_;
    std::vector<std::uint32_t> partner_of_right_;
    std::vector<Step> steps_;
    std::vector<std::uint32_t> pending_; // of steps_, the next at the end
    std::uint32_t at_field_ = none;
    std::string what_;
};

Difference numbers(const char* path, std::uint64_t left, std::uint64_t right) {
    return {path, fmt::format("{} against {}", left, right)};
}

std::optional<Difference> header_difference(const PycHeader& left, const PycHeader& right,
                                            isa::HeaderLayout layout) {
    if (left.absent != right.absent) return Difference{"header", "on one side only"};
    if (left.absent) return std::nullopt;
    const bool has_flags = layout == isa::HeaderLayout::Flags;
    if (has_flags && left.flags != right.flags) return numbers("header.flags", left.flags, right.flags);
    if (has_flags && (left.flags & PycHeader::hash_based)) {
        if (left.hash != right.hash) return Difference{"header.hash", "different bytes"};
        return std::nullopt;
    }
    if (left.mtime != right.mtime) return numbers("header.mtime", left.mtime, right.mtime);
    if (layout != isa::HeaderLayout::Mtime && left.source_size != right.source_size)
        return numbers("header.size", left.source_size, right.source_size);
    return std::nullopt;
}

} // namespace

std::optional<Difference> difference(const ValuePool& left_pool, ValueId left, const ValuePool& right_pool,
                                     ValueId right, const isa::Target& target) {
    return Comparison(left_pool, right_pool, target).run(left, right);
}

std::optional<Difference> difference(const PycFile& left, const PycFile& right) {
    if (left.target != right.target)
        return Difference{"target", fmt::format("{} against {}", left.target->name, right.target->name)};
    if (auto found = header_difference(left.header, right.header, left.target->header)) return found;
    if (auto found = difference(left.pool, left.top, right.pool, right.top, *left.target)) return found;
    if (!std::ranges::equal(left.trailing, right.trailing))
        return Difference{"trailing bytes", "different bytes"};
    return std::nullopt;
}

} // namespace pyasm::objects
