#include "tests/assembler/assembled.hpp"

#include "objects/exception_table.hpp"
#include "objects/line_table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace pyasm::tests {
namespace {

std::string code(std::string_view target, std::string_view body) {
    const Assembled result(".target " + std::string(target) + "\n.module\n" + std::string(body) + ".end\n");
    return result.hex(result.top().code);
}

/// "begin-end>target depth [lasti]" for each row.
std::string rows(const Assembled& result, const objects::CodeObject& object) {
    const auto table =
        objects::decode_exception_table(support::as_bytes(result.file().pool.text(object.exceptiontable)));
    REQUIRE(table);
    std::string text;
    for (const auto& row : *table)
        text += fmt::format("{}-{}>{} {}{}; ", row.begin, row.end, row.target, row.depth,
                            row.lasti ? " lasti" : "");
    return text;
}

/// "begin-end:line[.column-end_line.end_column]" for each run.
std::string lines(const Assembled& result, const objects::CodeObject& object) {
    const auto& pool = result.file().pool;
    const auto runs = objects::decode_line_table(*result.file().target, object.firstlineno,
                                                 support::as_bytes(pool.text(object.linetable)),
                                                 static_cast<std::uint32_t>(pool.text(object.code).size()));
    REQUIRE(runs);
    std::string text;
    for (const auto& run : *runs) {
        text += fmt::format("{}-{}:", run.begin, run.end);
        if (run.position.line == objects::Position::none)
            text += "none";
        else
            text += fmt::format("{}", run.position.line);
        if (run.position.column != objects::Position::none)
            text +=
                fmt::format(".{}-{}.{}", run.position.column, run.position.end_line, run.position.end_column);
        text += ' ';
    }
    return text;
}

} // namespace

TEST_CASE("written prefixes belong to the instruction after them") {
    CHECK(code("3.8", "EXTENDED_ARG\nEXTENDED_ARG 0\nLOAD_CONST 1\n") == "9000"
                                                                         "9000"
                                                                         "6400");
    CHECK(code("3.8", "JUMP_ABSOLUTE x\nEXTENDED_ARG\nx:\nLOAD_CONST 1\n") == "7104"
                                                                              "9000"
                                                                              "6400");
    CHECK(code("3.8", "EXTENDED_ARG 3\nPOP_TOP\nEXTENDED_ARG 4\n") == "9003"
                                                                      "0100"
                                                                      "9004");
    CHECK(code("3.8", "EXTENDED_ARG 1\nNOP [258]\n") == "9001"
                                                        "0902");
    CHECK(code("2.7", "EXTENDED_ARG 1\nPOP_TOP\n") == "910100"
                                                      "01");
    const Assembled wrong(
        ".target 3.8\n.module\nEXTENDED_ARG 256\nNOP\nEXTENDED_ARG 1\nLOAD_CONST 1\n.end\n");
    CHECK(wrong.messages().find("3:14: error: the operand of one EXTENDED_ARG is a number from 0 to 255") ==
          0);
    const Assembled mismatch(".target 3.8\n.module\nEXTENDED_ARG 1\nLOAD_CONST 1\n.end\n");
    CHECK(mismatch.messages() ==
          "3:1: error: EXTENDED_ARG 1 does not suit the argument 0 of the instruction after it "
          "[Write EXTENDED_ARG 0, or leave the operand out.]\n");
}

