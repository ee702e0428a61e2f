#include "app/site_certificate.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/timestamp.hpp"

namespace reprieve::app {
namespace {

constexpr std::int64_t soon_us = 14 * 86'400 * us_per_second;

}  // namespace

SiteCertificate::SiteCertificate(const Config::Server& config, const Clock& clock) : clock_(clock) {
    if (config.tls_certificate.empty()) return;
    context_ = std::make_shared<http::TlsContext>(config.tls_certificate, config.tls_key);
    note();
}

void SiteCertificate::reload() {
    if (!context_) return log_info("tls.not_used", "there is no certificate to read again", {});
    try {
        context_->reload();
        note();
    } catch (const Error& error) {
        log_error("tls.reload_failed", std::string(error.what()) + "; the old certificate stays in use", {});
    }
}

void SiteCertificate::note() const {
    const http::CertificateFacts facts = context_->facts();
    const std::string expires = format_timestamp(facts.expires_us);
    const std::int64_t now_us = clock_.now_us();
    log_info("tls.certificate", {{"subject", facts.subject}, {"expires", expires}, {"sha256", facts.fingerprint}});
    if (facts.expires_us <= now_us)
        log_warning("tls.expired", "the certificate has expired: clients will refuse it; renew it and send SIGHUP",
                    {{"expires", expires}});
    else if (facts.expires_us <= now_us + soon_us)
        log_warning("tls.expires_soon", "the certificate is about to expire: renew it and send SIGHUP",
                    {{"expires", expires}});
    if (facts.begins_us > now_us)
        log_warning("tls.not_yet_valid", "the certificate is not valid yet, or the clock of this machine is wrong",
                    {{"begins", format_timestamp(facts.begins_us)}});
    if (facts.is_key_for_all)
        log_warning("tls.key_readable", "every user of this machine can read the private key: chmod o-r its file", {});
}

void warn_of_clear_text(const Config::Server& config, bool is_loopback) {
    const bool is_behind_proxy = !config.trusted_proxies.empty() || config.public_url.starts_with("https://");
    if (is_loopback || !config.tls_certificate.empty() || is_behind_proxy) return;
    log_warning("server.clear_text",
                "passwords, tokens and images cross the network in clear: set server.tls_certificate and "
                "server.tls_key ('reprieve tls init' makes them), or name the proxy that speaks https for this service "
                "in server.trusted_proxies or server.public_url",
                {{"listen", config.listen}});
}

}  // namespace reprieve::app
