#pragma once

#include "runtime-stubs/stubs.hpp"

namespace pyasm::runtime_stubs {

/// Written by cmake/embed_stubs.cmake: a row for each `.pyasm` file of this folder, sorted by name.
extern const std::span<const Stub> embedded;

} // namespace pyasm::runtime_stubs
