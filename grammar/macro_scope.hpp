#pragma once

#include "grammar/state.hpp"

namespace pyasm::grammar {

/// What expressions see of the parser.
class State::Scope final : public ExpressionScope {
  public:
    explicit Scope(State& state) : state_(state) {}
    [[nodiscard]] const Quantity* symbol(std::string_view name) const override;
    [[nodiscard]] bool is_macro(std::string_view name) const override;
    [[nodiscard]] std::string_view nearest_symbol(std::string_view name) const override;
    [[nodiscard]] std::string_view kind_of(std::string_view name) const override;
    [[nodiscard]] const isa::Target& target() override;
    [[nodiscard]] Dialect dialect() const override;
    [[nodiscard]] bool charge(support::Span place, std::size_t bytes) override;
    void error(support::Span place, std::string message, std::string help) override;

  private:
    State& state_;
};

} // namespace pyasm::grammar
