#include "linker/definitions.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace pyasm;
using linker::Definitions;

namespace {

/// Names of code objects in `.pyc` files; each one's value is its number.
class Names {
  public:
    void add(linker::InputIndex input, std::string_view name, bool weak = true) {
        all_.add({kept_.copy(name), input, objects::ValueId{count_++}, true, weak, {}, 0});
    }
    void add_file(std::string_view path) { all_.add_file(path); }
    /// What a symbol means: "1 4", by the order in which they were added.
    [[nodiscard]] std::string find(std::string_view symbol) const {
        std::string found;
        for (const linker::Definition* one : all_.find(symbol))
            found += fmt::format("{}{}", found.empty() ? "" : " ", static_cast<std::uint32_t>(one->value));
        return found;
    }

    /// How the one that was added as this can be told from all others.
    [[nodiscard]] std::string full_name(std::size_t number) const {
        return all_.full_name(all_.all()[number], false).value_or("");
    }

  private:
    Definitions all_;
    support::Arena kept_;
    std::uint32_t count_ = 0;
};

} // namespace

TEST_CASE("definitions: numbers say which, and what comes later is found, too") {
    Names names;
    names.add_file("a.pyc");
    names.add_file("b.pyc");
    names.add(0, "f");       // 0
    names.add(0, "f$2");     // 1
    names.add(0, "C.f");     // 2
    names.add(0, "C$2.f");   // 3
    names.add(0, "C$2.f$2"); // 4
    CHECK(names.find("f") == "0 1");
    CHECK(names.find("f$1") == "0");
    CHECK(names.find("f$2") == "1");
    CHECK(names.find("f$3") == "");
    CHECK(names.find("C.f") == "2 3 4");
    CHECK(names.find("C$1.f") == "2");
    CHECK(names.find("C$2.f") == "3 4");
    CHECK(names.find("C.f$2") == "4");
    CHECK(names.find("C$2.f$1") == "3");
    names.add(1, "f");              // 5
    names.add(1, "f$3");            // 6
    names.add(1, "C.<locals>.f$2"); // 7
    CHECK(names.find("f") == "0 1 5 6");
    CHECK(names.find("f$1") == "0 5");
    CHECK(names.find("f$3") == "6");
    CHECK(names.find("b:f$1") == "5");
    CHECK(names.find("a:f") == "0 1");
    CHECK(names.find("C.f$2") == "4"); // nothing is left out there
    CHECK(names.find("C.<locals>.f") == "7");
    CHECK(names.find("b:C.f") == "7");
    names.add(1, "f$2", false); // 8: exported
    CHECK(names.find("f$2") == "8");
    CHECK(names.find("a:f$2") == "1");
    CHECK(names.find("b:f$2") == "8");
}

TEST_CASE("definitions: what is to be written means one of them and no other") {
    Names names;
    names.add_file("a.pyc");
    names.add_file("b.pyc");
    names.add(0, "f");      // 0
    names.add(0, "f$2");    // 1
    names.add(1, "f");      // 2
    names.add(0, "g");      // 3
    names.add(0, "g$2");    // 4
    names.add(0, "C.m");    // 5
    names.add(0, "C$2.m");  // 6
    names.add(1, "only.m"); // 7
    const char* const expected[] = {"a:f$1", "f$2", "b:f", "g$1", "g$2", "C$1.m$1", "C$2.m", "only.m"};
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        CHECK_EQ(names.full_name(i), expected[i]);
        CHECK_EQ(names.find(expected[i]), std::to_string(i));
    }
}

TEST_CASE("definitions: a hundred thousand of one name are told apart in no time") {
    constexpr int count = 100'000;
    Names names;
    names.add_file("a.pyc");
    for (int i = 0; i < count; ++i)
        names.add(0, i == 0 ? std::string("<lambda>") : fmt::format("<lambda>${}", i + 1));
    int wrong = 0;
    for (int i = 0; i < count; ++i)
        wrong += names.find(fmt::format("<lambda>${}", i + 1)) != std::to_string(i);
    CHECK(wrong == 0);
}
