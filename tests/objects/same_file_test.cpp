#include "tests/objects/hex.hpp"
#include "tests/objects/rebuild.hpp"

#include "objects/code_object.hpp"
#include "objects/same_file.hpp"

#include <bit>
#include <doctest/doctest.h>

using namespace pyasm;
using namespace pyasm::tests;
using objects::PycFile;
using objects::ValueId;
using objects::ValueKind;

namespace {

std::string between(const PycFile& left, const PycFile& right) {
    const auto found = objects::difference(left, right);
    return found ? found->path + ": " + found->what : "same";
}

std::string compare(std::string_view left, std::string_view right, std::string_view target = "3.13") {
    const auto a = from_hex(left), b = from_hex(right);
    const auto one = objects::read_marshal_file(a, target_named(target));
    const auto other = objects::read_marshal_file(b, target_named(target));
    REQUIRE(one);
    REQUIRE(other);
    const std::string there = between(*one, *other);
    CHECK((there == "same") == (between(*other, *one) == "same"));
    return there;
}

/// A code object of 3.13 with these constants and this name.
std::string code(const std::string& consts, const std::string& name, const std::string& flags = "00000000") {
    return "63 00000000 00000000 00000000 01000000 " + flags + " 7300000000 " + consts + " 2901 " + name +
           " 2900 7300000000 7a0166 7a0167 7a0168 01000000 7300000000 7300000000";
}

} // namespace

TEST_CASE("values are the same by type, bits and order") {
    CHECK(compare("69 01000000", "49 0100000000000000") == "same");
    CHECK(compare("69 01000000", "6c 01000000 0100") == "same");
    CHECK(compare("69 01000000", "69 02000000") == "top object: an int of another value");
    CHECK(compare("69 01000000", "54") == "top object: an int against True");
    CHECK(compare("69 01000000", "6c 01000000 0100", "2.7") == "top object: an int against a long int");
    CHECK(compare("67 0000000000000000", "67 0000000000000080") == "top object: a float of another value");
    CHECK(compare("79 0000000000000000 0000000000000000", "79 0000000000000000 0000000000000080") ==
          "top object: a complex number of another value");
    CHECK(compare("7a 01 61", "da 01 61") == "same");
    CHECK(compare("7a 01 61", "73 01000000 61") == "top object: a string against a byte string");
    CHECK(compare("29 02 4e 54", "29 02 4e 46") == "[1]: True against False");
    CHECK(compare("29 01 4e", "29 02 4e 4e") == "top object: a tuple of 1 against 2 objects");
    CHECK(compare("3c 02000000 4e 54", "3c 02000000 54 4e") == "[0]: None against True");
    CHECK(compare("7b 4e 29 01 54 30", "7b 4e 29 01 46 30") == "values[0][0]: True against False");
    CHECK(compare("4e", "4e 4e") == "trailing bytes: different bytes");
}

TEST_CASE("identity counts for what can be changed, and only there") {
    CHECK(compare("29 02 a9 01 4e 72 00000000", "29 02 29 01 4e 29 01 4e") == "same");
    CHECK(compare("29 02 db 00000000 72 00000000", "29 02 5b 00000000 5b 00000000") ==
          "[1]: the same object as an earlier one on one side only");
    CHECK(compare("29 03 db 00000000 db 00000000 72 00000000", "29 03 db 00000000 db 00000000 72 01000000") ==
          "[2]: the same object as an earlier one on one side only");
    CHECK(compare("a9 01 72 00000000", "a9 01 72 00000000") == "same");
    CHECK(compare("db 01000000 72 00000000", "5b 01000000 db 01000000 72 00000000") ==
          "[0]: the same object as an earlier one on one side only");
    CHECK(compare("a9 01 72 00000000", "a9 02 72 00000000 72 00000000") ==
          "top object: a tuple of 1 against 2 objects");
}

TEST_CASE("the way into a code object is named") {
    const std::string inner = code("29 01 69 01000000", "7a 01 61");
    CHECK(compare(code("29 01 " + inner, "7a 01 61"), code("29 01 " + inner, "7a 01 61")) == "same");
    CHECK(compare(code("29 01 " + inner, "7a 01 61"),
                  code("29 01 " + code("29 01 69 01000000", "7a 01 62"), "7a 01 61")) ==
          "co_consts[0].co_names[0]: a string of another value");
    CHECK(compare(code("29 01 " + inner, "7a 01 61"),
                  code("29 01 " + code("29 01 69 01000000", "7a 01 61", "01000000"), "7a 01 61")) ==
          "co_consts[0].co_flags: another number");
    // The first in the order of the file.
    CHECK(compare(code("29 01 4e", "7a 01 61"), code("29 01 54", "7a 01 62")) ==
          "co_consts[0]: None against True");
}

