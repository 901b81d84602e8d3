#include "tests/grammar/parsed.hpp"

#include <fmt/format.h>

#include <bit>

namespace pyasm::tests {

namespace {

std::string place(const support::Sources& sources, support::Span span) {
    if (!span.known()) return "-";
    const support::Location at = sources.locate(span.begin);
    return at.file->path == "test.pyasm" ? fmt::format("{}:{}", at.line, at.column)
                                         : fmt::format("{}:{}:{}", at.file->path, at.line, at.column);
}

std::string bits(double value) { return fmt::format("{:#018x}", std::bit_cast<std::uint64_t>(value)); }

std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c >= 0x20 && c < 0x7f && c != '\'' && c != '\\')
            result += c;
        else
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return result + "'";
}

std::string show_children(const objects::ValuePool& pool, objects::ValueId id, std::string_view open,
                          std::string_view close) {
    std::string result(open);
    for (const objects::ValueId child : pool.children(id)) {
        result += (result.size() == open.size() ? "" : ", ") + show(pool, child);
    }
    return result + std::string(close);
}

} // namespace

std::string Parsed::errors() const {
    std::string result;
    for (const support::Diagnostic& error : diagnostics.all()) {
        result += fmt::format("{}: {}", place(*sources, error.span), error.message);
        if (!error.help.empty()) result += "; " + error.help;
        result += '\n';
        for (const support::Note& note : error.notes) {
            result += fmt::format("  {}: {}\n", place(*sources, note.span), note.message);
        }
    }
    return result;
}

Parsed parse_text(std::string_view text, std::string_view target,
                  const std::map<std::string, std::string>& files) {
    Parsed result;
    const auto file = result.sources->add("test.pyasm", std::string(text));
    grammar::ParseOptions options;
    if (!target.empty()) options.target = isa::find_target(target);
    options.read_include = [&files](const std::string& path) -> support::Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return support::Error{"no such file"};
        return found->second;
    };
    result.unit = grammar::parse(*file.value(), *result.sources, options, result.diagnostics);
    return result;
}

std::string errors_of(std::string_view text, std::string_view target) {
    return parse_text(text, target).errors();
}

std::string show(const objects::ValuePool& pool, objects::ValueId id) {
    using objects::ValueKind;
    const objects::Value& value = pool[id];
    switch (value.kind) {
    case ValueKind::None: return "None";
    case ValueKind::True: return "True";
    case ValueKind::False: return "False";
    case ValueKind::Ellipsis: return "Ellipsis";
    case ValueKind::StopIteration: return "StopIteration";
    case ValueKind::Int: return fmt::format("int {}", value.integer);
    case ValueKind::Long: {
        std::string result = value.flags & objects::Value::negative ? "long -" : "long +";
        for (const std::uint16_t digit : pool.digits(id)) result += fmt::format(" {}", digit);
        return result;
    }
    case ValueKind::Float: return "float " + bits(value.real);
    case ValueKind::Complex: return fmt::format("complex {} {}", bits(value.parts[0]), bits(value.parts[1]));
    case ValueKind::Bytes: return "bytes " + quoted(pool.text(id));
    case ValueKind::Str: return "str " + quoted(pool.text(id));
    case ValueKind::CodeSymbol: return "code " + quoted(pool.text(id));
    case ValueKind::NameSymbol:
        return (value.flags & objects::Value::qualified ? "qualname " : "name ") + quoted(pool.text(id));
    case ValueKind::ConstSymbol: return "const " + quoted(pool.text(id));
    case ValueKind::Tuple: return show_children(pool, id, "(", ")");
    case ValueKind::List: return show_children(pool, id, "[", "]");
    case ValueKind::Dict: return show_children(pool, id, "dict{", "}");
    case ValueKind::Set: return show_children(pool, id, "set{", "}");
    case ValueKind::FrozenSet: return show_children(pool, id, "frozenset{", "}");
    case ValueKind::FrozenDict: return show_children(pool, id, "frozendict{", "}");
    case ValueKind::Slice: return show_children(pool, id, "slice(", ")");
    case ValueKind::Code: return "code object";
    }
    return {};
}

std::string literal(std::string_view text, std::string_view target) {
    const Parsed parsed = parse_text(fmt::format(".module\n.consts {}\n.end\n", text), target);
    if (parsed.diagnostics.has_errors()) return parsed.errors();
    const auto& consts = parsed.unit.blocks.at(0).pins.consts;
    std::string result;
    for (const objects::ValueId id : consts.value.values)
        result += (result.empty() ? "" : "; ") + show(parsed.unit.values, id);
    return result;
}

std::string operand(std::string_view text, std::string_view target) {
    using program::OperandForm;
    const Parsed parsed = parse_text(fmt::format(".module\nX {}\n.end\n", text), target);
    if (parsed.diagnostics.has_errors()) return parsed.errors();
    const program::Operand& operand = parsed.unit.blocks.at(0).body.at(0).operand;
    const auto name = [](std::string_view word, bool is_quoted) {
        return is_quoted ? "\"" + std::string(word) + "\"" : std::string(word);
    };
    switch (operand.form) {
    case OperandForm::None: return "none";
    case OperandForm::Raw: return fmt::format("raw {}", operand.number);
    case OperandForm::Integer: return fmt::format("integer {}", operand.number);
    case OperandForm::Value:
        return (operand.quoted ? fmt::format("string {}: ", operand.text) : "value ") +
               show(parsed.unit.values, operand.value);
    case OperandForm::Name:
        return "name " + name(operand.text, operand.quoted) +
               (operand.suffix.empty() ? "" : fmt::format(" + {}", operand.suffix));
    case OperandForm::NamePair:
        return "pair " + name(operand.text, operand.quoted) + ", " +
               name(operand.suffix, operand.suffix_quoted);
    case OperandForm::Words: return fmt::format("words {}", operand.text);
    }
    return {};
}

} // namespace pyasm::tests
