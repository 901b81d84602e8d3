#include "grammar/state.hpp"

#include "isa/target.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

/// Files: what their bytes must be, and how one takes in another.
namespace pyasm::grammar {

namespace {

[[nodiscard]] bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\f') || byte == 0x7F;
}

/// Whether one of eight bytes is a control character other than a line feed (or looks so: the answer may be
/// wrongly yes).
[[nodiscard]] bool may_have_control(const char* bytes) {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    constexpr std::uint64_t tops = 0x8080'8080'8080'8080;
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    // A byte of x below n (n <= 0x80) sets its top bit in (x - n) & ~x; a borrow can only add wrong ones.
    const auto zeros = [](std::uint64_t x) { return (x - ones) & ~x & tops; };
    const std::uint64_t low = (word - ones * 0x20) & ~word & tops;
    const std::uint64_t deletes = zeros(word ^ (ones * 0x7F));
    const std::uint64_t line_feeds = zeros(word ^ (ones * '\n'));
    return ((low & ~line_feeds) | deletes) != 0;
}

[[nodiscard]] std::string normal_path(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().string();
}

/// `name` as seen from the folder of `path`.
[[nodiscard]] std::string resolve(const std::string& path, std::string_view name) {
    const std::filesystem::path file{name};
    return file.is_absolute() ? file.string() : (std::filesystem::path(path).parent_path() / file).string();
}

} // namespace

/// A text that is not one is not read at all.
bool State::check_bytes(const support::SourceFile& file) {
    const auto invalid = support::find_invalid_utf8(file.text);
    const auto zero = file.text.find('\0');
    if (!invalid && zero == std::string_view::npos) return true;
    const auto magic = file.text.size() >= 4 && file.text.substr(2, 2) == "\r\n"
                           ? static_cast<std::uint16_t>(static_cast<unsigned char>(file.text[0]) |
                                                        static_cast<unsigned char>(file.text[1]) << 8)
                           : std::uint16_t{0};
    std::string help = magic && !isa::release_of_magic(magic).empty()
                           ? fmt::format("This is a .pyc file of Python {}.", isa::release_of_magic(magic))
                           : "A source is UTF-8 text.";
    if (invalid && *invalid < zero) {
        context_.error(file.span(*invalid, *invalid + 1),
                       fmt::format("byte 0x{:02x} at offset {} is not valid UTF-8",
                                   static_cast<unsigned char>(file.text[*invalid]), *invalid),
                       std::move(help));
    } else {
        context_.error(file.span(zero, zero + 1), fmt::format("a NUL byte at offset {}", zero),
                       std::move(help));
    }
    return false;
}

/// Control characters are refused wherever they stand, by name; the text is read on.
bool State::check_controls(const support::SourceFile& file) {
    const std::string_view text = file.text;
    bool good = true;
    bool bare_return = false; // a file with other line ends has many
    for (std::size_t i = 0; i < text.size(); ++i) {
        while (i + 8 <= text.size() && !may_have_control(text.data() + i)) i += 8;
        if (i == text.size()) break;
        if (!is_control(text[i])) continue;
        if (text[i] == '\r') {
            if ((i + 1 < text.size() && text[i + 1] == '\n') || std::exchange(bare_return, true)) continue;
            context_.error(file.span(i, i + 1), "a carriage return without a line feed",
                           R"(Lines end in LF or CR LF; in a string write \r.)");
        } else if (context_.quiet()) {
            context_.error(file.span(i, i + 1), {});
        } else {
            context_.error(file.span(i, i + 1),
                           fmt::format("control character U+{:04X}", static_cast<unsigned char>(text[i])),
                           fmt::format("In a string write \\x{:02x}.", static_cast<unsigned char>(text[i])));
        }
        good = false;
    }
    return good;
}

