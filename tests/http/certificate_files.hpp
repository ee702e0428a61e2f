#pragma once

#include <fstream>
#include <string>

#include "base/certificate.hpp"
#include "base/clock.hpp"
#include "tests/scratch_folder.hpp"

namespace reprieve::tests {

/// A certificate and its key in files of their own.
struct CertificateFiles {
    CertificateFiles() { renew(); }

    /// Another pair in the same files.
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
