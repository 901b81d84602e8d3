# cmake -DFOLDER=... -DOUTPUT=... -P embed_stubs.cmake: writes a C++ file with the text of each .pyasm file in FOLDER.
file(GLOB stubs ${FOLDER}/*.pyasm)
set(rows "")
set(count 0)
foreach(stub IN LISTS stubs) # sorted
    get_filename_component(name ${stub} NAME_WE)
    file(READ ${stub} text)
    string(FIND "${text}" ")pyasm-stub\"" clash)
    if(NOT clash EQUAL -1)
        message(FATAL_ERROR "${stub} has the mark in it that ends its text")
    endif()
    string(APPEND rows "    Stub{\"${name}\", R\"pyasm-stub(${text})pyasm-stub\"},\n")
    math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Written by cmake/embed_stubs.cmake.
#include \"runtime-stubs/embedded.hpp\"

#include <array>

namespace pyasm::runtime_stubs {

static constexpr std::array<Stub, ${count}> rows{{
${rows}}};

const std::span<const Stub> embedded{rows};

} // namespace pyasm::runtime_stubs
")