TEST_CASE("headers are compared as far as the target has them") {
    const auto file = [](const std::string& header) {
        static std::vector<std::vector<std::uint8_t>> inputs;
        inputs.push_back(from_hex(header + "4e"));
        auto read = objects::read_pyc(inputs.back());
        REQUIRE(read);
        return std::move(read).value();
    };
    const PycFile plain = file("f30d0d0a 00000000 01020304 05000000");
    CHECK(between(plain, file("f30d0d0a 00000000 01020304 05000000")) == "same");
    CHECK(between(plain, file("f30d0d0a 00000000 02020304 05000000")) ==
          "header.mtime: 67305985 against 67305986");
    CHECK(between(plain, file("f30d0d0a 00000000 01020304 06000000")) == "header.size: 5 against 6");
    CHECK(between(plain, file("f30d0d0a 04000000 01020304 05000000")) == "header.flags: 0 against 4");
    CHECK(between(file("f30d0d0a 01000000 0102030405060708"), file("f30d0d0a 01000000 0102030405060709")) ==
          "header.hash: different bytes");
    CHECK(between(plain, file("cb0d0d0a 00000000 01020304 05000000")) == "target: 3.13 against 3.12");
    PycFile bare = file("f30d0d0a 00000000 01020304 05000000");
    bare.header.absent = true;
    CHECK(between(plain, bare) == "header: on one side only");
}

TEST_CASE("depth, sharing and length do the comparison no harm") {
    const auto chain = [](int length, ValueKind kind, std::int64_t end, bool twice) {
        PycFile file;
        file.target = &target_named("3.13");
        file.header.absent = true;
        file.top = file.pool.add_int(end);
        for (int i = 0; i < length; ++i) {
            const ValueId members[] = {file.top, file.top};
            file.top = file.pool.add_container(kind, std::span(members, twice ? 2 : 1));
        }
        return file;
    };
    for (const bool twice : {false, true}) {
        const PycFile left = chain(200'000, ValueKind::Tuple, 1, twice);
        CHECK(between(left, chain(200'000, ValueKind::Tuple, 1, twice)) == "same");
        const auto found = objects::difference(left, chain(200'000, ValueKind::Tuple, 2, twice));
        REQUIRE(found);
        CHECK(found->path.starts_with("[0][0]"));
        CHECK(found->path.find("...(199920 more)...") != std::string::npos);
        CHECK(found->path.size() < 400);
    }
    // Two towers that share in different ways.
    PycFile one = chain(1000, ValueKind::Tuple, 1, true), other;
    other.target = one.target;
    other.header.absent = true;
    ValueId a = other.pool.add_int(1), b = other.pool.add_int(1);
    for (int i = 0; i < 1000; ++i) {
        const ValueId members[] = {a, b};
        a = other.pool.add_container(ValueKind::Tuple, members);
        b = other.pool.add_container(ValueKind::Tuple, members);
    }
    other.top = b;
    CHECK(between(one, other) == "same");
}

TEST_CASE("one change in random data is found") {
    std::mt19937 random(99);
    int changed = 0;
    for (int round = 0; round < 2000; ++round) {
        const isa::Target& target = isa::all_targets()[random() % isa::all_targets().size()];
        const auto bytes = random_marshal(random, target, 30);
        const auto file = objects::read_marshal_file(bytes, target);
        if (!file) continue;
        PycFile copy = rebuild(*file, Sharing::Equal);
        REQUIRE(between(*file, copy) == "same");
        // Values that nothing reaches are not there: all of a rebuilt pool is reached.
        const ValueId id{static_cast<std::uint32_t>(random() % copy.pool.size())};
        objects::Value& value = copy.pool[id];
        if (static_cast<std::uint32_t>(id) <= static_cast<std::uint32_t>(ValueKind::StopIteration)) continue;
        if (value.kind == ValueKind::Int)
            value.integer ^= 1;
        else if (value.kind == ValueKind::Float)
            value.real = std::bit_cast<double>(std::bit_cast<std::uint64_t>(value.real) ^ 1);
        else if (objects::is_container(value.kind) && value.size > 0)
            --value.size;
        else if (value.kind == ValueKind::Code)
            copy.pool.code(id).stacksize ^= 1;
        else
            continue;
        ++changed;
        CHECK(between(*file, copy) != "same");
        CHECK(between(copy, *file) != "same");
    }
    CHECK(changed > 300);
}
