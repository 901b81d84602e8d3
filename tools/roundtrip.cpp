// pyasm-roundtrip [--canonical|--layout|--tables] [--time] FILE|DIR...
// Reads each .pyc, writes it back and compares. Exact mode: the bytes must be those of the file. --canonical:
// the canonical form must be readable, and writing what was read from it must give the same bytes. --layout:
// the values of the canonical form, written with the layout of the file, must give its bytes; what is counted
// as written are the layouts. --tables: line and exception tables are decoded and encoded again; the
// positions must be the same, and it is counted how often the bytes are. --time adds how long reading and
// writing took. Exit status 1 when any file failed.

#include "objects/code_object.hpp"
#include "objects/exception_table.hpp"
#include "objects/line_table.hpp"
#include "objects/marshal_layout.hpp"
#include "objects/pyc.hpp"
#include "objects/same_file.hpp"
#include "support/files.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace pyasm;
using Clock = std::chrono::steady_clock;

struct Count {
    std::size_t files = 0, codes = 0, bytes = 0, written = 0, failures = 0;
    std::size_t tables = 0, same_tables = 0;
    Clock::duration reading{}, writing{};
};

struct Run {
    bool canonical = false;
    bool layout = false;
    bool tables = false;
    bool time = false;
    std::map<std::string, Count> counts; // by target

    void failure(Count& count, const std::string& path, const std::string& why) {
        ++count.failures;
        fmt::print(stderr, "{}: {}\n", path, why);
    }

    static std::string words(const support::Error& error) {
        return error.offset ? fmt::format("{} (at byte {})", error.message, *error.offset) : error.message;
    }

