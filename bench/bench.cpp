// Measures the assembler, the disassembler and the marshal reader and writer against yardsticks in the same
// run: see docs/benchmarks.md.

#include "assembler/assemble.hpp"
#include "bench/give_up.hpp"
#include "bench/inputs.hpp"
#include "bench/listings.hpp"
#include "bench/report.hpp"
#include "grammar/parse.hpp"
#include "isa/target.hpp"
#include "objects/marshal.hpp"
#include "objects/pyc.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/temporary.hpp"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <sstream>
#include <vector>

void pyasm::bench::give_up(const std::string& why) {
    fmt::print(stderr, "pyasm-bench: {}\n", why);
    std::exit(2);
}

namespace {

using namespace pyasm;
using bench::give_up;

constexpr std::size_t text_size = 16'000'000;
constexpr const char* linking_row = "link: objects to .pyc, whole process";

void parse_only(const std::string& text) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto file = sources.add("bench.pyasm", text);
    if (!file) give_up(file.error().message);
    const program::Unit unit = grammar::parse(**file, sources, {}, diagnostics);
    if (diagnostics.has_errors()) give_up(diagnostics.all().front().message);
    benchmark::DoNotOptimize(unit.blocks.size());
}

/// Text to the bytes of a `.pyc`, as `pyasm asm` does it without its file operations.
void assemble(const std::string& text) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto file = sources.add("bench.pyasm", text);
    if (!file) give_up(file.error().message);
    const auto pyc =
        assembler::assemble(grammar::parse(**file, sources, {}, diagnostics), sources, {}, diagnostics);
    if (!pyc) give_up(diagnostics.all().front().message);
    support::ByteWriter out;
    if (auto written = objects::write_pyc(*pyc, out); !written) give_up(written.error().message);
    benchmark::DoNotOptimize(out.size());
}

void measure(const std::string& name, std::size_t bytes, std::function<void()> work) {
    benchmark::RegisterBenchmark(name.c_str(),
                                 [work = std::move(work), bytes](benchmark::State& state) {
                                     for (auto round : state) work();
                                     state.SetBytesProcessed(
                                         static_cast<std::int64_t>(state.iterations() * bytes));
                                 })
        ->Unit(benchmark::kMillisecond)
        ->Repetitions(5)
        ->UseRealTime();
}

/// A program's standard output; the benchmark ends where the program fails.
std::string output_of(std::vector<std::string> argv) {
    support::ProcessRequest request;
    request.argv = std::move(argv);
    request.output_to = support::ProcessRequest::Output::Capture;
    auto done = support::run_process(request);
    if (!done) give_up(done.error().message);
    if (done->status != 0 || done->signal != 0) give_up(request.argv.front() + " failed: " + done->err);
    return std::move(done->out);
}

void measure_text(const std::string& folder) {
    static const std::string assembly = bench::make_assembly(text_size);
    static const std::string wat = bench::make_wat(text_size);
    measure("text: tokenize bytes (yardstick)", assembly.size(),
            [] { benchmark::DoNotOptimize(bench::count_tokens(assembly)); });
    measure("text: parse", assembly.size(), [] { parse_only(assembly); });
    measure("text: assemble to .pyc", assembly.size(), [] { assemble(assembly); });
    const auto wat2wasm = support::find_on_path("wat2wasm");
    if (wat2wasm.empty()) {
        fmt::print("wat2wasm is not on PATH: its rows are left out (Debian: wabt)\n");
        return;
    }
    const std::string input = folder + "/bench.wat";
    if (auto written = support::write_file(input, support::as_bytes(wat)); !written)
        give_up(written.error().message);
    measure("text: wat2wasm, whole process (yardstick)", wat.size(), [=] {
        output_of({wat2wasm.front(), input, "-o", "/dev/null"});
    });
}

struct Blob {
    objects::ValuePool pool;
    objects::Unmarshalled object;
};

/// What marshal_speed.py says of its interpreter: bytes, best seconds of loads and of dumps, version.
struct Stock {
    double bytes = 0, loads = 0, dumps = 0;
    std::string version;
};

