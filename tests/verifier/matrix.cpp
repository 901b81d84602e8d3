#include "tests/verifier/matrix.hpp"

#include "objects/code_object.hpp"
#include "support/files.hpp"
#include "tests/assembler/assembled.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

namespace pyasm::tests {
namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// The column of a version, by which they are compared; -1 if there is no such target.
int column_of(std::string_view version) {
    for (const isa::Target& target : isa::all_targets())
        if (target.name == version) return target.column;
    return -1;
}

/// Whether a list such as "2.7 3.6-3.8 3.11+" names the version with this column.
bool names(std::string_view list, int column, const std::string& place) {
    if (trim(list) == "all") return true;
    bool found = false;
    while (!(list = trim(list)).empty()) {
        const std::string_view word = list.substr(0, list.find(' '));
        list.remove_prefix(word.size());
        const std::size_t dash = word.find('-');
        const bool open = word.ends_with('+');
        const int first = column_of(open ? word.substr(0, word.size() - 1) : word.substr(0, dash));
        const int last = open ? 1000 : dash == word.npos ? first : column_of(word.substr(dash + 1));
        REQUIRE_MESSAGE(first >= 0, place, ": no such versions: ", std::string(word));
        REQUIRE_MESSAGE(last >= first, place, ": no such versions: ", std::string(word));
        if (column >= first && column <= last) found = true;
    }
    return found;
}

/// Takes `[VERSIONS]` off the front of a text; whether it applies. A text without it does.
bool take_guard(std::string_view& text, int column, const std::string& place) {
    text = trim(text);
    // `[3]` is a raw operand and never stands in front.
    if (!text.starts_with('[')) return true;
    const std::size_t end = text.find(']');
    REQUIRE_MESSAGE(end != text.npos, place);
    const bool applies = names(text.substr(1, end - 1), column, place);
    text = trim(text.substr(end + 1));
    return applies;
}

struct Line {
    std::string_view text;
    int number;
};
struct Field {
    std::string_view name, value;
};
struct Case {
    std::string_view name;
    std::string place;
    std::vector<Field> fields;
    std::vector<Line> lines;
};

std::vector<Case> split(std::string_view text, const std::string& file) {
    std::vector<Case> cases;
    bool in_fields = false;
    for (int number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with("=== ")) {
            cases.push_back({line.substr(4), fmt::format("{}:{}", file, number), {}, {}});
            in_fields = true;
            continue;
        }
        if (cases.empty()) continue; // what the file is about
        const std::size_t colon = line.find(": ");
        in_fields = in_fields && colon != line.npos && line.front() >= 'a' && line.front() <= 'z';
        if (in_fields)
            cases.back().fields.push_back({line.substr(0, colon), trim(line.substr(colon + 2))});
        else
            cases.back().lines.push_back({line, number});
    }
    return cases;
}

