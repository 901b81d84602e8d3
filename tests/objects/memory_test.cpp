// Holds what reading and writing allocate against the size of the input.

#include "tests/objects/hex.hpp"

#include "objects/marshal_layout.hpp"
#include "objects/pyc.hpp"

#include <atomic>
#include <cstdlib>
#include <doctest/doctest.h>
#include <malloc.h>
#include <new>

namespace {

std::atomic<std::size_t> allocated{0}, most_allocated{0};

void* allocate(std::size_t size) {
    void* const place = std::malloc(size ? size : 1);
    if (!place) return nullptr;
    const std::size_t now = allocated += malloc_usable_size(place);
    if (now > most_allocated) most_allocated = now;
    return place;
}

void release(void* place) {
    if (place) allocated -= malloc_usable_size(place);
    std::free(place);
}

} // namespace

// All of the test program's memory is counted. The form that does not throw is the standard library's for
// std::stable_sort; a sanitizer's own one would not go with the delete below.
void* operator new(std::size_t size) {
    if (void* const place = allocate(size)) return place;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* place) noexcept { release(place); }
void operator delete(void* place, std::size_t) noexcept { release(place); }

namespace {

using namespace pyasm;
using namespace pyasm::tests;

/// The most memory held at a time while `work` ran, beyond what was held before.
template <class Work> std::size_t peak_of(const Work& work) {
    const std::size_t before = allocated;
    most_allocated = before;
    work();
    return most_allocated - before;
}

/// `head`, then `unit` as often as `size` bytes have room for it, then `tail`.
std::vector<std::uint8_t> repeated(std::string_view head, std::string_view unit, std::string_view tail,
                                   std::size_t size) {
    std::vector<std::uint8_t> bytes = from_hex(head);
    const std::vector<std::uint8_t> one = from_hex(unit), end = from_hex(tail);
    while (bytes.size() + one.size() <= size) bytes.insert(bytes.end(), one.begin(), one.end());
    bytes.insert(bytes.end(), end.begin(), end.end());
    return bytes;
}

/// Reads and writes, and holds the memory that each takes against the size of the data.
void check_memory(const std::vector<std::uint8_t>& bytes, const char* target) {
    const isa::Target& version = target_named(target);
    objects::ValuePool pool;
    objects::Unmarshalled read;
    const auto most = [&bytes](std::size_t times) { return times * bytes.size(); };
    CHECK(peak_of([&] {
              auto result = objects::read_marshal(bytes, version, pool);
              REQUIRE(result);
              read = std::move(result).value();
          }) <= most(32));
    support::ByteWriter exact, canonical;
    CHECK(peak_of([&] { REQUIRE(write_marshal_exact(pool, read.top, read.hints, version, exact)); }) <=
          most(8));
    CHECK(exact.text() == support::as_text(bytes));
    CHECK(peak_of([&] { REQUIRE(write_marshal(pool, read.top, version, canonical)); }) <= most(32));

    objects::PycFile file;
    file.target = &version;
    file.pool = std::move(pool);
    file.top = read.top;
    file.hints = std::move(read.hints);
    std::string layout;
    CHECK(peak_of([&] { layout = objects::record_layout(file); }) <= most(48));
    if (layout.empty()) return;
    support::ByteWriter again;
    CHECK(peak_of([&] { REQUIRE(objects::write_with_layout(file, layout, again)); }) <= most(96));
    CHECK(again.text() == support::as_text(bytes));
}

} // namespace

TEST_CASE("memory stays in proportion to the input, whatever it holds") {
    for (const std::size_t size :
         {500'000, 540'000, 600'000, 660'000, 740'000, 820'000, 900'000, 1'000'000}) {
        CAPTURE(size);
        // The items of a dict, whose number need not be known: each unit has two values.
        for (const std::string unit :
             {"4e 4e", "ce ce", "a900 a900", "e601 31 e601 31", "f801310131 f801310131", "fa00 fa01e9",
              "ec00000000 e900000000", "4e 7b4eb0", "4e fb30", "4e db00000000", "a9024e4e f200000000",
              "4e 7a03e9e9e9"}) {
            CAPTURE(unit);
            check_memory(repeated("fb", unit, "30", size), "3.13");
        }
        for (const std::string unit : {"4e 7401000000 61", "4e 30", "4e 4e"}) {
            CAPTURE(unit);
            check_memory(repeated("7b", unit, "30", size), "2.7");
        }
    }
}
