// Jumps over more than 65,536 code units, in both directions and to an exception handler: programs that
// nobody would write, so they are made here. The instructions between are executed, too.

#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace pyasm::tests;
namespace support = pyasm::support;

constexpr std::size_t nops = 70'000;

struct Program {
    std::string_view version;
    std::string_view text; ///< {nops} stands for the long way
};

// Each starts with count = 0, jumps forward over the NOPs while count is 0 and goes through them when it is
// 1, jumps back until count is 2, prints it, and then divides by zero, far from its handler.
constexpr std::string_view python27 = R"(
.module
    SETUP_EXCEPT handler
    LOAD_CONST 0
    STORE_NAME count
again:
    LOAD_NAME count
    POP_JUMP_IF_FALSE next
{nops}
next:
    LOAD_NAME count
    LOAD_CONST 1
    INPLACE_ADD
    STORE_NAME count
    LOAD_NAME count
    LOAD_CONST 2
    COMPARE_OP <
    POP_JUMP_IF_TRUE again
    LOAD_NAME count
    PRINT_ITEM
    PRINT_NEWLINE
    LOAD_CONST 1
    LOAD_CONST 0
    BINARY_DIVIDE
    POP_TOP
{nops}
    POP_BLOCK
    LOAD_CONST None
    RETURN_VALUE
handler:
    POP_TOP
    POP_TOP
    POP_TOP
    LOAD_CONST "handled"
    PRINT_ITEM
    PRINT_NEWLINE
    LOAD_CONST None
    RETURN_VALUE
.end
)";

constexpr std::string_view python38 = R"(
.module
    SETUP_FINALLY handler
    LOAD_CONST 0
    STORE_NAME count
again:
    LOAD_NAME count
    POP_JUMP_IF_FALSE next
{nops}
next:
    LOAD_NAME count
    LOAD_CONST 1
    INPLACE_ADD
    STORE_NAME count
    LOAD_NAME count
    LOAD_CONST 2
    COMPARE_OP <
    POP_JUMP_IF_TRUE again
    LOAD_NAME print
    LOAD_NAME count
    CALL_FUNCTION 1
    POP_TOP
    LOAD_CONST 1
    LOAD_CONST 0
    BINARY_TRUE_DIVIDE
    POP_TOP
{nops}
    POP_BLOCK
    LOAD_CONST None
    RETURN_VALUE
handler:
    POP_TOP
    POP_TOP
    POP_TOP
    POP_EXCEPT
    LOAD_NAME print
    LOAD_CONST "handled"
    CALL_FUNCTION 1
    POP_TOP
    LOAD_CONST None
    RETURN_VALUE
.end
)";

constexpr std::string_view python311 = R"(
.module
    RESUME 0
    LOAD_CONST 0
    STORE_NAME count
.try handler
again:
    LOAD_NAME count
    POP_JUMP_FORWARD_IF_FALSE next
{nops}
next:
    LOAD_NAME count
    LOAD_CONST 1
    BINARY_OP +=
    STORE_NAME count
    LOAD_NAME count
    LOAD_CONST 2
    COMPARE_OP <
    POP_JUMP_BACKWARD_IF_TRUE again
    PUSH_NULL
    LOAD_NAME print
    LOAD_NAME count
    PRECALL 1
    CALL 1
    POP_TOP
    LOAD_CONST 1
    LOAD_CONST 0
    BINARY_OP /
    POP_TOP
{nops}
.endtry
    LOAD_CONST None
    RETURN_VALUE
handler:
    POP_TOP
    PUSH_NULL
    LOAD_NAME print
    LOAD_CONST "handled"
    PRECALL 1
    CALL 1
    POP_TOP
    LOAD_CONST None
    RETURN_VALUE
.end
)";

constexpr std::string_view python315 = R"(
.module
    RESUME 0
    LOAD_CONST 0
    STORE_NAME count
.try handler
again:
    LOAD_NAME count
    TO_BOOL
    POP_JUMP_IF_FALSE next
{nops}
next:
    LOAD_NAME count
    LOAD_CONST 1
    BINARY_OP +=
    STORE_NAME count
    LOAD_NAME count
    LOAD_CONST 2
    COMPARE_OP bool(<)
    POP_JUMP_IF_FALSE enough
    JUMP_BACKWARD again
enough:
    LOAD_NAME print
    PUSH_NULL
    LOAD_NAME count
    CALL 1
    POP_TOP
    LOAD_CONST 1
    LOAD_CONST 0
    BINARY_OP /
    POP_TOP
{nops}
.endtry
    LOAD_CONST None
    RETURN_VALUE
handler:
    POP_TOP
    LOAD_NAME print
    PUSH_NULL
    LOAD_CONST "handled"
    CALL 1
    POP_TOP
    LOAD_CONST None
    RETURN_VALUE
.end
)";

/// The program's text with the long way in it.
std::string source_of(const Program& program) {
    std::string many;
    many.reserve(nops * 8);
    for (std::size_t i = 0; i < nops; ++i) many += "    NOP\n";
    constexpr std::string_view place = "{nops}\n";
    std::string text = ".target " + std::string(program.version) + "\n";
    std::string_view rest = program.text;
    for (std::size_t at = rest.find(place); at != rest.npos; at = rest.find(place)) {
        text += rest.substr(0, at);
        text += many;
        rest.remove_prefix(at + place.size());
    }
    return text += rest;
}

void run_program(const Program& program, const TemporaryFolder& folder) {
    const std::string name(program.version);
    const std::string source = folder.file(name + ".pyasm");
    const std::string pyc = folder.file(name + ".pyc");
    const std::string text = source_of(program);
    REQUIRE(support::write_file(source, support::as_bytes(text)).ok());

    const auto outcome = run_pyasm({"asm", source, "-o", pyc});
    CHECK_EQ(outcome.status, 0);
    CHECK_EQ(outcome.err, "");
    const Interpreter* python = interpreter(program.version);
    if (!python) return; // the run's summary says which interpreters are missing
    const RunResult result = run_python(*python, {pyc});
    CHECK_EQ(result.out, "2\nhandled\n");
    CHECK_EQ(result.err, "");
    CHECK_EQ(result.status, 0);
}

TEST_CASE("examples: jumps over 65,536 code units") {
    const TemporaryFolder folder;
    for (const Program& program :
         {Program{"2.7", python27}, Program{"3.8", python38}, Program{"3.10", python38},
          Program{"3.11", python311}, Program{"3.15", python315}}) {
        INFO(program.version);
        run_program(program, folder);
    }
}

} // namespace