/// The instructions that a line with `@` stands for in this version.
std::string expand(std::string_view line, const isa::Target& target, const std::string& place) {
    const std::string_view word = line.substr(0, line.find(' '));
    const std::string_view rest = trim(line.substr(word.size()));
    const std::string_view operand = trim(rest.substr(0, rest.find('#')));
    const std::string_view comment = rest.substr(operand.size());
    const bool has_null = target.find("PUSH_NULL") != nullptr;
    const bool null_above = target.find("CALL_KW") != nullptr; // 3.13+
    if (word == "@begin") return target.find("RESUME") ? "RESUME 0" : "";
    if (word == "@end") return "LOAD_CONST None\nRETURN_VALUE";
    if (word == "@callable") {
        const std::string load = fmt::format("LOAD_GLOBAL {} {}", operand, comment);
        if (!has_null) return load;
        return null_above ? load + "\nPUSH_NULL" : "PUSH_NULL\n" + load;
    }
    if (word == "@call") {
        if (!has_null) return fmt::format("CALL_FUNCTION {} {}", operand, comment);
        const bool precall = target.find("PRECALL") != nullptr;
        return fmt::format("{}CALL {} {}", precall ? fmt::format("PRECALL {} {}\n", operand, comment) : "",
                           operand, precall ? "" : comment);
    }
    if (word == "@function") {
        const isa::OpInfo* make = target.find("MAKE_FUNCTION");
        const bool takes_name = !target.code.localsplus && target.code.kwonlyargcount; // 3.6 - 3.10
        return fmt::format("LOAD_CONST code({})\n{}MAKE_FUNCTION {} {}", operand,
                           takes_name ? fmt::format("LOAD_CONST \"{}\"\n", operand) : "",
                           make->takes_argument() ? "0" : "", comment);
    }
    if (word == "@jump_if_true" || word == "@jump_if_false") {
        const bool exact = target.find("TO_BOOL") != nullptr;
        const bool has_direction = target.find("POP_JUMP_FORWARD_IF_TRUE") != nullptr; // 3.11
        return fmt::format("{}POP_JUMP_{}IF_{} {} {}", exact ? "TO_BOOL\n" : "",
                           has_direction ? "FORWARD_" : "", word == "@jump_if_true" ? "TRUE" : "FALSE",
                           operand, comment);
    }
    if (word == "@get_iter") return target.find("GET_ITER")->takes_argument() ? "GET_ITER 0" : "GET_ITER";
    if (word == "@jump_back")
        return fmt::format("{} {} {}", target.find("JUMP_BACKWARD") ? "JUMP_BACKWARD" : "JUMP_ABSOLUTE",
                           operand, comment);
    FAIL(place << ": no such line: " << std::string(word));
    return {};
}

class Maker {
  public:
    Maker(const Case& one, const isa::Target& target) : case_(one), target_(target) {}

    std::optional<MatrixProgram> make() {
        const auto on = field("on");
        REQUIRE_MESSAGE(on.has_value(), case_.place, ": no `on:`");
        if (!names(*on, target_.column, case_.place)) return {};
        MatrixProgram program;
        program.name = case_.name;
        program.place = case_.place;
        program.version = target_.name;
        const auto rule = field("rule");
        program.warning = !rule;
        program.rule = rule ? *rule : field("warning").value_or("");
        REQUIRE_MESSAGE(!program.rule.empty(), case_.place, ": no rule on ", program.version);
        program.outcome = outcome(field("does").value_or(""));
        program.arguments = field("args").value_or("");
        set_field(program);
        program.source = text(false, program.line);
        int no_line = 0;
        program.twin = text(true, no_line);
        REQUIRE_MESSAGE((program.source != program.twin || !program.field.empty()), case_.place,
                        ": nothing sets the twin apart on ", program.version);
        return program;
    }

  private:
    std::optional<std::string> field(std::string_view name) const {
        for (const Field& one : case_.fields) {
            std::string_view value = one.value;
            if (one.name == name && take_guard(value, target_.column, case_.place)) return std::string(value);
        }
        return {};
    }

    Outcome outcome(std::string_view words) const {
        constexpr std::pair<std::string_view, Outcome> outcomes[] = {{"crash", Outcome::Crash},
                                                                     {"wrong", Outcome::Wrong},
                                                                     {"error", Outcome::Error},
                                                                     {"not loaded", Outcome::NotLoaded},
                                                                     {"hang", Outcome::Hang}};
        for (const auto& [name, value] : outcomes)
            if (name == words) return value;
        FAIL(case_.place << ": no such outcome: " << std::string(words));
        return {};
    }

    void set_field(MatrixProgram& program) const {
        const auto set = field("set");
        if (!set) return;
        const std::size_t equals = set->find(" = ");
        REQUIRE_MESSAGE(equals != std::string::npos, case_.place);
        program.field = set->substr(0, equals);
        program.value = set->substr(equals + 3);
    }

