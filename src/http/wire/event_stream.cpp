#include "http/wire/event_stream.hpp"

#include <utility>

namespace reprieve::http {

void EventStream::send(std::string_view text) {
    const MutexLock lock(mutex_);
    if (!is_open_) return;
    is_open_ = waiting_.size() + text.size() <= max_waiting_bytes_;
    if (is_open_) waiting_ += text;
    if (wake_) wake_();
}

void EventStream::end() {
    const MutexLock lock(mutex_);
    if (!std::exchange(is_open_, false)) return;
    if (wake_) wake_();
}

bool EventStream::is_open() const {
    const MutexLock lock(mutex_);
    return is_open_;
}

void EventStream::attach(std::function<void()> wake) {
    const MutexLock lock(mutex_);
    wake_ = std::move(wake);
    if (!is_open_ || !waiting_.empty()) wake_();
}

EventStream::Taken EventStream::take() {
    const MutexLock lock(mutex_);
    return {std::exchange(waiting_, {}), is_open_};
}

void EventStream::detach() {
    const MutexLock lock(mutex_);
    wake_ = nullptr;
    is_open_ = false;
    waiting_.clear();
}

}  // namespace reprieve::http
