#include "grammar/literals.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::grammar {

namespace {

[[nodiscard]] unsigned hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a' + 10) : 16;
}

/// Reads one token's body, left to right.
class StringDecoder {
  public:
    StringDecoder(const StringToken& token, const Dialect& dialect, std::string& out,
                  std::vector<LiteralError>& errors)
        : token_(token), dialect_(dialect), out_(out), errors_(errors),
          base_(static_cast<std::size_t>(token.body.data() - token.text.data())) {}

    void run() {
        const std::string_view body = token_.body;
        while (at_ < body.size()) {
            std::size_t next = at_;
            while (next < body.size() && body[next] != '\\' && body[next] != '\r') ++next;
            append(body.substr(at_, next - at_));
            at_ = next;
            if (at_ == body.size()) break;
            if (body[at_] == '\r')
                line_end();
            else if (token_.raw)
                raw_backslash();
            else
                escape();
        }
    }

  private:
    [[nodiscard]] bool bytes() const { return token_.type == StringType::Bytes; }

    void error(std::size_t begin, std::size_t end, std::string message, std::string help = {}) {
        errors_.push_back(
            {base_ + begin, std::max<std::size_t>(end - begin, 1), std::move(message), std::move(help)});
    }

    void append(std::string_view text) {
        // Python 3's bytes are written in ASCII; in Python 2 they are the source's own bytes.
        if (bytes() && !dialect_.python2()) {
            const auto place = std::ranges::find_if(text, [](char c) { return (c & 0x80) != 0; });
            if (place != text.end()) {
                const auto at = at_ + static_cast<std::size_t>(place - text.begin());
                error(at, at + 1, "bytes are written with ASCII characters only",
                      R"(Write other bytes as \xNN, or use a string without b.)");
            }
        }
        out_.append(text);
    }

    /// CR LF is a line end and no part of the value; the text has no CR on its own.
    void line_end() {
        out_ += '\n';
        at_ += at_ + 1 < token_.body.size() && token_.body[at_ + 1] == '\n' ? 2 : 1;
    }

    void put(std::uint32_t value) {
        if (bytes())
            out_ += static_cast<char>(value & 0xFF);
        else
            support::append_utf8(out_, value);
    }

    /// In 2.7's ur"" strings \u and \U still count, after an odd number of backslashes
    /// (Objects/unicodeobject.c, PyUnicode_DecodeRawUnicodeEscape, 2.7).
    void raw_backslash() {
        const std::size_t begin = at_;
        while (at_ < token_.body.size() && token_.body[at_] == '\\') ++at_;
        out_.append(at_ - begin, '\\');
        const bool odd = (at_ - begin) % 2 != 0;
        if (!odd || !dialect_.python2() || bytes() || at_ == token_.body.size()) return;
        const char kind = token_.body[at_];
        if (kind != 'u' && kind != 'U') return;
        out_.pop_back();
        hex_escape(at_ - 1, kind == 'u' ? 4 : 8);
    }

    void escape() {
        const std::size_t begin = at_++;
        if (at_ == token_.body.size()) return; // only in an unclosed string
        const char c = token_.body[at_++];
        switch (c) {
        case '\r':
            if (at_ < token_.body.size() && token_.body[at_] == '\n') ++at_;
            return;
        case '\n': return;
        case '\\':
        case '\'':
        case '"': out_ += c; return;
        case 'a': out_ += '\a'; return;
        case 'b': out_ += '\b'; return;
        case 'f': out_ += '\f'; return;
        case 'n': out_ += '\n'; return;
        case 'r': out_ += '\r'; return;
        case 't': out_ += '\t'; return;
        case 'v': out_ += '\v'; return;
        case 'x':
            --at_;
            hex_escape(begin, 2);
            return;
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7': octal_escape(); return;
        case 'u':
            if (bytes()) break;
            --at_;
            hex_escape(begin, 4);
            return;
        case 'U':
            if (bytes()) break;
            --at_;
            hex_escape(begin, 8);
            return;
        case 'N':
            if (bytes()) break;
            error(begin, at_, R"(\N{...} needs a database of character names)",
                  R"(Write \uXXXX or \UXXXXXXXX.)");
            return;
        default: break;
        }
        // Not an escape: the backslash stays, as in Python. What follows is text again.
        out_ += '\\';
        --at_;
    }

