#pragma once

#include "cli/outputs.hpp"

#include <string>
#include <vector>

namespace pyasm::cli {

/// Every file under `root` that belongs in the tree, with its output in the same place under `out`, in the
/// order of their names. Links to files are followed, links to folders are not; `out` itself is left out
/// where it is a folder in `root`. Folders that cannot be read, and what is no regular file in spite of its
/// name, are jobs with a problem.
[[nodiscard]] std::vector<Job> walk_tree(const std::string& root, const std::string& out,
                                         const OutputRules& rules);

} // namespace pyasm::cli
