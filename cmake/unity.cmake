# unite_by_folder(TARGET): with REPRIEVE_UNITY, has the sources of each folder of the TARGET compiled as one unit.
# Names at file scope must then differ within a folder; a build without it (any preset's default) and clang-tidy keep
# the includes of each file honest. Generated sources stay alone.
function(unite_by_folder target)
  if(NOT REPRIEVE_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder_of_target ${target} SOURCE_DIR)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder_of_target})
    if(source MATCHES "^${PROJECT_BINARY_DIR}/")
      set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    else()
      cmake_path(GET source PARENT_PATH folder)
      cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
      string(MAKE_C_IDENTIFIER "${folder}" group)
      set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${group})
    endif()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # A name of another file is no name that a local one hides, and GCC takes the files of a unit for headers, in which a
  # fixture of an unnamed namespace would be a fault.
  # With more of a unit to inline, GCC 12 takes a variant that holds nothing for one that was never set.
  target_compile_options(${target} PRIVATE -Wno-shadow -Wshadow=local -Wno-subobject-linkage -Wno-maybe-uninitialized)
endfunction()
