#include "isa/target.hpp"
#include "tests/disassembler/code_maker.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace pyasm;
using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;
using tests::CodeMaker;
using tests::count_of;

namespace {

/// Code objects of which every field may be anything, but mostly is nearly right.
class Fields {
  public:
    Fields(CodeMaker& maker, unsigned seed) : maker_(maker), random_(seed) {}

    CodeObject code(int level) {
        CodeObject code = maker_.function(name(), consts(level));
        if (chance(2)) code.flags = static_cast<std::int32_t>(flags());
        for (std::int32_t* count :
             {&code.argcount, &code.posonlyargcount, &code.kwonlyargcount, &code.nlocals})
            if (chance(3)) *count = this->count();
        const isa::CodeLayout& layout = maker_.file.target->code;
        if (!layout.posonlyargcount) code.posonlyargcount = 0;
        if (!layout.kwonlyargcount) code.kwonlyargcount = 0;
        if (layout.localsplus) code.nlocals = 0;
        if (chance(4)) code.stacksize = this->count();
        if (chance(2)) code.firstlineno = static_cast<std::int32_t>(below(2000)) - 100;
        code.code = maker_.bytes(bytecode());
        code.names = names(below(5));
        code.varnames = names(below(5));
        code.cellvars = names(below(3));
        code.freevars = names(below(3));
        const std::uint32_t locals = below(6);
        code.localsplusnames = names(locals);
        code.localspluskinds = maker_.bytes(kinds(locals));
        if (chance(3)) code.filename = maker_.text("other.py");
        if (chance(3)) code.qualname = maker_.text(name() + "." + name());
        if (chance(8)) code.linetable = maker_.bytes(some_bytes(below(12)));
        if (chance(8)) code.exceptiontable = maker_.bytes(some_bytes(below(12)));
        return code;
    }

  private:
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    bool chance(std::uint32_t one_in) { return below(one_in) == 0; }

    std::string name() {
        static constexpr const char* known[] = {"a",
                                                "b",
                                                "c",
                                                "d",
                                                "e",
                                                "f",
                                                "<lambda>",
                                                ".0",
                                                "",
                                                "a b",
                                                "None",
                                                "nan",
                                                "__annotate__",
                                                "<genexpr>",
                                                "g\n",
                                                "x$1"};
        return known[chance(3) ? below(16) : below(6)];
    }
    ValueId names(std::uint32_t count) {
        std::vector<std::string> list;
        for (std::uint32_t i = 0; i < count; ++i)
            list.push_back(chance(6) ? name() : std::string(1, static_cast<char>('a' + i)));
        return maker_.names(list);
    }
    std::string kinds(std::uint32_t count) {
        static constexpr unsigned char known[] = {0x20, 0x20, 0x20, 0x60, 0x40, 0x80, 0x26, 0x30, 0x22};
        std::string kinds;
        for (std::uint32_t i = 0; i < count; ++i)
            kinds += static_cast<char>(chance(12) ? below(256) : known[below(9)]);
        return kinds;
    }
    std::uint32_t flags() {
        std::uint32_t flags = chance(2) ? 3 : 0;
        for (const isa::CodeFlag& flag : maker_.file.target->flags)
            if (chance(5)) flags |= flag.bit;
        return chance(8) ? static_cast<std::uint32_t>(random_()) : flags;
    }
    std::int32_t count() {
        return chance(6) ? static_cast<std::int32_t>(random_()) : static_cast<std::int32_t>(below(4));
    }
    std::string some_bytes(std::uint32_t count) {
        std::string bytes;
        for (std::uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(below(256));
        return bytes;
    }
    std::string bytecode() {
        const isa::Target& target = *maker_.file.target;
        std::string bytes;
        for (std::uint32_t i = below(14); i-- > 0;) {
            const auto mnemonics = target.mnemonics();
            const isa::OpInfo& op =
                *target.find(mnemonics[below(static_cast<std::uint32_t>(mnemonics.size()))]);
            bytes += static_cast<char>(chance(10) ? below(256) : target.number(op));
            bytes += static_cast<char>(chance(10) ? below(256) : below(6));
            bytes += std::string(chance(4) ? 0 : op.caches * 2U, '\0');
        }
        return bytes;
    }
    std::vector<ValueId> consts(int level) {
        auto& pool = maker_.file.pool;
        std::vector<ValueId> list;
        for (std::uint32_t i = below(5); i-- > 0;) {
            switch (below(9)) {
            case 0: list.push_back(objects::ValuePool::singleton(ValueKind::None)); break;
            case 1: list.push_back(objects::ValuePool::singleton(ValueKind::True)); break;
            case 2: list.push_back(pool.add_float(below(2) ? 1.0 : -0.0)); break;
            case 3: list.push_back(maker_.text(name())); break;
            case 4: list.push_back(maker_.tuple({pool.add_int(below(2)), maker_.text(name())})); break;
            case 5:
                if (level > 0) list.push_back(maker_.add(code(level - 1)));
                break;
            case 6:
                if (!list.empty()) again(list);
                break;
            default: list.push_back(pool.add_int(below(4))); break;
            }
        }
        return list;
    }

    /// One of them once more; marshal of 2.7 has no form for a code object in several places.
    void again(std::vector<ValueId>& list) {
        const ValueId id = list[below(static_cast<std::uint32_t>(list.size()))];
        if (maker_.file.pool[id].kind != ValueKind::Code || maker_.file.target->marshal.references)
            list.push_back(id);
    }

    CodeMaker& maker_;
    std::mt19937 random_;
};

} // namespace

TEST_CASE("pins: whatever the fields are, the listing gives them back") {
    for (const isa::Target& target : isa::all_targets()) {
        for (unsigned seed = 0; seed < 400; ++seed) {
            CodeMaker maker(target.name);
            Fields fields(maker, seed);
            const CodeObject top = fields.code(3);
            const std::string fault = maker.fault(maker.add(top));
            if (fault.empty()) continue;
            CAPTURE(target.name);
            CAPTURE(seed);
            FAIL_CHECK(fault);
            break;
        }
    }
}

TEST_CASE("pins: what a compiler makes of a function needs none") {
    CodeMaker maker("3.13");
    CodeObject code = maker.function("f", {maker.text("The docstring.")});
    code.code = maker.bytes(std::string("\x95\0\x53\0\x24\0", 6)); // RESUME 0, LOAD_CONST, RETURN_VALUE
    code.argcount = 2;
    code.posonlyargcount = 1;
    code.kwonlyargcount = 1;
    code.flags = 0xF;
    code.localsplusnames = maker.names({"a", "b", "c", "args", "rest"});
    code.localspluskinds = maker.bytes("     ");
    code.linetable = maker.bytes(std::string("\xea\x00", 2));
    const std::string listing = maker.listing(maker.add(maker.module({maker.add(code)})));
    INFO(listing);
    CHECK(count_of(".function f(a, /, b, *args, c, **rest)\n        .doc \"The docstring.\"\n", listing) ==
          1);
    for (const char* pin : {".argcount", ".consts", ".flags", ".locals", ".name", ".qualname"}) {
        CAPTURE(pin);
        CHECK(count_of(pin, listing.substr(listing.find(".function"))) == 0);
    }
}
