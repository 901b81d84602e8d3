#pragma once

#include "objects/marshal.hpp"
#include "objects/marshal_atoms.hpp"

#include <string>

namespace pyasm::objects {

/// What the exact and the canonical writer have in common. Source of the format: Python/marshal.c, w_object,
/// 2.7 and 3.6 - 3.15.
class MarshalWriter {
  protected:
    MarshalWriter(const ValuePool& pool, const isa::Target& target, support::ByteWriter& out)
        : pool_(pool), target_(target), out_(out), start_(out.size()) {}

    // An object's writer recurses. Messages are made out of line: they would take room in its frame.
    [[gnu::cold, gnu::noinline]] bool fail(std::string_view message);
    [[gnu::cold, gnu::noinline]] bool refuse(const Value& value);
    [[gnu::cold, gnu::noinline]] bool missing_field(std::string_view name);
    [[gnu::cold, gnu::noinline]] bool too_deep();
    [[gnu::cold, gnu::noinline]] bool too_large();

    /// Where nothing is shared, a small graph may stand for a huge tree: the output is limited to 16 times
    /// the size of the values, and some megabytes.
    [[nodiscard]] bool is_too_large() { return out_.size() - start_ > limit_ && exceeds(); }

    [[nodiscard]] support::Result<void> result(bool done) {
        if (!done) return support::Error{std::move(message_)};
        return {};
    }

    const ValuePool& pool_;
    const isa::Target& target_;
    support::ByteWriter& out_;
    int depth_ = 0;

  private:
    [[gnu::cold, gnu::noinline]] bool exceeds();

    const std::size_t start_;
    std::size_t limit_ = std::size_t{32}
                         << 20; // what is allowed whatever the values are, until more is asked for
    std::string message_;
};

} // namespace pyasm::objects
