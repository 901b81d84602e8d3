// `start`: what a program that is a function main does, on every target.
#include "isa/target.hpp"
#include "tests/runtime-stubs/stub_programs.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pyasm;
using tests::content_of;
using tests::passes;

namespace {

namespace fs = std::filesystem;

std::string name_of(const isa::Target& target) { return std::string(target.name); }
bool is_python2(const isa::Target& target) { return target.name == "2.7"; }

/// What main does, and what becomes of it.
struct Case {
    const char* name;
    const char* body; ///< of main(argv), behind its prologue
    int status = 0;
    const char* out = "";
    const char* last_line = ""; ///< of stderr, its beginning; empty: nothing is printed there
    bool traceback = false;
    bool is_async = false;
    const char* file_level = ""; ///< more of the file
};

const Case cases[] = {
    {.name = "None is success", .body = "print \"done\"\nreturn_none", .out = "done\n"},
    {.name = "an int is the status", .body = "return_constant 42", .status = 42},
    {.name = "zero", .body = "return_constant 0"},
    {.name = "a string is a message",
     .body = "return_constant \"what a pity\"",
     .status = 1,
     .last_line = "what a pity"},
    {.name = "a bool is an int", .body = "push True\nRETURN_VALUE", .status = 1},
    {.name = "the arguments",
     .body = "begin_print\nload argv\npush 1\nsubscript\nprint_item\ncall len, "
             "argv\nprint_item\nend_print\nreturn_none",
     .out = "one 3\n"},
    {.name = "an exception",
     .body = "call ValueError, \"wrong\"\nRAISE_VARARGS 1",
     .status = 1,
     .last_line = "ValueError: wrong",
     .traceback = true},
    {.name = "SystemExit without a value", .body = "call SystemExit\nRAISE_VARARGS 1"},
    {.name = "SystemExit with an int", .body = "call SystemExit, 7\nRAISE_VARARGS 1", .status = 7},
    {.name = "SystemExit with a string",
     .body = "call SystemExit, \"bye\"\nRAISE_VARARGS 1",
     .status = 1,
     .last_line = "bye"},
    {.name = "sys.exit in main",
     .body = "import sys\nload sys\ncall_method exit, 5\nRETURN_VALUE",
     .status = 5},
    {.name = "an unbound local",
     .body = "load_checked later\nRETURN_VALUE",
     .status = 1,
     .last_line = "UnboundLocalError: ",
     .traceback = true},
    {.name = "main finds itself",
     .body = "begin_print\nload main\nLOAD_ATTR __name__\nprint_item\nload "
             "__name__\nprint_item\nend_print\nreturn_none",
     .out = "main __main__\n"},
    {.name = "main finds what is set up",
     .body = "begin_print\ncall helper, 4\nprint_item\nend_print\nreturn_none",
     .out = "40\n",
     .file_level = "program_functions helper\n"
                   ".function helper(x)\nprologue\nload x\npush 10\nbinary *\nRETURN_VALUE\n.end\n"},
    {.name = "a setup of its own",
     .body = "print setting\nreturn_none",
     .out = "set\n",
     .file_level = ".global program_setup\n"
                   ".function program_setup()\nprologue\npush \"set\"\nstore setting\nreturn_none\n.end\n"},
    {.name = "an async main",
     .body = "print \"async\"\nreturn_constant 6",
     .status = 6,
     .out = "async\n",
     .is_async = true},
    {.name = "an async main that awaits",
     .body = "begin_call values\nend_call 0\nawait_value\nRETURN_VALUE",
     .status = 9,
     .is_async = true,
     .file_level =
         "program_functions values\n"
         ".function async values()\nasync_prologue\nimport asyncio\nload asyncio\ncall_method sleep, 0\n"
         "await_value\nPOP_TOP\nreturn_constant 9\n.end\n"},
    {.name = "an exception in an async main",
     .body = "call KeyError, 3\nRAISE_VARARGS 1",
     .status = 1,
     .last_line = "KeyError: 3",
     .traceback = true,
     .is_async = true},
    {.name = "the loop of an async main is closed behind it",
     .body = "import asyncio\nload asyncio\ncall_method get_event_loop\nstore later\n"
             "import atexit\nload atexit\ncall_method register, report, later\nPOP_TOP\nreturn_none",
     .out = "closed True\n",
     .is_async = true,
     .file_level =
         "program_functions report\n"
         ".function report(loop)\n.locals loop\nprologue\nbegin_print\npush \"closed\"\nprint_item\n"
         "load loop\ncall_method is_closed\nprint_item\nend_print\nreturn_none\n.end\n"},
    {.name = "SystemExit in an async main",
     .body = "call SystemExit, 8\nRAISE_VARARGS 1",
     .status = 8,
     .is_async = true},
};

std::string source_of(const Case& test) {
    std::string text = ".include <portable>\n.global main\n";
    text += test.file_level;
    text += test.is_async ? ".function async main(argv)\n.locals argv, later\nasync_prologue\n"
                          : ".function main(argv)\n.locals argv, later\nprologue\n";
    text += test.body;
    return text + "\n.end\n";
}

std::string last_line_of(const std::string& text) {
    const std::size_t end = text.find_last_not_of("\r\n");
    if (end == std::string::npos) return {};
    const std::size_t begin = text.find_last_of('\n', end);
    return text.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

void check_run(const Case& test, const tests::RunResult& result) {
    CHECK_EQ(result.status, test.status);
    CHECK_EQ(result.out, test.out);
    const std::string last = last_line_of(result.err);
    if (*test.last_line == '\0')
        CHECK_EQ(result.err, "");
    else
        CHECK_MESSAGE(last.starts_with(test.last_line), result.err);
    CHECK_EQ(result.err.starts_with("Traceback (most recent call last):"), test.traceback);
}

/// Links `text` with what the stubs have; false if not, and the test has failed.
bool link(const tests::TemporaryFolder& folder, const isa::Target& target, const std::string& text) {
    tests::write_text(folder.file("program.pyasm"), text);
    fs::remove(folder.file("program.pyc"));
    return passes({"link", "--target", name_of(target), folder.file("program.pyasm"), "-o",
                   folder.file("program.pyc")});
}

} // namespace

TEST_CASE("runtime stubs: start calls main and exits as Python would, on every target") {
    const tests::TemporaryFolder folder;
    for (const Case& test : cases) {
        for (const isa::Target& target : isa::all_targets()) {
            if (test.is_async && is_python2(target)) continue;
            INFO(test.name, " on ", name_of(target));
            if (!link(folder, target, source_of(test))) continue;
            CHECK_EQ(tests::run_pyasm({"verify", folder.file("program.pyc")}).err, "");
            if (const tests::Interpreter* python = tests::interpreter(target.name))
                check_run(test, tests::run_python(*python, {folder.file("program.pyc"), "one", "two"}));
        }
    }
}

TEST_CASE("runtime stubs: 2.7 has no async main, and says so") {
    const tests::TemporaryFolder folder;
    tests::write_text(folder.file("program.pyasm"),
                      ".global main\n.function async main(argv)\nLOAD_CONST None\nRETURN_VALUE\n.end\n");
    const auto result = tests::run_pyasm(
        {"link", "--target", "2.7", folder.file("program.pyasm"), "-o", folder.file("out.pyc")});
    CHECK_EQ(result.status, 1);
    CHECK(result.err.find("2.7 has no coroutines") != std::string::npos);
    CHECK_FALSE(fs::exists(folder.file("out.pyc")));
}

TEST_CASE("runtime stubs: importing a program defines main and does not call it") {
    const tests::TemporaryFolder folder;
    const std::string text =
        ".include <portable>\n.global main\nprogram_functions helper\n"
        ".function helper()\nprologue\nreturn_constant 5\n.end\n"
        ".function main(argv)\nprologue\nprint \"main\", argv\ncall helper\nRETURN_VALUE\n.end\n";
    const std::string command =
        "import sys; sys.path.insert(0, " + std::string("r'") + folder.path() +
        "'); import program; sys.stdout.write('%s %s ' % (program.__name__, program.helper())); "
        "sys.exit(program.main(['given']))";
    for (const isa::Target& target : isa::all_targets()) {
        INFO(name_of(target));
        if (!link(folder, target, text)) continue;
        const tests::Interpreter* python = tests::interpreter(target.name);
        if (!python) continue;
        fs::remove(folder.file("program.pyasm"));
        const tests::RunResult result = tests::run_python(*python, {"-c", command});
        CHECK_EQ(result.status, 5);
        CHECK_EQ(result.out, "program 5 main ['given']\n");
        CHECK_EQ(result.err, "");
    }
}

TEST_CASE("runtime stubs: a compiled module is run in the program's namespace, on every target") {
    const tests::TemporaryFolder folder;
    tests::write_text(folder.file("helpers.py"),
                      "COUNT = 2\n\ndef shout(text):\n    return text.upper() * COUNT\n\n"
                      "class Box(object):\n    def get(self):\n        return shout('b')\n");
    const std::string text =
        ".include <portable>\n.global main, program_setup\n.extern helpers:<module>, helpers:Box.get\n"
        ".function program_setup()\nprologue\nrun_module helpers\ndefine_function helpers:Box.get, as=get\n"
        "return_none\n.end\n"
        ".function main(argv)\nprologue\nbegin_print\ncall shout, \"a\"\nprint_item\ncall Box\n"
        "call_method get\nprint_item\ncall get, None\nprint_item\n"
        "load COUNT\nprint_item\nend_print\nreturn_none\n.end\n";
    tests::write_text(folder.file("program.pyasm"), text);
    for (const isa::Target& target : isa::all_targets()) {
        INFO(name_of(target));
        const tests::Interpreter* python = tests::interpreter(target.name);
        if (!python) continue;
        const auto compiled = tests::run_python(
            *python,
            {"-c", "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)",
             folder.file("helpers.py"), folder.file("helpers.pyc")});
        REQUIRE_EQ(compiled.status, 0);
        fs::remove(folder.file("out.pyc"));
        if (!passes({"link", folder.file("program.pyasm"), folder.file("helpers.pyc"), "-o",
                     folder.file("out.pyc")}))
            continue;
        const tests::RunResult result = tests::run_python(*python, {folder.file("out.pyc")});
        CHECK_EQ(result.status, 0);
        CHECK_EQ(result.out, "AA BB BB 2\n");
        CHECK_EQ(result.err, "");
    }
}

TEST_CASE("runtime stubs: a linked program without them holds nothing of them") {
    const tests::TemporaryFolder folder;
    const std::string text =
        ".filename \"same\"\n.module\n.line 1\nLOAD_CONST code(main)\nPOP_TOP\nLOAD_CONST None\n"
        "RETURN_VALUE\n.end\n.function main(argv)\n.line 2\nLOAD_CONST None\nRETURN_VALUE\n.end\n";
    tests::write_text(folder.file("program.pyasm"), ".global main\n" + text);
    tests::write_text(folder.file("alone.pyasm"), text);
    for (const isa::Target& target : isa::all_targets()) {
        INFO(name_of(target));
        REQUIRE(passes({"link", "--target", name_of(target), folder.file("program.pyasm"), "-o",
                        folder.file("program.pyc")}));
        REQUIRE(passes({"asm", "--target", name_of(target), folder.file("alone.pyasm"), "-o",
                        folder.file("alone.pyc")}));
        CHECK(content_of(folder.file("program.pyc")) == content_of(folder.file("alone.pyc")));
    }
}
