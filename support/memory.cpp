#include "support/memory.hpp"

#include <cstdlib> // defines __GLIBC__

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace pyasm::support {

void return_large_blocks() {
#ifdef __GLIBC__
    constexpr int large = 1 << 20;
    (void)mallopt(M_MMAP_THRESHOLD, large);
#endif
}

} // namespace pyasm::support
