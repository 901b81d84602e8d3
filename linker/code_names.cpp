#include "linker/code_names.hpp"

#include "objects/code_object.hpp"
#include "support/hash.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>
#include <tsl/robin_map.h>

#include <algorithm>
#include <cstdint>

namespace pyasm::linker {
namespace {

using objects::CodeObject;
using objects::no_value;
using objects::ValueId;
using objects::ValueKind;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '<' ||
           c == '>' || c == '.';
}

/// Letters and the like: see disassembler/outline.cpp, which writes symbols so.
bool is_letter(const support::CodePoint& point) {
    return point.valid && !point.surrogate && point.value >= 0xAA && !support::needs_escape(point.value) &&
           support::display_width(point.value) > 0 && (point.value < 0x2000 || point.value >= 0x2C00) &&
           point.value != 0x3000 && point.value != 0xAD;
}

class Names {
  public:
    Names(const objects::PycFile& file, support::Arena& arena)
        : pool_(file.pool), target_(*file.target), arena_(arena), seen_(file.pool.size(), 0) {
        waiting_.push_back({file.top, outermost, {}});
    }

    std::vector<NamedCode> run() {
        while (!waiting_.empty()) {
            const Waiting next = waiting_.back();
            waiting_.pop_back();
            if (static_cast<std::size_t>(next.id) >= seen_.size() || seen_[static_cast<std::size_t>(next.id)]) continue;
            seen_[static_cast<std::size_t>(next.id)] = 1;
            const ValueKind kind = pool_[next.id].kind;
            if (kind == ValueKind::Code)
                enter(next);
            else if (objects::is_container(kind))
                look_into(next.id, next.joint, next.outer);
        }
        return std::move(found_);
    }

  private:
    /// What stands between the name of a code object and those in it.
    enum Joint : std::uint8_t { outermost, module, class_body, function };
    struct Waiting {
        ValueId id;
        Joint joint;
        std::string_view outer;
    };

    void look_into(ValueId container, Joint joint, std::string_view outer) {
        const auto members = pool_.children(container);
        for (std::size_t i = members.size(); i != 0; --i) waiting_.push_back({members[i - 1], joint, outer});
    }

    void enter(const Waiting& place) {
        const CodeObject& code = pool_.code(place.id);
        const bool top = place.joint == outermost;
        const std::string_view base = top ? std::string_view("<module>") : name_of(code, place);
        const std::uint32_t number = ++counts_[base];
        found_.push_back({number < 2 ? base : arena_.copy(fmt::format("{}${}", base, number)), place.id});
        if (static_cast<std::size_t>(code.consts) < seen_.size() && objects::is_container(pool_[code.consts].kind))
            look_into(code.consts, top ? module : is_function(code) ? function : class_body, top ? "" : base);
    }

    [[nodiscard]] std::string_view text(ValueId id) const {
        if (static_cast<std::size_t>(id) >= seen_.size()) return {};
        const ValueKind kind = pool_[id].kind;
        return kind == ValueKind::Str || kind == ValueKind::Bytes ? pool_.text(id) : std::string_view{};
    }

    /// The qualified name: stated from 3.11 on, and before derived as those versions' compilers give functions
    /// theirs (compiler_set_qualname in Python/compile.c).
    [[nodiscard]] std::string_view name_of(const CodeObject& code, const Waiting& place) {
        if (target_.code.qualname) return kept(as_symbol(text(code.qualname)));
        const std::string name = as_symbol(text(code.name));
        if (place.outer.empty()) return kept(name);
        return kept(fmt::format("{}{}{}", place.outer, place.joint == function ? ".<locals>." : ".", name));
    }
    [[nodiscard]] std::string_view kept(std::string_view name) {
        return arena_.copy(name.substr(0, longest_code_name));
    }

    [[nodiscard]] bool is_function(const CodeObject& code) const {
        const auto flags = static_cast<std::uint32_t>(code.flags);
        const isa::CodeFlagBits& bits = target_.flag_bits;
        if (!(flags & bits.newlocals)) return false;
        if (flags & bits.optimized) return true;
        // 2.7: a function with `exec` in it is not optimized, and a class body has neither locals nor arguments.
        return code.argcount > 0 || (flags & (bits.varargs | bits.varkeywords)) ||
               (static_cast<std::size_t>(code.varnames) < seen_.size() && pool_[code.varnames].size != 0);
    }

    const objects::ValuePool& pool_;
    const isa::Target& target_;
    support::Arena& arena_;
    std::vector<std::uint8_t> seen_; // by value
    std::vector<Waiting> waiting_;
    std::vector<NamedCode> found_;
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash> counts_;
};

bool take_ending(std::string_view& name, std::string_view ending) {
    if (name.size() <= ending.size() || !name.ends_with(ending)) return false;
    name.remove_suffix(ending.size());
    return true;
}

} // namespace

std::string as_symbol(std::string_view name) {
    std::string symbol;
    for (std::size_t at = 0; at < name.size() && symbol.size() < longest_code_name;) {
        const support::CodePoint point = support::decode_utf8(name, at);
        const std::string_view bytes = name.substr(at, point.size);
        const bool fits = point.value < 0x80 ? is_plain(name[at]) : is_letter(point);
        symbol += fits ? bytes : std::string_view("_");
        at += point.size;
    }
    return symbol.empty() ? "_" : symbol;
}

std::string stem_of(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1); // npos + 1 is 0
    for (const std::string_view ending : {".pyasmo", ".pyasm", ".pyc", ".pyo"})
        if (take_ending(path, ending)) break;
    // PEP 3147 and 488: hello.cpython-313.opt-1.pyc
    for (const std::string_view mark : {".opt-", ".cpython-"}) {
        const std::size_t dot = path.rfind('.');
        if (dot != std::string_view::npos && dot != 0 && path.substr(dot).starts_with(mark)) path = path.substr(0, dot);
    }
    return as_symbol(path);
}

std::vector<NamedCode> name_code_objects(const objects::PycFile& file, support::Arena& arena) {
    return Names(file, arena).run();
}

} // namespace pyasm::linker
