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

/// Result of an inspection.
struct Inspection {
    std::string format;  ///< a value of disk_format, such as "qcow2"; empty if the image was not inspected
    std::optional<std::uint64_t> virtual_size;  ///< bytes of the disk that a guest sees; nullopt if unknown
};

/// Inspector of an image during its upload. It refuses an image that does not have its declared format, or whose header
/// refers to files of the host that opens it (CVE-2022-47951, CVE-2024-32498). It keeps the first 64 KiB of the image
/// in memory, and temporarily up to 1 MiB more if a format has its metadata further on. Only one thread at a time may
/// use it.
class FormatInspector {
public:
    /// `declared` is the image's disk_format; if it is set, the image must have this format. `is_bare` says that the
    /// container_format is "bare" or not set; an image in any other container is not inspected. An image that is
    /// declared as "aki", "ari" or "ami" is not inspected either, nor is one declared as "raw" if
    /// `raw_accepts_any_format` is set.
    FormatInspector(std::optional<std::string> declared, bool is_bare, bool raw_accepts_any_format = false);
    ~FormatInspector();
    FormatInspector(FormatInspector&&) noexcept;
    FormatInspector& operator=(FormatInspector&&) noexcept;

    /// Inspects the next bytes of the image. Throws bad_request as soon as the image proves to be dangerous, damaged or
    /// of another format than declared.
    void add(std::span<const std::byte> bytes);

    /// Ends the inspection. Call it after the last byte of the image. Throws as add() does.
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
    std::uint64_t size_ = 0;                // number of bytes that add() got so far
    std::vector<std::byte> head_;           // the first bytes of the image, up to FormatReader::head_bytes
    std::vector<std::byte> region_;         // the bytes received so far of the region that reader_ wants
    std::vector<std::byte> tail_;           // the last bytes received so far, up to FormatReader::tail_bytes
    std::unique_ptr<FormatReader> reader_;  // null if no format was recognised, as for raw
};

}  // namespace reprieve
