// Any bytes as a `.pyc`: if they are read, their listing must assemble to an equal file; and the listing with
// how marshal wrote them, to the same bytes. Whatever they are, they can be shown.

#include "fuzz/round_trip.hpp"
#include "objects/pyc.hpp"

#include <cstdint>

using namespace pyasm;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const support::Bytes bytes{data, size};
    if (!objects::read_pyc(bytes)) return 0;
    fuzz::check_round_trip(bytes, size % 2 == 1);
    fuzz::check_shown(bytes);
    return 0;
}
