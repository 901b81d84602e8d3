#include "tests/assembler/assembled.hpp"

#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <bit>

namespace pyasm::tests {

using objects::ValueId;
using objects::ValueKind;

Assembled::Assembled(std::string text, std::map<std::string, std::string> files) {
    const auto read = [files = std::move(files)](const std::string& path) -> support::Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return support::Error{"no such file"};
        return found->second;
    };
    const auto source = sources_.add("dir/test.pyasm", std::move(text));
    REQUIRE(source);
    grammar::ParseOptions parsing;
    parsing.read_include = read;
    auto unit = grammar::parse(**source, sources_, parsing, diagnostics_);
    file_ = assembler::assemble(std::move(unit), sources_, {read}, diagnostics_);
    if (diagnostics_.has_errors()) file_.reset(); // those of the parser, too
    diagnostics_.sort();
}

std::string Assembled::messages() const {
    std::string text;
    const auto place = [this](support::Span span) {
        const support::Location location = sources_.locate(span.begin);
        return span.known() ? fmt::format("{}:{}", location.line, location.column) : std::string("-");
    };
    for (const auto& diagnostic : diagnostics_.all()) {
        const bool error = diagnostic.severity == support::Severity::Error;
        text += fmt::format("{}: {}: {}", place(diagnostic.span), error ? "error" : "warning",
                            diagnostic.message);
        if (!diagnostic.help.empty()) text += fmt::format(" [{}]", diagnostic.help);
        for (const auto& note : diagnostic.notes)
            text += fmt::format(" ({}: {})", place(note.span), note.message);
        text += '\n';
    }
    return text;
}

const objects::PycFile& Assembled::file() const {
    REQUIRE_MESSAGE(file_.has_value(), messages());
    return *file_;
}

const objects::CodeObject& Assembled::top() const { return file().pool.code(file().top); }

const objects::CodeObject* Assembled::find(ValueId id, std::string_view name) const {
    const auto& pool = file().pool;
    const objects::CodeObject& code = pool.code(id);
    if (pool.text(code.name) == name) return &code;
    for (const ValueId value : pool.children(code.consts)) {
        if (pool[value].kind != ValueKind::Code) continue;
        if (const auto* found = find(value, name)) return found;
    }
    return nullptr;
}

const objects::CodeObject& Assembled::code(std::string_view name) const {
    const auto* found = find(file().top, name);
    REQUIRE_MESSAGE(found, std::string(name));
    return *found;
}

std::string Assembled::show(ValueId id) const {
    const auto& pool = file().pool;
    const objects::Value& value = pool[id];
    const auto parts = [&](std::string_view open, std::string_view close) {
        std::string text;
        for (const ValueId part : pool.children(id)) text += (text.empty() ? "" : ", ") + show(part);
        return fmt::format("{}{}{}", open, text, close);
    };
    switch (value.kind) {
    case ValueKind::None: return "None";
    case ValueKind::True: return "True";
    case ValueKind::False: return "False";
    case ValueKind::Ellipsis: return "...";
    case ValueKind::StopIteration: return "StopIteration";
    case ValueKind::Int: return fmt::format("{}", value.integer);
    case ValueKind::Long: return fmt::format("<long of {} digits>", value.size);
    case ValueKind::Float: return fmt::format("<float {:016x}>", std::bit_cast<std::uint64_t>(value.real));
    case ValueKind::Complex:
        return fmt::format("<complex {:016x} {:016x}>", std::bit_cast<std::uint64_t>(value.parts[0]),
                           std::bit_cast<std::uint64_t>(value.parts[1]));
    case ValueKind::Bytes: return fmt::format("b'{}'", pool.text(id));
    case ValueKind::Str: return fmt::format("'{}'", pool.text(id));
    case ValueKind::Tuple: return parts("(", ")");
    case ValueKind::List: return parts("[", "]");
    case ValueKind::Code: return fmt::format("<code {}>", pool.text(pool.code(id).name));
    default: return parts("{", "}");
    }
}

std::string Assembled::hex(ValueId bytes) const {
    std::string text;
    for (const char byte : file().pool.text(bytes))
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

std::string Assembled::bytes() const {
    support::ByteWriter out;
    const auto written = objects::write_pyc(file(), out);
    REQUIRE_MESSAGE(written, written.error().message);
    return std::string(out.text());
}

} // namespace pyasm::tests
