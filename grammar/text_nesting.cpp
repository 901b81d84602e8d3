#include "grammar/text_nesting.hpp"

#include <array>

namespace pyasm::grammar {

std::uint32_t TextNesting::take(HeadKind head) {
    const std::uint32_t inside = body();
    const auto level = [this] { return columns(here().level, deepest); };
    const auto close = [&](Kind kind) {
        if (!back_to(kind)) return inside;
        here_ = here().parent;
        return body();
    };
    std::uint32_t result = inside;
    switch (head) {
    case HeadKind::Block:
        result = level();
        push(Kind::Block);
        break;
    case HeadKind::BlockEnd:
        while (here().kind == Kind::Begin) here_ = here().parent;
        take_out(Kind::Block, Kind::If);
        return level();
    case HeadKind::Begin:
        if (here().code) push(Kind::Begin);
        break;
    case HeadKind::End:
        if (here().kind == Kind::Begin) here_ = here().parent;
        return body();
    case HeadKind::Macro: push(Kind::Macro); break;
    case HeadKind::MacroEnd: return close(Kind::Macro);
    case HeadKind::Repeat: push(Kind::Repeat); break;
    case HeadKind::RepeatEnd: return close(Kind::Repeat);
    case HeadKind::If: push(Kind::If, static_cast<std::uint32_t>(nodes_.size())); break;
    case HeadKind::Else: {
        if (!back_to(Kind::If)) return inside;
        here_ = here().origin;
        const Node& around = nodes_[here().parent];
        return columns(around.level, deepest + 1);
    }
    case HeadKind::EndIf: {
        const std::uint32_t before = here_;
        if (!back_to(Kind::If)) return inside;
        result = columns(nodes_[nodes_[here().origin].parent].level, deepest + 1);
        here_ = before;
        take_out(Kind::If, Kind::Block);
        break;
    }
    default: break;
    }
    return result;
}

void TextNesting::push(Kind kind, std::uint32_t origin) {
    const Node& around = here();
    Node node;
    node.kind = kind;
    node.parent = here_;
    node.origin = origin;
    node.level = around.level + 1;
    const bool is_base = kind == Kind::Block || kind == Kind::Macro;
    node.label_level = is_base ? around.level : around.label_level;
    node.base_level = is_base ? node.level : around.base_level;
    node.code = kind == Kind::Block || (kind != Kind::Macro && around.code);
    nodes_.push_back(node);
    here_ = static_cast<std::uint32_t>(nodes_.size() - 1);
}

bool TextNesting::back_to(Kind kind) {
    std::uint32_t at = here_;
    for (int i = 0; i < farthest && nodes_[at].kind != Kind::File; ++i, at = nodes_[at].parent) {
        if (nodes_[at].kind == kind) {
            here_ = at;
            return true;
        }
        if (nodes_[at].kind == Kind::Macro) break;
    }
    return false;
}

void TextNesting::take_out(Kind kind, Kind others) {
    std::array<std::uint32_t, farthest> above{};
    std::size_t count = 0;
    std::uint32_t at = here_;
    while ((nodes_[at].kind == others || nodes_[at].kind == Kind::Begin) && count < above.size()) {
        above[count++] = at;
        at = nodes_[at].parent;
    }
    if (nodes_[at].kind != kind) {
        if (kind == Kind::If && back_to(Kind::If)) here_ = here().parent; // something else is open in it
        return;
    }
    here_ = nodes_[at].parent;
    while (count != 0) {
        const Node& old = nodes_[above[--count]];
        push(old.kind, old.origin);
    }
}

} // namespace pyasm::grammar
