#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "http/wire/message.hpp"

namespace reprieve::tests {

/// Body in memory. Its length is known if the head of the request declared one (`is_declared`).
class FakeBody final : public http::Body {
public:
    FakeBody(std::string bytes, bool is_declared) : bytes_(std::move(bytes)), is_declared_(is_declared) {}

    std::optional<std::uint64_t> length() const override {
        if (is_declared_) return bytes_.size();
        return {};
    }
    std::size_t read(std::span<std::byte> out) override {
        const std::size_t count = std::min(out.size(), left());
        std::memcpy(out.data(), bytes_.data() + taken_, count);
        taken_ += count;
        return count;
    }
    void start_deadline() override { has_deadline = true; }
    std::function<void()> interrupter() override {
        return [] {};
    }

    std::size_t taken() const { return taken_; }
    std::size_t left() const { return bytes_.size() - taken_; }

    bool has_deadline = false;

private:
    std::string bytes_;
    bool is_declared_;
    std::size_t taken_ = 0;
};

}  // namespace reprieve::tests
