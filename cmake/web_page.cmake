# Builds the web page (web/). Writes its compressed files into ${REPRIEVE_WEB_PAGE}, a source that defines
# reprieve::api::embedded_web_assets() (api/browser/web_asset.hpp). npm installs packages only if web/node_modules is
# missing or older than the lock file; otherwise a build needs no network.
find_program(NODE NAMES node nodejs REQUIRED)
find_program(NPM npm REQUIRED)

set(web ${PROJECT_SOURCE_DIR}/web)
set(web_packages ${web}/node_modules/.package-lock.json)
set(REPRIEVE_WEB_PAGE ${PROJECT_BINARY_DIR}/generated/api/web_page.gen.cpp)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web}/src/*)

add_custom_command(
  OUTPUT ${web_packages}
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${web_packages}
  DEPENDS ${web}/package.json ${web}/package-lock.json
  WORKING_DIRECTORY ${web}
  COMMENT "Installing the packages of the web page"
  VERBATIM)
add_custom_command(
  OUTPUT ${REPRIEVE_WEB_PAGE}
  COMMAND ${NODE} build.mjs --embed ${REPRIEVE_WEB_PAGE}
  DEPENDS ${web_packages} ${web}/build.mjs ${web_sources}
  WORKING_DIRECTORY ${web}
  COMMENT "Building the web page"
  VERBATIM)
