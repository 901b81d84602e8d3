#pragma once

#include <csignal>

namespace pyasm::support {

/// While it lives, a signal that would end this process is passed over, so that the call that raises it fails
/// instead.
class IgnoredSignal {
  public:
    explicit IgnoredSignal(int signal) : signal_(signal) {
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        sigaction(signal_, &ignore, &old_);
    }
    IgnoredSignal(const IgnoredSignal&) = delete;
    IgnoredSignal& operator=(const IgnoredSignal&) = delete;
    ~IgnoredSignal() { sigaction(signal_, &old_, nullptr); }

  private:
    int signal_;
    struct sigaction old_ {};
};

} // namespace pyasm::support
