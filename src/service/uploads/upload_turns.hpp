#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/mutex.hpp"

namespace reprieve::service {

/// Turns of the requests on each resumable upload: one request works at a time, and the newest request wins. The active
/// request is told to stop, and earlier requests that still wait fail with `locked`, so the queue stays short. A client
/// whose connection died can continue at once, because it need not wait until its dead request times out. Any thread
/// may call.
class UploadTurns {
public:
    /// Purpose of a request.
    enum class Aim {
        go_on,  ///< continues the upload: stops a request that reads, and waits for one that stores the image
        end,    ///< ends the upload: stops even a request that stores the image; not stopped by a newer `go_on`
    };

    /// `patience_us`: maximum time in microseconds that a request waits for its turn.
    explicit UploadTurns(std::int64_t patience_us) : patience_us_(patience_us) {}

    /// Turn of one request: begins with the construction and ends with the destruction. Used by one thread.
    class Turn {
    public:
        /// Blocks until the earlier requests have ended their turns. `interrupt`: function that ends this request's
        /// wait for bytes of the client. Another thread calls it during the turn. It must not use this UploadTurns.
        /// Throws locked after `patience_us`, or if a newer request takes over; unavailable if the appliance stops.
        Turn(UploadTurns& turns, std::string upload_id, Aim aim, std::function<void()> interrupt = {});
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        /// Returns true if a newer request waits, so that this request must read no more bytes. A request that comes
        /// after begin_storing() does not set it.
        bool is_over() const { return is_over_; }

        /// Returns true if a newer request waits to end the upload.
        bool is_ended() const { return is_ended_; }

        /// Marks that all bytes are there and are being stored. From now on only a request that ends the upload stops
        /// this request.
        void begin_storing();

    private:
        friend class UploadTurns;
        UploadTurns& turns_;
        const std::string upload_id_;
        const Aim aim_;
        const std::function<void()> interrupt_;
        const std::uint64_t number_;
        std::atomic<bool> is_over_{false};
        std::atomic<bool> is_ended_{false};
    };

    /// Makes waiting and later requests fail with unavailable. Call it when the appliance stops.
    void stop();

    /// Tells whether a request works on the upload, or waits for its turn.
    bool is_busy(const std::string& upload_id) const;

    /// Tells whether a request is copying the upload to its store. Such a request may not end soon, because a call of
    /// the store cannot be interrupted.
    bool is_storing(const std::string& upload_id) const;

private:
    struct Line {
        Turn* holder = nullptr;
        bool is_storing = false;                 // the holder has called begin_storing()
        std::map<std::uint64_t, Turn*> waiting;  // the key is Turn::number_, the order of arrival
    };

    /// Tells the requests before `turn` to end soon.
    void hurry(Line& line, const Turn& turn) REQUIRES(mutex_);

    /// Wakes the waiting requests after one has left. Deletes the line if it is empty.
    void leave(const std::string& upload_id) REQUIRES(mutex_);

    const std::int64_t patience_us_;
    mutable Mutex mutex_;
    ConditionVariable changed_;
    std::map<std::string, Line> lines_ GUARDED_BY(mutex_);
    bool is_stopping_ GUARDED_BY(mutex_) = false;
    std::atomic<std::uint64_t> last_number_{0};
};

}  // namespace reprieve::service
