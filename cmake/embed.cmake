# embed_texts(OUTPUT NAMESPACE FUNCTION FILE...): writes the source generated/OUTPUT, which defines
#   std::span<const EmbeddedText> NAMESPACE::FUNCTION()
# It returns the name (without extension) and the text of each file, sorted by name. EmbeddedText is declared in
# base/embedded_text.hpp. CMake writes the source again when a file changes.
function(embed_texts output namespace function)
  set(entries "")
  set(files ${ARGN})
  list(SORT files)
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    get_filename_component(name ${file} NAME_WLE)
    string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  list(LENGTH files count)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${output} @ONLY CONTENT
"#include <array>

#include \"base/embedded_text.hpp\"

namespace @namespace@ {

std::span<const EmbeddedText> @function@() {
  static constexpr std::array<EmbeddedText, @count@> texts{{
@entries@  }};
  return texts;
}

}  // namespace @namespace@
")
endfunction()
