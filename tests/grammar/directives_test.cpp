#include "grammar/directives.hpp"
#include "support/files.hpp"
#include "tests/grammar/parsed.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;
using program::BlockKind;
using program::ParameterKind;
using program::StatementKind;
using tests::errors_of;
using tests::parse_text;

namespace {

std::string in_module(std::string_view line, std::string_view target = "3.13") {
    return errors_of(fmt::format(".module\n{}\n.end\n", line), target);
}

std::string signature(std::string_view text, std::string_view target = "3.13") {
    return errors_of(fmt::format(".function f({})\n.end\n", text), target);
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("the reference's grammar has every directive") {
        const auto page = support::read_file(tests::source_path("docs/language.md"));
        REQUIRE(page.ok());
        const std::string grammar = page.value().substr(page.value().find("## Grammar"));
        for (const std::string_view word : grammar::directive_words()) {
            CHECK_MESSAGE(grammar.find(fmt::format("'.{}'", word)) != std::string::npos, word);
        }
    }

    TEST_CASE("blocks nest and stand flat") {
        const auto parsed =
            parse_text(".module\n.function outer(a)\n NOP\n.class Inner\n.function m()\n.end\n.end\n"
                       ".code <x>\n.end\n.end\n POP_TOP\n.end\n.function async co()\n.end\n"
                       ".code c(a)\n.end\n.function async()\n.end\n",
                       "3.13");
        CHECK(parsed.errors().empty());
        const auto& blocks = parsed.unit.blocks;
        REQUIRE(blocks.size() == 8);
        CHECK(blocks[0].kind == BlockKind::Module);
        CHECK(blocks[0].parent == -1);
        CHECK(blocks[0].body.size() == 1);
        CHECK(blocks[1].symbol == "outer");
        CHECK(blocks[1].parent == 0);
        CHECK(blocks[1].has_signature);
        CHECK(blocks[1].body.size() == 1);
        CHECK(blocks[2].symbol == "Inner");
        CHECK(blocks[2].parent == 1);
        CHECK(blocks[3].symbol == "m");
        CHECK(blocks[3].parent == 2);
        CHECK(blocks[4].symbol == "<x>");
        CHECK(blocks[4].kind == BlockKind::Code);
        CHECK(blocks[4].parent == 1);
        CHECK_FALSE(blocks[4].has_signature);
        CHECK(blocks[5].is_async);
        CHECK(blocks[5].symbol == "co");
        CHECK(blocks[6].has_signature);
        CHECK(blocks[7].symbol == "async");
        CHECK_FALSE(blocks[7].is_async);
        CHECK(parsed.sources->text(blocks[1].span) == ".function");
        CHECK(parsed.sources->text(blocks[1].symbol_span) == "outer");
        CHECK(parsed.sources->text(blocks[1].end_span) == ".end");
    }

    TEST_CASE("signatures") {
        const auto parsed =
            parse_text(".function f(a, /, b, c=(1, # x\n 2), *args, d, e='x', **kw,\n)\n.end\n", "3.13");
        CHECK(parsed.errors().empty());
        const auto& parameters = parsed.unit.blocks[0].parameters;
        REQUIRE(parameters.size() == 7);
        const ParameterKind kinds[] = {ParameterKind::PositionalOnly, ParameterKind::Positional,
                                       ParameterKind::Positional,     ParameterKind::VarArgs,
                                       ParameterKind::KeywordOnly,    ParameterKind::KeywordOnly,
                                       ParameterKind::VarKeywords};
        const std::string_view names[] = {"a", "b", "c", "args", "d", "e", "kw"};
        for (std::size_t i = 0; i < 7; ++i) {
            CHECK(parameters[i].kind == kinds[i]);
            CHECK(parameters[i].name == names[i]);
            CHECK(parsed.sources->text(parameters[i].span) == names[i]);
        }
        CHECK(parameters[1].default_value == objects::no_value);
        CHECK(tests::show(parsed.unit.values, parameters[2].default_value) == "(int 1, int 2)");
        CHECK(tests::show(parsed.unit.values, parameters[5].default_value) == "str 'x'");
        CHECK(signature("").empty());
        CHECK(signature(".0").empty());
        CHECK(signature("\"odd name\", *, \"b c\"").empty());
        CHECK(signature("a, .1, *args, **kw", "2.7").empty());
        CHECK(signature("*, a").empty());
    }

    TEST_CASE("wrong signatures") {
        CHECK(signature("a=1, b") == "1:18: parameter 'b' without a default follows one with a default\n");
        CHECK(signature("a, a") ==
              "1:16: parameter 'a' stands twice in the signature\n  1:13: first defined here\n");
        CHECK(signature("a, *") ==
              "1:16: '*' needs a keyword-only parameter after it; Write *NAME for a tuple of arguments.\n");
        CHECK(signature("*, **k") ==
              "1:13: '*' needs a keyword-only parameter after it; Write *NAME for a tuple of arguments.\n");
        CHECK(signature("/, a") == "1:13: '/' needs a parameter before it\n");
        CHECK(signature("a, /, b, /") == "1:22: a second '/' in the signature\n");
        CHECK(signature("a, *, b, /") == "1:22: '/' stands after '*'\n");
        CHECK(signature("*a, *b") == "1:17: a second '*' in the signature\n");
        CHECK(signature("*a, *, b") == "1:17: a second '*' in the signature\n");
        CHECK(signature("**k, a") == "1:18: nothing may follow '**' and its name\n");
        CHECK(signature("**k, *") == "1:18: nothing may follow '**' and its name\n");
        CHECK(signature("a, /", "3.7") == "1:16: positional-only parameters need 3.8 or newer\n");
        CHECK(signature("*, a", "2.7") == "1:13: 2.7 has no keyword-only parameters\n");
        CHECK(signature("*a, b", "2.7") == "1:17: 2.7 has no keyword-only parameters\n");
        CHECK(signature("a: int") == "1:14: expected ',' or ')' in the signature, found ':'; Annotations "
                                     "are no part of a code object.\n");
        CHECK(signature("*a=1") == "1:15: expected ',' or ')' in the signature, found '='\n");
        CHECK(signature("**") == "1:15: expected a parameter's name in '.function', found ')'\n");
        CHECK(signature("a=") == "1:15: expected a literal in '.function', found ')'\n");
        CHECK(signature("a=b") == "1:15: 'b' is not a literal; Text is written in quotes.\n");
        CHECK(errors_of(".function f(a,\n   b c)\n.end\n") ==
              "2:6: expected ',' or ')' in the signature, found 'c'\n");
        CHECK(errors_of(".function f(a\nNOP\n.end\n") ==
              "1:14: expected ',' or ')' in the signature, found the end of the line\n");
        CHECK(errors_of(".function f\n.end\n") ==
              "1:12: expected a signature in '( )' in '.function', found the end of "
              "the line; A function without parameters has ().\n");
        CHECK(errors_of(".function (a)\n.end\n") ==
              "1:11: expected the block's symbol in '.function', found '('\n");
    }

    TEST_CASE("pins") {
        const auto parsed = parse_text(R"(.code f
    .argcount 1
    .posonlyargcount 2
    .kwonlyargcount 3
    .nlocals 4
    .stacksize 0x5
    .firstlineno -6
    .flags OPTIMIZED | NEWLOCALS   # c
    .name "n"
    .qualname q.n
    .filename 'file'
    .doc "doc"
    .consts 1, None, "x"
    .names a, "b c", os.path, None
    .locals
    .cellvars a
    .freevars b, .0
    .localsplusnames ("a", "b")
    .localspluskinds b"\x20\x40"
    .linetable b"lt"
    .exceptiontable b""
    .unchecked
    NOP
.end
)");
        CHECK(parsed.errors().empty());
        const auto& unit = parsed.unit;
        const auto& pins = unit.blocks[0].pins;
        const auto shown = [&](const auto& pin) { return tests::show(unit.values, pin.value); };
        const auto list = [&](const program::Pin<program::PinnedList>& pin) {
            std::string result;
            for (const auto id : pin.value.values) result += tests::show(unit.values, id) + ";";
            return result;
        };
        CHECK(pins.argcount.value == 1);
        CHECK(pins.posonlyargcount.value == 2);
        CHECK(pins.kwonlyargcount.value == 3);
        CHECK(pins.nlocals.value == 4);
        CHECK(pins.stacksize.value == 5);
        CHECK(pins.firstlineno.value == -6);
        CHECK(pins.flags.value == "OPTIMIZED|NEWLOCALS");
        CHECK(shown(pins.name) == "str 'n'");
        CHECK(shown(pins.qualname) == "str 'q.n'");
        CHECK(shown(pins.filename) == "str 'file'");
        CHECK(shown(pins.doc) == "str 'doc'");
        CHECK(list(pins.consts) == "int 1;None;str 'x';");
        CHECK(list(pins.names) == "str 'a';str 'b c';str 'os.path';str 'None';");
        CHECK(parsed.sources->text(pins.names.value.spans[1]) == "\"b c\"");
        CHECK(pins.locals.set);
        CHECK(pins.locals.value.values.empty());
        CHECK(list(pins.cellvars) == "str 'a';");
        CHECK(list(pins.freevars) == "str 'b';str '.0';");
        CHECK(shown(pins.localsplusnames) == "(str 'a', str 'b')");
        CHECK(shown(pins.localspluskinds) == "bytes ' @'");
        CHECK(shown(pins.linetable) == "bytes 'lt'");
        CHECK(shown(pins.exceptiontable) == "bytes ''");
        CHECK(pins.unchecked);
        const auto old = parse_text(".code f\n.name n\n.names a\n.end\n", "2.7");
        CHECK(tests::show(old.unit.values, old.unit.blocks[0].pins.name.value) == "bytes 'n'");
        CHECK(tests::show(old.unit.values, old.unit.blocks[0].pins.names.value.values[0]) == "bytes 'a'");
    }

    TEST_CASE("wrong pins") {
        CHECK(in_module(".stacksize 3\n.stacksize 4") ==
              "3:1: a second '.stacksize' in the block\n  2:1: the first one is here\n");
        CHECK(
            in_module("NOP\n.flags 0") ==
            "3:1: '.flags' stands after the block's first instruction; Put it ahead of the instructions.\n");
        CHECK(in_module(".stacksize x") == "2:12: expected a number in '.stacksize', found 'x'\n");
        CHECK(in_module(".stacksize 2147483648") ==
              "2:12: 2147483648 is out of range: a count is -2147483648 to 2147483647\n");
        CHECK(in_module(".stacksize 12q") == "2:12: bad number '12q'; Text is written in quotes.\n");
        CHECK(in_module(".stacksize 3 4") == "2:14: unexpected '4' after '.stacksize'\n");
        CHECK(in_module(".names 1") ==
              "2:8: expected a name in '.names', found '1'; A name that is not an identifier is "
              "written in quotes.\n");
        CHECK(in_module(".names b'x'") == "2:8: a name is a str, not bytes; Leave out the b.\n");
        CHECK(in_module(".names a b") == "2:10: unexpected 'b' after '.names'; Write commas between them.\n");
        CHECK(in_module(".consts 1, x") == "2:12: 'x' is not a literal; Text is written in quotes.\n");
        CHECK(in_module(".consts 1,") ==
              "2:11: expected a literal in '.consts', found the end of the line\n");
        CHECK(in_module(".doc 3") == "2:6: '.doc' takes a string; Write it in quotes.\n");
        CHECK(in_module(".linetable 'x'") == "2:12: '.linetable' takes bytes; Write b\"...\".\n");
        CHECK(in_module(".localsplusnames 3") ==
              "2:18: '.localsplusnames' takes a tuple of names; Write (\"a\", \"b\").\n");
        CHECK(in_module(".flags |") ==
              "2:8: expected flags joined by '|', or a number in '.flags', found '|'\n");
        CHECK(in_module(".unchecked\n.unchecked") == "3:1: a second '.unchecked' in the block\n");
        CHECK(errors_of(".doc 'x'\n.module\n.end\n") ==
              "1:1: '.doc' outside of a block; Code stands between .module, "
              ".function, .class or .code and its .end.\n");
    }

    TEST_CASE("positions") {
        const auto parsed =
            parse_text(".module\n.line 10\n.line 10:4-11:20\n.line 10-12\n.line none\n.line -3\n.end\n");
        CHECK(parsed.errors().empty());
        const auto& positions = parsed.unit.positions;
        constexpr auto none = objects::Position::none;
        REQUIRE(positions.size() == 5);
        CHECK(positions[0] == objects::Position{10, 10, none, none});
        CHECK(positions[1] == objects::Position{10, 11, 4, 20});
        CHECK(positions[2] == objects::Position{10, 12, none, none});
        CHECK(positions[3] == objects::Position{none, none, none, none});
        CHECK(positions[4] == objects::Position{-3, -3, none, none});
        CHECK(parsed.unit.blocks[0].body[2].kind == StatementKind::Line);
        CHECK(parsed.unit.blocks[0].body[2].index == 2);
        CHECK(
            in_module(".line") ==
            "2:6: expected LINE, LINE:COLUMN-COLUMN, LINE:COLUMN-LINE:COLUMN, LINE-LINE or none in '.line', "
            "found the end of the line\n");
        CHECK(in_module(".line 10:") ==
              "2:10: expected a column number in '.line', found the end of the line\n");
        CHECK(in_module(".line 10:4") ==
              "2:7: a position has both columns or none; Write 10, 10-12, 10:4-20 or 10:4-12:20.\n");
        CHECK(in_module(".line 10-9") == "2:7: the position ends on a line before its first\n");
        CHECK(in_module(".line 2147483648") ==
              "2:7: 2147483648 is out of range: a line is -2147483647 to 2147483647\n");
        CHECK(in_module(".line nonesuch") ==
              "2:7: expected LINE, LINE:COLUMN-COLUMN, LINE:COLUMN-LINE:COLUMN, LINE-LINE or none in "
              "'.line', found 'nonesuch'\n");
    }

    TEST_CASE("exception regions") {
        const auto parsed =
            parse_text(".module\n.try h\n.try h+2, lasti, depth=3\nNOP\n.endtry\n.endtry\nh:\n"
                       ".except a, b+1 -> h, depth=1, lasti\n.except a, b -> h\n.end\n",
                       "3.13");
        CHECK(parsed.errors().empty());
        const auto& rows = parsed.unit.except_rows;
        REQUIRE(rows.size() == 4);
        CHECK(rows[0].handler.name == "h");
        CHECK(rows[0].start.name.empty());
        CHECK_FALSE(rows[0].lasti);
        CHECK_FALSE(rows[0].depth);
        CHECK(rows[1].handler.addend == 2);
        CHECK(rows[1].lasti);
        CHECK(rows[1].depth == 3U);
        CHECK(rows[2].start.name == "a");
        CHECK(rows[2].end.name == "b");
        CHECK(rows[2].end.addend == 1);
        CHECK(rows[2].handler.name == "h");
        CHECK(rows[2].depth == 1U);
        CHECK(rows[2].lasti);
        CHECK(parsed.sources->text(rows[2].end.span) == "b+1");
        CHECK(in_module(".endtry") == "2:1: '.endtry' without '.try'\n");
        CHECK(in_module(".try h\n.try h\n.endtry") ==
              "2:1: '.try' without '.endtry'\n  5:1: the block ends here\n");
        CHECK(in_module(".try") == "2:5: expected a label in '.try', found the end of the line\n");
        CHECK(in_module(".except a -> h") == "2:11: expected ',' in '.except', found '-'\n");
        CHECK(in_module(".except a, b h") ==
              "2:14: expected '->' and the handler's label in '.except', found 'h'\n");
        CHECK(in_module(".except a, b -> h, x") ==
              "2:20: expected 'lasti' or 'depth=N' in '.except', found 'x'\n");
        CHECK(in_module(".except a, b -> h, depth 1") == "2:26: expected '=' in '.except', found '1'\n");
        CHECK(in_module(".try h\n.endtry", "3.10") ==
              "2:1: 3.10 has no exception tables, so no '.try'; Write SETUP_FINALLY and its kin, and "
              "POP_BLOCK.\n");
        CHECK(in_module(".try\nNOP\n.endtry\n.try h\n.endtry") ==
              "2:5: expected a label in '.try', found the end of the line\n");
    }

    TEST_CASE("escapes") {
        const auto parsed = parse_text(
            ".module\n.op 255 7\n.op 1\n.bytes b\"\\x01\\x02\"\n.bytes 1, 0x2\nX\n.cache 1, 65535\n"
            ".cache\n.end\n");
        CHECK(parsed.errors().empty());
        const auto& body = parsed.unit.blocks[0].body;
        REQUIRE(body.size() == 7);
        CHECK(body[0].kind == StatementKind::Op);
        CHECK(body[0].index == 255);
        CHECK(body[0].operand.number == 7);
        CHECK(body[1].operand.form == program::OperandForm::None);
        CHECK(tests::show(parsed.unit.values, body[2].operand.value) == "bytes '\\x01\\x02'");
        CHECK(tests::show(parsed.unit.values, body[3].operand.value) == "bytes '\\x01\\x02'");
        CHECK(body[5].kind == StatementKind::Cache);
        CHECK(tests::show(parsed.unit.values, body[5].operand.value) == "(int 1, int 65535)");
        CHECK(tests::show(parsed.unit.values, body[6].operand.value) == "()");
        CHECK(in_module(".op 256") == "2:5: 256 is out of range: an opcode is 0 to 255\n");
        CHECK(in_module(".op") == "2:4: expected an opcode's number in '.op', found the end of the line\n");
        CHECK(in_module(".op 1 -1") == "2:7: -1 is out of range: an argument is 0 to 4294967295\n");
        CHECK(in_module(".bytes 1, 256") == "2:11: 256 is out of range: a byte is 0 to 255\n");
        CHECK(in_module(".bytes 'x'") == "2:8: bytes are wanted here; Write b\"...\".\n");
        CHECK(in_module(".bytes") ==
              "2:7: expected bytes (b\"\\x01\\x02\" or 1, 2) in '.bytes', found the end of the line\n");
        CHECK(in_module(".cache 65536") == "2:8: 65536 is out of range: a cache unit is 0 to 65535\n");
    }

    TEST_CASE("the header") {
        const auto parsed = parse_text(".source mtime=1700000000 size = 120 flags=2\n.module\n.end\n");
        CHECK(parsed.errors().empty());
        CHECK(parsed.unit.header.header.value.mtime == 1'700'000'000);
        CHECK(parsed.unit.header.header.value.source_size == 120);
        CHECK(parsed.unit.header.header.value.flags == 2);
        const auto hash = parse_text(".hash checked b\"12345678\"\n.module\n.end\n");
        CHECK(hash.errors().empty());
        CHECK(hash.unit.header.header.value.flags == 3);
        CHECK(hash.unit.header.header.value.hash[7] == '8');
        const auto file = parse_text(".hash unchecked \"hello.py\"\n.module\n.end\n");
        CHECK(file.unit.header.header.value.flags == 1);
        CHECK(file.unit.header.hash_of_file == "hello.py");
        const std::string block = "\n.module\n.end\n";
        CHECK(errors_of(".source mtime=1 mtime=2" + block) == "1:17: 'mtime' is given twice\n");
        CHECK(errors_of(".source foo=3" + block) ==
              "1:9: unknown field 'foo' of the header; The fields are mtime, size and flags.\n");
        CHECK(errors_of(".source size" + block) ==
              "1:13: expected '=' in '.source', found the end of the line\n");
        CHECK(errors_of(".source size=4294967296" + block) ==
              "1:14: 4294967296 is out of range: a header field is 0 to 4294967295\n");
        CHECK(errors_of(".source size=1\n.hash checked 'x'" + block) ==
              "2:1: the file's header is stated twice\n  1:1: first stated here\n");
        CHECK(errors_of(".hash checked b'1234'" + block) == "1:15: a hash has 8 bytes, and this has 4\n");
        CHECK(errors_of(".hash b'1234'" + block) ==
              "1:7: expected 'checked' or 'unchecked' in '.hash', found 'b'\n");
        CHECK(errors_of(".hash checked 'x'" + block, "3.6") ==
              "1:1: hash-based .pyc files need 3.7 or newer\n");
        CHECK(in_module(".source size=1") ==
              "2:1: '.source' stands in a block; Put it ahead of the file's first block.\n");
    }
}
