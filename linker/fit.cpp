#include "linker/fit.hpp"

#include "program/outline.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::linker {
namespace {

using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;
using program::BlockKind;

/// The names in a tuple; nothing where it is none.
std::vector<std::string_view> names_in(const objects::ValuePool& pool, ValueId tuple) {
    std::vector<std::string_view> names;
    if (static_cast<std::size_t>(tuple) >= pool.size() || !objects::is_container(pool[tuple].kind))
        return names;
    for (const ValueId name : pool.children(tuple)) {
        const ValueKind kind = pool[name].kind;
        names.push_back(kind == ValueKind::Str || kind == ValueKind::Bytes ? pool.text(name)
                                                                           : std::string_view("?"));
    }
    return names;
}

/// Moves up to `count` names out of `rest`.
std::vector<std::string_view> take(std::vector<std::string_view>& rest, std::int32_t count) {
    const auto size = std::min<std::size_t>(static_cast<std::size_t>(std::max(count, 0)), rest.size());
    std::vector<std::string_view> taken(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    return taken;
}

CallResult result_of(const isa::CodeFlagBits& bits, std::uint32_t flags) {
    if (flags & bits.async_generator) return CallResult::AsyncGenerator;
    if (flags & bits.coroutine) return CallResult::Coroutine;
    return flags & bits.generator ? CallResult::Generator : CallResult::Value;
}

std::string listed(const std::vector<std::string_view>& names) {
    std::string text;
    for (const std::string_view name : names) {
        if (!text.empty()) text += ", ";
        text += support::printable(name);
    }
    return text.empty() ? "none" : text;
}

std::string_view words_for(const Callable& code) {
    switch (code.kind) {
    case BlockKind::Module: return "a module's body";
    case BlockKind::Class: return "a class body";
    case BlockKind::Code: return "code that is no function";
    case BlockKind::Function: break;
    }
    switch (code.result) {
    case CallResult::Generator: return "a generator";
    case CallResult::Coroutine: return "a coroutine (async)";
    case CallResult::AsyncGenerator: return "an asynchronous generator";
    case CallResult::Value: break;
    }
    return "a plain function";
}

std::string kind_help(const Callable& original) {
    switch (original.kind) {
    case BlockKind::Module: return "Only a module's body can run as one.";
    case BlockKind::Class: return "Write it as a .class.";
    case BlockKind::Code: return "Write it as a .code with the flags of the original.";
    case BlockKind::Function: break;
    }
    switch (original.result) {
    case CallResult::Generator: return "Write it as a .function with a yield in it.";
    case CallResult::Coroutine: return "Write it as a .function async without a yield.";
    case CallResult::AsyncGenerator: return "Write it as a .function async with a yield in it.";
    case CallResult::Value: break;
    }
    return "Write it as a .function without a yield and without async.";
}

bool passed_by_name(std::string_view name) { return !name.starts_with('.'); }

std::vector<std::string_view> sorted(std::vector<std::string_view> names) {
    std::ranges::sort(names);
    return names;
}

class Comparison {
  public:
    Comparison(const Callable& original, const Callable& replacement)
        : left_(original), right_(replacement) {}

    std::vector<Misfit> run() {
        if (left_.kind != right_.kind || left_.result != right_.result)
            found_.push_back({"kind", std::string(words_for(left_)), std::string(words_for(right_)),
                              kind_help(left_), "is"});
        parameters();
        free_variables();
        return std::move(found_);
    }

  private:
    void add(std::string what, std::string original, std::string replacement, std::string help) {
        found_.push_back(
            {std::move(what), std::move(original), std::move(replacement), std::move(help), "has"});
    }

    std::string wanted() const { return fmt::format("Give it the parameters {}.", left_.signature()); }

    void parameters() {
        if (left_.positional_only != right_.positional_only)
            add("positional-only parameters", std::to_string(left_.positional_only),
                std::to_string(right_.positional_only), wanted());
        if (left_.positional.size() != right_.positional.size())
            add("positional parameters", counted(left_.positional), counted(right_.positional), wanted());
        else
            parameter_names();
        if (sorted(left_.keyword_only) != sorted(right_.keyword_only))
            add("keyword-only parameters", listed(left_.keyword_only), listed(right_.keyword_only), wanted());
        if (left_.varargs != right_.varargs)
            add("*args", one_or_none(left_.varargs), one_or_none(right_.varargs), wanted());
        if (left_.varkeywords != right_.varkeywords)
            add("**kwargs", one_or_none(left_.varkeywords), one_or_none(right_.varkeywords), wanted());
    }

    void parameter_names() {
        for (std::size_t i = std::max(left_.positional_only, right_.positional_only);
             i < left_.positional.size(); ++i) {
            const std::string_view mine = left_.positional[i], other = right_.positional[i];
            if (mine == other || !passed_by_name(mine)) continue;
            add(fmt::format("name of parameter {}", i + 1), support::printable(mine),
                support::printable(other), "Callers can pass it by name: call it the same.");
        }
    }

    void free_variables() {
        if (left_.free == right_.free) return;
        const bool order = sorted(left_.free) == sorted(right_.free);
        add(order ? "order of the free variables" : "free variables", listed(left_.free), listed(right_.free),
            left_.free.empty()
                ? "Its function is made without a closure: it can use globals, but no variables of a "
                  "function around it."
                : fmt::format("State .freevars {} in it: its closure has these cells in this order.",
                              listed(left_.free)));
    }

    static std::string counted(const std::vector<std::string_view>& names) {
        return names.empty() ? "none" : fmt::format("{} ({})", names.size(), listed(names));
    }
    static std::string one_or_none(bool has) { return has ? "one" : "none"; }

    const Callable& left_;
    const Callable& right_;
    std::vector<Misfit> found_;
};

} // namespace

std::string Callable::signature() const {
    std::string text;
    const auto add = [&text](std::string_view before, std::string_view name) {
        text += text.empty() ? "(" : ", ";
        text += before;
        text += support::printable(name);
    };
    for (std::size_t i = 0; i < positional.size(); ++i) {
        add("", positional[i]);
        if (i + 1 == positional_only) add("", "/");
    }
    if (varargs)
        add("*", "args");
    else if (!keyword_only.empty())
        add("", "*");
    for (const std::string_view name : keyword_only) add("", name);
    if (varkeywords) add("**", "kwargs");
    return text.empty() ? "()" : text + ")";
}

Callable callable_of(const objects::ValuePool& pool, const isa::Target& target, const CodeObject& code,
                     bool is_module_body) {
    Callable result;
    const auto flags = static_cast<std::uint32_t>(code.flags);
    result.kind = program::kind_of(pool, target, code, is_module_body);
    result.result = result_of(target.flag_bits, flags);
    const bool together = target.code.localsplus;
    std::vector<std::string_view> locals = names_in(pool, together ? code.localsplusnames : code.varnames);
    if (together) {
        const std::string_view kinds = pool.text(code.localspluskinds);
        for (std::size_t i = 0; i < locals.size() && i < kinds.size(); ++i)
            if (static_cast<std::uint8_t>(kinds[i]) & objects::local_kind::free)
                result.free.push_back(locals[i]);
    } else {
        result.free = names_in(pool, code.freevars);
    }
    result.positional = take(locals, code.argcount);
    result.positional_only = std::min<std::size_t>(
        static_cast<std::size_t>(std::max(code.posonlyargcount, 0)), result.positional.size());
    result.keyword_only = take(locals, code.kwonlyargcount);
    result.varargs = (flags & target.flag_bits.varargs) != 0;
    result.varkeywords = (flags & target.flag_bits.varkeywords) != 0;
    return result;
}

std::vector<Misfit> misfits(const Callable& original, const Callable& replacement) {
    return Comparison(original, replacement).run();
}

} // namespace pyasm::linker
