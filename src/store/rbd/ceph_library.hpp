#pragma once

#include <rados/librados.h>
#include <rbd/librbd.h>

namespace reprieve::store {

/// C functions of librados and librbd that the driver calls. The libraries are loaded with dlopen when the first rbd
/// store is opened, so that the binary also runs on machines without Ceph. They stay loaded. The contracts of the
/// functions are in rados/librados.h and rbd/librbd.h of Ceph 16. Any thread may call.
struct CephLibrary {
    /// Loads the libraries if necessary, and returns their functions. Throws unavailable, with the package to install,
    /// if a library or one of the functions is missing.
    static const CephLibrary& get();

#define REPRIEVE_CEPH_FUNCTIONS(X)        \
    X(rados_create)                       \
    X(rados_conf_read_file)               \
    X(rados_conf_set)                     \
    X(rados_connect)                      \
    X(rados_shutdown)                     \
    X(rados_cluster_fsid)                 \
    X(rados_cluster_stat)                 \
    X(rados_ioctx_create)                 \
    X(rados_ioctx_destroy)                \
    X(rbd_image_options_create)           \
    X(rbd_image_options_destroy)          \
    X(rbd_image_options_set_uint64)       \
    X(rbd_create4)                        \
    X(rbd_remove_with_progress)           \
    X(rbd_open)                           \
    X(rbd_open_read_only)                 \
    X(rbd_close)                          \
    X(rbd_resize)                         \
    X(rbd_stat)                           \
    X(rbd_get_size)                       \
    X(rbd_snap_create)                    \
    X(rbd_snap_exists)                    \
    X(rbd_snap_get_namespace_type)        \
    X(rbd_snap_is_protected)              \
    X(rbd_snap_list)                      \
    X(rbd_snap_list_end)                  \
    X(rbd_snap_protect)                   \
    X(rbd_snap_remove)                    \
    X(rbd_snap_remove_by_id)              \
    X(rbd_snap_set)                       \
    X(rbd_snap_unprotect)                 \
    X(rbd_list2)                          \
    X(rbd_image_spec_list_cleanup)        \
    X(rbd_list_children3)                 \
    X(rbd_linked_image_spec_list_cleanup) \
    X(rbd_watchers_list)                  \
    X(rbd_watchers_list_cleanup)          \
    X(rbd_metadata_get)                   \
    X(rbd_metadata_set)                   \
    X(rbd_diff_iterate2)                  \
    X(rbd_write)                          \
    X(rbd_read)                           \
    X(rbd_aio_create_completion)          \
    X(rbd_aio_release)                    \
    X(rbd_aio_get_return_value)           \
    X(rbd_aio_writev)                     \
    X(rbd_aio_read)                       \
    X(rbd_flush)

#define REPRIEVE_DECLARE(name) decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses): a name
    REPRIEVE_CEPH_FUNCTIONS(REPRIEVE_DECLARE)
#undef REPRIEVE_DECLARE
};

}  // namespace reprieve::store
