# unite_by_floor(TARGET ROOT [PREFIX]): if REPRIEVE_UNITY is set, compiles the sources of each floor of TARGET as one
# unit, build/…/units/TARGET/FLOOR.cpp. A floor is a folder of ROOT with its subfolders (rooms). Names at file scope
# must then differ within a floor. tests/style/alone.py checks that each file includes all it needs. Generated sources,
# and sources with their own compile definitions, are compiled alone.
#
# Not CMake's own UNITY_BUILD: it includes the sources by absolute paths, so ccache could share nothing between two
# checkouts. Here each path is relative to ROOT; PREFIX is the path from TARGET's include folder to ROOT.

# Rooms that are units of their own: api/identity and store/rbd have names in common with the rest of their floor, and
# the tests of service/uploads take as long to compile as the rest of theirs.
set(REPRIEVE_ROOMS_APART api/identity service/uploads store/rbd)

function(unite_by_floor target root)
  if(NOT REPRIEVE_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder_of_target ${target} SOURCE_DIR)
  set(alone "")
  set(units "")
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder_of_target})
    get_source_file_property(definitions ${source} TARGET_DIRECTORY ${target} COMPILE_DEFINITIONS)
    cmake_path(IS_PREFIX PROJECT_BINARY_DIR ${source} is_generated)
    if(definitions OR is_generated)
      list(APPEND alone ${source})
      continue()
    endif()
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${root} OUTPUT_VARIABLE name)
    string(REGEX MATCH "^[^/]+/[^/]+" room "${name}")
    if(room IN_LIST REPRIEVE_ROOMS_APART)
      string(MAKE_C_IDENTIFIER ${room} unit)
    elseif(name MATCHES "^([^/]+)/")
      set(unit ${CMAKE_MATCH_1})
    else()
      set(unit root)
    endif()
    list(APPEND units ${unit})
    string(APPEND text_of_${unit} "#include \"${ARGN}${name}\"\n")
  endforeach()
  list(REMOVE_DUPLICATES units)
  file(GLOB old ${PROJECT_BINARY_DIR}/units/${target}/*.cpp)
  foreach(unit IN LISTS units)
    set(file ${PROJECT_BINARY_DIR}/units/${target}/${unit}.cpp)
    file(CONFIGURE OUTPUT ${file} CONTENT "${text_of_${unit}}" @ONLY)
    list(APPEND alone ${file})
    list(REMOVE_ITEM old ${file})
  endforeach()
  if(old)
    file(REMOVE ${old})
  endif()
  set_target_properties(${target} PROPERTIES SOURCES "${alone}")
  # A local name may hide a name of another file of the unit. GCC treats the sources of a unit as headers and would warn
  # about fixtures in unnamed namespaces. In a unit GCC 12 inlines more, and falsely reports empty variants as
  # uninitialized.
  target_compile_options(${target} PRIVATE -Wno-shadow -Wshadow=local -Wno-subobject-linkage -Wno-maybe-uninitialized)
endfunction()
