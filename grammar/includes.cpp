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
    const Misfit outer_misfit = std::exchange(misfit_, {});
    const bool is_first = includes_.empty();
    const Context::Reading outer = context_.enter(file);
    const bool outer_swallowed = std::exchange(context_.swallowed, false);
    includes_.push_back({&file, normal_path(file.path)});
    macros_.readings.push_back({support::Origin::Kind::File, &file, macros_.conditions.size()});
    if (check_bytes(file)) {
        (void)check_controls(file);
        context_.failed = false;
        reset_line();
        runner_(*this, file.text);
        context_.matching = false;
    } else {
        context_.swallowed = true;
    }
    close_conditions();
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
    macros_.readings.pop_back();
    includes_.pop_back();
    misfit_ = outer_misfit;
    const bool swallowed = context_.swallowed;
    context_.leave(outer);
    context_.swallowed = is_first ? swallowed : outer_swallowed;
}

void State::finish(const support::SourceFile& file) {
    if (unit().blocks.empty() && !unit().top && unit().constants.empty() &&
        !context_.diagnostics.has_errors()) {
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

void State::stub_name(const char* from, const char* to) {
    line_.is_stub = true;
    line_.text = {from, static_cast<std::size_t>(to - from)};
    line_.text_span = span(from - 1, to + 1);
}

/// The text of the file or stub that the line names, and its path; `tried`: the paths that were looked at.
support::Result<std::string> State::find_include(std::string& path, std::vector<std::string>& tried) {
    const std::string name = line_.is_stub && line_.text.find('.') == std::string_view::npos
                                 ? std::string(line_.text) + ".pyasm"
                                 : std::string(line_.text);
    if (!line_.is_stub) tried.push_back(resolve(context_.file->path, name));
    for (const std::string& folder : options_.include_folders) tried.push_back(resolve(folder + "/", name));
    std::optional<support::Error> first;
    for (const std::string& one : tried) {
        if (!options_.read_include) break;
        auto text = options_.read_include(one);
        if (text) {
            path = one;
            if (options_.files_read) options_.files_read->push_back(one);
            return text;
        }
        // A folder of that name, say, is worth more words than that there is nothing.
        if (!first || first->message == "no such file") first = text.error();
    }
    if (!line_.is_stub) return first ? *first : support::Error{"this source cannot include files"};
    if (const auto stub = options_.find_stub ? options_.find_stub(line_.text) : std::nullopt) {
        path = '<' + std::string(line_.text) + '>';
        return std::string(*stub);
    }
    return support::Error{"there is no such stub"};
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
    const std::string_view open = line_.is_stub ? "<" : "'";
    const std::string_view close = line_.is_stub ? ">" : "'";
    const auto is_open = [&](const std::string& path) {
        return std::ranges::find(includes_, normal_path(path), &IncludeFrame::path) != includes_.end();
    };
    if (!line_.is_stub && is_open(resolve(context_.file->path, line_.text))) {
        context_.error(place, fmt::format("'{}' includes itself", support::printable(line_.text)));
        return;
    }
    std::string path;
    std::vector<std::string> tried;
    auto text = find_include(path, tried);
    if (!text) {
        auto& error =
            context_.error(place, fmt::format("cannot include {}{}{}: {}", open,
                                              support::printable(line_.text), close, text.error().message));
        if (line_.is_stub && options_.nearest_stub)
            if (const std::string_view near = options_.nearest_stub(line_.text); !near.empty())
                error.help = fmt::format("Did you mean <{}>?", near);
        if (tried.size() > 1 || line_.is_stub)
            for (const std::string& one : tried)
                error.notes.push_back({{}, fmt::format("looked for {}", support::printable(one, 200))});
        return;
    }
    if (is_open(path)) {
        context_.error(place,
                       fmt::format("{}{}{} includes itself", open, support::printable(line_.text), close));
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
    const auto file = sources_.add(std::move(path), std::move(text), {.from = line_.directive_span});
    if (!file) {
        context_.error(place, file.error().message);
        return;
    }
    reset_line();
    parse_file(*file.value());
}

} // namespace pyasm::grammar