    void octal_escape() {
        std::uint32_t value = 0;
        const std::size_t first = --at_;
        while (at_ < token_.body.size() && at_ < first + 3 && token_.body[at_] >= '0' &&
               token_.body[at_] <= '7') {
            value = value * 8 + static_cast<std::uint32_t>(token_.body[at_++] - '0');
        }
        put(value);
    }

    /// `at_` is at the letter; `begin` at the backslash.
    void hex_escape(std::size_t begin, std::size_t digits) {
        const char letter = token_.body[at_++];
        std::uint32_t value = 0;
        std::size_t count = 0;
        while (count < digits && at_ < token_.body.size() && hex_value(token_.body[at_]) < 16) {
            value = value * 16 + hex_value(token_.body[at_++]);
            ++count;
        }
        if (count < digits) {
            error(begin, at_, fmt::format(R"(\{} needs {} hexadecimal digits)", letter, digits));
        } else if (value > 0x10FFFF) {
            error(begin, at_, "there is no character above U+10FFFF");
        } else {
            put(value);
        }
    }

    const StringToken& token_;
    const Dialect& dialect_;
    std::string& out_;
    std::vector<LiteralError>& errors_;
    std::size_t base_;
    std::size_t at_ = 0;
};

} // namespace

namespace {

/// What the prefix of a string says, in small letters.
struct Prefix {
    Prefix(std::string_view written, const Dialect& dialect) : text(written.substr(0, 4)) {
        std::ranges::transform(text, text.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
        bytes = text == "b" || text == "br" || (text == "rb" && !dialect.python2());
        unicode = text == "u" || (text == "ur" && dialect.python2());
    }
    [[nodiscard]] bool known() const { return text.empty() || text == "r" || bytes || unicode; }

    std::string text;
    bool bytes;
    bool unicode;
};

} // namespace

bool is_string_prefix(std::string_view prefix, const Dialect& dialect) {
    return Prefix(prefix, dialect).known();
}

std::optional<LiteralError> split_string(std::string_view text, bool closed, const Dialect& dialect,
                                         StringToken& out) {
    const auto quote = text.find_first_of("\"'");
    const Prefix written(text.substr(0, quote), dialect);
    const std::string& prefix = written.text;
    if (!written.known()) {
        const bool f_string = prefix == "f" || prefix == "fr" || prefix == "rf";
        const bool t_string = prefix == "t" || prefix == "tr" || prefix == "rt";
        std::string help = f_string         ? "An f-string is an expression: a literal has plain text."
                           : t_string       ? "A t-string is an expression: a literal has plain text."
                           : prefix == "rb" ? "Write br."
                           : prefix == "ur" ? "Write r or u: Python 3 has no ur strings."
                                            : "The prefixes are r, u, b and br.";
        return LiteralError{0, quote,
                            fmt::format("'{}' is not a prefix of a string literal",
                                        support::printable(text.substr(0, quote), 40)),
                            std::move(help)};
    }
    out.text = text;
    out.native = !written.bytes && !written.unicode;
    out.raw = prefix.find('r') != std::string::npos;
    out.type = written.bytes || (out.native && dialect.python2()) ? StringType::Bytes : StringType::Str;
    const std::string_view rest = text.substr(quote);
    out.triple = rest.size() >= 3 && rest[1] == rest[0] && rest[2] == rest[0];
    const std::size_t size = out.triple ? 3 : 1;
    out.body = rest.substr(size, rest.size() - size - (closed ? size : 0));
    return std::nullopt;
}

bool needs_decoding(const StringToken& token) {
    if (token.type == StringType::Bytes && !token.native) return true; // to be checked for ASCII
    return token.body.find('\\') != std::string_view::npos || token.body.find('\r') != std::string_view::npos;
}

void decode_string(const StringToken& token, const Dialect& dialect, std::string& out,
                   std::vector<LiteralError>& errors) {
    StringDecoder(token, dialect, out, errors).run();
}

} // namespace pyasm::grammar