TEST_CASE("escapes write any opcode, any bytes and any caches") {
    CHECK(code("3.13", ".op 255 7\n.op 200\n.op 1 258\n.bytes b\"\\x01\\x02\\x03\\x04\"\n") == "ff07"
                                                                                               "c800"
                                                                                               "4701"
                                                                                               "0102"
                                                                                               "01020304");
    CHECK(code("2.7", ".op 1\n.op 200 258\n.op 200\n.bytes 1, 0x2\n") == "01"
                                                                         "c80201"
                                                                         "c80000"
                                                                         "0102");
    CHECK(code("3.13", "CALL 1\n.cache 1, 0x203, 65535\nCALL 1\n.cache\nNOP\n") == "3501"
                                                                                   "0100"
                                                                                   "0302"
                                                                                   "ffff"
                                                                                   "3501"
                                                                                   "1e00");
    CHECK(code("3.13", "EXTENDED_ARG\n.op 53 1\n") == "4700"
                                                      "3501");
    // A jump counts from behind the caches that the interpreter skips, whatever stands there.
    CHECK(code("3.13", "POP_JUMP_IF_TRUE x\n.cache 5\nNOP\nx:\nNOP\n") == "6401"
                                                                          "0500"
                                                                          "1e00"
                                                                          "1e00");
    const Assembled nothing(".target 3.13\n.module\n.cache 1\nNOP\n.end\n");
    CHECK(nothing.messages().find("3:1: error: ") == 0);
    const Assembled old(".target 2.7\n.module\n.op 1 7\n.end\n");
    CHECK(old.messages() ==
          "3:7: error: opcode 1 has no place for an argument in 2.7 [Opcodes from 90 on have one.]\n");
}

TEST_CASE("jumps lead to labels, and past them") {
    CHECK(code("3.13", "x: NOP\nJUMP_FORWARD y\nJUMP_BACKWARD x\ny:\n") == "1e00"
                                                                           "4f02"
                                                                           "4d04"
                                                                           "0000");
    CHECK(code("3.13", "JUMP_FORWARD y+1\ny:\nNOP\nNOP\n") == "4f01"
                                                              "1e00"
                                                              "1e00");
    CHECK(code("3.9", "JUMP_ABSOLUTE y+1\ny:\nNOP\nNOP\n") == "7104"
                                                              "0900"
                                                              "0900");
    CHECK(code("2.7", "JUMP_ABSOLUTE y+0x1\ny:\nLOAD_CONST 1\n") == "710400"
                                                                    "640000");
    CHECK(code("3.13", "JUMP_FORWARD [700]\n") == "4702"
                                                  "4fbc");
}

TEST_CASE("try regions become rows: the innermost first, neighbours merged") {
    const Assembled nested(
        ".target 3.13\n.module\nLOAD_CONST 1\n.try outer\nNOP\n.try inner, lasti\nNOP\nNOP\n.endtry\n"
        "NOP\n.endtry\nRETURN_CONST 1\ninner:\nNOP\nouter:\nNOP\n.end\n");
    CHECK(rows(nested, nested.top()) == "2-4>14 1; 4-8>12 1 lasti; 8-10>14 1; ");
    const Assembled merged(
        ".target 3.13\n.module\n.try h\nNOP\n.endtry\n.try h\nNOP\n.try i\n.endtry\nNOP\n.endtry\nh:\ni:\n"
        "NOP\n.end\n");
    CHECK(rows(merged, merged.top()) == "0-6>6 0; ");
    const Assembled apart(
        ".target 3.13\n.module\n.try h\nNOP\n.endtry\n.try h, depth=1\nNOP\n.endtry\nh:\nNOP\n.end\n");
    CHECK(rows(apart, apart.top()) == "0-2>4 0; 2-4>4 1; ");
}

TEST_CASE("rows of their own stand in their order, after those of regions") {
    const Assembled result(
        ".target 3.13\n.module\n.except b, c -> h, depth=3, lasti\n.except a, b -> h+1\n.except a, a -> h\n"
        ".try h\nNOP\n.endtry\na:\nLOAD_CONST 1\nb:\nNOP\nc:\nh:\nNOP\nNOP\n.end\n");
    CHECK(result.messages() == "");
    CHECK(rows(result, result.top()) == "0-2>6 0; 4-6>6 3 lasti; 2-4>8 0; 2-2>6 0; ");
    const Assembled wrong(".target 3.13\n.module\n.except b, a -> nowhere\na:\nNOP\nb:\nNOP\n.end\n");
    CHECK(wrong.messages() == "3:17: error: no label 'nowhere' in this block\n");
    const Assembled back(".target 3.13\n.module\n.except b, a -> a\na:\nNOP\nb:\nNOP\n.end\n");
    CHECK(back.messages() == "3:9: error: the row ends at 'a', before it starts at 'b' [Swap them.]\n");
}

