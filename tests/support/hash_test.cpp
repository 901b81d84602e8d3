#include "support/hash.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

using namespace pyasm;

namespace {

std::uint64_t hash(std::string_view text) { return support::Hasher().text(text).value(); }

/// Texts that differ in length, in one bit, in a place or in zeros.
std::vector<std::string> similar_texts() {
    std::vector<std::string> texts;
    for (std::size_t size = 0; size <= 40; ++size) {
        texts.emplace_back(size, '\0');
        texts.emplace_back(size, 'a');
        for (std::size_t place = 0; place < size; ++place)
            for (int bit = 0; bit < 8; ++bit) {
                std::string text(size, '\0');
                text[place] = static_cast<char>(1 << bit);
                texts.push_back(std::move(text));
            }
    }
    std::set<std::string> different(texts.begin(), texts.end());
    return {different.begin(), different.end()};
}

} // namespace

TEST_SUITE("support/hash") {

    TEST_CASE("texts that are alike have hashes that are not") {
        const auto texts = similar_texts();
        std::set<std::uint64_t> whole;
        std::set<std::uint32_t> high;
        std::vector<std::size_t> buckets(256);
        for (const std::string& text : texts) {
            whole.insert(hash(text));
            high.insert(static_cast<std::uint32_t>(hash(text) >> 32));
            ++buckets[hash(text) % buckets.size()];
        }
        CHECK(whole.size() == texts.size());
        CHECK(high.size() + 10 > texts.size());
        const std::size_t even = texts.size() / buckets.size();
        for (const std::size_t count : buckets) CHECK(count < 3 * even);
    }

    TEST_CASE("numbers in a row are spread over the buckets of a table") {
        std::vector<std::size_t> buckets(1024);
        for (std::uint64_t number = 0; number < 16'384; ++number)
            for (const std::uint64_t step :
                 {std::uint64_t{1}, std::uint64_t{1} << 20, std::uint64_t{1} << 40})
                ++buckets[support::Hasher().number(number * step).value() % buckets.size()];
        for (const std::size_t count : buckets) CHECK(count < 3 * 48);
    }

    TEST_CASE("a hash depends on the order of what goes into it, and on nothing around it") {
        CHECK(support::Hasher().number(1).number(2).value() != support::Hasher().number(2).number(1).value());
        CHECK(support::Hasher().text("ab").text("c").value() !=
              support::Hasher().text("a").text("bc").value());
        const std::string around = "xx the same text xx";
        CHECK(hash(std::string_view(around).substr(3, 13)) == hash("the same text"));
    }
}
