#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace reprieve::service {

/// Who works on a resumable upload: one request at a time, and the newest wins: it has the one at work end soon, and
/// whoever still waits give up, so that few wait at any time. So a client whose connection died goes on at once, and
/// waits for nothing that its dead request waits for. Any thread may call.
class UploadTurns {
public:
    /// What a request comes for.
    enum class Aim {
        go_on,  ///< takes the turn from one that reads, and waits for one that stores the image
        end,    ///< takes it from both, and is not superseded by one that goes on
    };

    /// A request waits at most `patience_us` for its turn.
    explicit UploadTurns(std::int64_t patience_us) : patience_us_(patience_us) {}

    /// One request's turn, from its construction to its end. Used by one thread.
    class Turn {
    public:
        /// Waits until the requests before have given their turn back. `interrupt` ends a wait of this request for the
        /// client's bytes: it is called on another thread, while the turn lasts. Throws locked where the patience ends
        /// first, or a newer request comes first, and unavailable where the appliance stops.
        Turn(UploadTurns& turns, std::string upload_id, Aim aim, std::function<void()> interrupt = {});
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        /// True once a newer request waits: then no more bytes are to be read.
        bool is_over() const { return is_over_; }

        /// True once one waits that ends the upload.
        bool is_ended() const { return is_ended_; }

        /// All bytes are there and are being stored: from now on only what ends the upload takes the turn away.
        void begin_storing();

    private:
        friend class UploadTurns;
        UploadTurns& turns_;
        const std::string upload_id_;
        const Aim aim_;
        const std::function<void()> interrupt_;
        const std::uint64_t number_;
        bool stores_ = false;  // with the mutex
        std::atomic<bool> is_over_{false};
        std::atomic<bool> is_ended_{false};
    };

    /// The appliance stops: nobody waits any more, and whoever asks for a turn is refused with unavailable.
    void stop();

    /// True while a request works on the upload, or waits to.
    bool is_busy(const std::string& upload_id) const;

    /// Returns true while a request copies the upload to its store. It may not give its turn back soon: a call of the
    /// store cannot be interrupted.
    bool is_storing(const std::string& upload_id) const;

private:
    struct Line {
        Turn* holder = nullptr;
        std::map<std::uint64_t, Turn*> waiting;  // by number: the order in which they came
    };

    // With the mutex held.

    /// Has those before `turn` end soon.
    static void hurry(Line& line, const Turn& turn);
    static void hurry_one(Turn& other, Aim aim);

    /// One of the line's has gone.
    void leave(const std::string& upload_id);

    const std::int64_t patience_us_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Line> lines_;
    bool is_stopping_ = false;
    std::atomic<std::uint64_t> last_number_{0};
};

}  // namespace reprieve::service
