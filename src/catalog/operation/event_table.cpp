#include "catalog/operation/event_table.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "base/error.hpp"
#include "base/joined.hpp"
#include "base/utf8.hpp"

namespace reprieve::catalog {

namespace {

// Limits of texts. A refused request may have sent any text as a name. Ids are shorter.
constexpr std::size_t max_name_bytes = 255;
constexpr std::size_t max_detail_bytes = 512;

constexpr const char* columns =
    "n, at, action, user, user_name, project, address, request, target, owner, result, detail, count, "
    "coalesce((SELECT name FROM images WHERE id = events.target AND owner = events.owner), '')";

/// Shortens a text to at most `bytes` bytes, without splitting a character of UTF-8.
void cut(std::string& text, std::size_t bytes) {
    if (text.size() <= bytes) return;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    text.resize(bytes);
}

/// Makes `text` valid UTF-8 and shortens it, because a refused request may contain any bytes, but the list of events is
/// JSON.
void bound(std::string& text, std::size_t bytes) {
    text = as_utf8(text);
    cut(text, bytes);
}

void bound_texts(Event& event) {
    for (std::string* text :
         {&event.action, &event.user, &event.user_name, &event.project, &event.address, &event.request, &event.target})
        bound(*text, max_name_bytes);
    bound(event.detail, max_detail_bytes);
}

std::string owner_of(Connection& db, const std::string& image_id) {
    auto row = db.prepare("SELECT owner FROM images WHERE id = ?1");
    return row.bind(image_id).step() ? row.get<std::string>(0) : std::string();
}

Event read_event(const Statement& row) {
    Event event;
    int column = 0;
    const auto next = [&](auto& member) { member = row.get<std::decay_t<decltype(member)>>(column++); };
    next(event.number);
    next(event.at);
    next(event.action);
    next(event.user);
    next(event.user_name);
    next(event.project);
    next(event.address);
    next(event.request);
    next(event.target);
    next(event.owner);
    next(event.result);
    next(event.detail);
    next(event.count);
    next(event.target_name);
    return event;
}

/// Builder of a query for events: the SQL conditions, and the values that are bound to them.
class EventConditions {
public:
    /// Adds the condition if `value` is set. The text of `value` is not copied, so it must outlive the last select().
    template <typename T>
    void add(const std::string& condition, const std::optional<T>& value) {
        if (value) add_value(condition, *value);
    }
    template <typename T>
    void add_value(const std::string& condition, const T& value) {
        texts_.push_back(condition + std::to_string(values_.size() + 1));
        values_.push_back(to_value(value));
    }
    void add(const std::string& condition) { texts_.push_back(condition); }
    /// Adds the condition that an event comes after the position (`at`, `number`) in the list, which is sorted newest
    /// first.
    void add_place(std::int64_t at, std::int64_t number) {
        const auto mark = [&](std::int64_t value) {
            values_.push_back(to_value(value));
            return "?" + std::to_string(values_.size());
        };
        const std::string place = "(" + mark(at) + ", ";
        texts_.push_back("(at, n) < " + place + mark(number) + ")");
    }

