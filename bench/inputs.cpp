#include "bench/inputs.hpp"

#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>

namespace pyasm::bench {

namespace {

/// A small linear congruential generator: the inputs must be the same on every machine.
class Dice {
  public:
    std::uint32_t below(std::uint32_t bound) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::uint32_t>(state_ >> 33) % bound;
    }

  private:
    std::uint64_t state_ = 20260101;
};

constexpr std::array words{"items", "total", "index",  "name",   "value", "result", "count", "key",
                           "node",  "left",  "parent", "buffer", "start", "stop",   "line",  "text"};
constexpr std::array globals{"print",      "len",    "range",     "isinstance",
                             "ValueError", "sorted", "enumerate", "open"};
constexpr std::array operators{"+", "-", "*", "//", "%", "&", "|", "+=", "-="};
constexpr std::array comparisons{"<", "<=", "==", "!=", ">", ">="};

template <std::size_t N> const char* pick(Dice& dice, const std::array<const char*, N>& from) {
    return from[dice.below(N)];
}

void write_block_of_work(Dice& dice, std::string& out, int label) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "    .line {}\n", 10 + dice.below(500));
    fmt::format_to(to, "    LOAD_GLOBAL   {} + NULL\n    LOAD_FAST     {}\n", pick(dice, globals),
                   pick(dice, words));
    fmt::format_to(to, "    LOAD_CONST    {}\n",
                   dice.below(3) ? fmt::format("{}", dice.below(5000))
                                 : fmt::format("\"{} {}\"", pick(dice, words), dice.below(99)));
    fmt::format_to(to, "    CALL          2\n    STORE_FAST    {}\n", pick(dice, words));
    fmt::format_to(to, "    LOAD_FAST     {}              # the next value\n", pick(dice, words));
    fmt::format_to(to, "    LOAD_ATTR     {}\n    LOAD_FAST     {}\n", pick(dice, words), pick(dice, words));
    fmt::format_to(to, "    BINARY_OP     {}\n    LOAD_CONST    {}\n", pick(dice, operators),
                   dice.below(100));
    fmt::format_to(to, "    COMPARE_OP    bool({})\n    POP_JUMP_IF_FALSE skip{}\n", pick(dice, comparisons),
                   label);
    fmt::format_to(to, "    LOAD_FAST     {}\n    LOAD_FAST     {}\n    STORE_ATTR    {}\n",
                   pick(dice, words), pick(dice, words), pick(dice, words));
    fmt::format_to(to, "skip{}:\n", label);
}

} // namespace

std::string make_assembly(std::size_t size) {
    Dice dice;
    std::string out = ".target 3.13\n\n";
    int function = 0;
    while (out.size() < size) {
        fmt::format_to(std::back_inserter(out),
                       ".function work_{}(items, total, *, index=0, name=\"none\")\n    RESUME        0\n",
                       function++);
        const int blocks = 4 + static_cast<int>(dice.below(12));
        for (int label = 0; label < blocks; ++label) write_block_of_work(dice, out, label);
        out += "    RETURN_CONST  None\n.end\n\n";
    }
    out += ".module\n    RESUME        0\n";
    for (int i = 0; i < function; ++i)
        fmt::format_to(std::back_inserter(out),
                       "    LOAD_CONST    code(work_{0})\n    MAKE_FUNCTION\n    STORE_NAME    work_{0}\n",
                       i);
    out += "    RETURN_CONST  None\n.end\n";
    return out;
}

std::string make_wat(std::size_t size) {
    Dice dice;
    std::string out = "(module\n";
    for (int function = 0; out.size() < size; ++function) {
        auto to = std::back_inserter(out);
        fmt::format_to(to,
                       "  (func $work_{} (param $items i32) (param $total i32) (result i32)\n"
                       "    (local $index i32) (local $value i32)\n",
                       function);
        const int blocks = 4 + static_cast<int>(dice.below(12));
        for (int label = 0; label < blocks; ++label) {
            fmt::format_to(to,
                           "    block $skip{}\n      local.get $items\n      i32.const {}\n      i32.add\n"
                           "      local.set $value\n      local.get $value              ;; the next value\n"
                           "      local.get $index\n      i32.mul\n      i32.const {}\n      i32.lt_s\n"
                           "      br_if $skip{}\n      local.get $total\n      local.set $index\n    end\n",
                           label, dice.below(5000), dice.below(100), label);
        }
        out += "    local.get $value\n  )\n";
    }
    out += ")\n";
    return out;
}

std::size_t count_tokens(const std::string& text) {
    enum : std::uint8_t { Other, Blank, Word, Quote, Hash };
    static constexpr auto classes = [] {
        std::array<std::uint8_t, 256> table{};
        for (int c = 0; c < 256; ++c) {
            const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              c == '_' || c >= 128;
            table[c] = c == ' ' || c == '\t' || c == '\n' ? Blank
                       : word                             ? Word
                       : c == '"'                         ? Quote
                       : c == '#'                         ? Hash
                                                          : Other;
        }
        return table;
    }();
    const auto kind = [](char c) { return classes[static_cast<unsigned char>(c)]; };
    std::size_t tokens = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const auto first = kind(*at++);
        if (first == Blank || first == Word) {
            while (at != end && kind(*at) == first) ++at;
        } else if (first == Quote) {
            while (at != end && *at != '"') ++at;
            if (at != end) ++at;
        } else if (first == Hash) {
            while (at != end && *at != '\n') ++at;
        }
        tokens += first != Blank;
    }
    return tokens;
}

} // namespace pyasm::bench
