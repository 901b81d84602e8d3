#pragma once

namespace pyasm::support {

/// Has large blocks go back to the system whenever they are freed. glibc does so by itself only until the
/// first one is: from then on it keeps blocks of that size, up to 32 MiB (mallopt(3), M_MMAP_THRESHOLD), and
/// tables that come and go while much else stays add up. Does nothing with other C libraries.
void return_large_blocks();

} // namespace pyasm::support
