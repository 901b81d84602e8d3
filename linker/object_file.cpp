#include "linker/object_file.hpp"

#include "objects/siphash.hpp"
#include "support/hash.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <tsl/robin_set.h>

#include <algorithm>
#include <charconv>

namespace pyasm::linker {

using support::Error;
using support::Result;

namespace {

// docs/object-format.md
constexpr std::string_view magic = "#!pyasm-object ";
constexpr std::string_view version = "1";

std::uint64_t hash_of(std::string_view text) { return objects::siphash(2, 4, 0, 0, support::as_bytes(text)); }

constexpr bool is_symbol_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '<' || c == '>' || c == '$' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

/// Bytes that could end a line or be taken for something else: `%` and two digits.
std::string escaped(std::string_view path) {
    std::string result;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '%')
            result += c;
        else
            result += fmt::format("%{:02x}", byte);
    }
    return result;
}

/// All of `text` as a number; false where it is none, or one of more than 64 bits.
bool read_number(std::string_view text, int base, std::uint64_t& number) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, base);
    return !text.empty() && stop == end && error == std::errc{};
}

class HeaderReader {
  public:
    explicit HeaderReader(std::string_view content) : text_(content) {}

    Result<ObjectHeader> read() {
        if (!is_object_file(text_))
            return error(0, "is no object file: it does not begin with #!pyasm-object");
        at_ = magic.size();
        if (const std::string_view found = word(); found != version)
            return error(magic.size(), fmt::format("the format's version is '{}', and this pyasm reads {}",
                                                   support::printable(found), version));
        if (!end_of_line() || !target() || !source() || !module()) return failure();
        while (rest().starts_with("# global "))
            if (!symbol("# global ", header_.globals)) return failure();
        header_.globals_end = at_;
        while (rest().starts_with("# extern "))
            if (!symbol("# extern ", header_.externs)) return failure();
        header_.externs_end = at_;
        if (!symbols_differ() || !text_line()) return failure();
        return std::move(header_);
    }

  private:
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

    Error error(std::size_t place, std::string message) { return Error{std::move(message), place}; }
    Error failure() { return Error{std::move(message_), failed_at_}; }
    bool fail(std::size_t place, std::string message) {
        failed_at_ = place;
        message_ = std::move(message);
        return false;
    }

    bool key(std::string_view wanted) {
        if (!rest().starts_with(wanted))
            return fail(at_,
                        fmt::format("'{}' is missing in the header", wanted.substr(2, wanted.size() - 3)));
        at_ += wanted.size();
        return true;
    }
    /// Up to a blank or the line's end.
    std::string_view word() {
        const std::size_t end = std::min(text_.find_first_of(" \n", at_), text_.size());
        const std::string_view found = text_.substr(at_, end - at_);
        at_ = end;
        return found;
    }
    bool blank() {
        if (!rest().starts_with(' ')) return fail(at_, "the header's line ends too early");
        ++at_;
        return true;
    }
    bool end_of_line() {
        if (!rest().starts_with('\n'))
            return fail(at_, at_ == text_.size() ? "the file ends inside its header"
                                                 : "more than is wanted on this line");
        ++at_;
        return true;
    }

    bool target() {
        if (!key("# target ")) return false;
        const std::size_t place = at_;
        header_.target_at = place;
        const std::string_view name = word();
        header_.target = isa::find_target(name);
        if (!header_.target) return fail(place, fmt::format("unknown target '{}'", support::printable(name)));
        return end_of_line();
    }

    bool source() {
        if (!key("# source ")) return false;
        const std::size_t place = at_;
        const std::string_view path = word();
        for (std::size_t i = 0; i < path.size(); ++i) {
            if (path[i] != '%') {
                header_.source += path[i];
                continue;
            }
            std::uint64_t byte = 0;
            if (path.size() - i < 3 || !read_number(path.substr(i + 1, 2), 16, byte))
                return fail(place + i, "a % without two hexadecimal digits in the source's path");
            header_.source += static_cast<char>(byte);
            i += 2;
        }
        return end_of_line();
    }

    bool module() {
        if (!key("# module ")) return false;
        const std::size_t place = at_;
        header_.module_at = place;
        const std::string_view answer = word();
        header_.has_module = answer == "yes";
        if (answer != "yes" && answer != "no")
            return fail(place,
                        fmt::format("'yes' or 'no' is wanted, and not '{}'", support::printable(answer)));
        return end_of_line();
    }

    bool symbol(std::string_view start, std::vector<ObjectSymbol>& list) {
        at_ += start.size();
        const std::size_t place = at_;
        const std::string_view kind = word();
        if (kind != "code" && kind != "const")
            return fail(place,
                        fmt::format("'code' or 'const' is wanted, and not '{}'", support::printable(kind)));
        if (!blank()) return false;
        const std::size_t name_place = at_;
        const std::string_view name = word();
        if (name.empty() || !std::ranges::all_of(name, is_symbol_part) || support::find_invalid_utf8(name))
            return fail(name_place, fmt::format("'{}' is no symbol", support::printable(name)));
        list.push_back({name, kind == "code", name_place});
        return end_of_line();
    }

