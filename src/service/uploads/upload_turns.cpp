#include "service/uploads/upload_turns.hpp"

#include <chrono>
#include <utility>

#include "base/error.hpp"

namespace reprieve::service {

UploadTurns::Turn::Turn(UploadTurns& turns, std::string upload_id, Aim aim, std::function<void()> interrupt)
    : turns_(turns),
      upload_id_(std::move(upload_id)),
      aim_(aim),
      interrupt_(std::move(interrupt)),
      number_(++turns.last_number_) {
    MutexLock lock(turns_.mutex_);
    Line& line = turns_.lines_[upload_id_];
    turns_.hurry(line, *this);
    line.waiting.emplace(number_, this);
    turns_.changed_.notify_all();
    const auto is_next = [&] { return line.holder == nullptr && line.waiting.begin()->first == number_; };
    turns_.changed_.wait_for(lock, std::chrono::microseconds(turns_.patience_us_),
                             [&]() REQUIRES(turns_.mutex_) { return turns_.is_stopping_ || is_over_ || is_next(); });
    const bool has_turn = !turns_.is_stopping_ && !is_over_ && is_next();
    line.waiting.erase(number_);
    if (has_turn) {
        line.holder = this;
        return;
    }
    const bool is_stopping = turns_.is_stopping_;
    turns_.leave(upload_id_);
    if (is_stopping)
        throw Error(ErrorKind::unavailable, "the appliance is stopping: continue the upload when it runs again");
    if (is_over_) throw Error(ErrorKind::locked, "a newer request has taken over the upload " + upload_id_);
    throw Error(ErrorKind::locked,
                "another request is still working on the upload " + upload_id_ + ": try again in a few seconds");
}

UploadTurns::Turn::~Turn() {
    const MutexLock lock(turns_.mutex_);
    Line& line = turns_.lines_.at(upload_id_);
    line.holder = nullptr;
    line.is_storing = false;
    turns_.leave(upload_id_);
}

void UploadTurns::leave(const std::string& upload_id) {
    const auto line = lines_.find(upload_id);
    if (line->second.holder == nullptr && line->second.waiting.empty()) lines_.erase(line);
    // A request that came later may be next now.
    changed_.notify_all();
}

void UploadTurns::stop() {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    changed_.notify_all();
}

void UploadTurns::Turn::begin_storing() {
    const MutexLock lock(turns_.mutex_);
    turns_.lines_.at(upload_id_).is_storing = true;
}

void UploadTurns::hurry(Line& line, const Turn& turn) {
    const bool is_end = turn.aim_ == Aim::end;
    if (line.holder != nullptr) {
        if (is_end) line.holder->is_ended_ = true;
        if (!line.is_storing) line.holder->is_over_ = true;
        // Interrupt only the request that has the turn. The others wake up by themselves, and an interrupted client
        // might not get its answer.
        if (line.holder->is_over_ && line.holder->interrupt_) line.holder->interrupt_();
    }
    for (const auto& [number, other] : line.waiting) {
        if (other->aim_ == Aim::end && !is_end) continue;
        if (is_end) other->is_ended_ = true;
        other->is_over_ = true;
    }
}

bool UploadTurns::is_storing(const std::string& upload_id) const {
    const MutexLock lock(mutex_);
    const auto line = lines_.find(upload_id);
    return line != lines_.end() && line->second.is_storing;
}

bool UploadTurns::is_busy(const std::string& upload_id) const {
    const MutexLock lock(mutex_);
    return lines_.contains(upload_id);
}

}  // namespace reprieve::service
