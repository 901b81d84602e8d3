#include "tests/disassembler/body_case.hpp"

#include "assembler/assemble.hpp"
#include "disassembler/disassemble.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "objects/code_object.hpp"
#include "objects/pyc.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace pyasm::tests {

using objects::ValueId;
using objects::ValueKind;

std::string BodyCase::file() const {
    objects::PycFile pyc;
    pyc.target = isa::find_target(target);
    REQUIRE(pyc.target);
    auto& pool = pyc.pool;
    const bool old = pyc.target->literals == isa::LiteralDialect::Python2;
    const ValueKind text_kind = old ? ValueKind::Bytes : ValueKind::Str;
    const auto text = [&](std::string_view words) {
        return pool.add_text(text_kind, pool.arena().copy(words));
    };
    const auto bytes = [&](const std::vector<std::uint8_t>& data) {
        return pool.add_text(ValueKind::Bytes,
                             pool.arena().copy({reinterpret_cast<const char*>(data.data()), data.size()}));
    };
    const auto tuple = [&](std::vector<ValueId> values) {
        return pool.add_container(ValueKind::Tuple, std::span<const ValueId>(values));
    };
    objects::CodeObject object;
    object.firstlineno = firstlineno;
    object.stacksize = 1;
    object.code = bytes(code);
    object.consts = tuple({objects::ValuePool::singleton(ValueKind::None), pool.add_int(7), text("text")});
    object.names = tuple({text("print"), text("len")});
    if (pyc.target->code.localsplus) {
        object.localsplusnames = tuple({text("a"), text("b")});
        object.localspluskinds = bytes({0x20, 0x20});
    } else {
        object.nlocals = 2;
        object.varnames = tuple({text("a"), text("b")});
        object.cellvars = object.freevars = tuple({});
    }
    object.filename = text("f.py");
    object.name = text("f");
    if (pyc.target->code.qualname) object.qualname = text("f");
    object.linetable = bytes(lines);
    if (pyc.target->code.exceptiontable) object.exceptiontable = bytes(exceptions);
    pyc.top = pool.add_code(object);
    support::ByteWriter out;
    REQUIRE(objects::write_pyc(pyc, out));
    return std::string(out.text());
}

std::string BodyCase::listing() const {
    const std::string bytes = file();
    auto pyc = objects::read_pyc(support::as_bytes(bytes));
    REQUIRE(pyc);
    const auto unit = disassembler::disassemble(std::move(*pyc), {});
    REQUIRE(unit);
    support::ByteWriter out;
    grammar::print(*unit, {}, out);
    return std::string(out.text());
}

std::string BodyCase::back() const {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto source = sources.add("f.pyasm", listing());
    REQUIRE(source);
    auto unit = grammar::parse(**source, sources, {}, diagnostics);
    const auto pyc = assembler::assemble(std::move(unit), sources, {}, diagnostics);
    if (diagnostics.has_errors() || !pyc)
        return diagnostics.all().empty() ? "nothing was assembled" : diagnostics.all().front().message;
    support::ByteWriter out;
    REQUIRE(objects::write_pyc(*pyc, out));
    return std::string(out.text());
}

std::string body_of(const std::string& listing) {
    std::istringstream lines(listing);
    std::string body, line;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string word, text;
        while (words >> word && word != "@") text += (text.empty() ? "" : " ") + word;
        const bool in_body = text.ends_with(':') || (!text.empty() && text[0] >= 'A' && text[0] <= 'Z');
        for (const char* directive : {".op", ".bytes", ".cache", ".try", ".endtry", ".except"})
            if (text == directive || text.starts_with(std::string(directive) + " ")) body += text + '\n';
        if (in_body) body += text + '\n';
    }
    return body;
}

} // namespace pyasm::tests
