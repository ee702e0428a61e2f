#include "identity/local_tokens.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/joined.hpp"
#include "base/random.hpp"
#include "catalog/identity/token_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "identity/secret_hash.hpp"

namespace reprieve::identity {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t audit_id_bytes = 16;
constexpr std::size_t purged_a_time = 1000;

[[noreturn]] void refuse_token() {
    throw Error(ErrorKind::unauthenticated, "the token is unknown, expired or revoked; sign in again");
}

TokenFacts to_facts(catalog::LiveToken live) {
    catalog::Token& token = live.token;
    TokenFacts facts;
    facts.user = {std::move(token.user), std::move(live.user_name)};
    if (token.project) facts.project = {std::move(*token.project), std::move(live.project_name)};
    for (const std::string& role : live.roles) facts.roles.push_back({role, role});
    facts.methods = std::move(token.methods);
    facts.audit_ids = {std::move(token.audit_id)};
    if (!token.parent_audit_id.empty()) facts.audit_ids.push_back(std::move(token.parent_audit_id));
    facts.issued_at = token.issued_at;
    facts.expires_at = token.expires_at;
    facts.application_credential = std::move(token.application_credential);
    facts.may_make_credentials = live.is_unrestricted;
    return facts;
}

}  // namespace

LocalTokens::LocalTokens(catalog::Catalog& catalog, const Clock& clock, std::int64_t lifetime_us)
    : catalog_(catalog), clock_(clock), lifetime_us_(lifetime_us) {}

LocalTokens::NewToken LocalTokens::issue(TokenFacts facts, const Caller& by) {
    std::string token = random_hex(token_bytes);
    facts.audit_ids.insert(facts.audit_ids.begin(), random_hex(audit_id_bytes));
    facts.audit_ids.resize(std::min<std::size_t>(facts.audit_ids.size(), 2));
    facts.issued_at = clock_.now_us();
    if (facts.expires_at == 0) facts.expires_at = facts.issued_at + lifetime_us_;
    const catalog::Token stored{secret_hash(token),
                                facts.audit_ids.front(),
                                facts.audit_ids.size() > 1 ? facts.audit_ids[1] : "",
                                facts.user.id,
                                facts.project ? std::optional(facts.project->id) : std::nullopt,
                                facts.application_credential,
                                facts.methods,
                                facts.issued_at,
                                facts.expires_at};
    catalog_.write([&](catalog::Connection& db) {
        if (!catalog::insert_token(db, stored))
            throw Error(ErrorKind::unauthenticated, "the user or the project was deleted or disabled meanwhile");
        catalog::record_event(
            db, done_by(by, facts.issued_at, "token.create", facts.user.id, {}, joined(facts.methods, ", ")));
    });
    return {std::move(token), std::move(facts)};
}

TokenFacts LocalTokens::validate(std::string_view token) {
    const std::string hash = secret_hash(token);
    auto live = catalog_.read([&](catalog::Connection& db) { return catalog::find_token(db, hash, clock_.now_us()); });
    if (!live) refuse_token();
    return to_facts(std::move(*live));
}

void LocalTokens::revoke(std::string_view token, const Caller& by) {
    const std::string hash = secret_hash(token);
    catalog_.write([&](catalog::Connection& db) {
        const auto live = catalog::find_token(db, hash, clock_.now_us());
        if (!catalog::delete_token(db, hash)) refuse_token();
        if (live) catalog::record_event(db, done_by(by, clock_.now_us(), "token.revoke", live->token.user));
    });
}

void LocalTokens::purge_expired() {
    std::size_t purged = purged_a_time;
    while (purged == purged_a_time) {
        catalog_.write([&](catalog::Connection& db) {
            purged = catalog::delete_expired_tokens(db, clock_.now_us(), purged_a_time);
        });
    }
}

}  // namespace reprieve::identity
