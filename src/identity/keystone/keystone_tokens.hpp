#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/mutex.hpp"
#include "identity/expiring_cache.hpp"
#include "identity/keystone/keystone_client.hpp"
#include "identity/token_validator.hpp"

namespace reprieve::identity {

/// Validator of a Keystone's tokens, with a cache. Any thread may call.
///
/// Keystone's answer about a token is cached under the SHA-256 of the token, for `cache_time_us` but not beyond the
/// token's expiry. Unknown tokens are cached for at most 10 s in a separate cache, so that a flood of made-up tokens
/// evicts no valid one. If caching is on, requests with the same token share one question to Keystone. At most
/// `max_running` questions are in flight and `max_waiting` requests wait; further requests fail with unavailable. This
/// keeps a flood of requests, or a Keystone that hangs, from blocking all workers of the server.
class KeystoneTokens final : public TokenValidator {
public:
    struct Options {
        std::int64_t cache_time_us = 300 * us_per_second;  ///< 0: no caching; every request asks Keystone
        std::size_t max_cached = 4096;                     ///< maximum number of valid tokens, and of unknown ones
        std::size_t max_running = 8;                       ///< maximum number of questions to Keystone in flight
        std::size_t max_waiting = 48;                      ///< maximum number of requests that wait for an answer
    };

    /// `client` and `clock` must outlive this.
    KeystoneTokens(KeystoneClient& client, const Clock& clock, Options options);

    TokenFacts validate(std::string_view token) override;

    /// Drops a valid token from the cache, so that its next use asks Keystone again.
    void forget(std::string_view token);

private:
    using Answer = std::optional<TokenFacts>;  ///< nullopt: Keystone does not know the token

    /// A question to Keystone about one token, in flight or waiting for its turn. Requests with the same token wait for
    /// the same answer. mutex_ guards `is_over`. Until `is_over` is set, only the thread that asks Keystone uses the
    /// other members.
    struct Question {
        bool is_over = false;
        Answer answer;
        std::optional<Error> error;
    };

    std::optional<Answer> remembered(const std::string& key) REQUIRES(mutex_);
    Answer ask(const std::string& key, std::string_view token, MutexLock& lock) REQUIRES(mutex_);
    Answer join(const std::shared_ptr<Question>& question, MutexLock& lock) REQUIRES(mutex_);
    void wait_for_turn(MutexLock& lock, const net::Deadline& deadline) REQUIRES(mutex_);
    Answer look_up(std::string_view token, const net::Deadline& deadline);
    void remember(const std::string& key, const Answer& answer, std::int64_t asked_at_boot_us) REQUIRES(mutex_);
    void note_reached(const std::optional<Error>& error) REQUIRES(mutex_);

    KeystoneClient& client_;
    const Clock& clock_;
    const Options options_;
    Mutex mutex_;
    ConditionVariable changed_;  ///< notified when a question has ended
    ExpiringCache<Answer> known_ GUARDED_BY(mutex_);
    ExpiringCache<Answer> unknown_ GUARDED_BY(mutex_);
    std::map<std::string, std::shared_ptr<Question>> questions_ GUARDED_BY(mutex_);
    std::size_t running_ GUARDED_BY(mutex_) = 0;
    std::size_t waiting_ GUARDED_BY(mutex_) = 0;
    bool is_reached_ GUARDED_BY(mutex_) = true;  ///< whether Keystone answers, as it was logged last
};

}  // namespace reprieve::identity
