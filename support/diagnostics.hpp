#pragma once

#include "support/source.hpp"
#include "support/span.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::support {

enum class Severity : std::uint8_t { Error, Warning };

struct Note {
    Span span;
    std::string message;
};

/// One mistake: what is wrong, where, and (where one is likely) what to do.
struct Diagnostic {
    Severity severity = Severity::Error;
    Span span;           ///< unknown: `path` (if any) names the file as a whole
    std::string message; ///< one line, lower case, no full stop
    /// The likely correction: a sentence with a capital and a full stop ("Write it with u."), which is shown
    /// behind the message as a clause ("...; write it with u"). May be empty.
    std::string help;
    std::vector<Note> notes; ///< other places that matter: "first defined here"
    std::string path;        ///< the file, where the place is unknown
};

/// Collects what is wrong in one run. Rendering is elsewhere (`render.hpp`).
class Diagnostics {
  public:
    /// Past `limit` errors, further ones are counted and not kept. Past as many warnings, further ones are
    /// not kept.
    explicit Diagnostics(std::size_t limit = 1000) : limit_(limit) {}

    /// Adds an error at `span`. The result may be given notes; it is valid until the next call.
    Diagnostic& error(Span span, std::string message, std::string help = {});
    Diagnostic& warning(Span span, std::string message, std::string help = {});
    /// Adds an error about a file as a whole.
    Diagnostic& error_in(std::string_view path, std::string message, std::string help = {});

    [[nodiscard]] bool has_errors() const { return errors_ != 0; }
    [[nodiscard]] std::size_t error_count() const { return errors_; }
    /// Errors that were counted but not kept.
    [[nodiscard]] std::size_t dropped() const { return dropped_; }
    [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
    /// Sorts by place (stable), so that findings of several passes come out in reading order.
    void sort();
    /// The same; an included file's findings stand where its text does, between those around the directive.
    /// Of the errors that one call of a macro makes in text that comes with the program, the first is kept:
    /// the others follow from the same mistake. What is the same in several turns of a repetition is told of
    /// the first, with their number.
    void sort(const Sources& sources);

  private:
    Diagnostic& add(Diagnostic diagnostic);

    std::vector<Diagnostic> all_;
    Diagnostic overflow_;
    std::size_t limit_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
    std::size_t dropped_ = 0;
};

} // namespace pyasm::support
