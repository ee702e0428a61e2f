#include "identity/keystone/keystone_tokens.hpp"

#include <algorithm>
#include <span>

#include "base/digest.hpp"
#include "base/log.hpp"

namespace reprieve::identity {
namespace {

// Maximum time to cache that a token is unknown. Such a token is usually made up or expired. The time is short, because
// several Keystone servers that have not shared their keys yet do not know each other's valid tokens.
constexpr std::int64_t max_unknown_time_us = 10 * us_per_second;
constexpr std::size_t max_token_bytes = 8192;

std::string key_of(std::string_view token) {
    Digest digest("sha256");
    digest.update(std::as_bytes(std::span(token)));
    return digest.finish();
}

/// Returns whether the token can be sent in a header of a request to Keystone.
bool is_sendable(std::string_view token) {
    return !token.empty() && token.size() <= max_token_bytes &&
           std::all_of(token.begin(), token.end(), [](unsigned char c) { return c > ' ' && c < 0x7F; });
}

TokenFacts facts_of(std::optional<TokenFacts> answer) {
    if (!answer)
        throw Error(ErrorKind::unauthenticated,
                    "Keystone does not know the token, or it has expired or been revoked: sign in again");
    return std::move(*answer);
}

}  // namespace

KeystoneTokens::KeystoneTokens(KeystoneClient& client, const Clock& clock, Options options)
    : client_(client), clock_(clock), options_(options), known_(options.max_cached), unknown_(options.max_cached) {}

TokenFacts KeystoneTokens::validate(std::string_view token) {
    if (!is_sendable(token)) return facts_of({});
    const std::string key = key_of(token);
    MutexLock lock(mutex_);
    if (const auto answer = remembered(key)) return facts_of(*answer);
    // If caching is off, the answer to a question that began before this request is too old, like a cached answer.
    const auto running = questions_.find(key);
    if (options_.cache_time_us > 0 && running != questions_.end()) {
        const auto question = running->second;
        return facts_of(join(question, lock));
    }
    return facts_of(ask(key, token, lock));
}

void KeystoneTokens::forget(std::string_view token) {
    const MutexLock lock(mutex_);
    known_.erase(key_of(token));
}

std::optional<KeystoneTokens::Answer> KeystoneTokens::remembered(const std::string& key) {
    const std::int64_t now = clock_.boot_us();
    if (auto answer = known_.find(key, now)) return answer;
    return unknown_.find(key, now);
}

KeystoneTokens::Answer KeystoneTokens::ask(const std::string& key, std::string_view token, MutexLock& lock) {
    const net::Deadline deadline(client_.timeout_us());
    const auto question = std::make_shared<Question>();
    const bool is_shared = questions_.emplace(key, question).second;
    bool had_turn = false;
    try {
        wait_for_turn(lock, deadline);
        had_turn = true;
        const std::int64_t asked_at = clock_.boot_us();
        {
            const MutexUnlock unlocked(lock, mutex_);
            question->answer = look_up(token, deadline);
        }
        remember(key, question->answer, asked_at);
    } catch (const Error& error) {
        question->error = error;
    } catch (const std::exception& error) {
        question->error = Error(ErrorKind::internal, error.what());
    }
    if (had_turn) {
        --running_;
        note_reached(question->error);
    }
    question->is_over = true;
    if (is_shared) questions_.erase(key);
    changed_.notify_all();
    if (question->error) throw Error(*question->error);
    return question->answer;
}

KeystoneTokens::Answer KeystoneTokens::join(const std::shared_ptr<Question>& question, MutexLock& lock) {
    const net::Deadline deadline(client_.timeout_us());
    if (waiting_ >= options_.max_waiting)
        throw Error(ErrorKind::unavailable, "too many requests wait for Keystone: try again in a moment");
    ++waiting_;
    changed_.wait_until(lock, deadline.at(), [&] { return question->is_over; });
    --waiting_;
    if (!question->is_over) throw Error(ErrorKind::unavailable, "Keystone takes too long: try again in a moment");
    if (question->error) throw Error(*question->error);
    return question->answer;
}

void KeystoneTokens::wait_for_turn(MutexLock& lock, const net::Deadline& deadline) {
    if (running_ >= options_.max_running) {
        if (waiting_ >= options_.max_waiting)
            throw Error(ErrorKind::unavailable, "too many requests wait for Keystone: try again in a moment");
        ++waiting_;
        const bool is_free = changed_.wait_until(lock, deadline.at(),
                                                 [this]() REQUIRES(mutex_) { return running_ < options_.max_running; });
        --waiting_;
        if (!is_free) throw Error(ErrorKind::unavailable, "Keystone takes too long: try again in a moment");
    }
    ++running_;
}

KeystoneTokens::Answer KeystoneTokens::look_up(std::string_view token, const net::Deadline& deadline) {
    try {
        return client_.look_up(token, deadline);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unavailable) throw;
        throw Error(ErrorKind::unavailable,
                    std::string("the token cannot be checked now, try again later: ") + error.what());
    }
}

void KeystoneTokens::remember(const std::string& key, const Answer& answer, std::int64_t asked_at_boot_us) {
    if (options_.cache_time_us == 0) return;
    if (!answer) {
        unknown_.put(key, answer, asked_at_boot_us + std::min(max_unknown_time_us, options_.cache_time_us));
        return;
    }
    const std::int64_t lifetime = answer->expires_at - clock_.now_us();
    if (lifetime > 0) known_.put(key, answer, asked_at_boot_us + std::min(lifetime, options_.cache_time_us));
}

/// Logs only changes: one line when Keystone becomes unavailable, and one line when it answers again.
void KeystoneTokens::note_reached(const std::optional<Error>& error) {
    const bool is_reached = !error.has_value();
    if (is_reached == is_reached_) return;
    is_reached_ = is_reached;
    if (is_reached)
        log_info("keystone.back", {{"url", client_.url()}});
    else
        log_warning("keystone.unavailable", error->what(), {{"url", client_.url()}});
}

}  // namespace reprieve::identity
