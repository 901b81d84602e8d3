#include "cli/console.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

TEST_CASE("a message of the command line cannot steer a terminal") {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const pyasm::cli::Console console = pyasm::cli::make_console(in, out, err, "auto");
    console.error("\x1b[2J\n\u202e.pyc: is a directory");
    console.note("found \xff\x9b"
                 "1m");
    CHECK(err.str() == "pyasm: error: \\x1b[2J\\x0a\\u202e.pyc: is a directory\n"
                       "pyasm: found \\xff\\x9b1m\n");
    CHECK(out.str() == "");
}

TEST_CASE("a message is shown whole, however long") {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const std::string path(5000, 'x');
    pyasm::cli::make_console(in, out, err, "always").error(path);
    CHECK(err.str() == "pyasm: \x1b[1;31merror:\x1b[0m " + path + "\n");
}
