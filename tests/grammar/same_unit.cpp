#include "tests/grammar/same_unit.hpp"

#include "grammar/print.hpp"
#include "tests/grammar/parsed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace pyasm::tests {

namespace {

using objects::ValueId;
using objects::ValueKind;
using program::OperandForm;
using program::StatementKind;

class Describer {
  public:
    explicit Describer(const program::Unit& unit) : unit_(unit) {}

    std::string run() {
        line("target {}", unit_.target->name);
        const auto& header = unit_.header.header;
        if (header) {
            line("header {} {} {} {} {}", header.value.absent, header.value.flags, header.value.mtime,
                 header.value.source_size, fmt::join(header.value.hash, " "));
            line("hash of {}", unit_.header.hash_of_file);
        }
        pin("filename", unit_.filename);
        pin("top", unit_.top);
        pin("trailing", unit_.trailing);
        pin("layout", unit_.layout);
        for (std::size_t i = 0; i < unit_.blocks.size(); ++i) block(unit_.blocks[i]);
        return std::move(text_);
    }

  private:
    template <class... Args> void line(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
        text_ += '\n';
    }

    std::string value(ValueId id) {
        const auto& pool = unit_.values;
        const ValueKind kind = pool[id].kind;
        if (!objects::is_container(kind)) return show(pool, id);
        const bool identity = kind == ValueKind::List || kind == ValueKind::Dict || kind == ValueKind::Set;
        if (const auto known = numbers_.find(id); known != numbers_.end())
            return fmt::format("#{}", known->second);
        numbers_[id] = next_++;
        std::string result =
            fmt::format("{}{}(", identity ? fmt::format("#{} ", numbers_[id]) : "", static_cast<int>(kind));
        for (const ValueId child : pool.children(id)) result += value(child) + ", ";
        if (!identity) {
            numbers_.erase(id);
            --next_;
        }
        return result + ")";
    }

    template <class T> void pin(std::string_view name, const program::Pin<T>& pin) {
        if (!pin) return;
        if constexpr (std::is_same_v<T, ValueId>) {
            line("{} {}", name, value(pin.value));
        } else if constexpr (std::is_same_v<T, program::PinnedList>) {
            std::string all;
            for (const ValueId id : pin.value.values) all += value(id) + "; ";
            line("{} {}", name, all);
        } else {
            line("{} {}", name, pin.value);
        }
    }

    void block(const program::Block& block) {
        line("block {} {} {} {} {}", static_cast<int>(block.kind), block.symbol, block.parent,
             block.has_signature, block.is_async);
        for (const auto& parameter : block.parameters) {
            line("parameter {} {} {}", static_cast<int>(parameter.kind), parameter.name,
                 parameter.default_value == objects::no_value ? "" : value(parameter.default_value));
        }
        pins(block.pins);
        for (std::size_t i = 0; i < block.body.size(); ++i) statement(block.body[i]);
    }

    void pins(const program::BlockPins& pins) {
        pin("argcount", pins.argcount);
        pin("posonlyargcount", pins.posonlyargcount);
        pin("kwonlyargcount", pins.kwonlyargcount);
        pin("nlocals", pins.nlocals);
        pin("stacksize", pins.stacksize);
        pin("firstlineno", pins.firstlineno);
        pin("flags", pins.flags);
        pin("name", pins.name);
        pin("qualname", pins.qualname);
        pin("filename", pins.filename);
        pin("doc", pins.doc);
        pin("consts", pins.consts);
        pin("names", pins.names);
        pin("locals", pins.locals);
        pin("cellvars", pins.cellvars);
        pin("freevars", pins.freevars);
        pin("hidden", pins.hidden);
        pin("localsplusnames", pins.localsplusnames);
        pin("localspluskinds", pins.localspluskinds);
        pin("linetable", pins.linetable);
        pin("exceptiontable", pins.exceptiontable);
        line("unchecked {}", pins.unchecked);
    }

    std::string label(const program::ExceptRow::LabelRef& label) {
        return fmt::format("{}+{}", label.name, label.addend);
    }

