// Code objects put together from any bytes: instructions, tables, counts, and names and constants from a
// small alphabet of awkward ones, for each target. Their file must come back from its listing, as any other.

#include "fuzz/round_trip.hpp"
#include "objects/code_object.hpp"
#include "objects/pyc.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace {

using namespace pyasm;
using namespace std::string_view_literals;
using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

constexpr std::array words{"a"sv,
                           "b"sv,
                           "c"sv,
                           "f"sv,
                           "<module>"sv,
                           "<lambda>"sv,
                           "<listcomp>"sv,
                           "C"sv,
                           "a.b"sv,
                           "f.<locals>.f"sv,
                           "C.f"sv,
                           ""sv,
                           "\0"sv,
                           "x y"sv,
                           "__class__"sv,
                           ".0"sv,
                           ".defaults"sv,
                           "$1"sv,
                           "f$2"sv,
                           "None"sv,
                           "if"sv,
                           "NULL"sv,
                           "a + NULL"sv,
                           "L1"sv,
                           "\xc3\xa9"sv,
                           "\xed\xa0\x80"sv,
                           "\xe2\x80\xae"sv,
                           "1"sv,
                           "#"sv,
                           "\n.end\n"sv,
                           "\\"sv,
                           "\""sv,
                           "'''"sv,
                           "__classdict__"sv,
                           "_"sv,
                           "code(f)"sv,
                           "None first\nSecond line\n"sv,
                           "[0]"sv,
                           "@ 1:2"sv,
                           "<generic parameters of f>"sv};

class Input {
  public:
    explicit Input(support::Bytes bytes) : bytes_(bytes) {}
    std::uint8_t byte() { return next_ < bytes_.size() ? bytes_[next_++] : std::uint8_t{0}; }
    std::size_t below(std::size_t end) { return byte() % end; }
    support::Bytes take(std::size_t size) {
        size = std::min(size, bytes_.size() - next_);
        next_ += size;
        return bytes_.subspan(next_ - size, size);
    }
    /// Small, mostly.
    std::int32_t number() {
        const std::uint8_t first = byte();
        if (first < 0xF0) return first % 16;
        static constexpr std::array<std::int32_t, 8> rare{-1,  255, 256,       65536,
                                                          100, 300, INT32_MAX, INT32_MIN};
        return first < 0xF8 ? rare[first % 8]
                            : static_cast<std::int32_t>(byte() | byte() << 8 | byte() << 16);
    }

  private:
    support::Bytes bytes_;
    std::size_t next_ = 0;
};

class Maker {
  public:
    Maker(const isa::Target& target, Input& input)
        : input_(input), python2_(target.literals == isa::LiteralDialect::Python2) {
        file.target = &target;
    }

    void make() {
        const std::size_t count = 1 + input_.below(3);
        for (std::size_t i = 0; i < count; ++i) codes_.push_back(code());
        file.top = codes_.back();
        if (input_.byte() > 0xF0) file.top = constant();
        if (input_.byte() > 0xF0) file.trailing = input_.take(input_.below(8));
        file.header.mtime = static_cast<std::uint32_t>(input_.number());
    }

    objects::PycFile file;

  private:
    /// A word that was there before, the same object, or a new one.
    ValueId text() {
        const std::uint8_t choice = input_.byte();
        if (choice >= 0x80 && !texts_.empty()) return texts_[choice % texts_.size()];
        texts_.push_back(
            file.pool.add_text(python2_ ? ValueKind::Bytes : ValueKind::Str, words[choice % words.size()]));
        return texts_.back();
    }
    ValueId bytes(support::Bytes bytes) {
        return file.pool.add_text(ValueKind::Bytes, support::as_text(bytes));
    }
    ValueId names() {
        const std::uint8_t choice = input_.byte();
        if (choice >= 0xE0 && !tuples_.empty()) return tuples_[choice % tuples_.size()];
        std::vector<ValueId> members;
        for (std::size_t left = choice % 6; left > 0; --left) members.push_back(text());
        tuples_.push_back(file.pool.add_container(ValueKind::Tuple, members));
        return tuples_.back();
    }