    std::vector<Event> select(Connection& db, std::size_t limit) {
        const std::string where = texts_.empty() ? "" : " WHERE " + joined(texts_, " AND ");
        auto rows = db.prepare("SELECT " + std::string(columns) + " FROM events" + where +
                               " ORDER BY at DESC, n DESC LIMIT ?" + std::to_string(values_.size() + 1));
        int index = 0;
        for (const auto& value : values_) rows.bind_value(++index, value);
        rows.bind_value(++index, to_value(limit));
        std::vector<Event> events;
        while (rows.step()) events.push_back(read_event(rows));
        return events;
    }

private:
    std::vector<std::string> texts_;
    std::vector<Value> values_;
};

bool is_newer(const Event& left, const Event& right) {
    return left.at != right.at ? left.at > right.at : left.number > right.number;
}

/// Returns the time of the event `number`, after which a page begins. Returns nullopt if that event has been purged.
/// Purges begin with the oldest events, so the list is taken to end there.
std::optional<std::int64_t> time_of(Connection& db, std::int64_t number) {
    auto row = db.prepare("SELECT at FROM events WHERE n = ?1");
    if (row.bind(number).step()) return row.get<std::int64_t>(0);
    auto newest = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
    if (number < 1 || !newest.step() || number > newest.get<std::int64_t>(0))
        throw Error(ErrorKind::bad_request, "the marker must be the id of the last event of the previous page");
    return std::nullopt;
}

/// Deletes at most `limit` events from before `before_us` that meet `condition`, oldest first. Returns how many.
std::size_t remove_oldest(Connection& db, const std::string& condition, std::int64_t before_us, std::uint64_t limit) {
    db.run(
        "DELETE FROM events WHERE n IN (SELECT n FROM events WHERE at < ?1 AND " + condition + " ORDER BY at LIMIT ?2)",
        before_us, limit);
    return db.changes();
}

}  // namespace

void record_event(Connection& db, Event event) {
    bound_texts(event);
    if (event.is_refusal() && event.owner.empty()) event.owner = owner_of(db, event.target);
    db.run(
        "INSERT INTO events (at, action, user, user_name, project, address, request, target, owner, result, detail, "
        "count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        event.at, event.action, event.user, event.user_name, event.project, event.address, event.request, event.target,
        event.owner, event.result, event.detail, event.count);
    db.after_commit([event = std::move(event)] { log_event(event); });
}

std::vector<Event> list_events(Connection& db, const EventQuery& query) {
    EventConditions conditions;
    const bool is_any_refusal = query.result == "refused";
    std::optional<std::int64_t> marker_at;
    if (query.before_number) {
        marker_at = time_of(db, *query.before_number);
        if (!marker_at) return {};
    }
    conditions.add("target = ?", query.target);
    conditions.add("user = ?", query.user);
    conditions.add("owner = ?", query.owner);
    conditions.add("action = ?", query.action);
    conditions.add("at >= ?", query.since);
    conditions.add("at < ?", query.until);
    if (query.result && query.result != Event::done) conditions.add("result <> 'done'");  // uses the small index
    if (!is_any_refusal) conditions.add("result = ?", query.result);
    if (marker_at) conditions.add_place(*marker_at, *query.before_number);
    if (!query.scope) return conditions.select(db, query.limit);

    // Merges one page of the project and one of the user, because project and user have separate indexes.
    EventConditions own = conditions;
    conditions.add_value("owner = ?", query.scope->project);
    own.add_value("user = ?", query.scope->user);
    std::vector<Event> of_project;
    if (!query.scope->project.empty()) of_project = conditions.select(db, query.limit);
    const auto of_user = own.select(db, query.limit);
    std::vector<Event> events;
    std::set_union(of_project.begin(), of_project.end(), of_user.begin(), of_user.end(), std::back_inserter(events),
                   is_newer);
    if (events.size() > query.limit) events.resize(query.limit);
    return events;
}

std::size_t purge_events(Connection& db, std::int64_t before_us, const EventBounds& bounds, std::size_t limit) {
    std::size_t purged = remove_oldest(db, "TRUE", before_us, limit);
    // The query counts in an index, which takes some milliseconds for a million events, and runs rarely. A stored count
    // would slow down every write.
    const auto count_of = [&](const std::string& condition) {
        auto row = db.prepare("SELECT count(*) FROM events WHERE " + condition);
        row.step();
        return row.get<std::uint64_t>(0);
    };
    const auto remove_beyond = [&](const std::string& condition, std::uint64_t count, std::uint64_t bound) {
        if (count <= bound || purged >= limit) return std::size_t{0};
        constexpr auto end_of_time = std::numeric_limits<std::int64_t>::max();
        const auto wanted = std::min<std::uint64_t>(count - bound, limit - purged);
        const std::size_t removed = remove_oldest(db, condition, end_of_time, wanted);
        purged += removed;
        return removed;
    };
    const std::string refused = "result <> 'done'";
    const std::string downloaded = "action = 'image.download' AND result = 'done'";
    const std::uint64_t refusals = count_of(refused);
    const std::uint64_t acts = count_of("TRUE") - refusals;
    const std::size_t downloads_removed = remove_beyond(downloaded, count_of(downloaded), bounds.events / 2);
    remove_beyond("result = 'done'", acts - downloads_removed, bounds.events);
    remove_beyond(refused, refusals, bounds.refusals);
    return purged;
}

}  // namespace reprieve::catalog
