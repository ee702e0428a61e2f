#include <algorithm>
#include <array>

#include "image/formats/format_reader.hpp"
#include "image/formats/header_fields.hpp"

// Sources: Microsoft's "Virtual Hard Disk Image Format Specification" (vhd) and [MS-VHDX].
namespace reprieve {
namespace {

[[noreturn]] void refuse_parent(const std::string& format) {
    throw Error(ErrorKind::bad_request, "the " + format +
                                            " image names a parent, which would be read on the host that opens it: "
                                            "flatten it with 'qemu-img convert' and upload again");
}

constexpr std::string_view vhd_cookie = "conectix";
constexpr std::size_t vhd_footer_bytes = 512;
constexpr std::uint32_t vhd_fixed = 2;
constexpr std::uint32_t vhd_differencing = 4;

bool is_vhd(std::span<const std::byte> head) { return has_text_at(head, 0, vhd_cookie); }

std::unique_ptr<FormatReader> open_vhd(std::span<const std::byte> head) {
    if (big_endian<std::uint32_t>(head, 60) == vhd_differencing) refuse_parent("vhd");
    return std::make_unique<HeaderReader>("vhd", big_endian<std::uint64_t>(head, 48));
}

using Guid = std::array<unsigned char, 16>;
constexpr Guid metadata_region{0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b,
                               0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e};
constexpr Guid file_parameters{0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d,
                               0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b};
constexpr Guid virtual_disk_size{0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48,
                                 0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8};
constexpr std::size_t entry_bytes = 32;

bool has_guid(std::span<const std::byte> table, std::size_t offset, const Guid& guid) {
    return std::ranges::equal(header_bytes(table, offset, guid.size()), std::as_bytes(std::span(guid)));
}

/// Reader of a VHDX image. It reads the region table, which says where the metadata is, and then the metadata.
class VhdxReader final : public FormatReader {
public:
    std::string name() const override { return "vhdx"; }

    std::optional<Region> wanted() const override {
        if (virtual_size_) return std::nullopt;
        return metadata_.value_or(region_table);
    }

    void take(std::span<const std::byte> bytes) override {
        if (metadata_)
            read_metadata(bytes);
        else
            read_regions(bytes);
    }

    void take_end(std::span<const std::byte>, std::uint64_t) override {}
    std::optional<std::uint64_t> virtual_size() const override { return virtual_size_; }

private:
    static constexpr Region region_table{192 * 1024, 64 * 1024};

    [[noreturn]] static void refuse() {
        throw Error(ErrorKind::bad_request,
                    "the vhdx image is damaged: convert it with 'qemu-img convert -O vhdx' and upload again");
    }

    void read_regions(std::span<const std::byte> table) {
        if (!has_text_at(table, 0, "regi")) refuse();
        const auto count = little_endian<std::uint32_t>(table, 8);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t entry = 16 + i * entry_bytes;  // has_guid() refuses an entry after the end of the table
            if (!has_guid(table, entry, metadata_region)) continue;
            metadata_ =
                Region{little_endian<std::uint64_t>(table, entry + 16),
                       std::min<std::size_t>(little_endian<std::uint32_t>(table, entry + 24), max_region_bytes)};
            if (metadata_->offset < region_table.offset + region_table.size) refuse();
            return;
        }
        refuse();
    }

    void read_metadata(std::span<const std::byte> metadata) {
        if (!has_text_at(metadata, 0, "metadata")) refuse();
        const auto count = little_endian<std::uint16_t>(metadata, 10);
        bool has_parameters = false;
        std::optional<std::uint64_t> size;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t entry = 32 + i * entry_bytes;
            if (has_guid(metadata, entry, file_parameters)) {
                has_parameters = true;
                const std::size_t item = little_endian<std::uint32_t>(metadata, entry + 16);
                if ((little_endian<std::uint32_t>(metadata, item + 4) & 2U) != 0) refuse_parent("vhdx");
            } else if (has_guid(metadata, entry, virtual_disk_size)) {
                size = little_endian<std::uint64_t>(metadata, little_endian<std::uint32_t>(metadata, entry + 16));
            }
        }
        if (!has_parameters || !size) refuse();
        virtual_size_ = size;
    }

    std::optional<Region> metadata_;
    std::optional<std::uint64_t> virtual_size_;
};

bool is_vhdx(std::span<const std::byte> head) { return has_text_at(head, 0, "vhdxfile"); }

std::unique_ptr<FormatReader> open_vhdx(std::span<const std::byte>) { return std::make_unique<VhdxReader>(); }

}  // namespace

std::optional<std::uint64_t> fixed_vhd_size(std::span<const std::byte> tail) {
    if (tail.size() < vhd_footer_bytes) return std::nullopt;
    const auto footer = tail.last(vhd_footer_bytes);
    if (!is_vhd(footer) || big_endian<std::uint32_t>(footer, 60) != vhd_fixed) return std::nullopt;
    return big_endian<std::uint64_t>(footer, 48);
}

const Format vhd_format{"vhd", is_vhd, open_vhd};
const Format vhdx_format{"vhdx", is_vhdx, open_vhdx};

}  // namespace reprieve
