#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace reprieve::service {

/// The uploads that run now: how many may, and which are to stop because their image was deleted.
/// Any thread may call.
class RunningUploads {
public:
    /// At most `max` at a time.
    explicit RunningUploads(std::size_t max) : max_(max) {}

    /// One upload, from its construction to its end.
    class Ticket {
    public:
        /// Throws too_many_requests where the most that may run are running.
        Ticket(RunningUploads& uploads, std::string image_id);
        ~Ticket();
        Ticket(const Ticket&) = delete;
        Ticket& operator=(const Ticket&) = delete;

        /// True once cancel() was called for the image.
        bool is_cancelled() const { return cancelled_; }

    private:
        friend class RunningUploads;
        RunningUploads& uploads_;
        std::string image_id_;
        std::atomic<bool> cancelled_{false};
    };

    /// Tells the upload to that image, where one runs, to stop soon.
    void cancel(const std::string& image_id);

    /// True while an upload to that image runs.
    bool contains(const std::string& image_id) const;

    /// How many run.
    std::size_t count() const;

private:
    mutable std::mutex mutex_;
    std::multimap<std::string, Ticket*> tickets_;
    const std::size_t max_;
};

}  // namespace reprieve::service
