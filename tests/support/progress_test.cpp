#include "support/progress.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <thread>

using namespace std::chrono_literals;
using pyasm::support::Progress;
using pyasm::support::progress_line;
using pyasm::support::ProgressState;

TEST_CASE("a progress line says what is done, and fits") {
    ProgressState state;
    state.done = 50;
    state.total = 200;
    CHECK(progress_line(state, 80) == "[#######-----------------------]  25%  50/200 files");
    state.bytes = 6'200'000;
    state.elapsed = 2000ms;
    state.failed = 3;
    CHECK(progress_line(state, 80) ==
          "[#######-----------------------]  25%  50/200 files  3 failed  3.1 MB/s");
    CHECK(progress_line(state, 60) == "[####--------------]  25%  50/200 files  3 failed  3.1 MB/s");
    CHECK(progress_line(state, 50) == " 25%  50/200 files  3 failed  3.1 MB/s");
    // What is cut would be another number.
    CHECK(progress_line(state, 37) == " 25%  50/200 files  3 failed");
    CHECK(progress_line(state, 27) == " 25%  50/200 files");
    CHECK(progress_line(state, 17) == " 25%");
    CHECK(progress_line(state, 4) == " 25%");
    CHECK(progress_line(state, 3).empty());
    for (std::size_t width = 0; width < 120; ++width) {
        CHECK(progress_line(state, width).size() <= width);
    }
    CHECK(progress_line({}, 40) == "[#####################] 100%  0/0 files");
}

TEST_CASE("nothing is drawn for a moment, without a terminal, or twice in a moment") {
    std::ostringstream out;
    {
        Progress none(out, 2, {});
        std::this_thread::sleep_for(120ms);
        none.advance(1, false);
        Progress quick(out, 2, [] { return 80; });
        quick.advance(1, false);
        CHECK(quick.state().done == 1);
    }
    CHECK(out.str().empty());
    {
        Progress slow(out, 1000, [] { return 30; });
        std::this_thread::sleep_for(120ms);
        for (int i = 0; i < 500; ++i) slow.advance(0, i == 0);
    }
    // One drawing, and it is taken away; a machine may be too slow for the rest to be one moment.
    CHECK(out.str().starts_with("\r"));
    CHECK(out.str().find("/1000 files") != std::string::npos);
    CHECK(out.str().ends_with("\r\x1b[K"));
    CHECK(out.str().size() < 500);
}
