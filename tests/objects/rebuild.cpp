#include "tests/objects/rebuild.hpp"

#include "objects/classes.hpp"
#include "objects/code_fields.hpp"

#include <unordered_map>

namespace pyasm::tests {

using objects::CodeObject;
using objects::FieldKind;
using objects::no_value;
using objects::PycFile;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

namespace {

class Rebuilder {
  public:
    Rebuilder(const PycFile& file, PycFile& copy, Sharing sharing)
        : from_(file.pool), to_(copy.pool), target_(*file.target), sharing_(sharing),
          classes_(file.pool, file.top, *file.target) {}

    ValueId object(ValueId id) {
        const Value& value = from_[id];
        if (value.kind <= ValueKind::StopIteration) return ValuePool::singleton(value.kind);
        const bool identity = value.kind == ValueKind::List || value.kind == ValueKind::Dict ||
                              value.kind == ValueKind::Set || value.kind == ValueKind::Code ||
                              (value.marks & Value::recursive);
        const bool equal = sharing_ == Sharing::Equal && !identity;
        const bool keep = identity || equal || sharing_ == Sharing::AsRead || made_ > 100000;
        const std::uint64_t key = equal ? std::uint64_t{classes_[id]} << 32 : static_cast<std::uint32_t>(id);
        if (keep)
            if (const auto known = known_.find(key); known != known_.end()) return known->second;
        ++made_;
        const ValueId copy = to_.add(bare(value));
        known_[key] = copy; // before its members: they may lead back to it
        if (value.kind == ValueKind::Code) return code(id, copy);
        if (objects::is_container(value.kind)) {
            std::vector<ValueId> members;
            for (const ValueId member : from_.children(id)) members.push_back(object(member));
            to_.set_children(copy, members);
        }
        return copy;
    }

  private:
    static Value bare(Value value) {
        value.type_byte = 0;
        value.marks = 0;
        value.flags &= Value::negative;
        return value;
    }

    ValueId code(ValueId id, ValueId copy) {
        CodeObject fields = from_.code(id);
        objects::visit_code_fields(
            target_.code, fields, [](std::int32_t) { return true; },
            [this](ValueId& field, FieldKind, std::string_view) {
                field = object(field);
                return true;
            });
        const ValueId made = to_.add_code(fields);
        to_[copy].index = to_[made].index;
        return copy;
    }

    const ValuePool& from_;
    ValuePool& to_;
    const isa::Target& target_;
    const Sharing sharing_;
    const objects::ValueClasses classes_;
    std::unordered_map<std::uint64_t, ValueId> known_;
    std::size_t made_ = 0;
};

/// Writes one random object after another, and keeps in mind what references may lead to.
class Generator {
  public:
    Generator(std::mt19937& random, const isa::Target& target, int size)
        : random_(random), target_(target), flags_(target.marshal.references),
          python2_(target.marshal.interned_table), left_(size) {}

    std::vector<std::uint8_t> run() {
        any(0);
        return std::move(out_);
    }

  private:
    enum class Sort { Other, Bytes, Text, Tuple };
    struct Slot {
        bool ready;
        bool hashable;
        Sort sort;
    };

    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    bool one_in(std::uint32_t n) { return below(n) == 0; }
    void u8(std::uint32_t byte) { out_.push_back(static_cast<std::uint8_t>(byte)); }
    void u32(std::uint32_t number) {
        for (int i = 0; i < 4; ++i) u8(number >> 8 * i & 0xFF);
    }
    void text(std::string_view text) { out_.insert(out_.end(), text.begin(), text.end()); }

    /// The type byte; the place in the table of references, or none.
    std::size_t start(char type, Sort sort, bool ready, bool hashable) {
        const bool flag = flags_ && one_in(2);
        u8(static_cast<std::uint8_t>(type) | (flag ? 0x80u : 0u));
        if (!flag && !(python2_ && type == 't')) return SIZE_MAX;
        slots_.push_back({ready, hashable, sort});
        return slots_.size() - 1;
    }
    void finish(std::size_t slot, bool hashable) {
        if (slot != SIZE_MAX) slots_[slot] = {true, hashable, slots_[slot].sort};
    }

