#include "tests/grammar/parsed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

// What listings have beyond what people write: positions behind instructions, anchors, directives for the
// file.

using namespace pyasm;
using objects::Position;
using program::StatementKind;
using tests::errors_of;
using tests::parse_text;

namespace {

std::string in_module(std::string_view line, std::string_view target = "3.13") {
    return errors_of(fmt::format(".module\n{}\n.end\n", line), target);
}

/// "LABEL a, LINE 2:11-2:16, BINARY_OP words +" for the body of a module.
std::string body(std::string_view lines, std::string_view target = "3.13") {
    const auto parsed = parse_text(fmt::format(".module\n{}\n.end\n", lines), target);
    if (!parsed.errors().empty()) return parsed.errors();
    std::string result;
    for (const auto& statement : parsed.unit.blocks[0].body) {
        if (!result.empty()) result += ", ";
        if (statement.kind == StatementKind::Label) {
            result += fmt::format("LABEL {}", statement.text);
        } else if (statement.kind == StatementKind::Line) {
            const Position& at = parsed.unit.positions[statement.index];
            result += at.line == Position::none ? "LINE none"
                      : at.column == Position::none
                          ? fmt::format("LINE {}-{}", at.line, at.end_line)
                          : fmt::format("LINE {}:{}-{}:{}", at.line, at.column, at.end_line, at.end_column);
        } else if (statement.kind == StatementKind::Op) {
            result += fmt::format("OP {}", statement.index);
        } else if (statement.kind == StatementKind::Bytes) {
            result += "BYTES";
        } else {
            const auto& operand = statement.operand;
            result += statement.text;
            if (!operand.text.empty()) result += fmt::format(" {}", operand.text);
            if (operand.form != program::OperandForm::Words && !operand.suffix.empty())
                result += fmt::format(" + {}", operand.suffix);
            if (operand.form == program::OperandForm::Integer) result += fmt::format(" {}", operand.number);
            if (operand.form == program::OperandForm::Raw) result += fmt::format(" [{}]", operand.number);
        }
    }
    return result;
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("a position behind an instruction is a .line before it") {
        CHECK(body("RETURN_VALUE @ 2:4-16") == "LINE 2:4-2:16, RETURN_VALUE");
        CHECK(body("RETURN_VALUE   @2:4-3:16  # why") == "LINE 2:4-3:16, RETURN_VALUE");
        CHECK(body("a: b: LOAD_FAST x @ 7") == "LABEL a, LABEL b, LINE 7-7, LOAD_FAST x");
        CHECK(body("LOAD_FAST x\t@\t7-9") == "LINE 7-9, LOAD_FAST x");
        CHECK(body("LOAD_FAST \"x\" @ none") == "LINE none, LOAD_FAST x");
        CHECK(body("LOAD_GLOBAL print + NULL  @ 3:4-9") == "LINE 3:4-3:9, LOAD_GLOBAL print + NULL");
        CHECK(body("LOAD_FAST_LOAD_FAST a, b  @ 3:4-9") == "LINE 3:4-3:9, LOAD_FAST_LOAD_FAST a + b");
        CHECK(body("FORMAT_VALUE str, with format @ 3", "3.12") == "LINE 3-3, FORMAT_VALUE str, with format");
        CHECK(body("COMPARE_OP bool(<) @ -3") == "LINE -3--3, COMPARE_OP bool(<)");
        CHECK(body("CONTAINS_OP not in @ 3:0-0") == "LINE 3:0-3:0, CONTAINS_OP not in");
        CHECK(body("CALL 3 @ 3") == "LINE 3-3, CALL 3");
        CHECK(body("CALL [3] @ 3") == "LINE 3-3, CALL [3]");
        CHECK(body("LOAD_CONST 1+2j @ 3") == "LINE 3-3, LOAD_CONST");
        CHECK(body("LOAD_CONST (1,\n 2) @ 3") == "LINE 3-3, LOAD_CONST");
        CHECK(body("JUMP_FORWARD a+1 @ 3") == "LINE 3-3, JUMP_FORWARD a + 1");
        CHECK(body("SLICE+1 @ 3", "2.7") == "LINE 3-3, SLICE+1");
        CHECK(body(".op 5 @ 3\n.op 5 6 @ 4\n.bytes b\"ab\" @ 5\n.bytes 1, 2 @ 6") ==
              "LINE 3-3, OP 5, LINE 4-4, OP 5, LINE 5-5, BYTES, LINE 6-6, BYTES");
    }

    TEST_CASE("the operators @ and @= are not positions") {
        CHECK(body("BINARY_OP @") == "BINARY_OP @");
        CHECK(body("BINARY_OP @  # 3") == "BINARY_OP @");
        CHECK(body("BINARY_OP @= @ 3") == "LINE 3-3, BINARY_OP @=");
        CHECK(body("BINARY_OP @ @ 3:1-2") == "LINE 3:1-3:2, BINARY_OP @");
        CHECK(body("BINARY_OP @ @none") == "LINE none, BINARY_OP @");
        CHECK(body("BINARY_OP @ 3") == "LINE 3-3, BINARY_OP");
        CHECK(body("BINARY_OP @ nonesuch") == "BINARY_OP @ nonesuch");
    }

    TEST_CASE("positions are written short or long in both places") {
        for (const std::string_view way : {".line {}\nNOP", "NOP @ {}"}) {
            const auto read = [way](std::string_view position) {
                return body(fmt::format(fmt::runtime(way), position));
            };
            CHECK(read("10:4-20") == "LINE 10:4-10:20, NOP");
            CHECK(read("10:4-10:20") == "LINE 10:4-10:20, NOP");
            CHECK(read("10:4-12:3") == "LINE 10:4-12:3, NOP");
            CHECK(read("10-12") == "LINE 10-12, NOP");
            CHECK(read("10") == "LINE 10-10, NOP");
            CHECK(read("none") == "LINE none, NOP");
            CHECK(read("-10:4-20") == "LINE -10:4--10:20, NOP");
            CHECK(read("-10--9") == "LINE -10--9, NOP");
            CHECK(read("2147483647:2147483647-2147483647:0") ==
                  "LINE 2147483647:2147483647-2147483647:0, NOP");
        }
        // What one line leaves behind does not reach the next.
        CHECK(body("NOP @ 1:2-3:4\n.line -5\nNOP @ -6\nNOP") ==
              "LINE 1:2-3:4, NOP, LINE -5--5, LINE -6--6, NOP, NOP");
    }

    TEST_CASE("wrong positions") {
        CHECK(in_module("NOP @ 10:") == "2:10: expected a column number, found the end of the line\n");
        CHECK(in_module("NOP @ 10:4-") == "2:12: expected a column number, found the end of the line\n");
        CHECK(in_module("NOP @ 10-") == "2:10: expected a line number, found the end of the line\n");
        CHECK(in_module("NOP @ 10:4") ==
              "2:7: a position has both columns or none; Write 10, 10-12, 10:4-20 or 10:4-12:20.\n");
        CHECK(in_module("NOP @ 10-12:3") ==
              "2:7: a position has both columns or none; Write 10, 10-12, 10:4-20 or 10:4-12:20.\n");
        CHECK(in_module("NOP @ 10:4--3") == "2:7: a column is a number from 0 on\n");
        CHECK(in_module("NOP @ 10-9") == "2:7: the position ends on a line before its first\n");
        CHECK(in_module("NOP @ 10 11") == "2:10: unexpected '11' after the position\n");
        CHECK(in_module("NOP @ 99999999999") ==
              "2:7: 99999999999 is out of range: a line is -2147483647 to 2147483647\n");
        CHECK(
            in_module("LOAD_CONST 3 @ x") ==
            "2:14: unexpected '@' after the operand; A position is written @ 10, @ 10:4-20 or @ none, with a "
            "blank before it.\n");
        CHECK(
            in_module("LOAD_CONST 3@ 4") ==
            "2:13: unexpected '@' after the operand; A position is written @ 10, @ 10:4-20 or @ none, with a "
            "blank before it.\n");
        CHECK(in_module("a: @ 3") ==
              "2:4: expected an instruction, a label or a directive, found '@'; A position stands behind an "
              "instruction; for itself it is .line 10.\n");
        CHECK(in_module(".line 3 @ 4") == "2:9: unexpected '@' after '.line'\n");
    }

    TEST_CASE("an anchor names a value") {
        const auto parsed =
            parse_text(".module\nX &1 [1, *1]\nX *1\nX &20 (*20, &3 \"s\", &4 5)\nX *3\nX *4\n.end\n"
                       ".code f\n.consts *1, &5 {*1}, *20\n.end\n",
                       "3.13");
        // A list has no hash: it cannot be a member of a set, wherever it stands.
        CHECK(parsed.errors() ==
              "9:16: a member that has no hash; Take a tuple or a frozenset instead of the "
              "list, set or dict.\n");
        const auto& pool = parsed.unit.values;
        const auto& statements = parsed.unit.blocks[0].body;
        const auto list = statements[0].operand.value;
        REQUIRE(pool[list].kind == objects::ValueKind::List);
        CHECK(pool.children(list)[1] == list);
        CHECK(statements[1].operand.value == list);
        const auto tuple = statements[2].operand.value;
        REQUIRE(pool[tuple].kind == objects::ValueKind::Tuple);
        CHECK(pool.children(tuple)[0] == tuple);
        CHECK(pool.children(tuple)[1] == statements[3].operand.value);
        CHECK(pool.text(statements[3].operand.value) == "s");
        CHECK(pool[statements[4].operand.value].integer == 5);
        CHECK(parsed.unit.blocks[1].pins.consts.value.values[0] == list);
    }

    TEST_CASE("anchors stand wherever a literal does") {
        const auto whole = [](std::string_view text) { return tests::literal(text, "3.15"); };
        CHECK(whole("&1 (1, (2,))") == whole("(1, (2,))"));
        CHECK(whole("&1 \"a\" \"b\"") == whole("\"ab\""));
        CHECK(whole("&1 -1.5+2j") == whole("-1.5+2j"));
        CHECK(whole("&1 None") == whole("None"));
        CHECK(whole("&1 code(f)") == whole("code(f)"));
        CHECK(whole("&1 frozenset({1})") == whole("frozenset({1})"));
        CHECK(whole("(&1 (1, 2), *1)") == whole("((1, 2), (1, 2))"));
        CHECK(whole("{&1 \"k\": *1, 2: &2 [*1]}") == whole("{\"k\": \"k\", 2: [\"k\"]}"));
        CHECK(whole("(&1 slice(1, 2, 3), *1)") == whole("(slice(1, 2, 3), slice(1, 2, 3))"));
        CHECK(whole("((&1 [1]), *1)") == whole("([1], [1])"));
        CHECK(whole("{(&1 (1,), *1)}") == whole("{((1,), (1,))}"));
        CHECK(whole("list(&1 [1])") ==
              "2:14: an anchor inside the brackets of a call names what only lists its members; Write it in "
              "front: &1 list(...).\n");
    }

    TEST_CASE("wrong anchors") {
        const auto wrong = [](std::string_view text, std::string_view target = "3.15") {
            return in_module(fmt::format("LOAD_CONST {}", text), target);
        };
        CHECK(wrong("&1") == "2:12: a value is missing behind &1\n");
        CHECK(wrong("([&1])") == "2:14: a value is missing behind &1\n");
        CHECK(wrong("(&1, 2)") == "2:13: a value is missing behind &1\n");
        CHECK(wrong("*7") ==
              "2:12: no anchor &7 stands before; The first place of the value has it: &7 VALUE.\n");
        CHECK(wrong("(&1 2, &1 3)") ==
              "2:19: anchor &1 is defined twice in the file; Give one of them another "
              "number.\n  2:13: first defined here\n");
        CHECK(wrong("&1 &2 3") == "2:15: a second anchor where the value of &1 should stand; A value has one "
                                  "anchor, and is named by it wherever else it stands.\n");
        CHECK(wrong("(&1 2, &3 *1)") ==
              "2:22: the value of &3 is written out behind it; A value has one anchor, "
              "and is named by it wherever else it stands.\n");
        CHECK(wrong("&1 (&2 [1])") ==
              "2:12: the value of &1 has an anchor already; A value has one anchor, and "
              "is named by it wherever else it stands.\n");
        CHECK(wrong("&1 (*1)") ==
              "2:12: &1 has no value but itself; A value has one anchor, and is named by it "
              "wherever else it stands.\n");
        CHECK(wrong("&1 slice([*1], 2, 3)") ==
              "2:22: a slice cannot contain itself: no reader takes it; A list, a dict or a tuple can.\n"
              "  2:12: its anchor stands here\n");
        CHECK(wrong("{&1 (*1,)}") ==
              "2:12: a member that has no hash; Take a tuple or a frozenset instead of "
              "the list, set or dict.\n");
        CHECK(wrong("{&1 (*1,): 2}") ==
              "2:12: a key that has no hash; Take a tuple or a frozenset instead of "
              "the list, set or dict.\n");
        CHECK(wrong("&1 [*1]", "2.7") ==
              "2:16: a value cannot contain itself in 2.7, whose marshal has no references\n"
              "  2:12: its anchor stands here\n");
        CHECK(wrong("&1234567890123456789 1") == "2:12: the number of an anchor has 18 digits at most\n");
        CHECK(wrong("*1234567890123456789") ==
              "2:12: no anchor &123456789012345678 stands before; The first place of the value has it: "
              "&123456789012345678 VALUE.\n");
    }

    TEST_CASE("a mistake in a value leaves its anchor known") {
        CHECK(errors_of(".module\nLOAD_CONST &1 [1, ?, *1]\nLOAD_CONST *1\nLOAD_CONST &2 [1\n.end\nX *2\n",
                        "3.13")
                  .find("no anchor") == std::string::npos);
    }

    TEST_CASE("sharing does not make reading slow") {
        std::string text = ".module\nLOAD_CONST {(&1 (1, 2)";
        for (int i = 2; i < 900; ++i) text += fmt::format(", &{0} (*{1}, *{1})", i, i - 1);
        CHECK(errors_of(text + ")}\n.end\n", "3.13").empty());
    }

    TEST_CASE("directives for the file") {
        const auto parsed =
            parse_text(".filename \"a.py\"\n.value (1,)\n.trailing b\"xy\"\n.marshal (\"ab\"\n \"cd\")\n"
                       ".header none\n",
                       "3.13");
        CHECK(parsed.errors().empty());
        const auto& unit = parsed.unit;
        CHECK(unit.blocks.empty());
        CHECK(unit.values.text(unit.filename.value) == "a.py");
        CHECK(tests::show(unit.values, unit.top.value) == "(int 1)");
        CHECK(unit.values.text(unit.trailing.value) == "xy");
        CHECK(unit.values.text(unit.layout.value) == "abcd");
        CHECK(unit.header.header.value.absent);
        CHECK(parse_text(".marshal \"ab\"\n.value 1\n", "2.7").errors().empty());
    }

    TEST_CASE("wrong directives for the file") {
        CHECK(errors_of(".value 1\n.value 2\n", "3.13") ==
              "2:1: a second '.value' in the file\n  1:1: the first one is here\n");
        CHECK(errors_of(".value\n.value 1\n", "3.13") ==
              "1:7: expected a literal in '.value', found the end of the line\n");
        CHECK(errors_of(".trailing \"x\"\n.value 1\n", "3.13") ==
              "1:11: '.trailing' takes bytes; Write b\"...\".\n");
        CHECK(errors_of(".marshal 3\n.value 1\n", "3.13") ==
              "1:10: '.marshal' takes a string; Write it in quotes.\n");
        CHECK(errors_of(".header all\n.value 1\n", "3.13") ==
              "1:9: expected 'none' in '.header', found 'all'; Other headers are stated with .source or "
              ".hash.\n");
        CHECK(errors_of(".header none\n.source mtime=1\n.value 1\n", "3.13") ==
              "2:1: the file's header is stated twice\n  1:1: first stated here\n");
        CHECK(errors_of(".module\n.end\n.filename \"x\"\n", "3.13") ==
              "3:1: '.filename' stands after the first block; Put it ahead of all blocks, or in the block "
              "that it "
              "is for.\n");
        CHECK(errors_of(".filename \"x\"\n.filename \"y\"\n.module\n.end\n", "3.13") ==
              "2:1: a second '.filename' in the file\n  1:1: the first one is here\n");
        CHECK(errors_of(".value 1\n.target 3.13\n") ==
              "2:1: '.target' stands after a literal, whose language it decides; Put it ahead of all other "
              "directives.\n");
        CHECK(in_module(".value 1") ==
              "2:1: '.value' stands in a block; Put it ahead of the file's first block.\n");
        CHECK(in_module(".hidden a\n.hidden b") ==
              "3:1: a second '.hidden' in the block\n  2:1: the first one is here\n");
    }

    TEST_CASE("any flags word of a header can be stated") {
        const auto header = [](std::string_view line) {
            const auto parsed = parse_text(fmt::format("{}\n.module\n.end\n", line), "3.13");
            if (!parsed.errors().empty()) return parsed.errors();
            return fmt::format("{:#x}", parsed.unit.header.header.value.flags);
        };
        CHECK(header(".hash checked b\"12345678\"") == "0x3");
        CHECK(header(".hash checked b\"12345678\" flags=7") == "0x7");
        CHECK(header(".hash unchecked b\"12345678\" flags=0xfffffffd") == "0xfffffffd");
        CHECK(header(".source mtime=1 flags=0xfffffffe") == "0xfffffffe");
        CHECK(header(".hash checked b\"12345678\" flags=5") ==
              "1:33: these flags do not say that the hash is checked; The two lowest bits of the flags are "
              "3.\n");
        CHECK(header(".hash unchecked b\"12345678\" size=5") ==
              "1:29: unknown field 'size' of the header; Beside the hash there is flags.\n");
        CHECK(header(".source mtime=1 flags=1") ==
              "1:23: a header with this flag holds a hash, and no time; Write "
              ".hash checked or .hash unchecked.\n");
    }
}
