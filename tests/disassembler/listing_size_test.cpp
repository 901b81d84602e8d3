// Listings stay in proportion to their file, whatever stands in them again and again.
#include "isa/target.hpp"
#include "tests/disassembler/code_maker.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace pyasm;
using objects::CodeObject;
using tests::CodeMaker;

namespace {

/// A function of so many times one instruction, whose argument is 0.
CodeObject repeated(CodeMaker& maker, std::string_view mnemonic, int times) {
    const isa::Target& target = *maker.file.target;
    const isa::OpInfo* op = target.find(mnemonic);
    REQUIRE(op);
    std::string bytes;
    for (int i = 0; i < times; ++i) {
        bytes += static_cast<char>(target.number(*op));
        bytes += std::string(target.form == isa::InstructionForm::Wordcode ? 1 : 2, '\0');
        bytes += std::string(op->caches * 2U, '\0');
    }
    CodeObject code = maker.function("f");
    code.code = maker.bytes(bytes);
    return code;
}

} // namespace

TEST_CASE("listing size: a long name is written once, not at each use") {
    const std::string name(100'000, 'x');
    for (const std::string target : {"2.7", "3.8", "3.11", "3.13", "3.15"}) {
        for (const std::string mnemonic : {"LOAD_NAME", "LOAD_FAST", "LOAD_DEREF", "STORE_GLOBAL"}) {
            CAPTURE(target);
            CAPTURE(mnemonic);
            CodeMaker maker(target);
            CodeObject code = repeated(maker, mnemonic, 300);
            code.names = code.varnames = code.localsplusnames = code.cellvars = maker.names({name});
            code.nlocals = maker.file.target->code.localsplus ? 0 : 1;
            code.localspluskinds = maker.bytes("\x60");
            const objects::ValueId top = maker.add(code);
            CHECK(maker.listing(top).size() < 1'000'000);
            CHECK(maker.fault(top).substr(0, 1000) == "");
        }
    }
}

TEST_CASE("listing size: a name of a usual length is written at each use") {
    CodeMaker maker("3.13");
    CodeObject code = repeated(maker, "LOAD_NAME", 3);
    const std::string name(100, 'x');
    code.names = maker.names({name});
    CHECK(tests::count_of("LOAD_NAME           " + name + "\n", maker.listing(maker.add(code))) == 3);
}

TEST_CASE("listing size: texts that are not long enough for an anchor have one where they are many") {
    CodeMaker maker("3.13");
    CodeObject code = repeated(maker, "LOAD_CONST", 100'000);
    code.consts = maker.tuple({maker.text(std::string(480, 'x'))});
    const objects::ValueId top = maker.add(code);
    CHECK(maker.listing(top).size() < 20'000'000); // and not 50 MB
    CHECK(maker.fault(top).substr(0, 1000) == "");
}

TEST_CASE("listing size: of a long source line only the head is shown") {
    CodeMaker maker("3.13");
    CodeObject code = repeated(maker, "NOP", 4);
    code.linetable = maker.bytes({"\xe8\x00\xe8\x02\xe8\x03\xe8\x02", 8}); // lines 1, 2, 1, 2
    disassembler::DisassembleOptions options;
    options.read_source = [](std::string_view) {
        std::string line(199, 'x');
        for (int i = 0; i < 1000; ++i) line += "\u00e9"; // the limit is within a character
        return line + "\nshort\n";
    };
    const std::string listing = maker.listing(maker.add(code), options);
    INFO(listing);
    CHECK(tests::count_of("# " + std::string(199, 'x') + "...\n", listing) == 2);
    CHECK(listing.size() < 1000);
}

TEST_CASE("listing size: sources are read up to a limit") {
    CodeMaker maker("3.13");
    std::vector<objects::ValueId> codes;
    for (const char* filename : {"a.py", "b.py", "c.py"}) {
        CodeObject code = repeated(maker, "NOP", 1);
        code.linetable = maker.bytes({"\xe8\x00", 2});
        code.filename = maker.text(filename);
        codes.push_back(maker.add(code));
    }
    disassembler::DisassembleOptions options;
    int reads = 0;
    options.read_source = [&](std::string_view) {
        ++reads;
        return std::string(std::size_t{40} << 20, 'x');
    };
    (void)maker.listing(maker.tuple(codes), options);
    CHECK(reads == 2);
}
