#include "service/images/downloads.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t chunk_bytes = 1 << 20;

/// Opens one copy of the image. Throws unavailable if its bytes are missing or their number has changed.
std::unique_ptr<store::Reader> open_copy(store::StoreSet& stores, const Image& image, const Location& copy) {
    const std::string data = "the data of the image " + image.id + " in the store '" + copy.store + "' ";
    std::unique_ptr<store::Reader> reader;
    try {
        reader = stores.at(copy.store).open(copy.uri);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::not_found)
            throw Error(ErrorKind::unavailable, data + "is missing: run 'reprieve check' for details");
        // The server of the location refused our request; the caller did nothing forbidden.
        if (error.kind() == ErrorKind::forbidden)
            throw Error(ErrorKind::unavailable, data + "cannot be read: " + error.what());
        throw;
    }
    if (reader->size() != copy.size)
        throw Error(ErrorKind::unavailable, data + "has another length: run 'reprieve check' for details");
    return reader;
}

}  // namespace

std::shared_ptr<void> Downloads::take_slot() {
    if (++running_ > max_) {
        --running_;
        throw Error(ErrorKind::too_many_requests,
                    std::to_string(max_) +
                        " downloads are running, which is the maximum (server.max_transfers): "
                        "try again when one has ended");
    }
    return {this, [](Downloads* self) { --self->running_; }};
}

/// Opens the next copy that works and can continue the current one. Returns false if there is no such copy. If all of
/// them failed, throws the error of the first one.
bool Downloads::Opened::open_next() {
    std::optional<Error> problem;
    while (!untried_.empty()) {
        Location copy = std::move(untried_.front());
        untried_.pop_front();
        // Bytes of two copies are joined only if both copies are known to be the same.
        const bool is_same = image_.os_hash_value && copy_.has_digest && copy.has_digest;
        if (has_given_ && !is_same) continue;
        try {
            reader_ = open_copy(*stores_, image_, copy);
            copy_ = std::move(copy);
            return true;
        } catch (const Error& error) {
            log_warning("image.copy_failed", error.what(), {{"image", image_.id}, {"store", copy.store}});
            if (!problem) problem.emplace(error.kind(), error.what());
        }
    }
    if (problem) throw Error(*problem);
    return false;
}

std::size_t Downloads::Opened::read(std::uint64_t offset, std::span<std::byte> out) {
    while (true) try {
            const std::size_t count = reader_->read(offset, out);
            if (count == 0)
                throw Error(ErrorKind::unavailable, "the stored data of the image " + image_.id + " ends too early");
            has_given_ = true;
            return count;
        } catch (const Error& error) {
            log_warning("image.copy_failed", error.what(), {{"image", image_.id}, {"store", copy_.store}});
            if (!open_next()) throw;
        }
}

void Downloads::Opened::start_at(std::uint64_t offset) {
    while (offset > 0 && !reader_->gives_parts())
        if (!open_next())
            throw Error(ErrorKind::bad_request, "the store '" + copy_.store + "' cannot send a part of the image " +
                                                    image_.id + ", only all of it: download it without a Range");
}

Downloads::Opened Downloads::open(const Caller& caller, const std::string& id) {
    Opened opened;
    opened.caller_ = caller;
    const auto find = [&](catalog::Connection& db) { return find_visible(db, caller, Action::download_image, id); };
    opened.image_ = catalog_.read(find);
    const bool is_withheld = judge(caller, Action::download_deactivated) != Verdict::allowed;
    if (opened.image_.status == Status::deactivated && is_withheld)
        throw Error(ErrorKind::forbidden, "the image " + id + " is deactivated: an admin can reactivate it");
    for (const Location& location : opened.image_.locations)
        if (location.state == Location::State::stored) opened.untried_.push_back(location);
    if (opened.untried_.empty()) return opened;
    opened.slot_ = take_slot();
    opened.stores_ = &stores_;
    try {
        opened.open_next();
    } catch (const Error&) {
        // If the image was deleted and scrubbed meanwhile, throw not_found instead of an error about its data.
        catalog_.read(find);
        throw;
    }
    return opened;
}

void Downloads::send(Opened& opened, std::uint64_t offset, std::uint64_t length, const Sink& sink) {
    std::uint64_t sent = 0;
    try {
        std::vector<std::byte> buffer(std::min<std::uint64_t>(chunk_bytes, length));
        while (sent < length) {
            const auto wanted = std::min<std::uint64_t>(buffer.size(), length - sent);
            const std::size_t got = opened.read(offset + sent, std::span(buffer).first(wanted));
            if (!sink(std::span(buffer).first(got))) break;
            sent += got;
        }
    } catch (...) {
        record(opened, sent, length);
        throw;
    }
    record(opened, sent, length);
}

void Downloads::record(const Opened& opened, std::uint64_t sent, std::uint64_t length) {
    const std::string whole = std::to_string(length) + " bytes";
    const std::string detail = sent == length ? whole : std::to_string(sent) + " of " + whole + ", then it was cut off";
    audit_.note_download(
        done_by(opened.caller_, clock_.now_us(), Event::download, opened.image_.id, opened.image_.owner, detail), sent);
}

}  // namespace reprieve::service