    /// A symbol is exported once, and not wanted twice as the same thing.
    bool symbols_differ() {
        tsl::robin_set<std::string_view, support::TextHash> globals;
        for (const ObjectSymbol& one : header_.globals)
            if (!globals.insert(one.name).second) return twice(one);
        tsl::robin_set<std::string_view, support::TextHash> code, constants;
        for (const ObjectSymbol& one : header_.externs)
            if (!(one.is_code ? code : constants).insert(one.name).second) return twice(one);
        return true;
    }
    bool twice(const ObjectSymbol& symbol) {
        return fail(
            static_cast<std::size_t>(symbol.name.data() - text_.data()),
            fmt::format("the symbol '{}' stands twice in the header", support::printable(symbol.name)));
    }

    bool text_line() {
        if (!key("# text ")) return false;
        const std::size_t place = at_;
        const std::string_view size = word();
        if (!read_number(size, 10, header_.text_size))
            return fail(place,
                        size.find_first_not_of("0123456789") == std::string_view::npos && !size.empty()
                            ? fmt::format("{} bytes are more than any file has", support::printable(size))
                            : fmt::format("'{}' is no number of bytes", support::printable(size)));
        if (!blank()) return false;
        const std::size_t hash_place = at_;
        const std::string_view hash = word();
        if (hash.size() != 16 || !read_number(hash, 16, header_.text_hash))
            return fail(hash_place, fmt::format("'{}' is no hash: it has 16 hexadecimal digits",
                                                support::printable(hash)));
        if (!end_of_line()) return false;
        header_.text_begin = at_;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    ObjectHeader header_;
    std::size_t failed_at_ = 0;
    std::string message_;
};

/// Where the first symbol of a header stands that the text has not, or where one is missing; nothing where
/// they agree.
template <class Symbol, class Same>
std::optional<std::uint64_t> first_other(const std::vector<ObjectSymbol>& listed,
                                         const std::vector<Symbol>& found, std::uint64_t end, Same&& same) {
    const auto [symbol, other] = std::ranges::mismatch(listed, found, same);
    if (symbol != listed.end()) return symbol->at;
    return other == found.end() ? std::nullopt : std::optional(end);
}

} // namespace

bool is_object_file(std::string_view content) { return content.starts_with(magic); }

Result<ObjectHeader> read_object_header(std::string_view content) { return HeaderReader(content).read(); }

Result<ObjectHeader> read_object(std::string_view content) {
    Result<ObjectHeader> header = read_object_header(content);
    if (!header) return header;
    const std::string_view text = content.substr(header->text_begin);
    if (text.size() != header->text_size)
        return Error{
            fmt::format("the text has {} bytes, and the header says {}", text.size(), header->text_size),
            header->text_begin};
    if (hash_of(text) != header->text_hash)
        return Error{"the text is not the one that was written: its hash is another one", header->text_begin};
    return header;
}

void write_object(const program::ObjectModule& module, std::string_view source, std::string_view text,
                  support::ByteWriter& out) {
    std::string header =
        fmt::format("{}{}\n# target {}\n# source {}\n# module {}\n", magic, version, module.pyc.target->name,
                    escaped(source), module.pyc.top == objects::no_value ? "no" : "yes");
    const auto list = [&header](std::string_view word, std::string_view name, bool is_code) {
        header += fmt::format("# {} {} {}\n", word, is_code ? "code" : "const", name);
    };
    for (const program::GlobalSymbol& one : module.globals) list("global", one.name, one.is_code);
    for (const program::ExternSymbol& one : module.externs) list("extern", one.name, one.wants_code);
    header += fmt::format("# text {} {:016x}\n", text.size(), hash_of(text));
    out.reserve(header.size() + text.size());
    out.bytes(header);
    out.bytes(text);
}

std::optional<Error> contradiction(const ObjectHeader& header, const program::ObjectModule& module) {
    if (header.target != module.pyc.target)
        return Error{fmt::format("its header is for {}, and its text for {}", header.target->name,
                                 module.pyc.target->name),
                     header.target_at};
    if (header.has_module != (module.pyc.top != objects::no_value))
        return Error{
            fmt::format("its header says that it has {} module body", header.has_module ? "a" : "no"),
            header.module_at};
    const auto same_global = [](const ObjectSymbol& a, const program::GlobalSymbol& b) {
        return a.name == b.name && a.is_code == b.is_code;
    };
    if (const auto at = first_other(header.globals, module.globals, header.globals_end, same_global))
        return Error{"its header names other symbols than .global does", at};
    const auto same_extern = [](const ObjectSymbol& a, const program::ExternSymbol& b) {
        return a.name == b.name && a.is_code == b.wants_code;
    };
    if (const auto at = first_other(header.externs, module.externs, header.externs_end, same_extern))
        return Error{"its header names other symbols than its text refers to", at};
    return std::nullopt;
}

} // namespace pyasm::linker
