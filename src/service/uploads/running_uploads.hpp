#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <string>

#include "base/mutex.hpp"

namespace reprieve::service {

/// Registry of the uploads that run now. Limits their number, and tells an upload to stop if its image was deleted. Any
/// thread may call.
class RunningUploads {
public:
    /// `max`: maximum number of uploads at a time.
    explicit RunningUploads(std::size_t max) : max_(max) {}

    /// Registration of one upload. The upload counts as running while its ticket exists.
    class Ticket {
    public:
        /// Throws too_many_requests if the maximum number of uploads is running.
        Ticket(RunningUploads& uploads, std::string image_id);
        ~Ticket();
        Ticket(const Ticket&) = delete;
        Ticket& operator=(const Ticket&) = delete;

        /// Tells whether cancel() was called for the image.
        bool is_cancelled() const { return cancelled_; }

    private:
        friend class RunningUploads;
        RunningUploads& uploads_;
        std::string image_id_;
        std::atomic<bool> cancelled_{false};
    };

    /// Tells a running upload to that image to stop soon. Does nothing if none runs.
    void cancel(const std::string& image_id);

    /// Tells whether an upload to that image runs.
    bool contains(const std::string& image_id) const;

    /// Returns the number of running uploads.
    std::size_t count() const;

private:
    mutable Mutex mutex_;
    std::multimap<std::string, Ticket*> tickets_ GUARDED_BY(mutex_);
    const std::size_t max_;
};

}  // namespace reprieve::service
