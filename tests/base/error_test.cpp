#include "base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "tests/error_of.hpp"

using namespace reprieve;
using tests::error_of;

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(a_full_disk_or_quota_is_told_apart_from_our_own_mistakes) {
    BOOST_TEST(error_of(ErrorKind::storage_full, [] { throw_errno("cannot write x", ENOSPC); }) ==
               "cannot write x: No space left on device");
    BOOST_TEST(error_of(ErrorKind::storage_full, [] { throw_errno("cannot write x", EDQUOT); }) ==
               "cannot write x: Disk quota exceeded");
    BOOST_TEST(error_of(ErrorKind::internal, [] { throw_errno("cannot write x", EIO); }) ==
               "cannot write x: Input/output error");
}

BOOST_AUTO_TEST_SUITE_END()
