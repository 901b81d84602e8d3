#include "cli/batch.hpp"

#include "cli/input.hpp"
#include "support/diagnostics.hpp"
#include "support/ignored_signal.hpp"
#include "support/parallel.hpp"
#include "support/progress.hpp"
#include "support/render.hpp"
#include "support/terminal.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <new>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace pyasm::cli {
namespace {

constexpr std::size_t most_threads = 1024;
/// Failed files of a tree whose messages are shown; the others are counted.
constexpr std::size_t most_failures = 1000;

/// What remains of a job when it is done.
struct Done {
    int status = status_done;
    std::size_t errors = 0;
    std::uint64_t bytes_read = 0;
    bool would_change = false;
    bool lacks_source = false;
    std::string messages;
    std::optional<support::ByteWriter> output; ///< for standard output, whose order is that of the jobs
    std::optional<Converted> held;             ///< to be written when all is read
};

class Batch {
  public:
    Batch(const Plan& plan, const Convert& convert, const Console& console)
        : plan_(plan), convert_(convert), console_(console), done_(plan.jobs.size()),
          progress_(console.err, plan.jobs.size(), progress_width()) {}

    int run(std::size_t threads) {
        for (const Job& job : plan_.jobs)
            if (plan_.reads_more && job.output != "-") places_.emplace(identity(job.output), &job);
        // Each writing of a file ignores it for a while; what threads save and restore must be the same.
        const support::IgnoredSignal at_limit(SIGXFSZ);
        support::ParallelWork work;
        work.count = plan_.jobs.size();
        work.threads = threads;
        work.work = [this](std::size_t index) { done_[index] = perform(plan_.jobs[index]); };
        if (plan_.is_tree) {
            work.as_done = [this](std::size_t index) {
                progress_.advance(done_[index].bytes_read, done_[index].status != status_done);
            };
        }
        work.in_order = [this](std::size_t index) { take(done_[index]); };
        support::run_parallel(work);
        progress_.clear();
        if (plan_.reads_first) write_held();
        if (plan_.is_tree) {
            end_of_tree();
        } else if (errors_ > 1) {
            console_.err << fmt::format("{} errors", errors_)
                         << (failed_ > 1 ? fmt::format(" in {} files", failed_) : "") << '\n';
        }
        return status_;
    }

  private:
    std::function<std::size_t()> progress_width() const {
        if (!plan_.is_tree || !console_.err_is_terminal) return {};
        return [] { return support::terminal_width(2).value_or(80); };
    }

    Done perform(const Job& job) const {
        std::ostringstream messages;
        const Console console = console_.with_err(messages);
        Done done;
        if (!job.problem.empty()) {
            support::Diagnostics diagnostics;
            diagnostics.error_in(job.input, job.problem);
            messages << support::render(diagnostics, support::Sources{}, console.color);
            done.status = status_system_at_fault;
            done.errors = 1;
        } else {
            Converted converted = convert(job, console);
            done.status = converted.status;
            done.errors = converted.errors;
            done.bytes_read = converted.bytes_read;
            done.would_change = converted.would_change;
            done.lacks_source = converted.lacks_source;
            if (converted.output && !plan_.reads_first && overwrites_read(job, converted, console)) {
                done.status = status_system_at_fault;
            } else if (converted.output && job.output == "-") {
                done.output = std::move(converted.output);
            } else if (converted.output && plan_.reads_first) {
                done.held = std::move(converted);
            } else if (converted.output && !write_output(job, plan_, converted.output->view(), console)) {
                done.status = status_system_at_fault;
            } else if (converted.depfile && !write_depfile(*converted.depfile, console)) {
                done.status = status_system_at_fault;
            }
        }
        done.messages = std::move(messages).str();
        return done;
    }

    /// Whether the job has read a file that one of the outputs is to replace; an error is on the console
    /// then.
    bool overwrites_read(const Job& job, const Converted& converted, const Console& console) const {
        if (converted.files_read.empty()) return false;
        const std::string depfile = converted.depfile ? identity(converted.depfile->path) : std::string();
        for (const std::string& file : converted.files_read) {
            if (!is_file_path(file)) continue;
            const std::string place = identity(file);
            const auto clash = places_.find(place);
            if (clash == places_.end() && place != depfile) continue;
            console.error(fmt::format("{}, which {} reads, would be overwritten by {}", file,
                                      display_name(job.input),
                                      clash == places_.end()  ? "its depfile"
                                      : clash->second == &job ? "its own output"
                                                              : "the output for " + clash->second->input));
            return true;
        }
        return false;
    }