    void statement(const program::Statement& statement) {
        switch (statement.kind) {
        case StatementKind::Instruction: return line("  {}{}", statement.text, operand(statement.operand));
        case StatementKind::Label: return line("{}:", statement.text);
        case StatementKind::Line: {
            const auto& at = unit_.positions[statement.index];
            return line("  line {} {} {} {}", at.line, at.end_line, at.column, at.end_column);
        }
        case StatementKind::Try:
        case StatementKind::Except: {
            const auto& row = unit_.except_rows[statement.index];
            return line("  except {} {} {} {} {}", label(row.start), label(row.end), label(row.handler),
                        row.depth ? static_cast<std::int64_t>(*row.depth) : -1, row.lasti);
        }
        case StatementKind::EndTry: return line("  end of except");
        case StatementKind::Op: return line("  op {}{}", statement.index, operand(statement.operand));
        case StatementKind::Bytes: return line("  bytes{}", operand(statement.operand));
        case StatementKind::Cache: return line("  cache{}", operand(statement.operand));
        }
    }

    std::string name(std::string_view text, bool quoted, std::string_view suffix) {
        if (suffix.empty() && quoted) return fmt::format(" text {}", text);
        return fmt::format(" name {} {}", text, suffix);
    }

    std::string operand(const program::Operand& operand) {
        const auto& pool = unit_.values;
        switch (operand.form) {
        case OperandForm::None: return "";
        case OperandForm::Raw: return fmt::format(" raw {}", operand.number);
        case OperandForm::Integer: return fmt::format(" int {}", operand.number);
        case OperandForm::Name: return name(operand.text, operand.quoted, operand.suffix);
        case OperandForm::NamePair: return fmt::format(" pair {}, {}", operand.text, operand.suffix);
        case OperandForm::Words: return fmt::format(" words {}", operand.text);
        case OperandForm::Value: break;
        }
        const auto& value = pool[operand.value];
        switch (value.kind) {
        case ValueKind::None: return name("None", false, "");
        case ValueKind::True: return name("True", false, "");
        case ValueKind::False: return name("False", false, "");
        case ValueKind::StopIteration: return name("StopIteration", false, "");
        case ValueKind::Int: return fmt::format(" int {}", value.integer);
        case ValueKind::Float: {
            const std::string bits = show(pool, operand.value);
            if (bits == "float 0x7ff0000000000000") return name("inf", false, "");
            if (bits == "float 0x7ff8000000000000") return name("nan", false, "");
            return " " + bits;
        }
        case ValueKind::Str:
            if (unit_.target->literals == isa::LiteralDialect::Python3)
                return name(pool.text(operand.value), true, "");
            break;
        case ValueKind::Bytes:
            if (unit_.target->literals == isa::LiteralDialect::Python2)
                return name(pool.text(operand.value), true, "");
            break;
        default: break;
        }
        return " " + this->value(operand.value);
    }

    const program::Unit& unit_;
    std::string text_;
    std::map<ValueId, int> numbers_;
    int next_ = 0;
};

} // namespace

std::string describe(const program::Unit& unit) { return Describer(unit).run(); }

std::string print_text(const program::Unit& unit, std::size_t width) {
    support::ByteWriter out;
    grammar::PrintOptions options;
    options.width = width;
    grammar::print(unit, options, out);
    return std::string(out.text());
}

std::string round_trip(std::string_view text, std::string_view target) {
    const Parsed first = parse_text(text, target);
    if (first.diagnostics.has_errors()) return "";
    const std::string printed = print_text(first.unit);
    const Parsed second = parse_text(printed, first.unit.target->name);
    if (second.diagnostics.has_errors()) return "errors:\n" + second.errors() + printed;
    const std::string before = describe(first.unit);
    const std::string after = describe(second.unit);
    if (before == after) return "";
    const auto place = std::ranges::mismatch(before, after);
    const auto from = before.rfind('\n', static_cast<std::size_t>(place.in1 - before.begin()));
    return fmt::format("differs from here on:\n{}\nafter:\n{}\n{}",
                       before.substr(from == std::string::npos ? 0 : from, 300),
                       after.substr(std::min(from, after.size()), 300), printed);
}

} // namespace pyasm::tests
