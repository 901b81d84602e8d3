#include "cli/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

namespace pyasm::cli {
namespace {

namespace fs = std::filesystem;

/// Something in a folder that is to be looked at.
struct Entry {
    std::string path; ///< from the root, without a slash at its start
    fs::file_type type = fs::file_type::none;
    std::string problem;
};

std::string joined(const std::string& folder, const std::string& name) {
    return folder.empty() || folder.ends_with('/') ? folder + name : folder + '/' + name;
}

class Walk {
  public:
    Walk(const std::string& root, const std::string& out, const OutputRules& rules)
        : root_(root), out_(out), out_identity_(identity(out)), rules_(rules) {
        // Only then is it worth the time to ask for the identity of each folder.
        out_is_inside_ = out_identity_.starts_with(joined(identity(root), ""));
    }

    std::vector<Job> run() {
        // Deep trees are walked without recursion; what is pushed last comes next.
        std::vector<Entry> waiting = list({});
        while (!waiting.empty()) {
            Entry entry = std::move(waiting.back());
            waiting.pop_back();
            if (entry.type == fs::file_type::directory) {
                if (out_is_inside_ && identity(joined(root_, entry.path)) == out_identity_) continue;
                std::vector<Entry> inside = list(entry.path);
                std::move(inside.begin(), inside.end(), std::back_inserter(waiting));
            } else {
                add(std::move(entry));
            }
        }
        return std::move(jobs_);
    }

  private:
    /// What is in a folder and concerns us, the last name first.
    std::vector<Entry> list(const std::string& folder) const {
        std::vector<Entry> entries;
        std::error_code error;
        const std::string path = folder.empty() ? root_ : joined(root_, folder);
        fs::directory_iterator at(path, error);
        for (; !error && at != fs::directory_iterator(); at.increment(error)) {
            std::error_code ignored;
            const std::string name = at->path().filename().string();
            const fs::file_type type = at->symlink_status(ignored).type();
            if (type == fs::file_type::directory) {
                entries.push_back({joined(folder, name), type, {}});
            } else if (rules_.belongs_in_tree(name)) {
                // A link that leads nowhere is found out when the file is read.
                const fs::file_type real = type == fs::file_type::symlink ? at->status(ignored).type() : type;
                if (real != fs::file_type::directory) entries.push_back({joined(folder, name), real, {}});
            }
        }
        if (error)
            entries.push_back({folder, fs::file_type::none, "the folder cannot be read: " + error.message()});
        std::sort(entries.begin(), entries.end(),
                  [](const Entry& a, const Entry& b) { return a.path > b.path; });
        return entries;
    }

    void add(Entry entry) {
        Job job;
        job.input = entry.path.empty() ? root_ : joined(root_, entry.path);
        job.problem = std::move(entry.problem);
        const bool special = entry.type == fs::file_type::fifo || entry.type == fs::file_type::socket ||
                             entry.type == fs::file_type::block || entry.type == fs::file_type::character;
        // To read a pipe could take forever.
        if (special) job.problem = "is no regular file";
        if (job.problem.empty()) {
            job.output = joined(out_, rules_.output_name(entry.path));
            const auto [first, is_new] = outputs_.emplace(job.output, job.input);
            if (!is_new) job.problem = "its output would be written over that for " + first->second;
        }
        jobs_.push_back(std::move(job));
    }

    const std::string& root_;
    const std::string& out_;
    std::string out_identity_;
    bool out_is_inside_ = false;
    const OutputRules& rules_;
    std::map<std::string, std::string> outputs_; ///< and what each is for
    std::vector<Job> jobs_;
};

} // namespace

std::vector<Job> walk_tree(const std::string& root, const std::string& out, const OutputRules& rules) {
    return Walk(root, out, rules).run();
}

} // namespace pyasm::cli
