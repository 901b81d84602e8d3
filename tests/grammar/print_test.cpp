// The printer as the parser's inverse.
#include "tests/grammar/parsed.hpp"
#include "tests/grammar/same_unit.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace pyasm;

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("every example and test source comes back the same") {
    const std::filesystem::path root = PYASM_SOURCE_FOLDER;
    int files = 0;
    for (const char* folder : {"examples", "tests"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            if (entry.path().extension() != ".pyasm") continue;
            CAPTURE(entry.path().string());
            CHECK(tests::round_trip(read(entry.path())) == "");
            ++files;
        }
    }
    CHECK(files > 50);
}

TEST_SUITE("printed units") {
    TEST_CASE("a listing is laid out to be read") {
        const std::string listing = R"(.target 3.13
.source mtime=1700000000 size=120
.filename "hello.py"

.module
    RESUME              0                          @ 0:0-1:0
    LOAD_CONST          code(greet)                @ 1:0-3:12
    MAKE_FUNCTION
    STORE_NAME          greet
    RETURN_CONST        None

    .function greet(name, /, *args, punctuation="!", **rest)
        .doc ("Say hello.\n"
              "\n"
              "    Politely.")
        .consts 1, (2, "two"),
                ("A constant of so many words that it does not fit on one line and goes on in the "
                 "next one."),
                {"key": ["first value of the key, which is long", "second value of the key",
                         "third value of the key"],
                 "other": None}
        .names first_of_many_names, second_of_many_names, third_of_many_names, fourth_of_many_names,
               "not an identifier", fifth_of_many_names
        .linetable (b"\x80\x00\x80\x00\x80\x00\x80\x00\x80\x00\x80\x00\x80\x00\x80\x00\x80\x00\x80"
                    b"\x00")
        RESUME              0                      @ 1
        LOAD_GLOBAL         print + NULL           @ 3:4-9
        LOAD_FAST_LOAD_FAST name, punctuation
        LOAD_FAST           "name that is no name, and longer than the column"  @ 3:10-4:2
    .try L2, lasti
    L1:
        FOR_ITER            L2+1                   @ none
        .cache              0x1234
    .endtry
        .except L1, L2 -> L2, depth=1
        .op                 255 7                  @ 5-6
        .bytes              b"\x00\x01"
        LOAD_CONST          ("many", "short", "strings", "in", "a", "tuple", "that", "takes",
                             "several", "lines")   @ 7
        .line 8
    L2:
        RETURN_VALUE
    .end
.end
)";
        const tests::Parsed parsed = tests::parse_text(listing);
        REQUIRE(parsed.errors() == "");
        CHECK(tests::print_text(parsed.unit) == listing);
    }

    TEST_CASE("without columns, lines stand on lines of their own") {
        const std::string listing = R"(.target 2.7

.code f
    .line 1
    LOAD_CONST          u"text"
    LOAD_CONST          10L
    .line none
    LOAD_NAME           print
.end
)";
        const tests::Parsed parsed = tests::parse_text(listing);
        REQUIRE(parsed.errors() == "");
        CHECK(tests::print_text(parsed.unit) == listing);
    }

    TEST_CASE("what the whole file says") {
        const auto same = [](const std::string& text) {
            const tests::Parsed parsed = tests::parse_text(text);
            REQUIRE(parsed.errors() == "");
            CHECK(tests::print_text(parsed.unit) == text);
        };
        same(".target 3.13\n.header none\n.value (1, &1 [2, *1], code(f))\n\n.code f\n.end\n");
        same(".target 3.13\n.hash checked b\"\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\"\n\n.module\n.end\n");
        same(".target 3.13\n.hash unchecked b\"\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\" flags=5\n"
             "\n.module\n.end\n");
        same(".target 3.13\n.hash checked \"hello.py\"\n\n.module\n.end\n");
        same(".target 2.7\n.source mtime=1\n\n.module\n.end\n");
        same(".target 3.8\n.source mtime=1 size=2 flags=8\n\n.module\n.end\n");
        same(".target 3.13\n\n.module\n.end\n\n.trailing b\"\\x00\\x41\"\n.marshal \"abc\"\n");
    }

    TEST_CASE("every directive of a block comes back") {
        CHECK(tests::round_trip(R"(.target 3.13
.code f
.unchecked
.name "g"
.qualname "a.<locals>.g"
.filename "x.py"
.firstlineno -3
.argcount 1
.posonlyargcount 2
.kwonlyargcount 3
.stacksize 4
.flags OPTIMIZED | NEWLOCALS
.consts
.names
.locals a, .0, "b c"
.cellvars a
.freevars None
.hidden a
.localsplusnames ("a", "b")
.localspluskinds b"\x20\x20"
.linetable b""
.exceptiontable b"\x80"
.end
.function async g(a, b=1, *, c)
.end
.class Outer
.function <lambda>$2()
.class Inner
.end
.end
.code h(*, x)
.end
.end
.code i()
.end
)") == "");
    }

    TEST_CASE("operands come back in their form") {
        CHECK(tests::round_trip(R"(.target 3.13
.module
BINARY_OP @        @ 1:2-3
BINARY_OP @=       @ 1:2-5
COMPARE_OP bool(<) @ none
CONTAINS_OP not in @ 5
BINARY_OP []
LOAD_CONST [3]     @ -5
LOAD_NAME .0
LOAD_NAME inf
LOAD_CONST inf
LOAD_CONST -inf
LOAD_CONST .5
LOAD_CONST &1 list([1, *1])
LOAD_CONST *1
LOAD_CONST 170141183460469231731687303715884105727
LOAD_ATTR "odd + name" + NULL|self
LOAD_FAST_LOAD_FAST "a, b", c
LOAD_CONST "a, b"
LOAD_SUPER_ATTR close + NULL|self + two_arg
IMPORT_NAME os.path
CALL_INTRINSIC_1 INTRINSIC_PRINT
MAKE_FUNCTION defaults|closure
EXTENDED_ARG
SLICE+1
L: JUMP_FORWARD L + 4294967295
.op 1
.cache
.end
)") == "");
    }

    TEST_CASE("comments stay comments, whatever is in them") {
        tests::Parsed parsed = tests::parse_text(".target 3.13\n.module\nNOP\n.line 5\nNOP\nL:\nNOP\n.end\n");
        auto& unit = parsed.unit;
        const std::string before = tests::describe(unit);
        std::string all;
        for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
        all += "\xe2\x80\xae \xe2\x80\xa8 \xed\xa0\x80 \xc3\xa9";
        using program::Comment;
        for (std::uint32_t i = 0; i <= 5; ++i) {
            unit.comments.push_back({0, i, Comment::Place::Above, "above\n.end\r.end"});
            unit.comments.push_back({0, i, Comment::Place::Behind, all});
        }
        const std::string text = tests::print_text(unit);
        const tests::Parsed again = tests::parse_text(text);
        CHECK(again.errors() == "");
        CHECK(tests::describe(again.unit) == before);
        CHECK(text.find("# above\\n.end\\r.end\n") != std::string::npos);
        CHECK(text.find("\\u202e \\u2028 \\ud800 \xc3\xa9\n") != std::string::npos);
        CHECK(text.find("\\x80\\x81") != std::string::npos);
    }

    TEST_CASE("comments stand behind, above and at the end") {
        tests::Parsed parsed = tests::parse_text(".target 3.13\n.module\n.line 5\nNOP\nNOP\n.end\n");
        using program::Comment;
        parsed.unit.comments = {{0, 0, Comment::Place::Behind, "of the line"},
                                {0, 1, Comment::Place::Above, "above"},
                                {0, 1, Comment::Place::Behind, "behind"},
                                {0, 3, Comment::Place::Above, "the end"}};
        CHECK(tests::print_text(parsed.unit) == R"(.target 3.13

.module
    # above
    NOP                                            @ 5                  # of the line  # behind
    NOP
    # the end
.end
)");
    }

    TEST_CASE("a hundred levels of blocks, and wide tables") {
        std::string names = "a";
        for (int i = 0; i < 100; ++i) names += fmt::format(", name{}", i);
        std::string text = ".target 3.13\n";
        for (int i = 0; i < 100; ++i) text += ".code f\n.names " + names + "\nNOP\n";
        for (int i = 0; i < 100; ++i) text += ".end\n";
        CHECK(tests::round_trip(text) == "");
        CHECK(tests::print_text(tests::parse_text(text).unit).size() < 400'000);
    }
}