    /// Nothing, where one of the outputs would replace what was read.
    void write_held() {
        const auto each = [this](const auto& does) {
            for (std::size_t i = 0; i < done_.size(); ++i)
                if (done_[i].held && !does(plan_.jobs[i], *done_[i].held)) status_ = status_system_at_fault;
        };
        bool safe = true;
        each([&](const Job& job, const Converted& held) {
            if (!overwrites_read(job, held, console_)) return true;
            return safe = false;
        });
        if (safe)
            each([&](const Job& job, const Converted& held) {
                return write_output(job, plan_, held.output->view(), console_);
            });
    }

    /// One file that takes too much memory must not keep the others from being done.
    Converted convert(const Job& job, const Console& console) const {
        try {
            return convert_(job, console);
        } catch (const std::bad_alloc&) {
            report_input(job.input, "takes more memory than there is", {}, console);
            return Converted{status_system_at_fault, 1, {}};
        }
    }

    /// Called in the order of the jobs.
    void take(Done& done) {
        status_ = std::max(status_, done.status);
        errors_ += done.errors;
        const std::string messages = std::move(done.messages);
        if (done.output) (void)write_output({{}, "-", {}}, plan_, done.output->view(), console_);
        done.output.reset();
        if (!plan_.is_tree) {
            failed_ += done.errors != 0;
            console_.err << messages;
            return;
        }
        lacking_sources_ += done.lacks_source;
        const bool failed = done.status != status_done;
        failed_ += failed && !done.would_change;
        changing_ += done.would_change;
        if (!failed || failed_ + changing_ <= most_failures) messages_ += messages;
    }

    void end_of_tree() {
        console_.err << messages_;
        if (failed_ + changing_ > most_failures) {
            console_.err << fmt::format("... and {} more files{}\n", failed_ + changing_ - most_failures,
                                        changing_ == 0 ? " that failed" : "");
        }
        if (lacking_sources_ != 0) {
            console_.note(fmt::format("the sources of {} {} were not found", lacking_sources_,
                                      lacking_sources_ == 1 ? "file" : "files"));
        }
        const std::size_t total = plan_.jobs.size();
        const std::string_view files = total == 1 ? "file" : "files";
        if (changing_ != 0) console_.note(fmt::format("{} of {} {} would change", changing_, total, files));
        if (failed_ != 0) {
            console_.note(fmt::format("{} of {} {} failed", failed_, total, files));
        } else if (changing_ == 0 && console_.err_is_terminal) {
            const double seconds = static_cast<double>(progress_.state().elapsed.count()) / 1000;
            console_.note(fmt::format("{} {} in {:.1f} s", total, files, seconds));
        }
    }

    const Plan& plan_;
    const Convert& convert_;
    const Console& console_;
    std::vector<Done> done_;
    support::Progress progress_;
    int status_ = status_done;
    std::size_t errors_ = 0;
    std::size_t failed_ = 0;
    std::size_t changing_ = 0;
    std::size_t lacking_sources_ = 0;
    std::string messages_;                     ///< of a tree
    std::map<std::string, const Job*> places_; ///< of outputs, by identity; where jobs read other files, too
};

} // namespace

std::optional<std::size_t> wanted_threads(const Arguments& arguments, const Console& console) {
    const auto& word = arguments.value(OptionId::Jobs);
    if (!word) return support::processor_count();
    std::size_t number = 0;
    const char* end = word->data() + word->size();
    const auto [stop, fault] = std::from_chars(word->data(), end, number);
    if (fault == std::errc{} && stop == end && number >= 1 && number <= most_threads) return number;
    console.error(fmt::format("option --jobs takes a number from 1 to {}, not '{}'", most_threads,
                              support::printable(*word)));
    return std::nullopt;
}

int run_batch(const Plan& plan, std::size_t threads, const Convert& convert, const Console& console) {
    return Batch(plan, convert, console).run(threads);
}

} // namespace pyasm::cli
