#pragma once

#include "linker/splice.hpp"
#include "objects/pyc.hpp"
#include "tests/support/interpreters.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pyasm::tests {

/// A module as an interpreter's own compiler makes it; co_filename is "sample.py", whatever the folder.
std::string compile_module(const Interpreter& python, std::string_view source);

/// `bytes` read; it must be a .pyc, and outlive the result.
objects::PycFile read_file(const std::string& bytes);
/// As it is written with its hints.
std::string written(const objects::PycFile& file);

/// What a .pyc is after it was taken apart into text and assembled again.
struct Reassembled {
    explicit Reassembled(const std::string& bytes);
    std::string bytes;
    objects::PycFile file;
};

/// Replaces each function, class and module body of a file by what becomes of it in text. Empty if all bytes
/// stay, one level of nesting after the other; else what is different.
std::string self_splice_fault(const std::string& bytes);

/// Replaces `name` by `other`'s code object `symbol`. Messages of errors in `faults`.
std::string spliced(const std::string& bytes, std::string_view name, const objects::PycFile& other,
                    std::string_view symbol, std::string& faults);

} // namespace pyasm::tests
