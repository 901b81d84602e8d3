// Changes to the other fields of a code object: flags, counts, constants, names, variables.

#include "tools/campaign/changes.hpp"

#include <array>
#include <fmt/format.h>

namespace pyasm::campaign {
namespace {

using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

class FieldChanger {
  public:
    FieldChanger(Subject& subject, ValueId id, Random& random)
        : subject_(subject), pool_(subject.pool()), id_(id), code_(subject.code(id)), random_(random) {}

    std::string run() {
        switch (random_.below(12)) {
        case 0:
        case 1:
        case 2: return flag();
        case 3:
        case 4: return count();
        case 5: return stacksize();
        case 6:
        case 7:
        case 8: return constant();
        case 9: return name();
        default: return variable();
        }
    }

  private:
    std::string flag() {
        // Most of the rest are those of `from __future__`, which nothing that runs looks at.
        const auto& flags = subject_.target().flags;
        const isa::CodeFlag& flag =
            flags[random_.below(random_.once_in(6) ? flags.size() : std::min<std::size_t>(flags.size(), 10))];
        code_.flags ^= static_cast<std::int32_t>(flag.bit);
        const bool set = (static_cast<std::uint32_t>(code_.flags) & flag.bit) != 0;
        return fmt::format("{} is {}", flag.name, set ? "set" : "not set");
    }

    std::string count() {
        struct Count {
            const char* name;
            std::int32_t* field;
        };
        std::vector<Count> counts{{"argcount", &code_.argcount}};
        const isa::CodeLayout& layout = subject_.target().code;
        if (layout.kwonlyargcount) counts.push_back({"kwonlyargcount", &code_.kwonlyargcount});
        if (layout.posonlyargcount) counts.push_back({"posonlyargcount", &code_.posonlyargcount});
        if (!layout.localsplus) counts.push_back({"nlocals", &code_.nlocals});
        const Count& count = random_.of(counts);
        *count.field = random_.once_in(6) ? static_cast<std::int32_t>(random_.below(300)) - 1
                                          : *count.field + (random_.once_in(2) ? 1 : -1);
        return fmt::format("{} {}", count.name, *count.field);
    }

    std::string stacksize() {
        static constexpr std::array<std::int32_t, 6> sizes{0, 1, 2, 3, 100, 1000};
        code_.stacksize = random_.once_in(3)
                              ? random_.of(sizes)
                              : code_.stacksize + static_cast<std::int32_t>(random_.below(5)) - 2;
        return fmt::format("stacksize {}", code_.stacksize);
    }

    ValueId any_value() {
        const bool python2 = subject_.target().literals == isa::LiteralDialect::Python2;
        switch (random_.below(20)) {
        case 0: return ValuePool::singleton(ValueKind::None);
        case 1: return ValuePool::singleton(ValueKind::True);
        case 2: return ValuePool::singleton(ValueKind::False);
        case 3: return ValuePool::singleton(ValueKind::Ellipsis);
        case 4: return pool_.add_int(static_cast<std::int64_t>(random_.below(4)) - 1);
        case 5: return pool_.add_int(INT64_MAX);
        case 6: return pool_.add_float(-0.5);
        case 7: return pool_.add_complex(0, 1);
        case 8: return pool_.add_text(ValueKind::Bytes, "bytes");
        case 9: return pool_.add_text(ValueKind::Str, "text");
        case 10: return pool_.add_container(ValueKind::Tuple, 0U);
        case 11:
        case 12: { // of strings: names of arguments
            const std::array<ValueId, 2> names{word(python2, "a"), word(python2, "key")};
            return pool_.add_container(ValueKind::Tuple, std::span(names).first(1 + random_.below(2)));
        }
        case 13: {
            const std::array<ValueId, 2> numbers{pool_.add_int(1), pool_.add_int(2)};
            return pool_.add_container(ValueKind::Tuple, numbers);
        }
        case 14: {
            const std::array<ValueId, 2> members{word(python2, "a"), pool_.add_int(2)};
            return pool_.add_container(ValueKind::FrozenSet, members);
        }
        case 15: {
            if (!subject_.target().marshal.slices) return word(python2, "x");
            const std::array<ValueId, 3> parts{pool_.add_int(0), ValuePool::singleton(ValueKind::None),
                                               ValuePool::singleton(ValueKind::None)};
            return pool_.add_container(ValueKind::Slice, parts);
        }
        case 16: {
            static constexpr std::array<ValueKind, 3> kinds{ValueKind::List, ValueKind::Dict, ValueKind::Set};
            return pool_.add_container(random_.of(kinds), 0U);
        }
        default: {
            const auto codes = subject_.may_contain(id_);
            return codes.empty() ? ValuePool::singleton(ValueKind::None) : random_.of(codes);
        }
        }
    }
    ValueId word(bool python2, const char* text) {
        return pool_.add_text(python2 ? ValueKind::Bytes : ValueKind::Str, text, objects::Value::interned);
    }

