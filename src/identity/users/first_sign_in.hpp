#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"

namespace reprieve::identity {

/// One-time sign-in of the first admin. As long as no admin has a password, each start of the process makes a secret.
/// The secret signs an admin in once, within a day, to choose a password. It is shown on the terminal and in a file
/// that only the owner of the data folder can read, never in the log. Any thread may call.
class FirstSignIn {
public:
    /// `file`: path of the file that shows the secret (mode 0600). `catalog` and `clock` must outlive this.
    FirstSignIn(catalog::Catalog& catalog, const Clock& clock, std::string file);

    /// Makes a new secret, which ends the previous one, and writes the file. The file has instructions for a sign-in at
    /// `url`, the URL of this appliance. Returns the text of the file. If an admin has a password, or if there is no
    /// enabled admin, removes the file and returns nullopt. Throws internal or storage_full if the file cannot be
    /// written.
    std::optional<std::string> prepare(const std::string& url);

    /// Uses up the secret, so that it works only once, and removes the file. Returns the id of the user whom the secret
    /// signs in. Throws unauthenticated if the secret is unknown, used, expired or no longer needed.
    std::string redeem(std::string_view secret);

    /// Ends the secret and removes the file if no admin needs the first sign-in any more. Call it after a change of
    /// users or roles.
    void end_if_unneeded();

private:
    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::string file_;
};

}  // namespace reprieve::identity