    /// A reference to something fit, if there is any.
    bool reference(bool hashable, const Sort* sort) {
        for (int tries = 0; tries < 4 && !slots_.empty(); ++tries) {
            const std::uint32_t index = below(static_cast<std::uint32_t>(slots_.size()));
            const Slot& slot = slots_[index];
            if (!slot.ready || (hashable && !slot.hashable) || (sort && slot.sort != *sort)) continue;
            u8(python2_ ? 'R' : flags_ && one_in(10) ? 'r' | 0x80u : 'r');
            u32(index);
            return true;
        }
        return false;
    }

    /// True if what was written can be hashed.
    bool any(int depth) {
        if (one_in(3) && reference(false, nullptr)) return false;
        if (--left_ < 0 || depth > 12 || one_in(3)) return atom(), true;
        switch (below(8)) {
        case 0:
        case 1: return tuple(depth, false, -1);
        case 2: return sequence('[', depth, false), false;
        case 3: return dict('{', depth), false;
        case 4: return sequence('<', depth, true), false;
        case 5: return sequence('>', depth, true), true;
        case 6:
            if (target_.marshal.frozendicts && one_in(2)) return dict('}', depth), false;
            if (target_.marshal.slices) return slice(depth), false;
            return atom(), true;
        default: return code(depth), false;
        }
    }

    void hashable(int depth) {
        if (one_in(3) && reference(true, nullptr)) return;
        if (depth < 12 && one_in(4))
            (void)tuple(depth, true, -1);
        else
            atom();
    }

    bool tuple(int depth, bool only_hashable, int size) {
        const std::uint32_t count = size < 0 ? below(4) : static_cast<std::uint32_t>(size);
        const bool small = target_.marshal.short_forms && !one_in(6);
        const std::size_t slot = start(small ? ')' : '(', Sort::Tuple, true, false);
        if (small)
            u8(count);
        else
            u32(count);
        bool all = true;
        for (std::uint32_t i = 0; i < count; ++i)
            if (only_hashable)
                hashable(depth + 1);
            else
                all = any(depth + 1) && all;
        finish(slot, all && only_hashable);
        return all && only_hashable;
    }

    void sequence(char type, int depth, bool only_hashable) {
        const std::uint32_t count = below(5);
        const std::size_t slot = start(type, Sort::Other, type != '>', false);
        u32(count);
        for (std::uint32_t i = 0; i < count; ++i)
            if (only_hashable)
                hashable(depth + 1);
            else
                (void)any(depth + 1);
        finish(slot, type == '>');
    }

    void slice(int depth) {
        const std::size_t slot = start(':', Sort::Other, false, false);
        for (int i = 0; i < 3; ++i) (void)any(depth + 1);
        finish(slot, false);
    }

    void dict(char type, int depth) {
        const std::size_t slot = start(type, Sort::Other, type == '{', false);
        for (std::uint32_t pairs = below(4); pairs > 0; --pairs) {
            hashable(depth + 1);
            (void)any(depth + 1);
            if (python2_ && one_in(6)) {
                (void)any(depth + 1);
                u8('0');
            }
        }
        if (one_in(6)) {
            (void)any(depth + 1); // a key that is dropped
            if (python2_) u8('0');
        }
        u8(flags_ && one_in(6) ? '0' | 0x80u : '0');
        finish(slot, false);
    }

    void atom() {
        switch (below(10)) {
        case 0: u8("NTF.S"[below(5)] | (flags_ && one_in(4) ? 0x80u : 0u)); break;
        case 1:
            (void)start('i', Sort::Other, true, true);
            u32(below(3));
            break;
        case 2:
            (void)start('I', Sort::Other, true, true);
            u32(below(3));
            u32(below(2));
            break;
        case 3: return long_int();
        case 4:
            (void)start('g', Sort::Other, true, true);
            u32(below(2));
            u32(below(2) << 31);
            break;
        case 5: {
            (void)start('y', Sort::Other, true, true);
            for (int i = 0; i < 4; ++i) u32(below(2) << 31);
            break;
        }
        case 6: {
            const bool complex = one_in(2);
            (void)start(complex ? 'x' : 'f', Sort::Other, true, true);
            for (int i = complex ? 0 : 1; i < 2; ++i) decimal();
            break;
        }
        case 7: return bytes();
        default: return string();
        }
    }

