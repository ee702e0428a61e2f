#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>

namespace reprieve::tests {

inline constexpr std::size_t mebibyte = 1 << 20;

/// Returns pseudo-random bytes that depend only on size and seed. They have no long runs of zeros.
inline std::string sample_bytes(std::size_t size, std::uint64_t seed = 1) {
    std::string bytes(size, '\0');
    std::uint64_t state = seed * 0x9e3779b97f4a7c15ULL + 1;
    for (char& byte : bytes) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        byte = static_cast<char>(state >> 56);
    }
    return bytes;
}

inline std::span<const std::byte> as_byte_span(const std::string& text) { return std::as_bytes(std::span(text)); }

/// Copy of a text in memory that is aligned to 4096 bytes, at which stores write fastest.
class AlignedCopy {
public:
    explicit AlignedCopy(const std::string& text)
        : size_(text.size()), memory_(static_cast<std::byte*>(::operator new(text.size() + 1, alignment))) {
        std::memcpy(memory_.get(), text.data(), text.size());
    }
    std::span<const std::byte> bytes() const { return {memory_.get(), size_}; }

private:
    static constexpr std::align_val_t alignment{4096};
    struct Free {
        void operator()(std::byte* memory) const { ::operator delete(memory, alignment); }
    };
    std::size_t size_;
    std::unique_ptr<std::byte, Free> memory_;
};

}  // namespace reprieve::tests
