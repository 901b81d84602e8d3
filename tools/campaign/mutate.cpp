// pyasm-mutate [OPTION]... FUNCTIONS.pyc
// Changes the functions in a file that tools/campaign/runner.py made (a tuple of code objects), asks the
// verifier about each mutant, and writes a stream of records for the runner to stdout, until nobody reads it
// any more.
//
//   --seed N           what comes depends on this and on the file alone (0)
//   --refused-every N  of the refused mutants, one in N is written, too (20)
//   --only N           just the mutant with this number...
//   --keep I,J         ...and just these of its changes, counted from 0
//   --pyc FILE         writes it as a .pyc, too
//   --opcodes          no mutants: the names of all instructions in the functions, a line each, the rest
//   behind a `-`
//
// A record: u32 function, u64 number, u8 accepted, u32 refused mutants since the last record that were not
// written, u16 size of the text, u32 size of the code object; the text (Mutant::text); the code object,
// marshalled.

#include "program/decode.hpp"
#include "support/files.hpp"
#include "tools/campaign/mutants.hpp"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <set>
#include <string_view>

namespace {

using namespace pyasm;

struct Options {
    std::uint64_t seed = 0, refused_every = 20, only = 0;
    bool has_only = false, has_keep = false, opcodes = false;
    std::vector<std::size_t> keep;
    std::string pyc, path;
};

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        fmt::print(stderr, "pyasm-mutate: '{}' is no number\n", text);
        std::exit(2);
    }
    return value;
}

Options options_of(int count, char** words) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        const auto value = [&]() -> std::string_view {
            if (++i < count) return words[i];
            fmt::print(stderr, "pyasm-mutate: {} needs a value\n", word);
            std::exit(2);
        };
        if (word == "--seed") {
            options.seed = number(value());
        } else if (word == "--refused-every") {
            options.refused_every = number(value());
        } else if (word == "--only") {
            options.only = number(value());
            options.has_only = true;
        } else if (word == "--keep") {
            options.has_keep = true;
            for (std::string_view list = value(); !list.empty();) {
                const std::size_t comma = std::min(list.find(','), list.size());
                options.keep.push_back(number(list.substr(0, comma)));
                list.remove_prefix(std::min(comma + 1, list.size()));
            }
        } else if (word == "--pyc") {
            options.pyc = value();
        } else if (word == "--opcodes") {
            options.opcodes = true;
        } else {
            options.path = word;
        }
    }
    return options;
}

/// False once nobody reads.
bool write_record(const campaign::Mutant& mutant, std::uint32_t refused) {
    const std::string text = mutant.text().substr(0, 0xFFFF);
    support::ByteWriter out;
    out.u32(mutant.function);
    out.u64(mutant.number);
    out.u8(mutant.accepted);
    out.u32(refused);
    out.u16(static_cast<std::uint16_t>(text.size()));
    out.u32(static_cast<std::uint32_t>(mutant.marshalled.size()));
    out.bytes(text);
    out.bytes(support::Bytes(mutant.marshalled));
    return std::fwrite(out.view().data(), 1, out.size(), stdout) == out.size();
}

int write_one(campaign::Mutants& mutants, const Options& options) {
    auto mutant = mutants.make(options.only, options.has_keep ? &options.keep : nullptr);
    if (!mutant) {
        fmt::print(stderr, "pyasm-mutate: mutant {} comes to nothing\n", options.only);
        return 1;
    }
    if (!options.pyc.empty()) {
        const std::vector<std::uint8_t> bytes = mutants.pyc(*mutant);
        if (const auto written = support::write_file(options.pyc, support::Bytes(bytes)); !written) {
            fmt::print(stderr, "{}: {}\n", options.pyc, written.error().message);
            return 2;
        }
    }
    mutants.judge(*mutant);
    return write_record(*mutant, 0) && std::fflush(stdout) == 0 ? 0 : 2;
}

int write_all(campaign::Mutants& mutants, const Options& options) {
    std::signal(SIGPIPE, SIG_IGN);
    std::uint64_t refused = 0;
    std::uint32_t left_out = 0;
    for (std::uint64_t i = 0;; ++i) {
        auto mutant = mutants.make(i);
        if (!mutant || !mutants.is_new(*mutant)) continue;
        mutants.judge(*mutant);
        if (!mutant->accepted && (options.refused_every == 0 || ++refused % options.refused_every != 0)) {
            ++left_out;
            continue;
        }
        if (!write_record(*mutant, left_out)) return 0;
        left_out = 0;
    }
}

void list_opcodes(const objects::PycFile& file) {
    std::set<std::string_view> used;
    for (const objects::ValueId id : campaign::code_objects_in(file.pool, file.top))
        for (const program::Instruction& item :
             program::decode(*file.target, support::as_bytes(file.pool.text(file.pool.code(id).code))).items)
            if (item.op) used.insert(item.op->name);
    for (const std::string_view name : used) fmt::print("{}\n", name);
    for (const std::string_view name : file.target->mnemonics())
        if (!used.contains(name) && !file.target->find(name)->is(isa::OpFlag::Internal))
            fmt::print("- {}\n", name);
}

} // namespace

int main(int count, char** words) {
    const Options options = options_of(count, words);
    const auto content = support::read_file(options.path);
    if (!content) {
        fmt::print(stderr, "{}: {}\n", options.path, content.error().message);
        return 2;
    }
    auto file = objects::read_pyc(support::as_bytes(*content));
    if (!file) {
        fmt::print(stderr, "{}: {}\n", options.path, file.error().message);
        return 1;
    }
    if (options.opcodes) {
        list_opcodes(*file);
        return 0;
    }
    auto mutants = campaign::Mutants::of(std::move(*file), options.seed);
    if (!mutants) {
        fmt::print(stderr, "{}: no tuple of code objects\n", options.path);
        return 1;
    }
    return options.has_only ? write_one(*mutants, options) : write_all(*mutants, options);
}