    void decimal() {
        static constexpr std::string_view texts[] = {"0", "0.0", "1", "1.50", "-0", "nan", "1e400"};
        const std::string_view one = texts[below(std::size(texts))];
        u8(static_cast<std::uint32_t>(one.size()));
        text(one);
    }

    void long_int() {
        (void)start('l', Sort::Other, true, true);
        const std::uint32_t count = below(7);
        u32(one_in(2) ? count : 0u - count);
        for (std::uint32_t i = 0; i < count; ++i) {
            u8(1 + below(2));
            u8(below(2));
        }
    }

    std::string_view ascii() {
        static constexpr std::string_view texts[] = {"", "a", "b", "name", "two words", "x_1"};
        return texts[below(std::size(texts))];
    }

    void counted(std::string_view content) {
        u32(static_cast<std::uint32_t>(content.size()));
        text(content);
    }

    void bytes(const std::string* content = nullptr) {
        (void)start(!content && python2_ && one_in(2) ? 't' : 's', Sort::Bytes, true, true);
        counted(content ? *content : ascii());
    }

    /// 2.7: unicode; else the text that names are made of.
    void string() {
        if (python2_) {
            (void)start('u', Sort::Text, true, true);
            return counted(one_in(2) ? ascii() : "\xc3\xa9");
        }
        switch (below(5)) {
        case 0:
            (void)start(one_in(2) ? 'u' : 't', Sort::Text, true, true);
            return counted(one_in(2) ? ascii() : "\xc3\xa9\xed\xa0\x80");
        case 1:
            (void)start(one_in(2) ? 'a' : 'A', Sort::Text, true, true);
            return counted(one_in(2) ? ascii() : "\xe9!");
        default:
            (void)start(one_in(2) ? 'z' : 'Z', Sort::Text, true, true);
            const std::string_view content = one_in(5) ? "\xe9" : ascii();
            u8(static_cast<std::uint32_t>(content.size()));
            text(content);
        }
    }

    void name() {
        const Sort sort = python2_ ? Sort::Bytes : Sort::Text;
        if (one_in(2) && reference(false, &sort)) return;
        if (python2_)
            bytes();
        else
            string();
    }

    void names(std::uint32_t count) {
        const std::size_t slot = start('(', Sort::Other, true, false);
        u32(count);
        for (std::uint32_t i = 0; i < count; ++i) name();
        finish(slot, true);
    }

    void code(int depth) {
        const std::size_t slot = start('c', Sort::Other, false, false);
        const std::uint32_t locals = below(3);
        CodeObject shape;
        objects::visit_code_fields(
            target_.code, shape,
            [this](std::int32_t) {
                u32(below(3) - 1);
                return true;
            },
            [this, depth, locals](ValueId, FieldKind kind, std::string_view field) {
                const Sort sort = kind == FieldKind::Constants ? Sort::Tuple : Sort::Bytes;
                const std::string kinds(locals, ' ');
                if (kind == FieldKind::Text)
                    name();
                else if (kind == FieldKind::Names)
                    names(field == "localsplusnames" ? locals : below(3));
                else if (field == "localspluskinds")
                    bytes(&kinds);
                else if (one_in(3) && reference(false, &sort))
                    return true;
                else if (kind == FieldKind::Bytes)
                    bytes();
                else
                    (void)tuple(depth + 1, false, -1);
                return true;
            });
        finish(slot, false);
    }

    std::mt19937& random_;
    const isa::Target& target_;
    const bool flags_;
    const bool python2_;
    int left_;
    std::vector<std::uint8_t> out_;
    std::vector<Slot> slots_;
};

} // namespace

PycFile rebuild(const PycFile& file, Sharing sharing) {
    PycFile copy;
    copy.target = file.target;
    copy.header = file.header;
    copy.trailing = file.trailing;
    copy.top = Rebuilder(file, copy, sharing).object(file.top);
    return copy;
}

std::vector<std::uint8_t> random_marshal(std::mt19937& random, const isa::Target& target, int size) {
    return Generator(random, target, size).run();
}

} // namespace pyasm::tests
