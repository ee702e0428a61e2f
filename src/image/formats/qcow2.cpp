#include "image/formats/format_reader.hpp"
#include "image/formats/header_fields.hpp"

// Sources: QEMU's docs/interop/qcow2.rst and qed_spec.rst.
namespace reprieve {
namespace {

constexpr std::uint64_t data_file_bit = 1 << 2;
constexpr std::uint64_t known_bits = 0xf;  // the bits for: dirty, corrupt, external data file, compression type

bool is_qcow2(std::span<const std::byte> head) { return has_text_at(head, 0, "QFI\xfb"); }

std::unique_ptr<FormatReader> open_qcow2(std::span<const std::byte> head) {
    const auto version = big_endian<std::uint32_t>(head, 4);
    if (version != 2 && version != 3)
        throw Error(ErrorKind::bad_request,
                    "the qcow2 image has version " + std::to_string(version) +
                        ", but only 2 and 3 are allowed: convert it with 'qemu-img convert -O qcow2' and upload again");
    if (big_endian<std::uint64_t>(head, 8) != 0)
        throw Error(ErrorKind::bad_request,
                    "the qcow2 image names a backing file, which would be read on the host that opens it: flatten it "
                    "with 'qemu-img convert -O qcow2' and upload again");
    if (version == 3) {
        const auto incompatible = big_endian<std::uint64_t>(head, 72);
        if ((incompatible & data_file_bit) != 0)
            throw Error(ErrorKind::bad_request,
                        "the qcow2 image keeps its data in another file, which would be read on the host that opens "
                        "it: convert it with 'qemu-img convert -O qcow2' and upload again");
        if ((incompatible & ~known_bits) != 0)
            throw Error(ErrorKind::bad_request,
                        "the qcow2 image needs features that are not supported: convert it with 'qemu-img convert -O "
                        "qcow2' and upload again");
    }
    return std::make_unique<HeaderReader>("qcow2", big_endian<std::uint64_t>(head, 24));
}

bool is_qed(std::span<const std::byte> head) { return has_text_at(head, 0, std::string_view("QED\0", 4)); }

std::unique_ptr<FormatReader> open_qed(std::span<const std::byte>) {
    throw Error(ErrorKind::bad_request,
                "the image is in the format QED, which is not safe to use: convert it with 'qemu-img convert -O "
                "qcow2' and upload again");
}

}  // namespace

const Format qcow2_format{"qcow2", is_qcow2, open_qcow2};
const Format qed_format{"qed", is_qed, open_qed};

}  // namespace reprieve
