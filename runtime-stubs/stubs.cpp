#include "runtime-stubs/stubs.hpp"

#include "runtime-stubs/embedded.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <vector>

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

/// The names of the macros that a stub defines, in its order.
std::vector<std::string_view> macros_of(const Stub& stub) {
    constexpr std::string_view directive = "\n.macro ";
    std::vector<std::string_view> names;
    for (std::size_t at = 0; (at = stub.text.find(directive, at)) != std::string_view::npos;) {
        at += directive.size();
        names.push_back(stub.text.substr(at, stub.text.find_first_of(" \n", at) - at));
    }
    return names;
}

} // namespace

std::span<const Stub> all() { return embedded; }

const Stub* find(std::string_view name) {
    const auto found = std::ranges::lower_bound(embedded, name, {}, &Stub::name);
    return found != embedded.end() && found->name == name ? &*found : nullptr;
}

const Stub* find_macro(std::string_view macro) {
    for (const Stub& stub : all())
        if (const auto macros = macros_of(stub); std::ranges::find(macros, macro) != macros.end())
            return &stub;
    return nullptr;
}

std::string_view nearest_macro(std::string_view word) {
    std::vector<std::string_view> names;
    for (const Stub& stub : all()) {
        for (const std::string_view name : macros_of(stub))
            if (!name.starts_with('_')) names.push_back(name);
    }
    return support::nearest(word, names);
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
