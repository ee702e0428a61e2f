#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"

namespace reprieve::identity {

/// The sign-in of the first start. As long as no admin has a password, a start makes a secret that signs one in, once
/// and within a day, so that he can choose a password. It is shown on the terminal and in a file for the owner of the
/// data folder alone, never in the log. Any thread may call.
class FirstSignIn {
public:
    /// `file` is where the secret is written to (mode 0600).
    FirstSignIn(catalog::Catalog& catalog, const Clock& clock, std::string file);

    /// Makes a new secret, which ends the one before, and writes the file: what it is and what to do with it, for
    /// clients of `url`. Returns the text of the file; nothing, and the file is removed, where some admin has a
    /// password. Throws where the file cannot be written.
    std::optional<std::string> prepare(const std::string& url);

    /// The id of the user whom the secret signs in. It does not work again, and the file is removed. Throws
    /// unauthenticated for a secret that is unknown, used or expired, or that nobody needs any more.
    std::string redeem(std::string_view secret);

    /// Ends the secret and removes the file where no admin needs them any more. To be called after a change of users.
    void tidy();

private:
    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::string file_;
};

}  // namespace reprieve::identity