TEST_CASE("handlers count for the stack size, also those of a stated table") {
    const Assembled derived(
        ".target 3.13\n.module\n.try h\nNOP\n.endtry\nRETURN_CONST 1\nh:\nPUSH_EXC_INFO\nRERAISE 0\n.end\n");
    CHECK(derived.top().stacksize == 2);
    const Assembled stated(
        ".target 3.13\n.module\n.exceptiontable b\"\\x80\\x01\\x02\\x08\"\nNOP\nRETURN_CONST 1\n"
        "PUSH_EXC_INFO\nRERAISE 0\n.end\n");
    CHECK(rows(stated, stated.top()) == "0-2>4 4; ");
    CHECK(stated.top().stacksize == 6);
    const Assembled pinned(".target 3.13\n.module\n.stacksize 77\nNOP\n.end\n");
    CHECK(pinned.top().stacksize == 77);
    const Assembled bytes(
        ".target 3.13\n.module\n.bytes b\"\\x53\\x00\\x53\\x00\\x53\\x00\"\nRETURN_VALUE\n.end\n");
    CHECK(bytes.top().stacksize == 3);
    const Assembled empty(".target 3.13\n.module\nNOP\n.end\n");
    CHECK(empty.top().stacksize == 1);
}

TEST_CASE("lines are those of the text, unless the block states some") {
    const Assembled text(".target 3.13\n.module\n# comment\nNOP\n\nLOAD_CONST (1,\n  2)\nPOP_TOP\n.end\n");
    CHECK(text.top().firstlineno == 1);
    CHECK(lines(text, text.top()) == "0-2:4 2-4:6 4-6:8 ");
    const Assembled function(".target 3.13\n.module\nLOAD_CONST code(f)\n.end\n\n.function f()\nNOP\n.end\n");
    CHECK(function.code("f").firstlineno == 6);
    CHECK(lines(function, function.code("f")) == "0-2:7 ");
    const Assembled stated(
        ".target 3.13\n.function f()\nNOP\n.line 10:4-11:20\nNOP\n.line none\nNOP\n.line 12\nNOP\n"
        ".line 13-14\nNOP\n.end\n");
    CHECK(stated.top().firstlineno == 10);
    CHECK(lines(stated, stated.top()) == "0-2:10 2-4:10.4-11.20 4-6:none 6-8:12 8-10:13 ");
    const Assembled first(".target 3.13\n.function f()\n.firstlineno 3\nNOP\n.line 10\nNOP\n.end\n");
    CHECK(first.top().firstlineno == 3);
    CHECK(lines(first, first.top()) == "0-2:3 2-4:10 ");
    // A prefix and its instruction are one place; so are caches.
    const Assembled prefix(
        ".target 3.11\n.module\n.line 5\nEXTENDED_ARG\nLOAD_CONST 1\n.line 6\nLOAD_GLOBAL x\n.end\n");
    CHECK(lines(prefix, prefix.top()) == "0-4:5 4-16:6 ");
    const Assembled old(".target 2.7\n.module\n.line 5\nNOP\n.line 7\nLOAD_CONST 1\n.end\n");
    CHECK(lines(old, old.top()) == "0-1:5 1-4:7 ");
    const Assembled odd(".target 3.13\n.module\n.unchecked\n.line 5\n.bytes b\"abc\"\n.line 6\nNOP\n.end\n");
    CHECK(lines(odd, odd.top()) == "0-2:5 2-4:6 ");
}

TEST_CASE("included code has the line of its .include, an included block its own file") {
    const Assembled result(
        ".target 3.13\n.module\nNOP\n.include \"more.pyasm\"\nLOAD_CONST code(g)\nNOP\n.end\n"
        ".include \"g.pyasm\"\n",
        {{"dir/more.pyasm", "NOP\n\n\nNOP\n"}, {"dir/g.pyasm", "\n.function g()\nNOP\n.end\n"}});
    CHECK(lines(result, result.top()) == "0-2:3 2-6:4 6-8:5 8-10:6 ");
    CHECK(result.show(result.top().filename) == "'dir/test.pyasm'");
    CHECK(result.show(result.code("g").filename) == "'dir/g.pyasm'");
    CHECK(result.code("g").firstlineno == 2);
}

