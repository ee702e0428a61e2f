#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace reprieve::http {

/// Buffer of received bytes that are not used yet. It frees its memory whenever it is empty, so that the buffer of an
/// idle connection holds none.
class InputBuffer {
public:
    std::string_view view() const { return std::string_view(data_).substr(start_); }
    bool empty() const { return start_ == data_.size(); }
    void append(std::string_view bytes) { data_.append(bytes); }
    void append(std::span<const std::byte> bytes) {
        data_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }

    /// Drops the first `count` bytes. Requires: `count` is at most view().size().
    void consume(std::size_t count) {
        start_ += count;
        if (empty()) {
            std::string().swap(data_);
            start_ = 0;
        } else if (start_ > data_.size() / 2) {
            data_.erase(0, start_);
            start_ = 0;
        }
    }

private:
    std::string data_;
    std::size_t start_ = 0;
};

}  // namespace reprieve::http
