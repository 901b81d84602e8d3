#include "assembler/flags.hpp"

#include "assembler/numbers.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::assembler {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

} // namespace

std::uint32_t stated_flags(UnitContext& context, const program::Pin<std::string_view>& pin) {
    const std::string_view text = trimmed(pin.value);
    if (const auto number = parse_number(text)) {
        if (*number <= 0xFFFF'FFFF) return static_cast<std::uint32_t>(*number);
        context.diagnostics.error(pin.span, fmt::format("co_flags has 32 bits, and {} does not fit", text));
        return 0;
    }
    std::uint32_t flags = 0;
    for (std::string_view rest = text;;) {
        const std::size_t bar = rest.find('|');
        const std::string_view word = trimmed(rest.substr(0, bar));
        const isa::CodeFlag* found = nullptr;
        std::vector<std::string_view> known;
        for (const isa::CodeFlag& flag : context.target.flags) {
            if (flag.name == word) found = &flag;
            known.push_back(flag.name);
        }
        if (found) {
            flags |= found->bit;
        } else if (word.empty()) {
            context.diagnostics.error(pin.span, "a flag is missing beside '|'");
        } else {
            const std::string_view near =
                context.suggests() ? support::nearest(word, known) : std::string_view();
            context.diagnostics.error(pin.span,
                                      fmt::format("'{}' is not a flag of a code object of {}",
                                                  support::printable(word), context.target.name),
                                      near.empty() ? std::string("A number says any flags: `.flags 0x43`.")
                                                   : fmt::format("Did you mean {}?", near));
        }
        if (bar == std::string_view::npos) return flags;
        rest.remove_prefix(bar + 1);
    }
}

} // namespace pyasm::assembler
