#include "tools/campaign/body.hpp"

#include "program/decode.hpp"
#include "support/diagnostics.hpp"

#include <algorithm>
#include <unordered_map>

namespace pyasm::campaign {

Body::Body(const isa::Target& target, support::Bytes code, support::Bytes exception_table)
    : target_(target), original_(code.begin(), code.end()) {
    program::DecodedCode decoded = program::decode(target, code);
    std::unordered_map<std::int64_t, Place> places;
    for (std::size_t i = 0; i < decoded.items.size(); ++i) {
        places[decoded.starts[i]] = next_place_;
        nodes.push_back({decoded.items[i], next_place_++, nowhere, {}});
    }
    places[decoded.starts.back()] = end;
    starts_ = std::move(decoded.starts);
    const auto place_of = [&](std::int64_t offset) {
        const auto found = places.find(offset);
        return found == places.end() ? nowhere : found->second;
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        program::Instruction& item = nodes[i].item;
        if (item.op) item.own_caches = false;
        if (!item.op || !isa::is_jump(item.op->operand->base)) continue;
        nodes[i].target =
            place_of(program::jump_destination(target, *item.op, starts_[i + 1], item.argument));
    }
    if (const auto entries = objects::decode_exception_table(exception_table))
        for (const objects::ExceptionEntry& entry : *entries) {
            const Row row{place_of(entry.begin), place_of(entry.end), place_of(entry.target), entry.depth,
                          entry.lasti};
            if (row.begin != nowhere && row.end != nowhere && row.target != nowhere) rows.push_back(row);
        }
}

void Body::read_lines(std::int32_t firstlineno, support::Bytes line_table) {
    const auto runs = objects::decode_line_table(target_, firstlineno, line_table,
                                                 static_cast<std::uint32_t>(original_.size()));
    if (!runs) return;
    firstlineno_ = firstlineno;
    has_lines_ = true;
    std::size_t run = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        while (run < runs->size() && (*runs)[run].end <= starts_[i]) ++run;
        if (run < runs->size() && (*runs)[run].begin <= starts_[i]) nodes[i].position = (*runs)[run].position;
    }
}

std::size_t Body::index_of(Place place) const {
    const auto found = std::ranges::find(nodes, place, &Node::place);
    return static_cast<std::size_t>(found - nodes.begin());
}

Body::Node Body::make(std::uint8_t opcode, std::uint32_t argument) {
    Node node;
    node.place = next_place_++;
    change(node, opcode, argument);
    return node;
}

void Body::change(Node& node, std::uint8_t opcode, std::uint32_t argument) const {
    node.item = {};
    node.target = nowhere;
    node.item.op = target_.op(opcode);
    node.item.opcode = opcode;
    node.item.argument = argument;
    node.item.has_argument = opcode >= target_.have_argument;
    // Two bytes have room for an argument that means nothing; a single one of 2.7 has not.
    if (target_.form == isa::InstructionForm::Wordcode && argument != 0) node.item.has_argument = true;
}

void Body::insert(std::size_t index, std::vector<Node> added) {
    for (Node& node : added)
        if (node.position == objects::Position{} && !nodes.empty())
            node.position = nodes[std::min(index, nodes.size() - 1)].position;
    nodes.insert(nodes.begin() + static_cast<std::ptrdiff_t>(index), added.begin(), added.end());
}

void Body::remove(std::size_t begin, std::size_t count) {
    const Place after = place_at(begin + count);
    const auto follow = [&](Place& place) {
        const std::size_t index = place == end || place == nowhere ? nodes.size() : index_of(place);
        if (index >= begin && index < begin + count) place = after;
    };
    for (Node& node : nodes) follow(node.target);
    for (Row& row : rows) follow(row.begin), follow(row.end), follow(row.target);
    const auto first = nodes.begin() + static_cast<std::ptrdiff_t>(begin);
    nodes.erase(first, first + static_cast<std::ptrdiff_t>(count));
}

std::vector<Body::Node> Body::copy(std::size_t begin, std::size_t count) {
    const auto first = nodes.begin() + static_cast<std::ptrdiff_t>(begin);
    std::vector<Node> copies(first, first + static_cast<std::ptrdiff_t>(count));
    std::unordered_map<Place, Place> renamed;
    for (Node& node : copies) {
        renamed[node.place] = next_place_;
        node.place = next_place_++;
    }
    for (Node& node : copies)
        if (const auto found = renamed.find(node.target); found != renamed.end()) node.target = found->second;
    return copies;
}

std::optional<Body::Encoded> Body::encode() const {
    program::InstructionList list;
    std::unordered_map<Place, std::uint32_t> indices{{end, static_cast<std::uint32_t>(nodes.size())}};
    for (const Node& node : nodes) {
        indices[node.place] = static_cast<std::uint32_t>(list.items.size());
        list.items.push_back(node.item);
    }
    list.data.bytes(support::Bytes(original_));
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].target == nowhere) continue;
        const auto found = indices.find(nodes[i].target);
        if (found == indices.end()) return std::nullopt;
        list.jumps.push_back(
            {.instruction = i, .target = found->second, .addend = 0, .label = "", .span = {}});
    }
    program::Encoder encoder(target_);
    support::Diagnostics diagnostics;
    if (list.items.empty() || !encoder.encode(list, diagnostics)) return std::nullopt;

    std::vector<objects::ExceptionEntry> entries;
    for (const Row& row : rows) {
        objects::ExceptionEntry entry{.depth = row.depth, .lasti = row.lasti};
        const std::pair<Place, std::uint32_t*> places[]{
            {row.begin, &entry.begin}, {row.end, &entry.end}, {row.target, &entry.target}};
        for (const auto& [place, offset] : places) {
            const auto found = indices.find(place);
            if (found == indices.end()) return std::nullopt;
            *offset = encoder.starts()[found->second];
            if (*offset % 2 != 0) return std::nullopt;
        }
        // A row of nothing has no form. One with its ends exchanged cannot be written either: it has a
        // length.
        if (entry.begin < entry.end) entries.push_back(entry);
    }
    support::ByteWriter table;
    objects::encode_exception_table(entries, table);
    Encoded encoded{
        {encoder.code().begin(), encoder.code().end()}, {table.view().begin(), table.view().end()}, {}};
    if (has_lines_) {
        std::vector<objects::PositionRun> runs;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            runs.push_back({encoder.starts()[i], encoder.starts()[i + 1], nodes[i].position});
        support::ByteWriter lines;
        objects::encode_line_table(target_, firstlineno_, runs, lines);
        encoded.line_table.emplace(lines.view().begin(), lines.view().end());
    }
    return encoded;
}

} // namespace pyasm::campaign
