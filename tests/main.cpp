#define BOOST_TEST_MODULE reprieve
#include <boost/test/unit_test.hpp>