    static std::size_t first_difference(support::Bytes a, support::Bytes b) {
        return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                        a.begin());
    }

    void check_exact(Count& count, const std::string& path, support::Bytes bytes,
                     const objects::PycFile& file) {
        support::ByteWriter out;
        out.reserve(bytes.size());
        const auto start = Clock::now();
        const auto written = write_pyc_exact(file, out);
        count.writing += Clock::now() - start;
        count.written += out.size();
        if (!written) return failure(count, path, words(written.error()));
        if (!std::ranges::equal(out.view(), bytes))
            failure(count, path, fmt::format("differs from byte {}", first_difference(out.view(), bytes)));
    }

    void check_canonical(Count& count, const std::string& path, const objects::PycFile& file) {
        support::ByteWriter first, second;
        const auto start = Clock::now();
        const auto written = write_pyc(file, first);
        count.writing += Clock::now() - start;
        count.written += first.size();
        if (!written) return failure(count, path, words(written.error()));
        const auto again = objects::read_pyc(first.view());
        if (!again) return failure(count, path, "canonical form: " + words(again.error()));
        if (const auto rewritten = write_pyc(*again, second); !rewritten)
            return failure(count, path, "canonical form: " + words(rewritten.error()));
        if (!std::ranges::equal(first.view(), second.view()))
            failure(count, path,
                    fmt::format("the canonical form is not stable from byte {}",
                                first_difference(first.view(), second.view())));
    }

    void check_layout(Count& count, const std::string& path, support::Bytes bytes,
                      const objects::PycFile& file) {
        const auto start = Clock::now();
        const std::string text = objects::record_layout(file);
        count.writing += Clock::now() - start;
        count.written += text.size();
        support::ByteWriter shared, out;
        if (const auto written = write_pyc(file, shared); !written)
            return failure(count, path, words(written.error()));
        auto rebuilt = objects::read_pyc(shared.view());
        if (!rebuilt) return failure(count, path, "canonical form: " + words(rebuilt.error()));
        if (const auto found = objects::difference(file, *rebuilt))
            return failure(count, path, fmt::format("canonical form: {}: {}", found->path, found->what));
        rebuilt->layout = text;
        if (const auto written = write_pyc(*rebuilt, out); !written)
            return failure(count, path, words(written.error()));
        if (!std::ranges::equal(out.view(), bytes))
            failure(count, path, fmt::format("differs from byte {}", first_difference(out.view(), bytes)));
    }

    void check_tables(Count& count, const std::string& path, const objects::PycFile& file) {
        for (std::uint32_t i = 0; i < file.pool.size(); ++i) {
            const objects::ValueId id{i};
            if (file.pool[id].kind != objects::ValueKind::Code) continue;
            const objects::CodeObject& code = file.pool.code(id);
            check_lines(count, path, file, code);
            if (file.target->code.exceptiontable) check_exceptions(count, path, file, code);
        }
    }

    void check_lines(Count& count, const std::string& path, const objects::PycFile& file,
                     const objects::CodeObject& code) {
        const support::Bytes table = support::as_bytes(file.pool.text(code.linetable));
        const std::uint32_t size = file.pool[code.code].size;
        const auto runs = objects::decode_line_table(*file.target, code.firstlineno, table, size);
        if (!runs) return failure(count, path, words(runs.error()));
        support::ByteWriter out;
        objects::encode_line_table(*file.target, code.firstlineno, *runs, out);
        const auto again = objects::decode_line_table(*file.target, code.firstlineno, out.view(), size);
        if (!again || join_runs(*again) != join_runs(*runs))
            failure(count, path, fmt::format("positions differ in {}", file.pool.text(code.name)));
        ++count.tables;
        count.same_tables += std::ranges::equal(out.view(), table);
    }

    void check_exceptions(Count& count, const std::string& path, const objects::PycFile& file,
                          const objects::CodeObject& code) {
        const support::Bytes table = support::as_bytes(file.pool.text(code.exceptiontable));
        const auto entries = objects::decode_exception_table(table);
        if (!entries) return failure(count, path, words(entries.error()));
        support::ByteWriter out;
        objects::encode_exception_table(*entries, out);
        if (!std::ranges::equal(out.view(), table))
            failure(count, path, fmt::format("exception table differs in {}", file.pool.text(code.name)));
    }

    void check(const std::string& path) {
        const auto content = support::read_file(path);
        if (!content) return failure(counts["unread"], path, words(content.error()));
        const support::Bytes bytes = support::as_bytes(*content);
        const auto start = Clock::now();
        const auto file = objects::read_pyc(bytes);
        const auto reading = Clock::now() - start;
        if (!file) return failure(counts["unread"], path, words(file.error()));
        Count& count = counts[std::string(file->target->name)];
        count.reading += reading;
        ++count.files;
        count.codes += file->pool.code_count();
        count.bytes += bytes.size();
        if (tables)
            check_tables(count, path, *file);
        else if (layout)
            check_layout(count, path, bytes, *file);
        else if (canonical)
            check_canonical(count, path, *file);
        else
            check_exact(count, path, bytes, *file);
    }

    int report() const {
        bool failed = false;
        for (const auto& [target, count] : counts) {
            fmt::print("{:>6}  {:>6} files  {:>8} code objects  {:>11} bytes  {} failures", target,
                       count.files, count.codes, count.bytes, count.failures);
            if (tables)
                fmt::print("  {} of {} line tables the same", count.same_tables, count.tables);
            else
                fmt::print("  {:>11} written", count.written);
            if (time && !tables) {
                const auto speed = [&](Clock::duration d) {
                    return static_cast<double>(count.bytes) / 1e6 / std::chrono::duration<double>(d).count();
                };
                fmt::print("  reads {:.0f} MB/s, writes {:.0f} MB/s", speed(count.reading),
                           speed(count.writing));
            }
            fmt::print("\n");
            failed |= count.failures != 0;
        }
        if (counts.empty()) fmt::print(stderr, "no .pyc file found\n");
        return failed || counts.empty() ? 1 : 0;
    }
};

void collect(const std::filesystem::path& path, std::vector<std::string>& files) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return files.push_back(path.string());
    using Walk = std::filesystem::recursive_directory_iterator;
    for (Walk at(path, error), end; !error && at != end; at.increment(error))
        if (at->path().extension() == ".pyc" && at->is_regular_file(error))
            files.push_back(at->path().string());
}

} // namespace

int main(int count, char** arguments) {
    Run run;
    std::vector<std::string> files;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--canonical")
            run.canonical = true;
        else if (argument == "--layout")
            run.layout = true;
        else if (argument == "--tables")
            run.tables = true;
        else if (argument == "--time")
            run.time = true;
        else if (argument.starts_with('-') || argument.empty()) {
            fmt::print(stderr,
                       "usage: pyasm-roundtrip [--canonical|--layout|--tables] [--time] FILE|DIR...\n");
            return 2;
        } else
            collect(argument, files);
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) run.check(file);
    return run.report();
}
