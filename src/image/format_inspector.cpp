#include "image/format_inspector.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.hpp"
#include "image/formats/format_reader.hpp"

namespace reprieve {
namespace {

constexpr std::array<const Format*, 7> formats{&qcow2_format, &qed_format, &vmdk_format, &vhd_format,
                                               &vhdx_format,  &vdi_format, &iso_format};

bool is_one_of(const std::optional<std::string>& text, std::initializer_list<std::string_view> values) {
    return text && std::find(values.begin(), values.end(), *text) != values.end();
}

/// Returns true for a declared format that the inspector cannot recognise, such as ploop. An image with such a declared
/// format is accepted if its content looks like no known format.
bool is_unknown(const std::string& declared) {
    return declared != "raw" && std::ranges::none_of(formats, [&](const Format* f) { return declared == f->name; });
}

void append(std::vector<std::byte>& to, std::span<const std::byte> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

FormatInspector::FormatInspector(std::optional<std::string> declared, bool is_bare, bool raw_accepts_any_format)
    : declared_(std::move(declared)),
      is_skipped_(!is_bare || is_one_of(declared_, {"aki", "ari", "ami"})),
      is_taken_as_raw_(raw_accepts_any_format && declared_ == "raw") {}

FormatInspector::~FormatInspector() = default;
FormatInspector::FormatInspector(FormatInspector&&) noexcept = default;
FormatInspector& FormatInspector::operator=(FormatInspector&&) noexcept = default;

void FormatInspector::add(std::span<const std::byte> bytes) {
    if (!is_skipped_ && !is_taken_as_raw_) {
        add_tail(bytes);
        add_head(bytes);
        add_region(bytes);
    }
    size_ += bytes.size();
}

void FormatInspector::add_tail(std::span<const std::byte> bytes) {
    constexpr std::size_t keep = FormatReader::tail_bytes;
    if (bytes.size() >= keep) tail_.clear();
    append(tail_, bytes.last(std::min(bytes.size(), keep)));
    if (tail_.size() > keep) tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(keep));
}

void FormatInspector::add_head(std::span<const std::byte> bytes) {
    if (is_recognised_) return;
    append(head_, bytes.first(std::min(bytes.size(), FormatReader::head_bytes - head_.size())));
    if (head_.size() < FormatReader::head_bytes) return;
    recognise();
    head_ = {};
}

void FormatInspector::recognise() {
    is_recognised_ = true;
    const Format* found = nullptr;
    bool has_table = has_partition_table(head_);
    for (const Format* format : formats) {
        if (!format->has_magic(head_)) continue;
        if (found != nullptr || (has_table && format != &iso_format))
            throw Error(ErrorKind::bad_request, std::string("the image is ") + format->name + " and " +
                                                    (found != nullptr ? found->name : "a disk with partitions") +
                                                    " at once, so a program could open it as either: convert it "
                                                    "with 'qemu-img convert', give its real format with -f, and "
                                                    "upload again");
        found = format;
    }
    if (found == nullptr) {
        // A vhd of fixed size can be recognised only by its last sector.
        if (declared_ != "vhd") check_declared("raw");
        return;
    }
    reader_ = found->open(head_);
    check_declared(found->name);
    feed_from_head();
}

void FormatInspector::feed_from_head() {
    while (const auto region = reader_->wanted()) {
        if (region->offset >= head_.size()) return;
        region_.assign(head_.begin() + static_cast<std::ptrdiff_t>(region->offset),
                       head_.begin() + static_cast<std::ptrdiff_t>(
                                           std::min<std::uint64_t>(region->offset + region->size, head_.size())));
        if (region_.size() < region->size) return;
        reader_->take(region_);
        region_.clear();
    }
}

/// Collects the bytes of the region that the reader wants, as far as they are after the head of the image.
void FormatInspector::add_region(std::span<const std::byte> bytes) {
    if (!reader_) return;
    while (const auto region = reader_->wanted()) {
        const std::uint64_t next = region->offset + region_.size();
        if (next < size_ || next - size_ >= bytes.size()) return;
        const auto rest = bytes.subspan(static_cast<std::size_t>(next - size_));
        append(region_, rest.first(std::min(rest.size(), region->size - region_.size())));
        if (region_.size() < region->size) return;
        reader_->take(region_);
        region_ = {};
    }
}

void FormatInspector::check_declared(const std::string& found) const {
    if (!declared_ || *declared_ == found) return;
    if (found == "raw" && is_unknown(*declared_)) return;
    throw Error(ErrorKind::bad_request, "the image is declared as " + *declared_ + " and is " + found +
                                            ": set disk_format to '" + found + "', or upload the right file");
}

Inspection FormatInspector::finish() {
    if (is_skipped_) return {};
    if (is_taken_as_raw_) return {"raw", size_};
    if (!is_recognised_) recognise();
    if (!reader_) {
        const auto fixed = declared_ == "vhd" ? fixed_vhd_size(tail_) : std::nullopt;
        if (fixed) return {"vhd", fixed};
        check_declared("raw");
        if (declared_ && is_unknown(*declared_)) return {*declared_, std::nullopt};
        return {"raw", size_};
    }
    if (reader_->wanted()) {
        // The image has ended in the middle of the region that the reader wants.
        reader_->take(region_);
        if (reader_->wanted())
            throw Error(ErrorKind::bad_request, "the image is cut off in its header: upload the whole file");
    }
    reader_->take_end(tail_, size_);
    return {reader_->name(), reader_->virtual_size()};
}

}  // namespace reprieve
