#include "tools/campaign/subject.hpp"

#include "objects/marshal.hpp"

#include <algorithm>

namespace pyasm::campaign {

using objects::ValueId;
using objects::ValueKind;

namespace {
/// Changes add values to the pool; past this many it is made anew.
constexpr std::size_t most_added = 4096;
} // namespace

Subject::Subject(const isa::Target& target, std::vector<std::uint8_t> marshalled)
    : target_(target), marshalled_(std::move(marshalled)) {
    read();
}

void Subject::read() {
    pool_ = {};
    codes_.clear();
    donors_.clear();
    as_read_.clear();
    // It was written by this program from what it had read: it can be read.
    const auto top = objects::read_marshal(marshalled_, target_, pool_);
    function_ = pool_.children(top->top)[0];
    collect(function_, codes_);
    collect(pool_.children(top->top)[1], donors_);
    for (const ValueId id : codes_) as_read_.push_back(pool_.code(id));
    values_read_ = pool_.size();
}

void Subject::collect(ValueId code, std::vector<ValueId>& found) const {
    if (std::ranges::find(found, code) != found.end()) return;
    found.push_back(code);
    for (const ValueId constant : pool_.children(pool_.code(code).consts))
        if (pool_[constant].kind == ValueKind::Code) collect(constant, found);
}

std::vector<ValueId> Subject::may_contain(ValueId code) const {
    std::vector<ValueId> found;
    const auto index = static_cast<std::size_t>(std::ranges::find(codes_, code) - codes_.begin());
    for (const ValueId constant : pool_.children(as_read_[index].consts))
        if (pool_[constant].kind == ValueKind::Code) collect(constant, found);
    found.insert(found.end(), donors_.begin(), donors_.end());
    std::erase(found, code); // the donor can be the function itself
    return found;
}

void Subject::restore() {
    if (pool_.size() > values_read_ + most_added) return read();
    for (std::size_t i = 0; i < codes_.size(); ++i) pool_.code(codes_[i]) = as_read_[i];
}

support::Bytes Subject::bytes(ValueId text) const {
    return text == objects::no_value ? support::Bytes{} : support::as_bytes(pool_.text(text));
}

ValueId Subject::add_bytes(support::Bytes bytes) {
    return pool_.add_text(ValueKind::Bytes, pool_.arena().copy(support::as_text(bytes)));
}

std::vector<ValueId> Subject::members(ValueId tuple) const {
    if (tuple == objects::no_value) return {};
    const auto children = pool_.children(tuple);
    return {children.begin(), children.end()};
}

ValueId Subject::add_tuple(const std::vector<ValueId>& members) {
    return pool_.add_container(ValueKind::Tuple, members);
}

std::string Subject::name_of(ValueId code) { return std::string(pool_.text(pool_.code(code).name)); }

} // namespace pyasm::campaign
