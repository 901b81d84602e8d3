#include "tests/objects/hex.hpp"
#include "tests/objects/rebuild.hpp"

#include "objects/code_object.hpp"
#include "objects/marshal_layout.hpp"
#include "objects/same_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

using namespace pyasm;
using namespace pyasm::tests;
using objects::PycFile;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;

namespace {

constexpr Sharing all_sharings[] = {Sharing::AsRead, Sharing::Equal, Sharing::Separate};

PycFile read(std::string_view hex, std::string_view target) {
    static std::vector<std::vector<std::uint8_t>> inputs; // values are views into them
    inputs.push_back(from_hex(hex));
    auto file = objects::read_marshal_file(inputs.back(), target_named(target));
    REQUIRE(file);
    return std::move(file).value();
}

std::string written(const PycFile& file, std::string_view layout) {
    support::ByteWriter out;
    const auto done = objects::write_with_layout(file, layout, out);
    return done ? to_hex(out.view()) : "error: " + done.error().message;
}

/// The layout, after it was seen to give the bytes back by all routes.
std::string layout_of(std::string_view hex, std::string_view target) {
    const PycFile file = read(hex, target);
    const std::string layout = objects::record_layout(file);
    for (const Sharing sharing : all_sharings) {
        PycFile copy = rebuild(file, sharing);
        copy.layout = layout;
        support::ByteWriter out;
        REQUIRE(write_pyc(copy, out));
        CHECK(to_hex(out.view()) == to_hex(from_hex(hex)));
    }
    return layout;
}

} // namespace

TEST_CASE("a layout says what the values do not") {
    // As the canonical writer has it: nothing to say.
    CHECK(layout_of("29 02 e9 05000000 72 00000000", "3.13").empty());
    CHECK(layout_of("28 02000000 74 01000000 61 52 00000000", "2.7").empty());
    // As guessed from the start: flagged because it is small, met twice, empty.
    CHECK(layout_of("29 01 e9 05000000", "3.13") == "1");
    CHECK(layout_of("29 02 e9 00040000 72 00000000", "3.13").empty());
    // A tuple with a needless flag; the second of two objects without one.
    CHECK(layout_of("a9 01 69 00000040", "3.13") == "1a");
    CHECK(layout_of("29 02 e9 05000000 69 06000000", "3.13") == "1c");
    // Equal values that are not shared.
    CHECK(layout_of("29 02 e9 00000040 69 00000040", "3.13") == "1c");
    // Interned against all reason, and the other way round.
    CHECK(layout_of("29 02 5a 03 612062 7a 02 6162", "3.13") == "1B+-");
    // Other forms.
    CHECK(layout_of("29 03 49 0500000000000000 ec 01000000 0500 66 03 312e30", "3.13") ==
          "1B=I!l=f{03312e30}");
    CHECK(layout_of("28 01000000 61 01000000 e9", "3.13") == "1=(=a");
    // References to another than the last, and with a needless flag.
    CHECK(layout_of("29 04 e9 00000040 e9 00000040 72 00000000 f2 01000000", "3.13") == "1C&@a%b");
    // Ends of dicts and keys that are dropped.
    CHECK(layout_of("7b b0", "3.13") == "1b");
    CHECK(layout_of("29 02 7b 4e 54 db 00000000 30 72 00000000", "3.13") == "1E$b{db00000000}B@a");
    CHECK(layout_of("7b 4e 54 46 30 4e 4e 30", "2.7") == "1D$a{46}");
}