    /// The program's text, and the number of the marked line in it.
    std::string text(bool twin, int& marked) const {
        std::string text = fmt::format(".target {}\n", target_.name);
        int number = 2;
        for (const Line& line : case_.lines) {
            std::string_view statement = line.text;
            if (statement.starts_with(twin ? '-' : '+')) continue;
            if (statement.starts_with('-') || statement.starts_with('+')) statement.remove_prefix(1);
            if (!take_guard(statement, target_.column, case_.place)) continue;
            const bool mark = statement.find("# <--") != statement.npos;
            const std::string lines =
                statement.starts_with('@') ? expand(statement, target_, case_.place) : std::string(statement);
            if (lines.empty()) continue;
            const std::size_t at = lines.find("# <--");
            if (mark) marked = number + static_cast<int>(std::ranges::count(lines.substr(0, at), '\n'));
            number += 1 + static_cast<int>(std::ranges::count(lines, '\n'));
            text += lines + "\n";
        }
        return text;
    }

    const Case& case_;
    const isa::Target& target_;
};

std::vector<MatrixProgram> read_matrix() {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(source_path("tests/verifier/matrix")))
        if (entry.path().extension() == ".txt") paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<MatrixProgram> programs;
    for (const std::string& path : paths) {
        const auto text = support::read_file(path);
        REQUIRE(text);
        const std::string file = std::filesystem::path(path).filename();
        for (const Case& one : split(*text, file))
            for (const isa::Target& target : isa::all_targets())
                if (auto program = Maker(one, target).make()) programs.push_back(std::move(*program));
    }
    return programs;
}

objects::ValueId* field_of(objects::CodeObject& code, std::string_view name) {
    using objects::CodeObject;
    constexpr std::pair<std::string_view, objects::ValueId CodeObject::*> fields[] = {
        {"code", &CodeObject::code},
        {"consts", &CodeObject::consts},
        {"names", &CodeObject::names},
        {"varnames", &CodeObject::varnames},
        {"freevars", &CodeObject::freevars},
        {"cellvars", &CodeObject::cellvars},
        {"filename", &CodeObject::filename},
        {"name", &CodeObject::name},
        {"qualname", &CodeObject::qualname},
        {"linetable", &CodeObject::linetable},
        {"localsplusnames", &CodeObject::localsplusnames},
        {"localspluskinds", &CodeObject::localspluskinds},
        {"exceptiontable", &CodeObject::exceptiontable},
    };
    for (const auto& [field, member] : fields)
        if (field == name) return &(code.*member);
    return nullptr;
}

std::string write(const objects::PycFile& file, const MatrixProgram& program) {
    support::ByteWriter out;
    const auto written = objects::write_pyc(file, out);
    REQUIRE_MESSAGE(written, program.place, ": ", written.error().message);
    return std::string(out.text());
}

} // namespace

const std::vector<MatrixProgram>& matrix() {
    static const std::vector<MatrixProgram> programs = read_matrix();
    return programs;
}

std::string assemble_case(const MatrixProgram& program) {
    CAPTURE(program.place);
    CAPTURE(program.version);
    if (program.field.empty()) return Assembled(program.source).bytes();
    // The value goes into the same file, so that it is in the same pool: beside the only block's code object.
    const std::size_t symbol = program.source.find(".code ") + 6;
    REQUIRE(symbol >= 6);
    const std::string name =
        program.source.substr(symbol, program.source.find_first_of("(\n", symbol) - symbol);
    const Assembled both(fmt::format("{}.value (code({}), {})\n", program.source, name, program.value));
    objects::PycFile file;
    file.target = both.file().target;
    // Strings are views into what lives until the file is written.
    file.pool = std::move(const_cast<objects::PycFile&>(both.file()).pool);
    const auto parts = file.pool.children(both.file().top);
    objects::ValueId* const field = field_of(file.pool.code(parts[0]), program.field);
    REQUIRE_MESSAGE(field, "no such field: ", program.field);
    *field = parts[1];
    file.top = parts[0];
    return write(file, program);
}

std::string assemble_twin(const MatrixProgram& program) {
    CAPTURE(program.place);
    CAPTURE(program.version);
    return Assembled(program.twin).bytes();
}

} // namespace pyasm::tests
