# Library targets that are compiled models: docs/cmake.md. Functions whose names
# end in '_' are parts of the two at the end of the file, and see their variables.

# dycc_fail_(<text>...): an error of the function that runs, dycc_function.
function(dycc_fail_)
  set(text)
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE ${last}) # ARGN would lose what divides a list.
    string(APPEND text "${ARGV${i}}")
  endforeach()
  message(FATAL_ERROR "${dycc_function}: ${text}")
endfunction()

# dycc_check_arguments_(): what cmake_parse_arguments() has left of them.
function(dycc_check_arguments_)
  if(ARG_UNPARSED_ARGUMENTS)
    dycc_fail_("unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  if(ARG_KEYWORDS_MISSING_VALUES)
    dycc_fail_("expected a value behind ${ARG_KEYWORDS_MISSING_VALUES}")
  endif()
endfunction()

# dycc_find_triple_(<variable>): of the machine that a project is built for;
# empty where it is this one.
function(dycc_find_triple_ variable)
  set(triple)
  if(CMAKE_CROSSCOMPILING)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
      set(triple aarch64-linux-gnu)
    elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
      set(triple x86_64-linux-gnu)
    else()
      dycc_fail_("no models for CMAKE_SYSTEM_PROCESSOR "
        "'${CMAKE_SYSTEM_PROCESSOR}', expected aarch64 or x86_64")
    endif()
  endif()
  set(${variable} "${triple}" PARENT_SCOPE)
endfunction()

# dycc_find_language_(<variable>): one that the project has, to link with.
function(dycc_find_language_ variable)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(language C CXX)
    if(language IN_LIST languages)
      set(${variable} ${language} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  dycc_fail_("expected a project with the language C or CXX, got '${languages}'")
endfunction()

# dycc_find_kind_(<variable>): SHARED, STATIC or OBJECT, as add_library() does.
function(dycc_find_kind_ variable)
  set(kinds)
  foreach(kind SHARED STATIC OBJECT)
    if(ARG_${kind})
      list(APPEND kinds ${kind})
    endif()
  endforeach()
  list(LENGTH kinds count)
  if(count GREATER 1)
    dycc_fail_("expected one of SHARED, STATIC and OBJECT, got ${kinds}")
  elseif(count EQUAL 0)
    set(kinds STATIC)
    if(BUILD_SHARED_LIBS)
      set(kinds SHARED)
    endif()
  endif()
  set(${variable} ${kinds} PARENT_SCOPE)
endfunction()

# dycc_find_model_(<variable>): the path of the model.
function(dycc_find_model_ variable)
  if(NOT ARG_MODEL)
    dycc_fail_("expected MODEL and an ONNX file")
  endif()
  get_filename_component(model "${ARG_MODEL}" ABSOLUTE
    BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  get_source_file_property(generated "${model}" GENERATED)
  if(NOT generated AND NOT EXISTS "${model}")
    dycc_fail_("no model '${model}', and no command that makes it")
  endif()
  set(${variable} "${model}" PARENT_SCOPE)
endfunction()

# dycc_add_library_(<target>): the target itself, over the variables of
# dycc_add_model().
function(dycc_add_library_ target)
  if(kind STREQUAL "OBJECT")
    # CMake hands an object that it has not compiled to no one but of imported
    # libraries.
    add_custom_target(${target}-objects DEPENDS "${object}" ${headers})
    add_library(${target} OBJECT IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_OBJECTS "${object}")
    add_dependencies(${target} ${target}-objects)
    target_link_libraries(${target} INTERFACE m pthread)
  else()
    set_source_files_properties("${object}" PROPERTIES
      EXTERNAL_OBJECT TRUE GENERATED TRUE)
    add_library(${target} ${kind} "${object}" ${headers})
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE ${language})
    target_link_libraries(${target} PRIVATE m pthread)
  endif()
  if(kind STREQUAL "SHARED")
    # By this name dlopen's users and dycc-run find the model.
    target_link_options(${target} PRIVATE
      "LINKER:--defsym=dycc_model_query=${ARG_NAME}_model_query")
  endif()
  set_target_properties(${target} PROPERTIES
    DYCC_MODEL_QUERY "${ARG_NAME}_model_query")
  target_include_directories(${target} INTERFACE
    "$<BUILD_INTERFACE:${folder}/include>")
  target_link_libraries(${target} INTERFACE dycc::runtime)
endfunction()

# dycc_add_model(<target> MODEL <file> [SHARED|STATIC|OBJECT] [NAME <name>]
#   [NAMESPACE <namespace>] [DIMS <dim>...] [TARGET_TRIPLE <triple>]
#   [FLAGS <flag>...] [HEADER <variable>] [REPORT <variable>])
# A library of the model. Who links it finds its headers, <name>.h and
# <name>.hpp. Made again when the model, its external data or dycc change.
function(dycc_add_model target)
  set(dycc_function "dycc_add_model(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 ARG "SHARED;STATIC;OBJECT"
    "MODEL;NAME;NAMESPACE;TARGET_TRIPLE;HEADER;REPORT" "DIMS;FLAGS;VARIANTS")
  dycc_check_arguments_()
  if(ARG_VARIANTS)
    dycc_fail_("VARIANTS is not supported, a target is one model; "
      "add a target for each of '${ARG_VARIANTS}'")
  endif()
  if(NOT ARG_NAME)
    string(MAKE_C_IDENTIFIER "${target}" ARG_NAME)
  elseif(NOT ARG_NAME MATCHES "^[A-Za-z_][A-Za-z_0-9]*$")
    dycc_fail_("expected NAME to be an identifier of C, got '${ARG_NAME}'")
  endif()
  dycc_find_kind_(kind)
  dycc_find_model_(model)
  dycc_find_language_(language)
  if(NOT ARG_TARGET_TRIPLE)
    dycc_find_triple_(ARG_TARGET_TRIPLE)
  endif()

  get_property(root GLOBAL PROPERTY DYCC_ROOT)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/dycc/${target}")
  set(object "${folder}/${ARG_NAME}.o")
  set(headers "${folder}/include/${ARG_NAME}.h"
    "${folder}/include/${ARG_NAME}.hpp")
  file(MAKE_DIRECTORY "${folder}/include")
  set(options --name "${ARG_NAME}" ${ARG_FLAGS})
  foreach(header IN LISTS headers)
    list(APPEND options --header "${header}")
  endforeach()
  foreach(dim IN LISTS ARG_DIMS)
    list(APPEND options --dim "${dim}")
  endforeach()
  if(ARG_NAMESPACE)
    list(APPEND options --namespace "${ARG_NAMESPACE}")
  endif()
  if(ARG_TARGET_TRIPLE)
    list(APPEND options --target "${ARG_TARGET_TRIPLE}")
  endif()
  set(report)
  if(ARG_REPORT)
    set(report "${folder}/${ARG_NAME}.json")
    list(APPEND options --report "${report}")
    set(${ARG_REPORT} "${report}" PARENT_SCOPE)
  endif()
  if(ARG_HEADER)
    set(${ARG_HEADER} "${headers}" PARENT_SCOPE)
  endif()
  set(runtimes)
  foreach(triple x86_64-linux-gnu aarch64-linux-gnu)
    list(APPEND runtimes "${root}/lib/dycc/${triple}/libdycc_rt.a")
  endforeach()
  add_custom_command(OUTPUT "${object}" ${headers} ${report}
    COMMAND dycc::dycc "${model}" --emit object -o "${object}"
      --depfile "${object}.d" ${options}
    DEPENDS "${model}" "${root}/bin/dycc" ${runtimes}
    DEPFILE "${object}.d"
    COMMENT "Compiling model ${target}"
    VERBATIM)
  dycc_add_library_(${target})
endfunction()

# dycc_add_model_test(<target> DATA <folder> [RTOL <number>] [ATOL <number>])
# A test of CTest, <target>.<name of the folder>: runs the model of the target
# on input_0.pb and so on of the folder, and compares the outputs with
# output_0.pb and so on, which are tensors as ONNX's test data has them.
function(dycc_add_model_test target)
  set(dycc_function "dycc_add_model_test(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "DATA;RTOL;ATOL" "")
  dycc_check_arguments_()
  set(query)
  if(TARGET ${target})
    get_target_property(query ${target} DYCC_MODEL_QUERY)
  endif()
  if(NOT query)
    dycc_fail_("expected a target of dycc_add_model()")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT CXX IN_LIST languages)
    dycc_fail_("expected a project with the language CXX, got '${languages}'")
  endif()
  get_filename_component(data "${ARG_DATA}" ABSOLUTE
    BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT ARG_DATA OR NOT IS_DIRECTORY "${data}")
    dycc_fail_("expected DATA and a folder, got '${data}'")
  endif()

  get_property(share GLOBAL PROPERTY DYCC_SHARE)
  if(NOT TARGET ${target}-model-test)
    add_executable(${target}-model-test "${share}/model_test.cpp")
    target_compile_features(${target}-model-test PRIVATE cxx_std_17)
    target_compile_options(${target}-model-test PRIVATE -fexceptions)
    target_compile_definitions(${target}-model-test PRIVATE
      DYCC_TEST_QUERY=${query})
    target_link_libraries(${target}-model-test PRIVATE ${target})
  endif()
  get_filename_component(name "${data}" NAME)
  set(tolerance)
  foreach(kind RTOL ATOL)
    if(DEFINED ARG_${kind})
      string(TOLOWER "--${kind}" option)
      list(APPEND tolerance ${option} "${ARG_${kind}}")
    endif()
  endforeach()
  add_test(NAME ${target}.${name}
    COMMAND ${target}-model-test "${data}" ${tolerance})
endfunction()
