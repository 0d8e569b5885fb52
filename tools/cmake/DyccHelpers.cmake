# Helper functions for building dycc. Every function starts with `dycc_`, takes
# keyword arguments, rejects unknown ones, and sets no directory property.

# The targets that models may be compiled for: each has a runtime.
set(DYCC_RUNTIME_TRIPLES x86_64-linux-gnu aarch64-linux-gnu
  aarch64-linux-android)

# Usage requirements shared by all C++ targets.
add_library(dycc_options INTERFACE)
target_compile_features(dycc_options INTERFACE cxx_std_20)
target_include_directories(dycc_options INTERFACE
  ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_compile_options(dycc_options INTERFACE
  -Wall -Wextra -Wno-unused-parameter -Wno-deprecated-declarations)
target_link_options(dycc_options INTERFACE -fuse-ld=lld)
if(DYCC_SANITIZE)
  target_compile_options(dycc_options INTERFACE
    -fsanitize=${DYCC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize=vptr)
  # Shared, so that one copy serves a program and the models that it loads.
  execute_process(OUTPUT_VARIABLE library OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libclang_rt.asan-x86_64.so)
  get_filename_component(folder "${library}" DIRECTORY)
  target_link_options(dycc_options INTERFACE
    -fsanitize=${DYCC_SANITIZE} -shared-libsan -Wl,-rpath,${folder})
endif()

# Usage requirements of the targets that see MLIR.
add_library(dycc_mlir_options INTERFACE)
target_link_libraries(dycc_mlir_options INTERFACE dycc_options)
target_include_directories(dycc_mlir_options SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
separate_arguments(dycc_llvm_defs NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(dycc_mlir_options INTERFACE ${dycc_llvm_defs})

# dycc_add_pch(<name> [HEADERS <header>...] [LINKS <lib>...])
# MLIR's headers and others, precompiled, for targets to share: a file that
# includes MLIR compiles three times faster with them.
function(dycc_add_pch name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "HEADERS;LINKS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dycc_add_pch(${name}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  add_library(${name} OBJECT "${PROJECT_SOURCE_DIR}/tools/cmake/Pch.cpp")
  target_link_libraries(${name} PRIVATE dycc_mlir_options ${ARG_LINKS})
  target_precompile_headers(${name} PRIVATE
    "${PROJECT_SOURCE_DIR}/tools/cmake/Pch.h" ${ARG_HEADERS})
endfunction()
dycc_add_pch(dycc_mlir_pch)

# dycc_tablegen(<target> TD <file> OUTPUTS <file> <flags> [<file> <flags>]...)
function(dycc_tablegen target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TD" "OUTPUTS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dycc_tablegen(${target}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  set(LLVM_TARGET_DEFINITIONS ${ARG_TD})
  list(LENGTH ARG_OUTPUTS n)
  math(EXPR last "${n} - 1")
  foreach(i RANGE 0 ${last} 2)
    math(EXPR j "${i} + 1")
    list(GET ARG_OUTPUTS ${i} out)
    list(GET ARG_OUTPUTS ${j} flags)
    separate_arguments(flags)
    mlir_tablegen(${out} ${flags}
      EXTRA_INCLUDES ${MLIR_INCLUDE_DIRS} ${PROJECT_SOURCE_DIR})
  endforeach()
  add_public_tablegen_target(${target})
endfunction()

# dycc_add_library(<name> SOURCES <cpp>... [GENERATED <tablegen-target>...]
#                  [LINKS <lib>...] [NO_MLIR | PCH <target>])
# A static library. NO_MLIR: it sees neither MLIR's headers nor a precompiled
# header. PCH: that of dycc_add_pch() instead of MLIR's alone.
function(dycc_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_MLIR" "PCH" "SOURCES;GENERATED;LINKS")
  if(NOT ARG_PCH)
    set(ARG_PCH dycc_mlir_pch)
  endif()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dycc_add_library(${name}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  add_library(dycc::${name} ALIAS ${name})
  if(ARG_GENERATED)
    add_dependencies(${name} ${ARG_GENERATED})
  endif()
  if(ARG_NO_MLIR)
    target_link_libraries(${name} PUBLIC dycc_options ${ARG_LINKS})
  else()
    target_link_libraries(${name} PUBLIC dycc_mlir_options ${ARG_LINKS})
    target_precompile_headers(${name} REUSE_FROM ${ARG_PCH})
  endif()
endfunction()

# dycc_embed(<library> HEADER <file> NAMESPACE <name> FILES <file>...)
# A header in the build folder with the contents of text files, as constants
# that are named after the files (Embed.cmake).
function(dycc_embed library)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "HEADER;NAMESPACE" "FILES")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dycc_embed(${library}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  set(script "${PROJECT_SOURCE_DIR}/tools/cmake/Embed.cmake")
  list(TRANSFORM ARG_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/"
    OUTPUT_VARIABLE files)
  set(header "${CMAKE_CURRENT_BINARY_DIR}/${ARG_HEADER}")
  add_custom_command(OUTPUT "${header}"
    COMMAND "${CMAKE_COMMAND}" "-DHEADER=${header}"
      "-DNAMESPACE=${ARG_NAMESPACE}" "-DFILES=${files}" -P "${script}"
    DEPENDS ${files} "${script}" COMMENT "" VERBATIM)
  target_sources(${library} PRIVATE "${header}")
endfunction()

# dycc_add_tool(<name> SOURCES <cpp>... [LINKS <lib>...] [NO_MLIR | PCH <target>])
# A program in build/bin.
function(dycc_add_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_MLIR" "PCH" "SOURCES;LINKS")
  if(NOT ARG_PCH)
    set(ARG_PCH dycc_mlir_pch)
  endif()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dycc_add_tool(${name}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  add_executable(${name} ${ARG_SOURCES})
  if(ARG_NO_MLIR)
    target_link_libraries(${name} PRIVATE dycc_options ${ARG_LINKS})
  else()
    target_link_libraries(${name} PRIVATE
      dycc_mlir_options ${ARG_LINKS} MLIR LLVM)
    target_precompile_headers(${name} REUSE_FROM ${ARG_PCH})
  endif()
endfunction()

# dycc_add_gtest(<name> SOURCES <cpp>... [LINKS <lib>...] [NO_MLIR | PCH <target>])
# A GoogleTest program, registered with CTest under its name.
function(dycc_add_gtest name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_MLIR" "PCH" "SOURCES;LINKS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dycc_add_gtest(${name}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  set(mlir)
  if(ARG_NO_MLIR)
    set(mlir NO_MLIR)
  elseif(ARG_PCH)
    set(mlir PCH ${ARG_PCH})
  endif()
  dycc_add_tool(${name} SOURCES ${ARG_SOURCES}
    LINKS ${ARG_LINKS} GTest::gtest GTest::gtest_main ${mlir})
  add_test(NAME ${name} COMMAND ${name})
endfunction()

# dycc_add_lit(<name> SUITE <dir> DEPENDS <target>...)
# A lit suite under test/, registered with CTest under its name.
function(dycc_add_lit name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SUITE" "DEPENDS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "dycc_add_lit(${name}): unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  add_test(NAME ${name}
    COMMAND "${DYCC_LIT}" -sv "${ARG_SUITE}")
  add_custom_target(check-${name}
    COMMAND "${DYCC_LIT}" -sv "${ARG_SUITE}"
    DEPENDS ${ARG_DEPENDS} USES_TERMINAL VERBATIM)
endfunction()