Stock ask_stock(const std::string& python, const std::string& corpus) {
    Stock stock;
    std::istringstream(output_of({python, PYASM_BENCH_FOLDER "/marshal_speed.py", corpus, "6"})) >>
        stock.bytes >> stock.loads >> stock.dumps >> stock.version;
    return stock;
}

std::vector<support::Bytes> split(support::Bytes corpus) {
    std::vector<support::Bytes> blobs;
    support::ByteReader reader(corpus);
    while (reader.remaining()) {
        const auto size = reader.u32();
        blobs.push_back(reader.take(size));
    }
    return blobs;
}

void measure_marshal(const Stock& stock, const isa::Target& target,
                     const std::vector<support::Bytes>& blobs) {
    static std::vector<Blob> loaded;
    for (const auto blob : blobs) {
        Blob& one = loaded.emplace_back();
        auto object = objects::read_marshal(blob, target, one.pool);
        if (!object) give_up(object.error().message);
        one.object = std::move(object).value();
    }
    const auto bytes = static_cast<std::size_t>(stock.bytes);
    measure("marshal: read", bytes, [&target, &blobs] {
        for (const auto blob : blobs) {
            objects::ValuePool pool;
            benchmark::DoNotOptimize(objects::read_marshal(blob, target, pool).ok());
        }
    });
    measure("marshal: write exactly", bytes, [&target] {
        for (const Blob& one : loaded) {
            support::ByteWriter out;
            benchmark::DoNotOptimize(
                objects::write_marshal_exact(one.pool, one.object.top, one.object.hints, target, out).ok());
        }
    });
    measure("marshal: write canonically", bytes, [&target] {
        for (const Blob& one : loaded) {
            support::ByteWriter out;
            benchmark::DoNotOptimize(objects::write_marshal(one.pool, one.object.top, target, out).ok());
        }
    });
}

void print_marshal_ratios(const bench::Report& report, const Stock& stock) {
    const double loads = stock.bytes / stock.loads / 1e6;
    const double dumps = stock.bytes / stock.dumps / 1e6;
    const double both = stock.bytes / (stock.loads + stock.dumps) / 1e6;
    fmt::print("{:<48} {:>10.1f}\n", "marshal.loads of CPython " + stock.version + ", best (yardstick)",
               loads);
    fmt::print("{:<48} {:>10.1f}\n\n", "marshal.dumps of CPython " + stock.version + ", best (yardstick)",
               dumps);
    const auto sum = [&](const char* write) {
        return 1 / (1 / report.median("marshal: read") + 1 / report.median(write));
    };
    fmt::print("{:<48} {:>10.2f} x marshal.loads\n", "marshal: read", report.median("marshal: read") / loads);
    for (const char* write : {"marshal: write exactly", "marshal: write canonically"}) {
        fmt::print("{:<48} {:>10.2f} x marshal.dumps\n", write, report.median(write) / dumps);
        fmt::print("{:<48} {:>10.2f} x marshal.loads + marshal.dumps\n",
                   fmt::format("marshal: read + {}", write + 9), sum(write) / both);
    }
}

/// What dis_speed.py says of its interpreter, and where it wrote the corpus as a tree of `.pyc` files.
struct StockDis {
    double bytes = 0, seconds = 0;
    std::string tree;
    [[nodiscard]] double megabytes_per_second() const { return bytes / seconds / 1e6; }
};

StockDis ask_stock_dis(const std::string& python, const std::string& corpus) {
    StockDis stock;
    stock.tree = corpus + "-tree";
    std::istringstream(output_of({python, PYASM_BENCH_FOLDER "/dis_speed.py", corpus, stock.tree, "6"})) >>
        stock.bytes >> stock.seconds;
    return stock;
}

void measure_listings(const bench::Listings& listings, std::size_t bytes, const std::string& tree) {
    measure("listing: .pyc to text", bytes, [&listings] { listings.disassemble_all(); });
    measure("listing: text to .pyc", bytes, [&listings] { listings.assemble_all(false); });
    measure("listing: text to .pyc, verified", bytes, [&listings] { listings.assemble_all(true); });
    measure("verify: .pyc read and verified", bytes, [&listings] { listings.verify_all(); });
    for (const std::string threads : {"-j1", "-j2"}) {
        measure("tree: pyasm dis -r " + threads, bytes, [=] {
            output_of({PYASM_BENCH_PROGRAM, "dis", "-r", tree, "-o", tree + "-listings", threads});
        });
    }
}

