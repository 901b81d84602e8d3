// Literals out of values: what is printed parses to the same type and bits.
#include "grammar/print.hpp"
#include "tests/grammar/parsed.hpp"
#include "tests/grammar/same_unit.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <bit>
#include <limits>
#include <random>

using namespace pyasm;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

namespace {

/// A unit with one block, to be filled.
program::Unit unit_for(std::string_view target) {
    program::Unit unit;
    unit.target = isa::find_target(target);
    unit.blocks.emplace_back().kind = program::BlockKind::Module;
    return unit;
}

void add_constant(program::Unit& unit, ValueId id) {
    auto& consts = unit.blocks[0].pins.consts;
    consts.set = true;
    consts.value.values.push_back(id);
    auto& statement = unit.blocks[0].body.emplace_back();
    statement.text = "LOAD_CONST";
    statement.operand.form = program::OperandForm::Value;
    statement.operand.value = id;
    const auto kind = unit.values[id].kind;
    const bool native =
        kind == (unit.target->literals == isa::LiteralDialect::Python2 ? ValueKind::Bytes : ValueKind::Str);
    if (!native) return;
    statement.operand.quoted = true;
    statement.operand.text = unit.values.text(id);
}

/// Prints and parses: empty if that gives the same unit.
std::string check(const program::Unit& unit, std::size_t width = 100) {
    const std::string text = tests::print_text(unit, width);
    const tests::Parsed parsed = tests::parse_text(text);
    if (parsed.diagnostics.has_errors()) return parsed.errors() + text.substr(0, 10'000);
    const std::string before = tests::describe(unit);
    const std::string after = tests::describe(parsed.unit);
    return before == after ? "" : fmt::format("{}\n{}\n{}", before, after, text).substr(0, 10'000);
}

class Random {
  public:
    Random(program::Unit& unit, unsigned seed) : unit_(unit), pool_(unit.values), engine_(seed) {
        python2_ = unit.target->literals == isa::LiteralDialect::Python2;
    }

    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

    std::string text(bool bytes) {
        std::string result;
        const std::uint64_t size = below(8) == 0 ? below(400) : below(12);
        for (std::uint64_t i = 0; i < size; ++i) {
            switch (below(6)) {
            case 0: result += "\"'\\\n\r\t {}#@x0N"[below(15)]; break;
            case 1: result += static_cast<char>(below(0x80)); break;
            case 2: result += "word "; break;
            case 3:
                if (bytes) {
                    result += static_cast<char>(below(0x100));
                    break;
                }
                [[fallthrough]];
            case 4: append_point(result, bytes && !python2_ ? 0x41 : point()); break;
            default: result += static_cast<char>('a' + below(26));
            }
        }
        return result;
    }

    ValueId hashable(int depth) {
        switch (below(depth > 0 ? 14 : 11)) {
        case 0: return ValuePool::singleton(static_cast<ValueKind>(below(5)));
        case 1: return pool_.add_int(static_cast<std::int64_t>(engine_() >> below(64)));
        case 2: return pool_.add_int(-static_cast<std::int64_t>(below(1000)));
        case 3:
            return pool_.add_int(below(2) ? std::numeric_limits<std::int64_t>::min()
                                          : std::numeric_limits<std::int64_t>::max());
        case 4: return number();
        case 5: return pool_.add_float(real());
        case 6: return pool_.add_complex(real(), real());
        case 7:
        case 8: return pool_.add_text(ValueKind::Str, pool_.arena().copy(text(false)));
        case 9: return pool_.add_text(ValueKind::Bytes, pool_.arena().copy(text(true)));
        case 10:
            if (below(2))
                return pool_.add_text(below(2) ? ValueKind::CodeSymbol : ValueKind::ConstSymbol,
                                      below(2) ? "f.<lambda>$2" : "lib:C.f");
            return pool_.add_text(ValueKind::NameSymbol, below(2) ? "f.<lambda>$2" : "",
                                  below(2) ? objects::Value::qualified : std::uint8_t{0});
        case 11: return container(ValueKind::FrozenSet, depth, true);
        case 12:
            if (unit_.target->marshal.frozendicts) return container(ValueKind::FrozenDict, depth, true);
            [[fallthrough]];
        default: return container(ValueKind::Tuple, depth, true);
        }
    }

    ValueId any(int depth) {
        if (!known_.empty() && below(10) == 0) return known_[below(known_.size())];
        if (depth == 0 || below(2)) return hashable(depth);
        switch (below(6)) {
        case 0: return container(ValueKind::List, depth, false);
        case 1: return container(ValueKind::Set, depth, true);
        case 2: return container(ValueKind::Dict, depth, false);
        case 3:
            if (unit_.target->marshal.slices)
                return pool_.add_container(ValueKind::Slice,
                                           std::vector{any(depth - 1), any(depth - 1), any(depth - 1)});
            [[fallthrough]];
        default: return container(ValueKind::Tuple, depth, false);
        }
    }

  private:
    std::uint32_t point() {
        switch (below(6)) {
        case 0: return static_cast<std::uint32_t>(0xD800 + below(0x800));
        case 1: return static_cast<std::uint32_t>(0x2000 + below(0x80));
        case 2: return static_cast<std::uint32_t>(0x300 + below(0x40));
        case 3: return static_cast<std::uint32_t>(0x10000 + below(0x100000));
        case 4: return static_cast<std::uint32_t>(0x80 + below(0x80));
        default: return static_cast<std::uint32_t>(below(0x10000));
        }
    }
    static void append_point(std::string& out, std::uint32_t point) {
        if (point < 0x80) {
            out += static_cast<char>(point);
        } else if (point < 0x800) {
            out += static_cast<char>(0xC0 | point >> 6);
        } else if (point < 0x10000) {
            out += static_cast<char>(0xE0 | point >> 12);
            out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
        } else {
            out += static_cast<char>(0xF0 | point >> 18);
            out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
            out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
        }
        if (point >= 0x80) out += static_cast<char>(0x80 | (point & 0x3F));
    }
    /// An int of any size; in Python 3 one that does not fit 64 bits.
    ValueId number() {
        std::vector<std::uint16_t> digits(python2_ ? below(6) : 5 + below(below(4) ? 10 : 400));
        for (auto& digit : digits) digit = static_cast<std::uint16_t>(below(4) ? below(0x8000) : 0);
        if (!digits.empty()) digits.back() = static_cast<std::uint16_t>(1 + below(0x7FFF));
        const bool large = !digits.empty();
        return pool_.add_long(digits, large && below(2));
    }
    double real() {
        switch (below(5)) {
        case 0: return std::bit_cast<double>(engine_());
        case 1: return std::bit_cast<double>(engine_() | 0x7FF0'0000'0000'0000);
        case 2: return below(2) ? 0.0 : -0.0;
        case 3: return static_cast<double>(below(1000)) / 8;
        default: return static_cast<double>(below(100)) * std::pow(10.0, static_cast<double>(below(40)));
        }
    }
    ValueId container(ValueKind kind, int depth, bool hashed) {
        const bool dict = kind == ValueKind::Dict || kind == ValueKind::FrozenDict;
        std::vector<ValueId> children(below(below(8) ? 4 : 30));
        if (dict && children.size() % 2) children.pop_back();
        for (std::size_t i = 0; i < children.size(); ++i)
            children[i] = hashed || (dict && i % 2 == 0) ? hashable(depth - 1) : any(depth - 1);
        const ValueId id = pool_.add_container(kind, std::span<const ValueId>(children));
        if (!hashed || kind == ValueKind::Set) known_.push_back(id);
        return id;
    }

    program::Unit& unit_;
    ValuePool& pool_;
    std::mt19937_64 engine_;
    bool python2_;
    std::vector<ValueId> known_; ///< may stand elsewhere, too
};

std::string print_one(std::string_view literal, std::string_view target = "3.15", std::size_t most = 200) {
    const tests::Parsed parsed =
        tests::parse_text(fmt::format(".module\n.consts {}\n.end\n", literal), target);
    REQUIRE(parsed.errors() == "");
    support::ByteWriter out;
    grammar::print_value(parsed.unit.values, parsed.unit.blocks[0].pins.consts.value.values.at(0),
                         *parsed.unit.target, most, out);
    return std::string(out.text());
}

} // namespace

TEST_SUITE("printed literals") {
    TEST_CASE("any values come back with their types and bits") {
        for (const char* target : {"2.7", "3.6", "3.13", "3.15"}) {
            for (unsigned seed = 1; seed <= 60; ++seed) {
                CAPTURE(target);
                CAPTURE(seed);
                program::Unit unit = unit_for(target);
                Random random(unit, seed);
                for (int i = 0; i < 40; ++i) add_constant(unit, random.any(3));
                CHECK(check(unit) == "");
                CHECK(check(unit, 40) == "");
            }
        }
    }

    TEST_CASE("names of any characters come back") {
        for (const char* target : {"2.7", "3.13"}) {
            for (unsigned seed = 1; seed <= 40; ++seed) {
                CAPTURE(target);
                CAPTURE(seed);
                program::Unit unit = unit_for(target);
                Random random(unit, seed);
                const bool python2 = unit.target->literals == isa::LiteralDialect::Python2;
                auto& pins = unit.blocks[0].pins;
                pins.names.set = true;
                for (int i = 0; i < 30; ++i) {
                    const auto text = unit.values.arena().copy(random.text(python2));
                    pins.names.value.values.push_back(
                        unit.values.add_text(python2 ? ValueKind::Bytes : ValueKind::Str, text));
                    auto& statement = unit.blocks[0].body.emplace_back();
                    statement.text = "LOAD_NAME";
                    statement.operand.form = program::OperandForm::Name;
                    statement.operand.text = text;
                }
                const std::string text = tests::print_text(unit);
                const tests::Parsed parsed = tests::parse_text(text);
                REQUIRE(parsed.errors() == "");
                for (std::size_t i = 0; i < 30; ++i) {
                    CHECK(parsed.unit.blocks[0].body[i].operand.text == unit.blocks[0].body[i].operand.text);
                    CHECK(parsed.unit.values.text(parsed.unit.blocks[0].pins.names.value.values[i]) ==
                          unit.values.text(pins.names.value.values[i]));
                }
            }
        }
    }

    TEST_CASE("numbers as Python spells them") {
        for (const char* same : {"0",
                                 "-1",
                                 "9223372036854775807",
                                 "-9223372036854775808",
                                 "9223372036854775808",
                                 "1.0",
                                 "0.1",
                                 "-0.0",
                                 "1e+16",
                                 "1234567890123456.0",
                                 "1e-05",
                                 "0.0001",
                                 "1.7976931348623157e+308",
                                 "5e-324",
                                 "inf",
                                 "-inf",
                                 "nan",
                                 "-nan",
                                 "nan(0x1)",
                                 "-nan(0xfffffffffffff)",
                                 "2j",
                                 "-2j",
                                 "0-2j",
                                 "-0.0+2j",
                                 "1+2j",
                                 "1.5-0j",
                                 "-1e+16+0.5j",
                                 "complex(nan, -inf)",
                                 "complex(0.0, -nan(0x1))"}) {
            CHECK(print_one(same) == same);
        }
        CHECK(print_one("-2j", "2.7") == "-2j");
        CHECK(print_one("-0.0-2j", "2.7") == "-0.0-2j");
        CHECK(print_one("0L", "2.7") == "0L");
        CHECK(print_one("-0x1ffffffffffffffffL", "2.7") == "-36893488147419103231L");
    }

    TEST_CASE("a long int is written in decimal, a huge one in hexadecimal") {
        const std::string digits(900, '7');
        CHECK(print_one(digits, "3.13", 2000) == digits);
        CHECK(print_one("0x" + std::string(20'000, 'a'), "3.13", 100'000) == "0x" + std::string(20'000, 'a'));
        CHECK(print_one("-0x1" + std::string(5000, '0'), "3.13", 100'000) == "-0x1" + std::string(5000, '0'));
    }

    TEST_CASE("strings: quotes, escapes and what is not printable") {
        const auto same = [](std::string_view text) { CHECK(print_one(text) == text); };
        same(R"("plain")");
        same(R"('a "b"')");
        same(R"("a \"b\" 'c'")");
        same(R"("\n\r\t\\\x00\x1b\x7f\x85")");
        same(R"("é漢字😀")");
        same(R"("\ud800\udfff")");
        same(R"("\u202e\u200b\ufeff\u2028\xa0\u3000\ue000\U000e0041\U0010ffff")"); // bidi, zero width,
                                                                                   // blanks, private
        same(R"("\u0301a")");                                                      // would stand on the quote
        same(R"("á")");
        same(R"(b"\x80\xffabc\n")");
        CHECK(print_one(R"(u"é")", "2.7") == R"(u"é")");
        CHECK(print_one(R"("é\n")", "2.7") == R"("é\n")"); // the bytes of UTF-8
        CHECK(print_one(R"("\xc3\xa9\xff")", "2.7") == R"("\xc3\xa9\xff")");
        CHECK(print_one(R"("\xe2\x80\xae")", "2.7") == R"("\xe2\x80\xae")");
    }

    TEST_CASE("containers") {
        for (const char* same :
             {"()", "(1,)", "(1, 2)", "[]", "[1]", "{}", "{1: 2, 3: 4}", "set()", "{1}", "frozenset()",
              "frozenset({1, 2})", "frozendict()", "frozendict({1: 2})", "slice(1, None, ...)",
              "(None, True, False, ..., StopIteration, code(f.<locals>.g))",
              "(name(f.<locals>.g), qualname(f$2), name(), qualname())"}) {
            CHECK(print_one(same) == same);
        }
    }

    TEST_CASE("what is too long for a message is cut") {
        CHECK(print_one("(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)", "3.13", 20).size() < 30);
        CHECK(print_one("\"" + std::string(10'000, 'x') + "\"", "3.13", 20) ==
              "\"" + std::string(19, 'x') + "...");
        CHECK(print_one("&1 [1, *1]") == "[1, ...]");
    }

    TEST_CASE("two thousand levels") {
        program::Unit unit = unit_for("3.13");
        ValueId id = unit.values.add_int(1);
        for (int i = 0; i < 1999; ++i)
            id = unit.values.add_container(i % 2 ? ValueKind::Tuple : ValueKind::List, std::span(&id, 1));
        auto& consts = unit.blocks[0].pins.consts;
        consts.set = true;
        consts.value.values.push_back(id);
        CHECK(check(unit) == "");
        CHECK(tests::print_text(unit).size() < 300'000);
    }

    TEST_CASE("shared and cyclic values keep their identity") {
        program::Unit unit = unit_for("3.13");
        auto& pool = unit.values;
        const ValueId list = pool.add_container(ValueKind::List, 2);
        const ValueId one = pool.add_int(1);
        pool.children(list)[0] = one;
        pool.children(list)[1] = list;
        const ValueId tuple = pool.add_container(ValueKind::Tuple, 1);
        pool.children(tuple)[0] = tuple;
        const ValueId dict = pool.add_container(ValueKind::Dict, std::vector{one, list, one, tuple});
        const ValueId outer = pool.add_container(ValueKind::Tuple, std::vector{list, dict});
        for (const ValueId id : {outer, tuple, list, dict, outer}) add_constant(unit, id);
        CHECK(check(unit) == "");
        const std::string text = tests::print_text(unit);
        CHECK(text.find(".consts &1 (&2 [1, *2], &3 {1: *2, 1: &4 (*4,)}), *4, *2, *3, *1\n") !=
              std::string::npos);
        CHECK(text.find("LOAD_CONST          *1\n") != std::string::npos);
    }

    TEST_CASE("a value that many places share does not make a huge text") {
        program::Unit unit = unit_for("3.13");
        auto& pool = unit.values;
        ValueId id = pool.add_int(1);
        for (int i = 0; i < 200; ++i) id = pool.add_container(ValueKind::Tuple, std::vector{id, id});
        add_constant(unit, id);
        const ValueId text = pool.add_text(ValueKind::Str, pool.arena().copy(std::string(100'000, 'x')));
        for (int i = 0; i < 1000; ++i) add_constant(unit, text);
        const std::string printed = tests::print_text(unit);
        CHECK(printed.size() < 300'000);
        const tests::Parsed parsed = tests::parse_text(printed);
        CHECK(parsed.errors() == "");
        const auto& consts = parsed.unit.blocks[0].pins.consts.value.values;
        CHECK(parsed.unit.values.children(consts[0])[0] == parsed.unit.values.children(consts[0])[1]);
        CHECK(consts[1] == consts[1000]);
        CHECK(parsed.unit.values.text(consts[1]) == pool.text(text));
    }
}
