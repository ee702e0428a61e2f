#pragma once

#include <fstream>
#include <string>

#include "base/certificate.hpp"
#include "base/clock.hpp"
#include "tests/scratch_folder.hpp"

namespace reprieve::tests {

/// Self-signed certificate and its key, in two files.
struct CertificateFiles {
    CertificateFiles() { renew(); }

    /// Writes another pair, valid for `days` days, to the same files.
    void renew(int days = 10) {
        made = make_self_signed({"localhost", "127.0.0.1"}, days, SystemClock().now_us());
        std::ofstream(certificate) << made.certificate;
        std::ofstream(key) << made.key;
    }

    ScratchFolder folder;
    std::string certificate = folder.path() + "/certificate.pem";
    std::string key = folder.path() + "/key.pem";
    SelfSigned made;
};

}  // namespace reprieve::tests
