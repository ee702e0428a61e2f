#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"

namespace reprieve {

/// A part of an image, in bytes from its start.
struct Region {
    std::uint64_t offset = 0;
    std::size_t size = 0;
};

/// Reads the header of one format, region by region, and throws bad_request where it is dangerous or
/// damaged. Numbers in a header are never trusted beyond a bound.
class FormatReader {
public:
    virtual ~FormatReader() = default;

    /// As disk_format names it.
    virtual std::string name() const = 0;

    /// The next region that is needed; nothing once all is known. A region lies in the first head_bytes
    /// of the image or behind all that were asked for before, and takes at most max_region_bytes.
    virtual std::optional<Region> wanted() const = 0;

    /// The bytes of the region that was wanted; fewer where the image has ended.
    virtual void take(std::span<const std::byte> bytes) = 0;

    /// After the last byte: the last tail_bytes of the image, or all of a smaller one, and its size.
    virtual void take_end(std::span<const std::byte> tail, std::uint64_t image_bytes) = 0;

    /// Bytes of the disk that a guest sees; known after take_end().
    virtual std::optional<std::uint64_t> virtual_size() const = 0;

    static constexpr std::size_t head_bytes = 64 * 1024;
    static constexpr std::size_t tail_bytes = 3 * 512;
    static constexpr std::size_t max_region_bytes = 1 << 20;
};

/// A format whose header lies at the start and is all that is needed.
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

/// A reader, never null, for an image of the format, whose first head_bytes are `head`. Throws bad_request where the
/// head alone shows a danger.
using Open = std::unique_ptr<FormatReader> (*)(std::span<const std::byte> head);

/// True for the magic number alone, so that a file which is two formats at once is found before either is read.
using HasMagic = bool (*)(std::span<const std::byte> head);

struct Format {
    const char* name;
    HasMagic has_magic;
    Open open;
};

extern const Format qcow2_format, qed_format, vmdk_format, vhd_format, vhdx_format, vdi_format, iso_format;

/// A partition table, MBR or GPT: a raw disk.
bool has_partition_table(std::span<const std::byte> head);

/// The footer of a VHD of fixed size, which is a raw disk but for its last sector. Its virtual size, or
/// nothing where there is none.
std::optional<std::uint64_t> fixed_vhd_size(std::span<const std::byte> tail);

}  // namespace reprieve
