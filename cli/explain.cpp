#include "cli/explain.hpp"

#include "cli/finding_words.hpp"
#include "support/text.hpp"
#include "verifier/verify.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>

namespace pyasm::cli {
namespace {

using verifier::Explained;

std::string locals_words(const Explained& one) {
    std::string words;
    for (const auto& [name, what] : one.locals) {
        if (!words.empty()) words += ", ";
        words += fmt::format("{}: {}", name, what);
    }
    return words;
}

class Listing {
  public:
    explicit Listing(support::ByteWriter& out) : out_(out) {}

    void add(const Explained& one, const std::string& instruction) {
        if (one.reached) {
            changed("locals: ", locals_words(one), locals_);
            changed("blocks: ", fmt::format("{}", fmt::join(one.blocks, ", ")), blocks_);
        }
        const std::string state =
            one.reached ? fmt::format("[{}]", fmt::join(one.stack, ", ")) : std::string("never reached");
        line(fmt::format("{:6}  {:<38}  {}", one.offset, instruction, state));
    }
    void line(std::string_view text) {
        out_.bytes(support::visible(text));
        out_.bytes("\n");
    }

  private:
    void changed(std::string_view label, std::string words, std::string& shown) {
        if (words == shown) return;
        line(fmt::format("        {}{}", label, words.empty() ? "none" : words));
        shown = std::move(words);
    }

    support::ByteWriter& out_;
    std::string locals_, blocks_; // as they were shown last
};

} // namespace

void write_explanation(std::string_view path, const objects::PycFile& file, bool is_first,
                       support::ByteWriter& out) {
    FindingWords words(file);
    verifier::Verifier verifier(*file.target, file.pool);
    for (const objects::ValueId code : verifier::code_objects(file)) {
        if (!is_first || out.size() != 0) out.bytes("\n");
        Listing listing(out);
        listing.line(fmt::format("{}: #{} {}", path, words.number(code), words.name(code)));
        const auto explained = verifier.explain(code);
        if (explained.empty()) listing.line("        cannot be followed: its structure is wrong");
        for (const Explained& one : explained) {
            const std::string known = words.instruction(code, one.offset);
            listing.add(one, known.empty() ? one.instruction : known);
        }
    }
}

} // namespace pyasm::cli