TEST_CASE("names follow from the nesting") {
    const Assembled result(
        ".target 3.13\n.module\nLOAD_CONST code(Outer)\nLOAD_CONST code(flat.name)\n.end\n"
        ".class Outer\nLOAD_CONST code(method)\nLOAD_CONST code(Inner)\n"
        ".function method()\nLOAD_CONST code(<lambda>)\n.function <lambda>()\nNOP\n.end\n.end\n"
        ".class Inner\nLOAD_CONST code(deep)\n.function deep()\nNOP\n.end\n.end\n.end\n"
        ".function flat.name()\nLOAD_CONST code(x)\n.code x\n.qualname \"Q\"\n.name \"N\"\n"
        ".filename \"F\"\nNOP\n.end\n.end\n");
    const auto qualname = [&](std::string_view name) { return result.show(result.code(name).qualname); };
    CHECK(qualname("<module>") == "'<module>'");
    CHECK(qualname("Outer") == "'Outer'");
    CHECK(qualname("method") == "'Outer.method'");
    CHECK(qualname("<lambda>") == "'Outer.method.<locals>.<lambda>'");
    CHECK(qualname("deep") == "'Outer.Inner.deep'");
    CHECK(qualname("name") == "'flat.name'");
    CHECK(qualname("N") == "'Q'");
    CHECK(result.show(result.code("N").filename) == "'F'");
}

TEST_CASE("a pinned name is a part of the qualified names") {
    const Assembled result(
        ".target 3.13\n.module\nLOAD_CONST code(c_1)\n.end\n.class c_1\n.name \"C\"\n"
        "LOAD_CONST code(f_2)\nLOAD_CONST code(a.g)\n.function f_2()\n.name \"<lambda>\"\nNOP\n.end\n"
        ".function a.g()\n.name \"h\"\nNOP\n.end\n.end\n");
    const auto qualname = [&](std::string_view name) { return result.show(result.code(name).qualname); };
    CHECK(qualname("C") == "'C'");
    CHECK(qualname("<lambda>") == "'C.<lambda>'");
    CHECK(qualname("h") == "'C.a.h'");
}

TEST_CASE("the header is what the file asks for") {
    const Assembled none(".target 3.13\n.module\nNOP\n.end\n");
    CHECK(none.file().header.flags == 0);
    const Assembled source(".target 3.13\n.source mtime=1700000000 size=120\n.module\nNOP\n.end\n");
    CHECK(source.file().header.mtime == 1700000000);
    CHECK(source.file().header.source_size == 120);
    const Assembled hash(".target 3.13\n.hash checked b\"12345678\"\n.module\nNOP\n.end\n");
    CHECK(hash.file().header.flags == 3);
    CHECK(std::string(hash.file().header.hash.begin(), hash.file().header.hash.end()) == "12345678");
    const Assembled file(".target 3.13\n.hash unchecked \"hello.py\"\n.module\nNOP\n.end\n",
                         {{"dir/hello.py", "print('hello')\n"}});
    CHECK(file.file().header.flags == 1);
    CHECK(file.file().header.hash ==
          objects::source_hash(*file.file().target, support::as_bytes("print('hello')\n")));
    const Assembled missing(".target 3.13\n.hash checked \"nothing.py\"\n.module\nNOP\n.end\n");
    CHECK(missing.messages().find("cannot read 'dir/nothing.py': no such file") != std::string::npos);
}

TEST_CASE("the same text gives the same bytes") {
    const std::string text =
        ".target 3.13\n.module\nLOAD_CONST (1, 2.0, \"x\")\nLOAD_CONST code(f)\nLOAD_NAME a\n.end\n"
        ".function f(a, b)\nMAKE_CELL b\nLOAD_FAST a\nLOAD_DEREF c\nRETURN_VALUE\n.end\n";
    CHECK(Assembled(text).bytes() == Assembled(text).bytes());
}

} // namespace pyasm::tests
