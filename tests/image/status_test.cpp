#include "image/status.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <utility>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(status_of_images)

BOOST_AUTO_TEST_CASE(names_and_statuses_belong_together_and_scrubbing_is_never_shown) {
    for (int number = 0; number <= 8; ++number) {
        const auto status = static_cast<Status>(number);
        if (status == Status::scrubbing) continue;
        BOOST_TEST((status_from(to_string(status)) == status));
    }
    BOOST_TEST(to_string(Status::scrubbing) == "pending_delete");
    BOOST_TEST((status_from("pending_delete") == Status::pending_delete));
    for (const char* name : {"scrubbing", "", "Active", "killed"}) BOOST_TEST(!status_from(name).has_value());
}

BOOST_AUTO_TEST_CASE(names_and_visibilities_belong_together) {
    for (const char* name : {"private", "shared", "community", "public"})
        BOOST_TEST(to_string(visibility_from(name).value()) == name);
    for (const char* name : {"all", "", "PUBLIC"}) BOOST_TEST(!visibility_from(name).has_value());
}

BOOST_AUTO_TEST_CASE(the_life_of_an_image_has_these_steps_and_no_others) {
    using enum Status;
    const std::set<std::pair<Status, Status>> allowed{{queued, saving},
                                                      {queued, uploading},
                                                      {queued, importing},
                                                      {queued, active},
                                                      {queued, deleted},
                                                      {saving, active},
                                                      {saving, queued},
                                                      {saving, deleted},
                                                      {uploading, importing},
                                                      {uploading, queued},
                                                      {uploading, deleted},
                                                      {importing, active},
                                                      {importing, queued},
                                                      {importing, deleted},
                                                      {active, deactivated},
                                                      {deactivated, active},
                                                      {active, pending_delete},
                                                      {deactivated, pending_delete},
                                                      {pending_delete, active},
                                                      {pending_delete, deactivated},
                                                      {pending_delete, scrubbing},
                                                      {scrubbing, pending_delete},
                                                      {scrubbing, deleted}};
    for (int from = 0; from <= 8; ++from)
        for (int to = 0; to <= 8; ++to) {
            const std::pair step{static_cast<Status>(from), static_cast<Status>(to)};
            BOOST_TEST(may_follow(step.first, step.second) == allowed.contains(step), from << " to " << to);
        }
}

BOOST_AUTO_TEST_SUITE_END()
