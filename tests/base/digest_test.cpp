#include "base/digest.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(digest)

namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string digest_of(std::string_view algorithm, std::string_view text) {
    Digest digest(algorithm);
    digest.update(bytes(text));
    return digest.finish();
}

}  // namespace

// The digests of "abc" come from RFC 1321, appendix A.5, and from the examples of FIPS 180-4.
BOOST_AUTO_TEST_CASE(known_digests_come_out) {
    BOOST_TEST(digest_of("md5", "abc") == "900150983cd24fb0d6963f7d28e17f72");
    BOOST_TEST(digest_of("md5", "") == "d41d8cd98f00b204e9800998ecf8427e");
    BOOST_TEST(digest_of("sha1", "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    BOOST_TEST(digest_of("sha256", "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(digest_of("sha384", "abc") ==
               "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
    BOOST_TEST(digest_of("sha512", "abc") ==
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

BOOST_AUTO_TEST_CASE(it_does_not_matter_how_the_bytes_are_cut) {
    Digest digest("sha512");
    for (const char* part : {"a", "", "b", "c"}) digest.update(bytes(part));
    BOOST_TEST(digest.finish() == digest_of("sha512", "abc"));
}

BOOST_AUTO_TEST_CASE(an_unknown_digest_is_refused_with_those_that_are_known) {
    for (const char* name : {"", "sha224", "SHA512", "crc32"}) {
        BOOST_TEST(!is_digest_algorithm(name), name);
        BOOST_TEST(
            tests::error_of(ErrorKind::bad_request, [&] { Digest digest(name); }).find("use md5, sha1, sha256") !=
                std::string::npos,
            name);
    }
    for (const char* name : {"md5", "sha1", "sha256", "sha384", "sha512"}) BOOST_TEST(is_digest_algorithm(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
