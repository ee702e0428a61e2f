#include "identity/users/passwords.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/random.hpp"

namespace reprieve::identity {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t key_bytes = 32;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Returns `bytes` in Base64 (RFC 4648, section 4) without padding.
std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL appends a NUL
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

/// Returns the bytes of Base64 without padding; empty if `text` is invalid.
std::string from_base64(std::string_view text) {
    std::string padded(text);
    while (padded.size() % 4 != 0) padded += '=';
    std::string bytes(padded.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(padded),
                                     static_cast<int>(padded.size()));
    if (size < 0) return {};
    bytes.resize(text.size() * 3 / 4);
    return bytes;
}

[[noreturn]] void refuse_stored() {
    throw Error(ErrorKind::internal, "a stored password has a format that this version does not know");
}

/// Removes `prefix` and a number of 1 to `max` from the start of `text`. Returns the number.
unsigned take_number(std::string_view& text, std::string_view prefix, unsigned max) {
    if (!text.starts_with(prefix)) refuse_stored();
    text.remove_prefix(prefix.size());
    unsigned number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || number == 0 || number > max) refuse_stored();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool is_equal(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace

/// Turn of one caller at scrypt, in the order of arrival. Every caller gets a number when it arrives. It may run while
/// its number is less than the number of callers that have left plus max_running.
class Passwords::Turn {
public:
    explicit Turn(Passwords& passwords) : passwords_(passwords) {
        MutexLock lock(passwords.mutex_);
        if (passwords.arrived_ - passwords.left_ >= max_running + max_waiting)
            throw Error(ErrorKind::too_many_requests, "too many people are signing in; try again in a moment");
        const std::uint64_t number = passwords.arrived_++;
        passwords.place_free_.wait(lock,
                                   [&]() REQUIRES(passwords.mutex_) { return number < passwords.left_ + max_running; });
    }
    ~Turn() {
        const MutexLock lock(passwords_.mutex_);
        ++passwords_.left_;
        passwords_.place_free_.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    Passwords& passwords_;
};

std::string Passwords::hash(std::string_view password) {
    if (password.size() < min_bytes || password.size() > max_bytes)
        throw Error(ErrorKind::bad_request, "a password has " + std::to_string(min_bytes) + " to " +
                                                std::to_string(max_bytes) + " bytes; this one has " +
                                                std::to_string(password.size()));
    if (password.find('\0') != std::string_view::npos)
        throw Error(ErrorKind::bad_request, "a password must not contain a NUL character");
    std::array<unsigned char, salt_bytes> random{};
    fill_random(random);
    const std::string_view salt(reinterpret_cast<const char*>(random.data()), random.size());
    const Turn turn(*this);
    const Cost cost = current_cost;
    return "$scrypt$ln=" + std::to_string(cost.log2_n) + ",r=" + std::to_string(cost.r) +
           ",p=" + std::to_string(cost.p) + "$" + to_base64(salt) + "$" + to_base64(scrypt(password, salt, cost));
}

bool Passwords::verify(std::string_view password, const std::string& stored, const std::function<void()>& at_turn) {
    const Turn turn(*this);
    if (at_turn) at_turn();
    // Unknown user or impossible password: do the same work, so that timing tells nothing.
    const bool is_possible = !stored.empty() && password.size() <= max_bytes;
    if (!is_possible) {
        scrypt("", std::string(salt_bytes, '\0'), current_cost);
        return false;
    }
    const Stored known = parse(stored);
    return is_equal(to_base64(scrypt(password, known.salt, known.cost)), known.key);
}

Passwords::Stored Passwords::parse(std::string_view stored) {
    // The bounds limit the memory that scrypt takes if the stored text is damaged.
    Cost cost{};
    cost.log2_n = take_number(stored, "$scrypt$ln=", 20);
    cost.r = take_number(stored, ",r=", 16);
    cost.p = take_number(stored, ",p=", 4);
    const std::size_t end = stored.find('$', 1);
    if (!stored.starts_with('$') || end == std::string_view::npos) refuse_stored();
    std::string salt = from_base64(stored.substr(1, end - 1));
    if (salt.empty()) refuse_stored();
    return {cost, std::move(salt), std::string(stored.substr(end + 1))};
}

std::string Passwords::scrypt(std::string_view password, std::string_view salt, const Cost& cost) {
    ++runs_;
    const std::uint64_t n = std::uint64_t{1} << cost.log2_n;
    const std::uint64_t blocks = 128ULL * cost.r * (n + cost.p + 2);
    std::string key(key_bytes, '\0');
    if (EVP_PBE_scrypt(password.data(), password.size(), bytes_of(salt), salt.size(), n, cost.r, cost.p, blocks,
                       reinterpret_cast<unsigned char*>(key.data()), key.size()) != 1)
        throw Error(ErrorKind::unavailable, "there is too little memory to check the password; try again in a moment");
    return key;
}

}  // namespace reprieve::identity
