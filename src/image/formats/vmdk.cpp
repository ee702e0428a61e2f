#include <algorithm>
#include <string_view>

#include "base/ascii_case.hpp"
#include "image/formats/format_reader.hpp"
#include "image/formats/header_fields.hpp"

// Source: VMware's "Virtual Disk Format 5.0". A VMDK file of the kind "sparse extent" has a binary header in sector 0
// and a text descriptor from sector 1 on. The kind "stream-optimised" has the final header in the second-to-last
// sector, the footer; its first header says so.
namespace reprieve {
namespace {

constexpr std::uint64_t sector_bytes = 512;
constexpr std::uint64_t at_end = ~0ULL;  // value of gdOffset in the first header of a stream-optimised image
constexpr std::uint32_t footer_marker = 3;

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorKind::bad_request, "the vmdk image " + why +
                                            ": convert it with 'qemu-img convert -O vmdk -o "
                                            "subformat=monolithicSparse' and upload again");
}

struct SparseHeader {
    std::uint32_t version;
    std::uint64_t capacity;  // size of the disk in sectors
    std::uint64_t descriptor_offset;
    std::uint64_t descriptor_size;
    std::uint64_t grain_directory;
    friend bool operator==(const SparseHeader&, const SparseHeader&) = default;
};

SparseHeader read_header(std::span<const std::byte> sector) {
    const SparseHeader header{little_endian<std::uint32_t>(sector, 4), little_endian<std::uint64_t>(sector, 12),
                              little_endian<std::uint64_t>(sector, 28), little_endian<std::uint64_t>(sector, 36),
                              little_endian<std::uint64_t>(sector, 56)};
    if (header.version < 1 || header.version > 3) refuse("has an unsupported version");
    if (header.descriptor_offset != 1 || header.descriptor_size == 0 ||
        header.descriptor_size >= FormatReader::max_region_bytes / sector_bytes)
        refuse("has its descriptor in a wrong place");
    // If the capacity is 0, QEMU uses the descriptor instead of this header, and opens all files that the descriptor
    // names.
    if (header.capacity == 0 || header.capacity > at_end / sector_bytes) refuse("has an impossible capacity");
    return header;
}

std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool is_extent(std::string_view line) {
    const std::string_view access = line.substr(0, line.find_first_of(" \t"));
    return equals_ignoring_case(access, "RW") || equals_ignoring_case(access, "RDONLY") ||
           equals_ignoring_case(access, "NOACCESS");
}

class Descriptor {
public:
    void read(std::string_view text) {
        // Readers of the format ignore all text after the first zero byte.
        text = text.substr(0, text.find('\0'));
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            read_line(trimmed(text.substr(0, end)));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (type_count_ != 1) refuse("does not have exactly one createType");
        if (extents_ == 0) refuse("has no extent");
    }

private:
    void read_line(std::string_view line) {
        if (line.starts_with('#')) return;
        if (is_extent(line)) {
            ++extents_;
            // A path, or a protocol such as nbd:, refers to data outside the image.
            if (line.find_first_of("/\\:") != line.npos)
                refuse("has an extent in another file, which would be read on the host that opens it");
            return;
        }
        const std::size_t equals = line.find('=');
        if (equals == line.npos) return;
        const std::string_view key = trimmed(line.substr(0, equals));
        std::string_view value = trimmed(line.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (equals_ignoring_case(key, "createType")) read_type(value);
        if (equals_ignoring_case(key, "parentFileNameHint"))
            refuse("names a parent, which would be read on the host that opens it");
    }

    void read_type(std::string_view value) {
        ++type_count_;
        if (!equals_ignoring_case(value, "monolithicSparse") && !equals_ignoring_case(value, "streamOptimized"))
            refuse("has a createType that refers to other files");
    }

    int type_count_ = 0;
    int extents_ = 0;
};

class VmdkReader final : public FormatReader {
public:
    explicit VmdkReader(std::span<const std::byte> head) : header_(read_header(head)) {}

    std::string name() const override { return "vmdk"; }

    std::optional<Region> wanted() const override {
        if (has_descriptor_) return std::nullopt;
        return Region{sector_bytes, static_cast<std::size_t>(header_.descriptor_size * sector_bytes)};
    }

    void take(std::span<const std::byte> bytes) override {
        Descriptor().read(header_text(bytes));
        has_descriptor_ = true;
    }

    void take_end(std::span<const std::byte> tail, std::uint64_t) override {
        if (header_.grain_directory != at_end) return;
        // QEMU uses the header in the footer instead of the one in sector 0.
        if (tail.size() < 3 * sector_bytes) refuse("is cut off before its footer");
        const auto marker = tail.first(sector_bytes);
        const auto sector = tail.subspan(sector_bytes, sector_bytes);
        const auto end_marker = tail.subspan(2 * sector_bytes, sector_bytes);
        if (little_endian<std::uint32_t>(marker, 8) != 0 || little_endian<std::uint32_t>(marker, 12) != footer_marker ||
            !has_text_at(sector, 0, "KDMV") || little_endian<std::uint64_t>(end_marker, 0) != 0 ||
            little_endian<std::uint64_t>(end_marker, 8) != 0)
            refuse("has no footer, or a damaged one");
        SparseHeader footer = read_header(sector);
        if (footer.grain_directory == at_end) refuse("has no footer, or a damaged one");
        footer.grain_directory = at_end;
        if (footer != header_) refuse("has a footer that differs from its header");
    }

    std::optional<std::uint64_t> virtual_size() const override { return header_.capacity * sector_bytes; }

private:
    SparseHeader header_;
    bool has_descriptor_ = false;
};

/// Returns true if QEMU would recognise the file as a text descriptor: the file begins with "# Disk DescriptorFile", or
/// the first line that is neither empty nor a comment begins with "version=".
bool is_text_descriptor(std::span<const std::byte> head) {
    constexpr std::size_t looked_at = 4096;
    std::string_view text = header_text(head.first(std::min(head.size(), looked_at)));
    if (text.starts_with("# Disk DescriptorFile")) return true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        if (line.starts_with("version=")) return true;
        if (!line.empty() && !line.starts_with('#')) return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

bool is_old_sparse(std::span<const std::byte> head) { return has_text_at(head, 0, "COWD"); }

bool is_vmdk(std::span<const std::byte> head) {
    return has_text_at(head, 0, "KDMV") || is_old_sparse(head) || is_text_descriptor(head);
}

std::unique_ptr<FormatReader> open_vmdk(std::span<const std::byte> head) {
    if (is_old_sparse(head)) refuse("has an unsupported version");
    if (!has_text_at(head, 0, "KDMV"))
        refuse("is only a descriptor: its data is in other files, which would be read on the host that opens it");
    return std::make_unique<VmdkReader>(head);
}

}  // namespace

const Format vmdk_format{"vmdk", is_vmdk, open_vmdk};

}  // namespace reprieve