    ValueId constant(int depth = 0) {
        ValuePool& pool = file.pool;
        switch (input_.below(20)) {
        case 0: return ValuePool::singleton(ValueKind::None);
        case 1: return ValuePool::singleton(ValueKind::True);
        case 2: return ValuePool::singleton(ValueKind::False);
        case 3: return ValuePool::singleton(ValueKind::Ellipsis);
        case 4: return pool.add_int(input_.number());
        case 5: return pool.add_int(INT64_MIN + input_.byte());
        case 6: return pool.add_float(input_.byte() < 128 ? -0.0 : 0.0);
        case 7: return pool.add_float(std::numeric_limits<double>::quiet_NaN());
        case 8: return pool.add_complex(-0.0, -static_cast<double>(input_.byte()));
        case 9: return pool.add_text(ValueKind::Bytes, words[input_.below(words.size())]);
        case 10: return pool.add_text(ValueKind::Str, words[input_.below(words.size())]);
        case 11: return number();
        case 12:
        case 13:
            return codes_.empty() ? ValuePool::singleton(ValueKind::None)
                                  : codes_[input_.below(codes_.size())];
        case 14: return container(ValueKind::Tuple, depth);
        case 15: return container(ValueKind::FrozenSet, depth);
        case 16: return container(ValueKind::List, depth);
        case 17: // without references, a file would have each copy of it
            return constants_.empty() || !file.target->marshal.references
                       ? text()
                       : constants_[input_.below(constants_.size())];
        case 18: return pool.add_float(static_cast<double>(input_.byte()));
        default: return text();
        }
    }
    ValueId number() {
        const std::array<std::uint16_t, 5> digits{0, 1, 2, 3, static_cast<std::uint16_t>(1 + input_.byte())};
        return file.pool.add_long(digits, input_.byte() > 127);
    }
    ValueId container(ValueKind kind, int depth) {
        std::vector<ValueId> members;
        if (depth < 4)
            for (std::size_t left = input_.below(4); left > 0; --left) members.push_back(constant(depth + 1));
        return file.pool.add_container(kind, members);
    }
    ValueId constants() {
        const std::uint8_t choice = input_.byte();
        std::vector<ValueId> members;
        for (std::size_t left = choice % 8; left > 0; --left) {
            members.push_back(constant());
            constants_.push_back(members.back());
        }
        return file.pool.add_container(ValueKind::Tuple, members);
    }

    std::int32_t flags() {
        const isa::CodeFlagBits& bits = file.target->flag_bits;
        const std::uint8_t choice = input_.byte();
        std::uint32_t flags = (choice & 1 ? bits.optimized : 0) | (choice & 2 ? bits.newlocals : 0) |
                              (choice & 4 ? bits.varargs : 0) | (choice & 8 ? bits.varkeywords : 0) |
                              (choice & 16 ? bits.nested : 0) | (choice & 32 ? bits.generator : 0) |
                              (choice & 64 ? bits.nofree : 0);
        if (choice & 128) flags ^= std::uint32_t{1} << input_.below(32);
        return static_cast<std::int32_t>(flags);
    }

    ValueId code() {
        CodeObject code;
        const std::uint8_t counts = input_.byte();
        if (counts & 1) code.argcount = input_.number();
        if (counts & 2) code.kwonlyargcount = input_.number();
        if (counts & 4) code.posonlyargcount = input_.number();
        code.nlocals = input_.number();
        code.stacksize = input_.number();
        code.flags = flags();
        code.firstlineno = input_.number();
        code.name = text();
        code.qualname = counts & 8 ? text() : code.name;
        code.filename = text();
        code.consts = constants();
        code.names = names();
        code.varnames = code.localsplusnames = names();
        const std::size_t locals = file.pool[code.varnames].size;
        if (!file.target->code.localsplus) {
            code.freevars = names();
            code.cellvars = names();
            if (counts & 16) code.nlocals = static_cast<std::int32_t>(locals);
        }
        static constexpr std::array<std::uint8_t, 8> kinds{0x20, 0x20, 0x40, 0x60, 0x80, 0x26, 0x30, 0};
        std::vector<std::uint8_t> local_kinds;
        for (std::size_t i = 0; i < locals; ++i) {
            const std::uint8_t kind = input_.byte();
            local_kinds.push_back(kind & 0x80 ? kind : kinds[kind % 8]);
        }
        if (counts & 32) local_kinds.push_back(0x20);
        code.localspluskinds =
            file.pool.add_text(ValueKind::Bytes, file.pool.arena().copy(support::as_text(local_kinds)));
        code.linetable = bytes(input_.take(input_.below(24)));
        code.exceptiontable = bytes(input_.take(input_.below(24)));
        code.code = bytes(input_.take(input_.byte()));
        return file.pool.add_code(code);
    }

    Input& input_;
    const bool python2_;
    std::vector<ValueId> codes_, texts_, tuples_, constants_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input({data, size});
    const auto targets = isa::all_targets();
    Maker maker(targets[input.below(targets.size())], input);
    maker.make();
    support::ByteWriter written;
    if (!objects::write_pyc(maker.file, written)) return 0;
    if (!objects::read_pyc(written.view())) return 0; // an unhashable member, or a name that is none
    fuzz::check_round_trip(written.view(), size % 2 == 1);
    fuzz::check_shown(written.view());
    return 0;
}
