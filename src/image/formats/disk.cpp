#include <array>

#include "image/formats/format_reader.hpp"
#include "image/formats/header_fields.hpp"

// This file reads the formats whose header cannot refer to other files: VDI (VirtualBox), ISO 9660 (ECMA-119), and the
// partition tables of MBR and GPT (UEFI 2.10, chapter 5). A LUKS container counts as raw, like any other content of a
// disk: disk_format has no value for LUKS, and a LUKS container cannot refer to files of the host.
namespace reprieve {
namespace {

bool is_vdi(std::span<const std::byte> head) {
    return head.size() >= 68 && little_endian<std::uint32_t>(head, 64) == 0xbeda107f;
}

std::unique_ptr<FormatReader> open_vdi(std::span<const std::byte> head) {
    return std::make_unique<HeaderReader>("vdi", little_endian<std::uint64_t>(head, 368));
}

constexpr std::size_t iso_descriptor = 32768;
constexpr auto iso_primary = std::byte{1};

bool is_iso(std::span<const std::byte> head) {
    for (const std::string_view identifier : {"CD001", "BEA01", "NSR02", "NSR03"})
        if (has_text_at(head, iso_descriptor + 1, identifier)) return true;
    return false;
}

std::unique_ptr<FormatReader> open_iso(std::span<const std::byte> head) {
    std::optional<std::uint64_t> size;
    if (has_text_at(head, iso_descriptor + 1, "CD001") && head[iso_descriptor] == iso_primary)
        size = static_cast<std::uint64_t>(little_endian<std::uint32_t>(head, iso_descriptor + 80)) *
               little_endian<std::uint16_t>(head, iso_descriptor + 128);
    return std::make_unique<HeaderReader>("iso", size);
}

}  // namespace

const Format vdi_format{"vdi", is_vdi, open_vdi};
const Format iso_format{"iso", is_iso, open_iso};

bool has_partition_table(std::span<const std::byte> head) {
    constexpr std::size_t first_entry = 446;
    constexpr std::size_t entry_bytes = 16;
    constexpr unsigned protective = 0xee;
    if (head.size() < 512 || little_endian<std::uint16_t>(head, 510) != 0xaa55) return false;
    std::array<unsigned, 4> types{};
    int partitions = 0;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const auto entry = head.subspan(first_entry + i * entry_bytes, entry_bytes);
        if (entry[0] != std::byte{0} && entry[0] != std::byte{0x80}) return false;
        types[i] = std::to_integer<unsigned>(entry[4]);
        if (types[i] != 0) ++partitions;
        if (i > 0 && types[i] == protective) return false;
    }
    return partitions > 0 && (types[0] != protective || partitions == 1);
}

}  // namespace reprieve
