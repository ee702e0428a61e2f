#include "image/format_inspector.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "tests/sample_bytes.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

Inspection inspect(const std::string& image, std::optional<std::string> declared = std::nullopt,
                   std::size_t step = SIZE_MAX, bool raw_accepts_any_format = false) {
    FormatInspector inspector(std::move(declared), true, raw_accepts_any_format);
    for (std::size_t at = 0; at < image.size();) {
        const std::size_t count = std::min(step, image.size() - at);
        inspector.add(as_byte_span(image).subspan(at, count));
        at += count;
    }
    return inspector.finish();
}

auto says(const std::string& words) {
    return [=](const Error& error) {
        BOOST_TEST_MESSAGE(error.what());
        return error.kind() == ErrorKind::bad_request && std::string(error.what()).find(words) != std::string::npos;
    };
}

/// Folder for real images, which qemu-img creates.
struct Fixture {
    ScratchFolder folder;

    std::string read(const std::string& name) {
        std::ifstream file(folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void qemu_img(const std::string& arguments) {
        const std::string command = "cd '" + folder.path() + "' && qemu-img " + arguments + " >/dev/null";
        BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, "qemu-img (package qemu-utils) failed: " << arguments);
    }

    /// Creates an image of 3 MiB with some data, in the format that `options` name. Returns its bytes.
    std::string convert(const std::string& options) {
        std::ofstream(folder / "disk.raw", std::ios::binary)
            << sample_bytes(mebibyte) << std::string(2 * mebibyte, '\0');
        qemu_img("convert -f raw -O " + options + " disk.raw image");
        return read("image");
    }
};

void put(std::string& image, std::size_t offset, const std::string& bytes) {
    image.replace(offset, bytes.size(), bytes);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(format_inspector, Fixture)

BOOST_AUTO_TEST_CASE(real_images_are_recognised_with_their_virtual_size_however_they_arrive) {
    const std::pair<const char*, const char*> samples[] = {
        {"qcow2", "qcow2"},
        {"qcow2 -o compat=0.10", "qcow2"},
        {"qcow2 -c -o compression_type=zlib", "qcow2"},
        {"vmdk", "vmdk"},
        {"vmdk -o subformat=streamOptimized", "vmdk"},
        {"vpc -o force_size=on", "vhd"},
        {"vhdx", "vhdx"},
        {"vdi", "vdi"},
        {"raw", "raw"},
    };
    for (const auto& [options, format] : samples) {
        const std::string image = convert(options);
        for (const std::size_t step : {SIZE_MAX, std::size_t{256} * 1024, std::size_t{65'537}, std::size_t{1000}}) {
            for (const auto& declared : {std::optional<std::string>(), std::optional<std::string>(format)}) {
                const Inspection found = inspect(image, declared, step);
                BOOST_TEST(found.format == format, options);
                BOOST_TEST(found.virtual_size.value_or(0) == 3 * mebibyte, options);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_fixed_vhd_is_one_where_it_is_declared_so) {
    const std::string image = convert("vpc -o subformat=fixed,force_size=on");
    const Inspection found = inspect(image, "vhd", 1000);
    BOOST_TEST(found.format == "vhd");
    BOOST_TEST(found.virtual_size.value() == 3 * mebibyte);
    BOOST_TEST(inspect(image).format == "raw");
    BOOST_CHECK_EXCEPTION(inspect(sample_bytes(mebibyte), "vhd"), Error, says("declared as vhd and is raw"));
}

BOOST_AUTO_TEST_CASE(a_qcow2_with_a_backing_file_is_refused) {
    qemu_img("create -f qcow2 base 1M");
    qemu_img("create -f qcow2 -b base -F qcow2 overlay");
    BOOST_CHECK_EXCEPTION(inspect(read("overlay"), "qcow2"), Error, says("backing file"));
    BOOST_CHECK_EXCEPTION(inspect(read("overlay")), Error, says("qemu-img convert"));
}

BOOST_AUTO_TEST_CASE(a_qcow2_with_a_data_file_is_refused) {
    qemu_img("create -f qcow2 -o data_file=elsewhere,data_file_raw=on image 1M");
    BOOST_CHECK_EXCEPTION(inspect(read("image"), "qcow2"), Error, says("in another file"));
}

BOOST_AUTO_TEST_CASE(a_qcow2_with_unknown_features_or_version_is_refused) {
    std::string image = convert("qcow2");
    std::string other = image;
    put(other, 72, std::string("\1\0\0\0\0\0\0\0", 8));
    BOOST_CHECK_EXCEPTION(inspect(other), Error, says("features"));
    other = image;
    put(other, 79, "\x10");
    BOOST_CHECK_EXCEPTION(inspect(other), Error, says("features"));
    put(image, 7, "\1");
    BOOST_CHECK_EXCEPTION(inspect(image), Error, says("version 1"));
    BOOST_CHECK_EXCEPTION(inspect(convert("qcow2").substr(0, 40)), Error, says("cut off"));
}

BOOST_AUTO_TEST_CASE(qed_is_always_refused) {
    qemu_img("create -f qed image 1M");
    BOOST_CHECK_EXCEPTION(inspect(read("image")), Error, says("QED"));
    BOOST_CHECK_EXCEPTION(inspect(read("image"), "raw"), Error, says("QED"));
}

BOOST_AUTO_TEST_CASE(a_vmdk_that_reaches_for_other_files_is_refused) {
    for (const char* kind : {"monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat"}) {
        qemu_img(std::string("create -f vmdk -o subformat=") + kind + " image.vmdk 1M");
        BOOST_CHECK_EXCEPTION(inspect(read("image.vmdk"), "vmdk"), Error, says("in other files"));
    }
    qemu_img("create -f vmdk base.vmdk 1M");
    qemu_img("create -f vmdk -b base.vmdk -F vmdk overlay.vmdk");
    BOOST_CHECK_EXCEPTION(inspect(read("overlay.vmdk"), "vmdk"), Error, says("parent"));
}

BOOST_AUTO_TEST_CASE(a_vmdk_with_a_changed_descriptor_is_refused) {
    const std::string image = convert("vmdk");
    const std::size_t type = image.find("monolithicSparse");
    const std::size_t extent = image.find("RW ");
    BOOST_REQUIRE(type != std::string::npos);
    BOOST_REQUIRE(extent != std::string::npos);
    std::string other = image;
    put(other, type, "monolithicFlat\" ");
    BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("createType"));
    other = image;
    put(other, type - 12, "createTyp_=");
    BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("createType"));
    other = image;
    put(other, extent, "RW 1 FLAT \"/etc/passwd\" 0\n\n\n\n");
    BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("another file"));
    other = image;
    put(other, extent, "rw 1 FLAT \"nbd:host:1\" 0\n\n\n\n");
    BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("another file"));
    other = image;
    put(other, extent, "R_");
    BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("no extent"));
}

BOOST_AUTO_TEST_CASE(a_vmdk_with_a_changed_header_is_refused) {
    const std::string image = convert("vmdk");
    for (const auto& [offset, bytes] : {std::pair<std::size_t, std::string>{4, "\4"},
                                        {28, "\2"},
                                        {36, std::string("\0\0", 2)},
                                        {37, "\x10"},
                                        {12, std::string(8, '\0')}}) {
        std::string other = image;
        put(other, offset, bytes);
        BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("vmdk"));
    }
}

BOOST_AUTO_TEST_CASE(a_vmdk_with_a_long_descriptor_is_read_to_its_end) {
    std::string image = convert("vmdk");
    put(image, 36, "\xc8");
    BOOST_TEST(inspect(image, "vmdk").format == "vmdk");
    const std::size_t extent = image.find("RW ");
    put(image, 512 + 300, std::string(199 * 512, '\n'));
    put(image, extent, "#");
    for (const std::size_t step : {SIZE_MAX, std::size_t{65'000}, std::size_t{1000}}) {
        put(image, 90 * 1024, "RW 1 SPARSE \"a\"");
        BOOST_TEST(inspect(image, "vmdk", step).format == "vmdk");
        put(image, 90 * 1024, "RW 1 SPARSE \"/\"");
        BOOST_CHECK_EXCEPTION(inspect(image, "vmdk", step), Error, says("another file"));
    }
}

BOOST_AUTO_TEST_CASE(the_footer_of_a_stream_optimised_vmdk_is_read_too) {
    // VMware puts the grain directory at the end, qemu-img at the start. So give the image VMware's layout: a header
    // that points to the end, and a footer.
    std::string image = convert("vmdk -o subformat=streamOptimized");
    std::string marker(512, '\0');
    marker[12] = 3;
    const std::string last = image.substr(0, 512);
    put(image, 56, std::string(8, '\xff'));
    image += marker + last + std::string(512, '\0');
    const std::size_t footer = image.size() - 1024;
    BOOST_TEST(inspect(image, "vmdk").virtual_size.value() == 3 * mebibyte);
    BOOST_TEST(inspect(image, "vmdk", 700).format == "vmdk");
    std::string other = image;
    put(other, footer + 28, "\x7f");
    BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("descriptor"));
    other = image;
    put(other, footer, "X");
    BOOST_CHECK_EXCEPTION(inspect(other, "vmdk"), Error, says("footer"));
    BOOST_CHECK_EXCEPTION(inspect(image.substr(0, image.size() - 512), "vmdk"), Error, says("footer"));
}

BOOST_AUTO_TEST_CASE(a_text_that_qemu_takes_for_a_vmdk_is_one) {
    for (const char* text : {"# Disk DescriptorFile\nversion=1\n",
                             "# note\n\n  \nversion=1\nRW 1 FLAT \"/etc/passwd\" 0\n", "version=3\n"})
        BOOST_CHECK_EXCEPTION(inspect(text, "raw"), Error, says("in other files"));
    BOOST_TEST(inspect("#!/bin/sh\necho version=1\n", "raw").format == "raw");
}

BOOST_AUTO_TEST_CASE(a_vhdx_or_vhd_with_a_parent_is_refused) {
    std::string vhd = convert("vpc");
    put(vhd, 63, "\4");
    BOOST_CHECK_EXCEPTION(inspect(vhd, "vhd"), Error, says("parent"));
    std::string vhdx = convert("vhdx");
    const std::size_t metadata = vhdx.find("metadata", mebibyte);
    BOOST_REQUIRE(metadata != std::string::npos);
    // The first item is the file parameters: 4 bytes of block size, then the flags.
    put(vhdx, metadata + 64 * 1024 + 4, "\2");
    BOOST_CHECK_EXCEPTION(inspect(vhdx, "vhdx"), Error, says("parent"));
}

BOOST_AUTO_TEST_CASE(a_damaged_vhdx_is_refused) {
    const std::string image = convert("vhdx");
    std::string other = image;
    put(other, 192 * 1024, "X");
    BOOST_CHECK_EXCEPTION(inspect(other, "vhdx"), Error, says("damaged"));
    BOOST_CHECK_EXCEPTION(inspect(image.substr(0, 100'000), "vhdx"), Error, says("damaged"));
    BOOST_CHECK_EXCEPTION(inspect(image.substr(0, 300'000), "vhdx"), Error, says("damaged"));
}

BOOST_AUTO_TEST_CASE(a_disk_with_partitions_is_raw) {
    std::string disk(mebibyte, '\0');
    put(disk, 510, "\x55\xaa");
    put(disk, 446, "\x80");
    put(disk, 450, "\x83");
    BOOST_TEST(inspect(disk, "raw").format == "raw");
    BOOST_TEST(inspect(disk, "raw").virtual_size.value() == mebibyte);
    put(disk, 446, std::string(1, '\0'));
    put(disk, 450, "\xee");
    BOOST_TEST(inspect(disk, "raw").format == "raw");
}

BOOST_AUTO_TEST_CASE(an_iso_is_recognised_also_when_it_boots_from_a_disk) {
    std::string iso(mebibyte, '\0');
    put(iso, 32768, "\1CD001\1");
    put(iso, 32768 + 80, std::string("\x40\0\0\0", 4));
    put(iso, 32768 + 128, std::string("\0\x08", 2));
    BOOST_TEST(inspect(iso, "iso").format == "iso");
    BOOST_TEST(inspect(iso, "iso", 999).virtual_size.value() == 64U * 2048);
    put(iso, 450, "\x83");
    put(iso, 510, "\x55\xaa");
    BOOST_TEST(inspect(iso, "iso").format == "iso");
    BOOST_CHECK_EXCEPTION(inspect(iso, "raw"), Error, says("is iso"));
}

BOOST_AUTO_TEST_CASE(a_luks_container_is_raw) {
    std::string luks(mebibyte, '\0');
    for (const char version : {'\1', '\2'}) {
        put(luks, 0, std::string("LUKS\xba\xbe\0", 7) + version);
        const auto found = inspect(luks, "raw");
        BOOST_TEST(found.format == "raw");
        BOOST_TEST(found.virtual_size.value() == mebibyte);
        BOOST_CHECK_EXCEPTION(inspect(luks, "qcow2"), Error, says("set disk_format to 'raw'"));
    }
}

BOOST_AUTO_TEST_CASE(a_file_of_two_formats_at_once_is_refused) {
    std::string image = convert("qcow2");
    put(image, 32768, "\1CD001\1");
    BOOST_CHECK_EXCEPTION(inspect(image, "qcow2"), Error, says("at once"));
    BOOST_CHECK_EXCEPTION(inspect(image, "iso"), Error, says("at once"));
    image = convert("qcow2");
    put(image, 446, std::string(64, '\0'));
    put(image, 450, "\x83");
    put(image, 510, "\x55\xaa");
    BOOST_CHECK_EXCEPTION(inspect(image, "qcow2"), Error, says("at once"));
}

BOOST_AUTO_TEST_CASE(an_image_that_is_not_what_it_is_declared_to_be_is_refused) {
    BOOST_CHECK_EXCEPTION(inspect(convert("qcow2"), "raw"), Error, says("declared as raw and is qcow2"));
    BOOST_CHECK_EXCEPTION(inspect(convert("vdi"), "qcow2"), Error, says("set disk_format to 'vdi'"));
    BOOST_CHECK_EXCEPTION(inspect(sample_bytes(mebibyte), "qcow2"), Error, says("declared as qcow2 and is raw"));
    BOOST_CHECK_EXCEPTION(inspect("", "qcow2"), Error, says("declared as qcow2 and is raw"));
    BOOST_CHECK_EXCEPTION(inspect(convert("qcow2"), "ploop"), Error, says("declared as ploop and is qcow2"));
}

BOOST_AUTO_TEST_CASE(a_mismatch_shows_as_soon_as_the_header_is_complete) {
    FormatInspector inspector("qcow2", true);
    const std::string image = sample_bytes(64 * 1024);
    inspector.add(as_byte_span(image).first(60 * 1024));
    BOOST_CHECK_EXCEPTION(inspector.add(as_byte_span(image).subspan(60 * 1024)), Error, says("is raw"));
}

BOOST_AUTO_TEST_CASE(what_is_not_to_be_looked_into_is_not) {
    const std::string image = convert("qcow2");
    for (const char* declared : {"aki", "ari", "ami"}) BOOST_TEST(inspect(image, declared).format == "");
    FormatInspector not_bare("raw", false);
    not_bare.add(as_byte_span(image));
    BOOST_TEST(not_bare.finish().format == "");
    BOOST_TEST(inspect(sample_bytes(1000), "ploop").format == "ploop");
}

BOOST_AUTO_TEST_CASE(raw_can_be_told_to_accept_any_format) {
    const std::string image = convert("qcow2");
    BOOST_TEST(inspect(image, "raw", SIZE_MAX, true).format == "raw");
    BOOST_TEST(inspect(image, "raw", SIZE_MAX, true).virtual_size.value() == image.size());
    BOOST_CHECK_EXCEPTION(inspect(image, "vdi", SIZE_MAX, true), Error, says("is qcow2"));
}

BOOST_AUTO_TEST_CASE(an_empty_image_is_raw) { BOOST_TEST(inspect("").virtual_size.value() == 0U); }

BOOST_AUTO_TEST_CASE(no_prefix_of_a_real_image_does_more_than_refuse) {
    for (const char* options : {"qcow2", "vmdk", "vhdx", "vpc", "vdi"}) {
        const std::string image = convert(options);
        for (std::size_t size = 1; size < image.size() && size < 3 * mebibyte; size = size * 2 + 3) {
            try {
                inspect(image.substr(0, size));
            } catch (const Error& error) {
                BOOST_TEST((error.kind() == ErrorKind::bad_request));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
