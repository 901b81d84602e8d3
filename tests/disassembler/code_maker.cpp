#include "tests/disassembler/code_maker.hpp"

#include "grammar/print.hpp"
#include "isa/target.hpp"
#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

namespace pyasm::tests {

using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;

CodeMaker::CodeMaker(std::string_view target) {
    file.target = isa::find_target(target);
    REQUIRE(file.target);
}

ValueId CodeMaker::text(std::string_view text) {
    const bool python2 = file.target->literals == isa::LiteralDialect::Python2;
    return file.pool.add_text(python2 ? ValueKind::Bytes : ValueKind::Str, file.pool.arena().copy(text));
}

ValueId CodeMaker::bytes(std::string_view bytes) {
    return file.pool.add_text(ValueKind::Bytes, file.pool.arena().copy(bytes));
}

ValueId CodeMaker::tuple(const std::vector<ValueId>& members) {
    return file.pool.add_container(ValueKind::Tuple, members);
}

ValueId CodeMaker::names(const std::vector<std::string>& names) {
    std::vector<ValueId> values;
    for (const std::string& name : names) values.push_back(text(name));
    return tuple(values);
}

CodeObject CodeMaker::function(std::string_view name, std::vector<ValueId> consts) {
    CodeObject code;
    const isa::Target& target = *file.target;
    const isa::CodeFlagBits& bits = target.flag_bits;
    code.flags = static_cast<std::int32_t>(bits.optimized | bits.newlocals | bits.nofree);
    code.stacksize = 1;
    std::string bytecode;
    for (const std::string_view word : {"LOAD_CONST", "RETURN_VALUE"}) {
        bytecode += static_cast<char>(target.number(*target.find(word)));
        if (target.form == isa::InstructionForm::Wordcode)
            bytecode += '\0';
        else if (word == "LOAD_CONST")
            bytecode += std::string(2, '\0');
    }
    code.code = bytes(bytecode);
    code.consts = tuple(consts);
    code.names = code.varnames = code.cellvars = code.freevars = code.localsplusnames = tuple({});
    code.localspluskinds = code.linetable = code.exceptiontable = bytes("");
    code.filename = text("a.py");
    code.name = code.qualname = text(name);
    return code;
}

CodeObject CodeMaker::module(std::vector<ValueId> consts) {
    CodeObject code = function("<module>", std::move(consts));
    code.flags = static_cast<std::int32_t>(file.target->flag_bits.nofree);
    return code;
}

std::string CodeMaker::canonical(ValueId top) {
    file.top = top;
    support::ByteWriter out;
    REQUIRE(objects::write_pyc(file, out));
    return std::string(support::as_text(out.view()));
}

std::string CodeMaker::listing(ValueId top, const disassembler::DisassembleOptions& options) {
    const std::string bytes = canonical(top);
    auto again = objects::read_pyc(support::as_bytes(bytes));
    INFO((again ? std::string() : again.error().message));
    REQUIRE(again);
    const auto unit = disassembler::disassemble(std::move(*again), options);
    REQUIRE(unit);
    support::ByteWriter out;
    grammar::print(*unit, {}, out);
    return std::string(support::as_text(out.view()));
}

std::string CodeMaker::fault(ValueId top) {
    const std::string text = listing(top);
    const Assembled again(text);
    if (!again.ok()) return again.messages() + "\n" + text;
    return again.bytes() == canonical(top) ? std::string() : "it assembles to something else:\n" + text;
}

std::size_t count_of(std::string_view part, std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++count;
    return count;
}

} // namespace pyasm::tests
