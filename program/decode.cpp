#include "program/decode.hpp"

#include <algorithm>

namespace pyasm::program {
namespace {

class Decoder {
  public:
    Decoder(const isa::Target& target, support::Bytes code, DecodedCode& result)
        : target_(target), code_(code), result_(result) {}

    void run() {
        result_.items.clear();
        result_.starts.clear();
        result_.items.reserve(code_.size() / 2);
        result_.starts.reserve(code_.size() / 2 + 1);
        while (at_ < code_.size()) step();
        result_.starts.push_back(static_cast<std::uint32_t>(code_.size()));
    }

  private:
    /// One instruction with its prefixes and caches.
    void step() {
        const std::size_t start = at_;
        result_.starts.push_back(static_cast<std::uint32_t>(start));
        Instruction& item = result_.items.emplace_back();
        for (;;) {
            if (!unit(item)) return rest(start, item);
            if (item.opcode != target_.extended_arg) break;
            if (item.prefixes < 255) ++item.prefixes;
        }
        item.op = target_.op(item.opcode);
        const std::size_t caches = std::min<std::size_t>(cache_bytes(item), code_.size() - at_);
        item.own_caches = true;
        item.data = static_cast<std::uint32_t>(at_);
        item.data_size = static_cast<std::uint32_t>(caches);
        at_ += caches;
    }

    /// Reads opcode and argument of one unit; false where the code ends within it.
    bool unit(Instruction& item) {
        const bool words = target_.form == isa::InstructionForm::Wordcode;
        if (at_ >= code_.size()) return false;
        item.opcode = code_[at_];
        const bool wide = words || item.opcode >= target_.have_argument;
        const std::size_t size = instruction_size(target_, wide);
        if (code_.size() - at_ < size) return false;
        if (words)
            item.argument = item.argument << 8 | code_[at_ + 1];
        else if (wide)
            item.argument =
                item.argument << 16 | static_cast<std::uint32_t>(code_[at_ + 1] | code_[at_ + 2] << 8);
        item.has_argument = item.opcode >= target_.have_argument || (words && item.argument != 0);
        at_ += size;
        return true;
    }

    std::uint32_t cache_bytes(const Instruction& item) const {
        if (item.op) return item.cache_bytes();
        const isa::OpInfo* plain = target_.plain_form(item.opcode);
        return plain ? plain->caches * 2U : 0;
    }

    void rest(std::size_t start, Instruction& item) {
        item = {};
        item.kind = Instruction::Kind::Data;
        item.data = static_cast<std::uint32_t>(start);
        item.data_size = static_cast<std::uint32_t>(code_.size() - start);
        at_ = code_.size();
    }

    const isa::Target& target_;
    support::Bytes code_;
    std::size_t at_ = 0;
    DecodedCode& result_;
};

} // namespace

DecodedCode decode(const isa::Target& target, support::Bytes code) {
    DecodedCode result;
    decode(target, code, result);
    return result;
}

void decode(const isa::Target& target, support::Bytes code, DecodedCode& result) {
    Decoder(target, code, result).run();
}

} // namespace pyasm::program
