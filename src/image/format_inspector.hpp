#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace reprieve {

class FormatReader;

/// What an image turned out to be.
struct Inspection {
    std::string format;                         ///< as disk_format names it; empty where nothing was looked at
    std::optional<std::uint64_t> virtual_size;  ///< bytes of the disk that a guest sees, where it is known
};

/// Looks into an image as it flows by, and refuses one that is not what it is declared to be or whose
/// header reaches for files of the host that opens it (CVE-2022-47951, CVE-2024-32498). Keeps 64 KiB, and
/// for a moment up to 1 MiB more where a format has its description elsewhere. Used by one thread.
class FormatInspector {
public:
    /// `declared`: the image's disk_format, where it has one: then it must be what is found.
    /// `is_bare`: the container_format is "bare" (or not said); anything else is not looked into, nor are
    /// "aki", "ari" and "ami". `raw_accepts_any_format`: a declared "raw" is not looked into either.
    FormatInspector(std::optional<std::string> declared, bool is_bare, bool raw_accepts_any_format = false);
    ~FormatInspector();
    FormatInspector(FormatInspector&&) noexcept;
    FormatInspector& operator=(FormatInspector&&) noexcept;

    /// The next bytes of the image. Throws bad_request as soon as the image is known to be dangerous or
    /// mislabelled; the message says what to do.
    void add(std::span<const std::byte> bytes);

    /// After the last byte. Throws as add() does.
    Inspection finish();

private:
    void add_head(std::span<const std::byte> bytes);
    void add_region(std::span<const std::byte> bytes);
    void add_tail(std::span<const std::byte> bytes);
    void recognise();
    void feed_from_head();
    void check_declared(const std::string& found) const;

    std::optional<std::string> declared_;
    bool is_skipped_;
    bool is_taken_as_raw_;
    bool is_recognised_ = false;
    std::uint64_t size_ = 0;                // bytes so far
    std::vector<std::byte> head_;           // the first bytes
    std::vector<std::byte> region_;         // what reader_ asked for
    std::vector<std::byte> tail_;           // the last bytes
    std::unique_ptr<FormatReader> reader_;  // none: raw
};

}  // namespace reprieve