void print_listing_ratios(const bench::Report& report, const StockDis& stock, const Stock& loads,
                          const bench::Listings& listings) {
    fmt::print("\n{:<48} {:>10.1f}\n", "dis.dis of CPython " + loads.version + ", best (yardstick)",
               stock.megabytes_per_second());
    fmt::print("{:<48} {:>10.1f}\n\n", "bytes of text for each byte of .pyc",
               static_cast<double>(listings.size()) / loads.bytes);
    fmt::print("{:<48} {:>10.2f} x dis.dis\n", "listing: .pyc to text",
               report.median("listing: .pyc to text") / stock.megabytes_per_second());
    report.print_ratio("tree: pyasm dis -r -j2", "tree: pyasm dis -r -j1");
    report.print_ratio("listing: text to .pyc", "listing: text to .pyc, verified");
}

/// What link_speed.py says of linking its units: bytes of all objects, bytes of the program, the best seconds
/// and the largest memory in bytes.
struct Linking {
    double objects = 0, program = 0, seconds = 0, memory = 0;
};

Linking measure_linking(const std::string& python, const std::string& folder) {
    Linking linking;
    std::istringstream(
        output_of({python, PYASM_BENCH_FOLDER "/link_speed.py", PYASM_BENCH_PROGRAM, folder, "6"})) >>
        linking.objects >> linking.program >> linking.seconds >> linking.memory;
    std::vector<std::string> argv{PYASM_BENCH_PROGRAM, "link", "-o", folder + "/program.pyc"};
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".pyasmo") argv.push_back(entry.path());
    measure(linking_row, static_cast<std::size_t>(linking.objects), [argv] { output_of(argv); });
    return linking;
}

void print_linking(const bench::Report& report, const Linking& linking) {
    fmt::print("\n{:<48} {:>10.2f} s\n", "link: 1,000 units of 100 functions, best", linking.seconds);
    fmt::print("{:<48} {:>10.2f} x the program's {:.1f} MB\n", "link: memory",
               linking.memory / linking.program, linking.program / 1e6);
    report.print_ratio(linking_row, "text: assemble to .pyc");
}

/// The python of PYASM_BENCH_PYTHON, else python3 on PATH; its version must be one of the targets.
std::string stock_python() {
    if (const char* chosen = std::getenv("PYASM_BENCH_PYTHON")) return chosen;
    const auto found = support::find_on_path("python3");
    if (found.empty()) give_up("no python3 on PATH to measure against; name one in PYASM_BENCH_PYTHON");
    return found.front();
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    const auto folder = support::TemporaryFolder::create("pyasm-bench-");
    if (!folder) give_up(folder.error().message);
    measure_text(folder->path());

    const std::string corpus = folder->path() + "/corpus";
    const std::string python = stock_python();
    const Stock stock = ask_stock(python, corpus);
    const isa::Target* target = isa::find_target(stock.version);
    if (!target)
        give_up("python3 is " + stock.version + ", which is no target; name another in PYASM_BENCH_PYTHON");
    const auto file = support::MappedFile::open(corpus);
    if (!file) give_up(file.error().message);
    const std::vector<support::Bytes> blobs = split(file->bytes());
    measure_marshal(stock, *target, blobs);
    const StockDis stock_dis = ask_stock_dis(python, corpus);
    const bench::Listings listings(blobs, *target);
    measure_listings(listings, static_cast<std::size_t>(stock.bytes), stock_dis.tree);
    const Linking linking = measure_linking(python, folder->path() + "/units");

    bench::Report report;
    benchmark::RunSpecifiedBenchmarks(&report);
    print_marshal_ratios(report, stock);
    print_listing_ratios(report, stock_dis, stock, listings);
    for (const char* yardstick :
         {"text: tokenize bytes (yardstick)", "text: wat2wasm, whole process (yardstick)"})
        report.print_ratio("text: assemble to .pyc", yardstick);
    print_linking(report, linking);
    return 0;
}