TEST_CASE("cycles and shared objects come back") {
    for (const char* hex : {"a9 01 72 00000000", "db 01000000 72 00000000", "fb e9 01000000 72 00000000 30",
                            "a9 02 db 01000000 72 00000000 72 01000000", "db 01000000 a9 01 72 00000000",
                            "29 02 db 00000000 72 00000000", "29 02 db 00000000 5b 00000000",
                            "29 02 a9 01 5b 00000000 72 00000000", "29 02 bc 00000000 72 00000000",
                            "a9 02 a9 02 72 00000000 72 01000000 72 01000000",
                            // Of a tuple inside itself: another object with the same members.
                            "29 02 a9 01 72 00000000 29 01 72 00000000"}) {
        CAPTURE(hex);
        (void)layout_of(hex, "3.13");
        const PycFile file = read(hex, "3.13");
        support::ByteWriter canonical;
        REQUIRE(write_pyc(file, canonical));
        objects::ValuePool pool;
        const auto again = objects::read_marshal(canonical.view(), *file.target, pool);
        REQUIRE(again);
        const auto found = objects::difference(file.pool, file.top, pool, again->top, *file.target);
        CHECK(!found);
    }
    const PycFile cycle = read("29 02 a9 01 72 00000000 a9 00", "3.13");
    const auto members = cycle.pool.children(cycle.top);
    CHECK((cycle.pool[members[0]].marks & Value::recursive) != 0);
    CHECK((cycle.pool[members[1]].marks & Value::recursive) == 0);
    CHECK((cycle.pool[cycle.top].marks & Value::recursive) == 0);
}

TEST_CASE("a layout that does not fit is refused in words") {
    const PycFile file = read("29 02 69 05000000 7a 02 6162", "3.13");
    CHECK(written(file, "") == "error: character 0 of the layout is not understood");
    CHECK(written(file, "2") == "error: character 0 of the layout is not understood");
    CHECK(written(file, "1?") == "error: character 2 of the layout is not understood");
    CHECK(written(file, "1B") == "error: character 2 of the layout is not understood");
    CHECK(written(file, "1B*") ==
          "error: up to character 3, the layout refers to an object that does not stand before");
    CHECK(written(file, "1B@b") ==
          "error: up to character 4, the layout refers to an object that does not stand before");
    CHECK(written(file, "1B@ZZZZZZZZZZZZa") == "error: character 10 of the layout is not understood");
    CHECK(written(file, "1B=s") ==
          "error: up to character 4, the layout gives an object a form that it cannot have");
    CHECK(written(file, "1B&$a{}") == "error: character 4 of the layout is not understood");
    CHECK(written(file, "1E-") == "error: the layout says more from character 3 on, where no object is left");
    CHECK(written(file, "1B&@a") ==
          "error: the layout does not give the values: [1]: a string against an int");
    CHECK(written(file, "1ZZZZZZZZZZZZZZa") ==
          "error: the layout says more from character 10 on, where no object is left");
    const PycFile dict = read("7b 4e 4e 30", "3.13");
    CHECK(written(dict, "1D*") == "error: up to character 3, the layout does not end a dict where it ends");
    CHECK(written(dict, "1B$a{4e}") ==
          "error: up to character 3, the layout ends a dict before its last pair");
    CHECK(written(dict, "1D$a{4e30}").starts_with("error: what the layout gives"));
    const PycFile decimal = read("29 01 67 0000000000000000", "3.13");
    CHECK(written(decimal, "1B=f{0130}") == "290166"
                                            "0130");
    CHECK(written(decimal, "1B=f{0131}") ==
          "error: the layout does not give the values: [0]: a float of another value");
    CHECK(written(decimal, "1B=f{013}").starts_with("error: character "));
    CHECK(written(decimal, "1B=f").starts_with("error: character "));
}

TEST_CASE("values that were changed keep a layout that still says them") {
    PycFile file = read("29 02 69 00000040 7a 02 6162", "3.13");
    const std::string layout = objects::record_layout(file);
    file.pool[file.pool.children(file.top)[0]].integer = 0x40000001;
    CHECK(written(file, layout) == to_hex(from_hex("29 02 69 01000040 7a 02 6162")));
}

