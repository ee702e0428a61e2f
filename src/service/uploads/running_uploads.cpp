#include "service/uploads/running_uploads.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve::service {

RunningUploads::Ticket::Ticket(RunningUploads& uploads, std::string image_id)
    : uploads_(uploads), image_id_(std::move(image_id)) {
    const MutexLock lock(uploads_.mutex_);
    if (uploads_.tickets_.size() >= uploads_.max_)
        throw Error(ErrorKind::too_many_requests, std::to_string(uploads_.max_) +
                                                      " uploads are running, which is the maximum "
                                                      "(server.max_transfers): try again when one has ended");
    uploads_.tickets_.emplace(image_id_, this);
}

RunningUploads::Ticket::~Ticket() {
    const MutexLock lock(uploads_.mutex_);
    std::erase_if(uploads_.tickets_, [this](const auto& entry) { return entry.second == this; });
}

void RunningUploads::cancel(const std::string& image_id) {
    const MutexLock lock(mutex_);
    const auto [first, last] = tickets_.equal_range(image_id);
    std::for_each(first, last, [](const auto& entry) { entry.second->cancelled_ = true; });
}

bool RunningUploads::contains(const std::string& image_id) const {
    const MutexLock lock(mutex_);
    return tickets_.contains(image_id);
}

std::size_t RunningUploads::count() const {
    const MutexLock lock(mutex_);
    return tickets_.size();
}

}  // namespace reprieve::service