void State::parse_file(const support::SourceFile& file) {
    const Context outer = context_;
    const Misfit outer_misfit = std::exchange(misfit_, {});
    context_.file = &file;
    context_.begin = file.text.data();
    context_.end = context_.begin + file.text.size();
    context_.resume = nullptr;
    context_.swallowed = false;
    includes_.push_back({&file, normal_path(file.path)});
    if (check_bytes(file)) {
        (void)check_controls(file);
        context_.failed = false;
        reset_line();
        runner_(*this, file.text);
    } else {
        context_.swallowed = true;
    }
    while (depth_ && open_[depth_ - 1].include_depth == includes_.size()) {
        const Context& here = context_;
        const char* last = here.end;
        while (last != here.begin && (last[-1] == '\n' || last[-1] == '\r' || last[-1] == ' ')) --last;
        const auto place = last == here.begin ? here.span(last, last) : here.span(last - 1, last);
        if (!here.swallowed && !open_[depth_ - 1].holds_module) {
            report_missing_end(place);
            open_[depth_ - 1].tries.clear();
        }
        close_block({}, place);
    }
    includes_.pop_back();
    misfit_ = outer_misfit;
    const bool swallowed = context_.swallowed;
    context_.file = outer.file;
    context_.begin = outer.begin;
    context_.end = outer.end;
    context_.resume = outer.resume;
    context_.swallowed = includes_.empty() && swallowed;
    context_.failed = outer.failed;
}

void State::finish(const support::SourceFile& file) {
    if (unit().blocks.empty() && !unit().top && unit().constants.empty() && !context_.diagnostics.has_errors()) {
        context_.diagnostics.error_in(file.path, "nothing to assemble: the file has no block",
                                      "A program is a .module with instructions and an .end.");
    }
    if (hash_span_.known() && unit().target->header != isa::HeaderLayout::Flags) {
        std::string_view first;
        for (const isa::Target& target : isa::all_targets()) {
            if (first.empty() && target.header == isa::HeaderLayout::Flags) first = target.name;
        }
        context_.error(hash_span_, fmt::format("hash-based .pyc files need {} or newer", first));
    }
    unit().value_spans.resize(unit().values.size());
}

void State::include() {
    const auto place = line_.text_span;
    if (context_.failed || line_.text.empty()) {
        if (!context_.failed) context_.error(place, "'.include' takes a file name");
        return;
    }
    if (line_.is_bytes) {
        context_.error(place, "a file name is a str, not bytes", "Leave out the b.");
        return;
    }
    std::string path = resolve(includes_.back().file->path, line_.text);
    const std::string normal = normal_path(path);
    const auto same = std::ranges::find(includes_, normal, &IncludeFrame::path);
    if (same != includes_.end()) {
        context_.error(place, fmt::format("'{}' includes itself", support::printable(line_.text)));
        return;
    }
    if (includes_.size() > max_include_depth) {
        context_.error(place,
                       fmt::format("files include one another more than {} levels deep", max_include_depth));
        return;
    }
    if (++include_count_ > max_includes) {
        if (include_count_ == max_includes + 1) {
            context_.error(place, fmt::format("more than {} included files", max_includes));
        }
        return;
    }
    if (!options_.read_include) {
        context_.error(place, "this source cannot include files");
        return;
    }
    auto text = options_.read_include(path);
    if (!text) {
        context_.error(place, fmt::format("cannot include '{}': {}", support::printable(line_.text),
                                          text.error().message));
        return;
    }
    include_text(std::move(path), std::move(text).value(), place);
}

void State::include_text(std::string path, std::string text, support::Span place) {
    included_bytes_ += text.size();
    if (included_bytes_ > max_included_bytes) {
        context_.error(place, fmt::format("the included files have more than {} MiB together",
                                          max_included_bytes >> 20));
        return;
    }
    const auto file = sources_.add(std::move(path), std::move(text), line_.directive_span);
    if (!file) {
        context_.error(place, file.error().message);
        return;
    }
    reset_line();
    parse_file(*file.value());
}

} // namespace pyasm::grammar