TEST_CASE("random marshal data comes back from other values with its layout") {
    std::mt19937 random(2024);
    for (const isa::Target& target : isa::all_targets()) {
        CAPTURE(target.name);
        int accepted = 0;
        for (int round = 0; round < 300; ++round) {
            CAPTURE(round);
            const auto bytes = random_marshal(random, target, 4 << round % 6);
            const auto file = objects::read_marshal_file(bytes, target);
            if (!file) continue;
            ++accepted;
            CHECK(file->trailing.empty());
            const std::string layout = objects::record_layout(*file);
            for (const char c : layout) REQUIRE((c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\'));
            for (const Sharing sharing : all_sharings) {
                PycFile copy = rebuild(*file, sharing);
                copy.layout = layout;
                const auto found = objects::difference(*file, copy);
                CHECK_MESSAGE(!found, (found ? found->path + ": " + found->what : ""));
                support::ByteWriter out;
                const auto done = write_pyc(copy, out);
                CHECK_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
                CHECK(to_hex(out.view()) == to_hex(bytes));
            }
        }
        CHECK(accepted > 200);
    }
}

TEST_CASE("a damaged layout gives an error or the same values") {
    static constexpr std::string_view alphabet = "abcABCZ-&+#*@%=!$ilfszZ({}0139~";
    std::mt19937 random(7);
    int errors = 0, written_anyway = 0;
    for (int round = 0; round < 3000; ++round) {
        const isa::Target& target = isa::all_targets()[random() % isa::all_targets().size()];
        const auto bytes = random_marshal(random, target, 40);
        const auto file = objects::read_marshal_file(bytes, target);
        if (!file) continue;
        std::string layout = objects::record_layout(*file);
        if (layout.empty()) layout = "1";
        for (int edits = 1 + static_cast<int>(random() % 3); edits > 0; --edits) {
            const std::size_t at = 1 + random() % layout.size();
            const char c = alphabet[random() % alphabet.size()];
            switch (random() % 3) {
            case 0: layout.insert(at, 1, c); break;
            case 1: layout.erase(std::min(at, layout.size() - 1), layout.size() > 1); break;
            default: layout[std::min(at, layout.size() - 1)] = c; break;
            }
        }
        CAPTURE(layout);
        support::ByteWriter out;
        if (!objects::write_with_layout(*file, layout, out)) {
            ++errors;
            continue;
        }
        ++written_anyway;
        objects::ValuePool pool;
        const auto again = objects::read_marshal(out.view(), target, pool);
        REQUIRE(again);
        CHECK(again->size == out.size());
        CHECK_FALSE(objects::difference(file->pool, file->top, pool, again->top, target));
    }
    CHECK(errors > 100);
    CHECK(written_anyway > 100);
}

TEST_CASE("a layout cannot make much of few values") {
    // Tuples of twice the one before: 2^100 objects where nothing is shared.
    objects::PycFile file;
    file.target = &target_named("3.13");
    ValueId top = file.pool.add_int(5);
    for (int i = 0; i < 100; ++i) {
        const ValueId pair[] = {top, top};
        top = file.pool.add_container(ValueKind::Tuple, pair);
    }
    file.top = top;
    std::string layout = "1";
    for (int i = 0; i < 3000; ++i) layout += '-';
    CHECK(written(file, layout).starts_with("error: the marshal data would be larger"));
    // A list that contains itself and is never referred to.
    objects::PycFile cycle;
    cycle.target = &target_named("3.13");
    cycle.top = cycle.pool.add_container(ValueKind::List, std::uint32_t{1});
    cycle.pool.children(cycle.top)[0] = cycle.top;
    CHECK(written(cycle, "1" + std::string(3000, '-')) ==
          "error: objects are nested deeper than 2000 levels");
}

TEST_CASE("a long text that stands in many places is looked at once") {
    support::ByteWriter marshal;
    const std::string text(4'000'000, 'a');
    constexpr std::uint32_t places = 50'000;
    marshal.bytes("(");
    marshal.u32(places + 1);
    marshal.u8('u' | 0x80);
    marshal.u32(static_cast<std::uint32_t>(text.size()));
    marshal.bytes(text);
    for (std::uint32_t i = 0; i < places; ++i) {
        marshal.u8('r');
        marshal.u32(0);
    }
    const auto file = objects::read_marshal_file(marshal.view(), target_named("3.13"));
    REQUIRE(file);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(objects::record_layout(*file).size() < 100);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    CHECK(time.count() < 10); // milliseconds; a minute and more if each place looked at the text
}
