#include "store/rbd/ceph_library.hpp"

#include <dlfcn.h>

#include <string>

#include "base/error.hpp"

namespace reprieve::store {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorKind::unavailable,
                "a store of type rbd needs Ceph's client libraries, which are not usable here (" + reason +
                    "): install the package librbd1 (apt install librbd1)");
}

std::string last_error() {
    const char* text = ::dlerror();
    return text == nullptr ? "unknown reason" : text;
}

void* open_library(const char* name) {
    void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) refuse(last_error());
    return library;
}

CephLibrary load() {
    void* const rados = open_library("librados.so.2");
    void* const rbd = open_library("librbd.so.1");
    CephLibrary library;
    const auto find = [&](auto& function, const char* name) {
        const std::string_view text = name;
        void* symbol = ::dlsym(text.starts_with("rados_") ? rados : rbd, name);
        if (symbol == nullptr) refuse(last_error());
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(symbol);
    };
#define REPRIEVE_FIND(name) find(library.name, #name);
    REPRIEVE_CEPH_FUNCTIONS(REPRIEVE_FIND)
#undef REPRIEVE_FIND
    return library;
}

}  // namespace

const CephLibrary& CephLibrary::get() {
    // If load() throws, the next call tries again: the package may have been installed in the meantime.
    static const CephLibrary library = load();
    return library;
}

}  // namespace reprieve::store
