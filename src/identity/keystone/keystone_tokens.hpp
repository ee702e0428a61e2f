#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "identity/expiring_cache.hpp"
#include "identity/keystone/keystone_client.hpp"
#include "identity/token_validator.hpp"

namespace reprieve::identity {

/// Tokens of a Keystone. Any thread may call.
///
/// What Keystone says is kept for a time, under the SHA-256 of the token, and no longer than the token lasts; that a
/// token is unknown is kept for some seconds, apart, so that a flood of made-up tokens pushes out none that is good.
/// Requests with one token ask once. A few questions run at a time, some more wait, and what is beyond is turned away
/// (unavailable), so that neither a flood nor a Keystone that hangs takes all workers of the server.
class KeystoneTokens final : public TokenValidator {
public:
    struct Options {
        std::int64_t cache_time_us = 300 * us_per_second;  ///< 0: Keystone is asked for every request
        std::size_t max_cached = 4096;                     ///< tokens, each kind
        std::size_t max_running = 8;                       ///< questions at a time
        std::size_t max_waiting = 48;                      ///< requests that wait for an answer, beside those
    };

    /// `client` and `clock` outlive this.
    KeystoneTokens(KeystoneClient& client, const Clock& clock, Options options);

    TokenFacts validate(std::string_view token) override;

    /// Keystone is asked again about this token.
    void forget(std::string_view token);

private:
    using Answer = std::optional<TokenFacts>;  ///< nothing: Keystone does not know the token

    /// A question that runs, or waits for its turn; whoever comes with the same token waits for its end.
    struct Question {
        bool is_over = false;
        Answer answer;
        std::optional<Error> error;
    };

    std::optional<Answer> remembered(const std::string& key);
    Answer ask(const std::string& key, std::string_view token, std::unique_lock<std::mutex>& lock);
    Answer join(const std::shared_ptr<Question>& question, std::unique_lock<std::mutex>& lock);
    void wait_for_turn(std::unique_lock<std::mutex>& lock, const net::Deadline& deadline);
    Answer look_up(std::string_view token, const net::Deadline& deadline);
    void remember(const std::string& key, const Answer& answer, std::int64_t asked_at_boot_us);
    void note_reached(const std::optional<Error>& error);

    KeystoneClient& client_;
    const Clock& clock_;
    const Options options_;
    std::mutex mutex_;
    std::condition_variable changed_;  ///< a question is over
    ExpiringCache<Answer> known_;
    ExpiringCache<Answer> unknown_;
    std::map<std::string, std::shared_ptr<Question>> questions_;
    std::size_t running_ = 0;
    std::size_t waiting_ = 0;
    bool is_reached_ = true;  ///< what the log says last
};

}  // namespace reprieve::identity
