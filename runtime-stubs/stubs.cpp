#include "runtime-stubs/stubs.hpp"

#include "runtime-stubs/embedded.hpp"

#include <algorithm>

namespace pyasm::runtime_stubs {
namespace {

/// Takes the next line off `text`, if it is a comment: what stands behind the mark and a blank.
bool take_comment(std::string_view& text, std::string_view& comment) {
    if (!text.starts_with('#')) return false;
    const std::size_t end = std::min(text.find('\n'), text.size());
    comment = text.substr(1, end - 1);
    if (comment.starts_with(' ')) comment.remove_prefix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
    return true;
}

} // namespace

std::span<const Stub> all() { return embedded; }

const Stub* find(std::string_view name) {
    const auto found = std::ranges::lower_bound(embedded, name, {}, &Stub::name);
    return found != embedded.end() && found->name == name ? &*found : nullptr;
}

const Stub* find_macro(std::string_view macro) {
    constexpr std::string_view directive = "\n.macro ";
    for (const Stub& stub : all()) {
        for (std::size_t at = 0; (at = stub.text.find(directive, at)) != std::string_view::npos;) {
            at += directive.size();
            const std::string_view name = stub.text.substr(at, stub.text.find_first_of(" \n", at) - at);
            if (name == macro) return &stub;
        }
    }
    return nullptr;
}

std::string documentation(const Stub& stub) {
    std::string result;
    std::string_view text = stub.text, comment;
    while (take_comment(text, comment)) result.append(comment).push_back('\n');
    return result;
}

std::string_view summary(const Stub& stub) {
    std::string_view text = stub.text, comment;
    return take_comment(text, comment) ? comment : std::string_view{};
}

} // namespace pyasm::runtime_stubs