    std::string constant() {
        auto members = subject_.members(code_.consts);
        const std::size_t at = random_.below(members.size());
        std::string done = fmt::format("constant {}: ", at);
        switch (members.empty() ? 4 : random_.below(8)) {
        case 0: std::swap(members[at], random_.of(members)), done += "changes places with another"; break;
        case 1: members[at] = random_.of(members), done += "the same as another"; break;
        case 2: members.pop_back(), done = "the last constant is gone"; break;
        case 3: members.push_back(any_value()), done = "one more constant"; break;
        case 4: {
            const auto& other = random_.of(subject_.donors());
            members = subject_.members(subject_.code(other).consts);
            for (ValueId& member : members) // it may be the outer function of this one
                if (pool_[member].kind == ValueKind::Code) member = any_value();
            done = "the constants of another function";
            break;
        }
        default:
            members[at] = any_value(),
            done += fmt::format("kind {}", static_cast<int>(pool_[members[at]].kind));
        }
        code_.consts = subject_.add_tuple(members);
        return done;
    }

    std::string name() {
        auto members = subject_.members(code_.names);
        if (members.empty()) return {};
        const std::size_t at = random_.below(members.size());
        switch (random_.below(4)) {
        case 0: members.pop_back(); break;
        case 1: members[at] = random_.of(members); break;
        case 2: members[at] = code_.name; break;
        default: std::swap(members[at], random_.of(members));
        }
        code_.names = subject_.add_tuple(members);
        return fmt::format("other names (at {})", at);
    }

    /// Variables come, go, change places, or become others.
    std::string variable() {
        if (subject_.target().code.localsplus) return local();
        struct Table {
            const char* name;
            ValueId* field;
        };
        const std::array<Table, 3> tables{
            {{"varnames", &code_.varnames}, {"cellvars", &code_.cellvars}, {"freevars", &code_.freevars}}};
        const Table& table = random_.of(tables);
        auto members = subject_.members(*table.field);
        switch (members.empty() ? 0 : random_.below(5)) {
        case 0: { // one of another table, or the function's name
            const auto others = subject_.members(*random_.of(tables).field);
            members.push_back(others.empty() ? code_.name : random_.of(others));
            break;
        }
        case 1: members.pop_back(); break;
        case 2:
            members.erase(members.begin() + static_cast<std::ptrdiff_t>(random_.below(members.size())));
            break;
        case 3: members[random_.below(members.size())] = random_.of(members); break;
        default: std::swap(members[0], random_.of(members));
        }
        *table.field = subject_.add_tuple(members);
        if (table.field == &code_.varnames && random_.once_in(2))
            code_.nlocals = static_cast<std::int32_t>(members.size());
        return fmt::format("{}: now {}", table.name, members.size());
    }

    std::string local() {
        static constexpr std::array<std::uint8_t, 9> bits{0x20, 0x40, 0x80, 0x10, 0x60,
                                                          0x02, 0x04, 0x08, 0xE0};
        static constexpr std::array<std::uint8_t, 6> kinds{0x20, 0x40, 0x80, 0x60, 0x26, 0};
        auto members = subject_.members(code_.localsplusnames);
        const support::Bytes old = subject_.bytes(code_.localspluskinds);
        std::vector<std::uint8_t> local_kinds(old.begin(), old.end());
        if (members.size() != local_kinds.size()) return {};
        const std::size_t at = random_.below(members.size());
        const auto place = static_cast<std::ptrdiff_t>(at);
        std::string done = fmt::format("variable {}: ", at);
        switch (members.empty() ? 0 : random_.below(6)) {
        case 0:
            members.insert(members.begin() + static_cast<std::ptrdiff_t>(random_.below(members.size() + 1)),
                           code_.name);
            local_kinds.insert(local_kinds.begin() +
                                   static_cast<std::ptrdiff_t>(random_.below(local_kinds.size() + 1)),
                               random_.of(kinds));
            done = "one more variable";
            break;
        case 1:
            members.erase(members.begin() + place), local_kinds.erase(local_kinds.begin() + place);
            done += "gone";
            break;
        case 2:
            std::swap(members[at], members[0]), std::swap(local_kinds[at], local_kinds[0]);
            done += "changes places with the first";
            break;
        case 3:
            local_kinds[at] = random_.of(kinds);
            done += fmt::format("kind {:#x}", local_kinds[at]);
            break;
        case 4:
            members[at] = random_.of(members);
            done += "another name";
            break;
        default: local_kinds[at] ^= random_.of(bits); done += fmt::format("kind {:#x}", local_kinds[at]);
        }
        code_.localsplusnames = subject_.add_tuple(members);
        code_.localspluskinds = subject_.add_bytes(local_kinds);
        return done;
    }

    Subject& subject_;
    ValuePool& pool_;
    const ValueId id_;
    objects::CodeObject& code_;
    Random& random_;
};

} // namespace

std::string change_field(Subject& subject, ValueId code, Random& random) {
    return FieldChanger(subject, code, random).run();
}

std::string change(Subject& subject, ValueId code, Random& random) {
    const std::string done =
        random.once_in(6) ? change_field(subject, code, random) : change_body(subject, code, random);
    if (done.empty()) return done;
    return subject.codes().size() > 1 ? subject.name_of(code) + ": " + done : done;
}

} // namespace pyasm::campaign
