#include "support/text.hpp"
#include "support/unicode.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

using namespace pyasm::support;

namespace {

/// UTF-8 as RFC 3629 spells it out, without shortcuts: the yardstick for the fast one.
std::optional<std::size_t> slow_find_invalid(std::string_view text, bool surrogates) {
    const auto in = [&](std::size_t at, int low, int high) {
        return at < text.size() && static_cast<unsigned char>(text[at]) >= low &&
               static_cast<unsigned char>(text[at]) <= high;
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto tail = [&](std::size_t at) { return in(at, 0x80, 0xBF); };
        if (in(i, 0, 0x7F)) {
            i += 1;
        } else if (in(i, 0xC2, 0xDF) && tail(i + 1)) {
            i += 2;
        } else if (((in(i, 0xE0, 0xE0) && in(i + 1, 0xA0, 0xBF)) || (in(i, 0xE1, 0xEC) && tail(i + 1)) ||
                    (in(i, 0xED, 0xED) && in(i + 1, 0x80, surrogates ? 0xBF : 0x9F)) ||
                    (in(i, 0xEE, 0xEF) && tail(i + 1))) &&
                   tail(i + 2)) {
            i += 3;
        } else if (((in(i, 0xF0, 0xF0) && in(i + 1, 0x90, 0xBF)) || (in(i, 0xF1, 0xF3) && tail(i + 1)) ||
                    (in(i, 0xF4, 0xF4) && in(i + 1, 0x80, 0x8F))) &&
                   tail(i + 2) && tail(i + 3)) {
            i += 4;
        } else {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace

TEST_CASE("every sequence of up to two bytes, and random longer ones, are judged as RFC 3629 does") {
    const auto check = [](const std::string& text) {
        if (find_invalid_utf8(text) != slow_find_invalid(text, false) ||
            find_invalid_utf8_surrogatepass(text) != slow_find_invalid(text, true)) {
            FAIL_CHECK(printable(text));
        }
    };
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            check({static_cast<char>(first), static_cast<char>(second)});
            check({static_cast<char>(first), static_cast<char>(second), '\x80'});
            check({static_cast<char>(first), static_cast<char>(second), '\x80', '\xBF'});
            check({'a', static_cast<char>(first), static_cast<char>(second), '\xBF', '\x80'});
        }
    }
    std::mt19937 random(1);
    const std::array<std::string, 9> pieces = {"plain ASCII", "é",    "日",   "😀", "\xED\xA0\x80",
                                               "\xFF",        "\x80", "\xE6", "\n"};
    for (int i = 0; i < 2000; ++i) {
        std::string text;
        for (auto count = random() % 8; count > 0; --count) text += pieces[random() % pieces.size()];
        check(text);
    }
}

TEST_CASE("all code points survive encoding and decoding") {
    for (std::uint32_t value = 0; value <= 0x10FFFF; ++value) {
        std::string text;
        append_utf8(text, value);
        const CodePoint point = decode_utf8(text, 0);
        const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
        if (point.value != value || point.size != text.size() || point.valid == surrogate ||
            point.surrogate != surrogate) {
            FAIL_CHECK(value);
        }
    }
}

TEST_CASE("edit distance counts insertions, deletions, replacements and swaps") {
    CHECK(edit_distance("", "", 3) == 0);
    CHECK(edit_distance("", "abc", 5) == 3);
    CHECK(edit_distance("LOAD_COSNT", "LOAD_CONST", 5) == 1);
    CHECK(edit_distance("kitten", "sitting", 5) == 3);
    CHECK(edit_distance("kitten", "sitting", 3) == 3);
    CHECK(edit_distance("kitten", "sitting", 2) == 3); // over the limit: limit + 1
    CHECK(edit_distance("abcdefgh", "x", 2) == 3);
    CHECK(edit_distance("ca", "abc", 5) == 3); // no edit inside a swapped pair
}

TEST_CASE("a banded edit distance is the whole one, capped") {
    std::mt19937 random(2);
    const auto word = [&] {
        std::string text;
        for (auto count = random() % 9; count > 0; --count) text += static_cast<char>('a' + random() % 3);
        return text;
    };
    for (int i = 0; i < 3000; ++i) {
        const std::string a = word();
        const std::string b = word();
        const std::size_t whole = edit_distance(a, b, 100);
        for (std::size_t limit = 0; limit < 10; ++limit) {
            if (edit_distance(a, b, limit) != std::min(whole, limit + 1) && !(whole <= limit)) {
                FAIL_CHECK(a << " " << b << " " << limit);
            }
            if (edit_distance(b, a, limit) != edit_distance(a, b, limit))
                FAIL_CHECK(a << " " << b << " " << limit);
        }
    }
}

TEST_CASE("the nearest name is suggested only where it is near") {
    const std::vector<std::string_view> names = {"LOAD_CONST", "LOAD_FAST", "LOAD_NAME", "POP_TOP", "NOP"};
    CHECK(nearest("LOAD_COSNT", names) == "LOAD_CONST");
    CHECK(nearest("load_fast", names) == "LOAD_FAST");
    CHECK(nearest("LOADNAME", names) == "LOAD_NAME");
    CHECK(nearest("NPO", names) == "NOP");
    CHECK(nearest("PRINT", names).empty());
    CHECK(nearest("", names).empty());
    CHECK(nearest("X", names).empty());
    CHECK(nearest(std::string(100'000, 'L'), names).empty());
}

TEST_CASE("printable text cannot steer a terminal") {
    CHECK(printable("plain 日本") == "plain 日本");
    CHECK(printable("a\x1b[2J\r\n\t\x7f") == "a\\x1b[2J\\x0d\\x0a\\x09\\x7f");
    CHECK(printable("\u202Eevil\u2066\u200F\uFEFF") == "\\u202eevil\\u2066\\u200f\\ufeff");
    CHECK(printable("\xFF\xE6\x97") == "\\xff\\xe6\\x97");
    CHECK(printable("\u0085") == "\\u0085");
    CHECK(printable("\xED\xA0\x80") == "\\ud800");
    CHECK(printable(std::string(100, 'x'), 10) == "xxxxxxxxxx...");
    CHECK(printable("日日日", 7) == "日日...");
}

TEST_CASE("what looks like a blank or like nothing is escaped") {
    for (const std::uint32_t hidden :
         {0xA0U, 0xADU, 0x34FU, 0x115FU, 0x1680U, 0x2003U, 0x200BU, 0x202EU, 0x2800U, 0x3000U, 0x3164U,
          0xE000U, 0xFE0FU, 0xFEFFU, 0xFFA0U, 0xE0100U, 0x10FFFFU}) {
        CAPTURE(hidden);
        CHECK(needs_escape(hidden));
    }
    for (const std::uint32_t shown : {0x20U, 0x41U, 0xE9U, 0x3B1U, 0x4E2DU, 0xAC00U, 0x1F600U}) {
        CAPTURE(shown);
        CHECK_FALSE(needs_escape(shown));
    }
}
