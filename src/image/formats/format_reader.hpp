#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"

namespace reprieve {

/// A range of bytes of an image. `offset` counts from the start of the image; both members are in bytes.
struct Region {
    std::uint64_t offset = 0;
    std::size_t size = 0;
};

/// Reader of the header of an image in one format. It gets the header region by region: pass the bytes of each region
/// that wanted() returns to take(), and the end of the image to take_end(). Both throw bad_request if the header is
/// dangerous or damaged. An implementation must check every number of a header against a bound before it uses the
/// number.
class FormatReader {
public:
    virtual ~FormatReader() = default;

    /// Returns the name of the format, as a value of disk_format.
    virtual std::string name() const = 0;

    /// Returns the next region that the reader needs, or nullopt if it needs no further region. The region lies in the
    /// first head_bytes of the image or after all earlier regions. Its size is at most max_region_bytes.
    virtual std::optional<Region> wanted() const = 0;

    /// Reads the bytes of the region that wanted() returned. `bytes` is shorter than the region if the image ends in
    /// it.
    virtual void take(std::span<const std::byte> bytes) = 0;

    /// Reads the end of the image. `tail` is its last tail_bytes bytes, or the whole image if it is smaller.
    /// `image_bytes` is the size of the image.
    virtual void take_end(std::span<const std::byte> tail, std::uint64_t image_bytes) = 0;

    /// Returns the size in bytes of the disk that a guest sees, or nullopt if unknown. Requires: take_end() was called.
    virtual std::optional<std::uint64_t> virtual_size() const = 0;

    static constexpr std::size_t head_bytes = 64 * 1024;
    static constexpr std::size_t tail_bytes = 3 * 512;
    static constexpr std::size_t max_region_bytes = 1 << 20;
};

/// Reader for a format that needs only the header at the start of the image. Its creator has already read and checked
/// this header.
class HeaderReader : public FormatReader {
public:
    HeaderReader(std::string name, std::optional<std::uint64_t> virtual_size)
        : name_(std::move(name)), virtual_size_(virtual_size) {}
    std::string name() const override { return name_; }
    std::optional<Region> wanted() const override { return std::nullopt; }
    void take(std::span<const std::byte>) override {}
    void take_end(std::span<const std::byte>, std::uint64_t) override {}
    std::optional<std::uint64_t> virtual_size() const override { return virtual_size_; }

private:
    std::string name_;
    std::optional<std::uint64_t> virtual_size_;
};

/// Function that returns a reader, never null, for an image of one format. `head` is the first FormatReader::head_bytes
/// bytes of the image. The function throws bad_request if `head` already shows that the image is dangerous or damaged.
using Open = std::unique_ptr<FormatReader> (*)(std::span<const std::byte> head);

/// Function that returns true if `head` has the magic number of one format. It must check nothing else: a file that has
/// the magic numbers of two formats is to be refused before it is read as either.
using HasMagic = bool (*)(std::span<const std::byte> head);

/// An image format that can be recognised. `name` is a value of disk_format, or "qed", a format that is always refused.
struct Format {
    const char* name;
    HasMagic has_magic;
    Open open;
};

extern const Format qcow2_format, qed_format, vmdk_format, vhd_format, vhdx_format, vdi_format, iso_format;

/// Returns true if the image begins with a partition table, MBR or GPT, so that it is a raw disk.
bool has_partition_table(std::span<const std::byte> head);

/// Returns the virtual size in bytes from the footer of a VHD of fixed size. Such a VHD is a raw disk with the footer
/// as one more sector at its end. Returns nullopt if `tail` does not end with such a footer.
std::optional<std::uint64_t> fixed_vhd_size(std::span<const std::byte> tail);

}  // namespace reprieve
