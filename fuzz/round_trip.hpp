#pragma once

#include "support/bytes.hpp"

/// What must hold for the bytes of every `.pyc` that is read; a breach ends the process with a message.
namespace pyasm::fuzz {

/// The listing assembles to an equal file, and the exact listing to the same bytes. A listing that would be
/// out of proportion is none. `comments`: with offsets and stack heights, which must assemble away.
void check_round_trip(support::Bytes bytes, bool comments);

/// `pyasm show` can show it in all its ways.
void check_shown(support::Bytes bytes);

} // namespace pyasm::fuzz
