#include "identity/users/names.hpp"

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/utf8.hpp"

namespace reprieve::identity {
namespace {

constexpr std::size_t max_name = 255;
constexpr std::size_t max_description = 1000;
constexpr std::size_t id_bytes = 16;

bool is_plain(std::string_view text) {
    while (!text.empty()) {
        const auto character = first_character(text);
        if (!character || steers_output(character->code)) return false;
        text.remove_prefix(character->bytes);
    }
    return true;
}

}  // namespace

void check_name(std::string_view what, const std::string& name) {
    const auto length = utf8_length(name);
    if (length && *length > 0 && *length <= max_name && is_plain(name) && name.front() != ' ' && name.back() != ' ')
        return;
    const std::string whose = (what.starts_with('a') ? "an " : "a ") + std::string(what);
    throw Error(ErrorKind::bad_request, "the name of " + whose + " has 1 to " + std::to_string(max_name) +
                                            " characters, no control characters and no space at its ends");
}

void check_description(const std::string& description) {
    if (utf8_length(description).value_or(max_description + 1) <= max_description) return;
    throw Error(ErrorKind::bad_request,
                "a description has at most " + std::to_string(max_description) + " characters of UTF-8");
}

std::string new_id() { return random_hex(id_bytes); }

}  // namespace reprieve::identity
