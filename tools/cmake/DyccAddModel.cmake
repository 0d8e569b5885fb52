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

# dycc_find_model_(<variable> <file>): the path of a model.
function(dycc_find_model_ variable file)
  get_filename_component(model "${file}" ABSOLUTE
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
    add_custom_target(${target}-objects DEPENDS ${objects} ${headers})
    add_library(${target} OBJECT IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_OBJECTS "${objects}")
    add_dependencies(${target} ${target}-objects)
    target_link_libraries(${target} INTERFACE m pthread)
  else()
    set_source_files_properties(${objects} PROPERTIES
      EXTERNAL_OBJECT TRUE GENERATED TRUE)
    add_library(${target} ${kind} ${objects} ${headers})
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE ${language})
    target_link_libraries(${target} PRIVATE m pthread)
  endif()
  if(kind STREQUAL "SHARED")
    # By this name dlopen's users and dycc-run find the model of MODEL.
    target_link_options(${target} PRIVATE
      "LINKER:--defsym=dycc_model_query=${ARG_NAME}_model_query")
    if(ARG_MODEL MATCHES "[.]json$") # A family: docs/families.md.
      target_link_options(${target} PRIVATE
        "LINKER:--defsym=dycc_family_query=${ARG_NAME}_family_query")
    endif()
  endif()
  set_target_properties(${target} PROPERTIES
    DYCC_MODEL_NAME "${ARG_NAME}" DYCC_MODEL_VARIANTS "${variants}")
  target_include_directories(${target} INTERFACE
    "$<BUILD_INTERFACE:${folder}/include>")
  target_link_libraries(${target} INTERFACE dycc::runtime)
endfunction()

# dycc_compile_(<suffix> <file>): compiles one model of the target, whose names
# end in <suffix>; adds to the variables objects, headers and reports.
function(dycc_compile_ suffix file)
  dycc_find_model_(model "${file}")
  set(name "${ARG_NAME}${suffix}")
  set(object "${folder}/${name}.o")
  set(made "${folder}/include/${name}.h" "${folder}/include/${name}.hpp")
  set(options --name "${name}" ${ARG_FLAGS})
  foreach(header IN LISTS made)
    list(APPEND options --header "${header}")
  endforeach()
  foreach(dim IN LISTS ARG_DIMS)
    list(APPEND options --dim "${dim}")
  endforeach()
  if(ARG_NAMESPACE)
    list(APPEND options --namespace "${ARG_NAMESPACE}${suffix}")
  endif()
  if(ARG_TARGET_TRIPLE)
    list(APPEND options --target "${ARG_TARGET_TRIPLE}")
  endif()
  set(report)
  if(ARG_REPORT)
    set(report "${folder}/${name}.json")
    list(APPEND options --report "${report}")
  endif()
  get_property(root GLOBAL PROPERTY DYCC_ROOT)
  set(runtimes)
  foreach(triple x86_64-linux-gnu aarch64-linux-gnu)
    list(APPEND runtimes "${root}/lib/dycc/${triple}/libdycc_rt.a")
  endforeach()
  add_custom_command(OUTPUT "${object}" ${made} ${report}
    COMMAND dycc::dycc "${model}" --emit object -o "${object}"
      --depfile "${object}.d" ${options}
    DEPENDS "${model}" "${root}/bin/dycc" ${runtimes}
    DEPFILE "${object}.d"
    COMMENT "Compiling model ${target}${suffix}"
    VERBATIM)
  set(objects ${objects} "${object}" PARENT_SCOPE)
  set(headers ${headers} ${made} PARENT_SCOPE)
  set(reports ${reports} ${report} PARENT_SCOPE)
endfunction()

# dycc_split_variant_(<name variable> <file variable> <variant>): of name=file.
function(dycc_split_variant_ name file variant)
  if(NOT variant MATCHES "^([A-Za-z_0-9]+)=(.+)$")
    dycc_fail_("expected <name>=<file> behind VARIANTS, got '${variant}'")
  endif()
  set(${name} "${CMAKE_MATCH_1}" PARENT_SCOPE)
  set(${file} "${CMAKE_MATCH_2}" PARENT_SCOPE)
endfunction()

# dycc_add_model(<target> MODEL <file> [SHARED|STATIC|OBJECT] [NAME <name>]
#   [NAMESPACE <namespace>] [DIMS <dim>...] [TARGET_TRIPLE <triple>]
#   [FLAGS <flag>...] [HEADER <variable>] [REPORT <variable>]
#   [VARIANTS <variant>=<file>...])
# A library of the model, and of its variants: models with names of their own,
# <name>_<variant>. Who links it finds their headers, <name>.h and <name>.hpp.
# Made again when a model, its external data or dycc change.
function(dycc_add_model target)
  set(dycc_function "dycc_add_model(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 ARG "SHARED;STATIC;OBJECT"
    "MODEL;NAME;NAMESPACE;TARGET_TRIPLE;HEADER;REPORT" "DIMS;FLAGS;VARIANTS")
  dycc_check_arguments_()
  if(NOT ARG_NAME)
    string(MAKE_C_IDENTIFIER "${target}" ARG_NAME)
  elseif(NOT ARG_NAME MATCHES "^[A-Za-z_][A-Za-z_0-9]*$")
    dycc_fail_("expected NAME to be an identifier of C, got '${ARG_NAME}'")
  endif()
  dycc_find_kind_(kind)
  if(NOT ARG_MODEL)
    dycc_fail_("expected MODEL and an ONNX file")
  endif()
  dycc_find_language_(language)
  if(NOT ARG_TARGET_TRIPLE)
    dycc_find_triple_(ARG_TARGET_TRIPLE)
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/dycc/${target}")
  file(MAKE_DIRECTORY "${folder}/include")
  set(objects)
  set(headers)
  set(reports)
  dycc_compile_("" "${ARG_MODEL}")
  set(variants)
  foreach(variant IN LISTS ARG_VARIANTS)
    dycc_split_variant_(name file "${variant}")
    if(name IN_LIST variants)
      dycc_fail_("variant '${name}' is given twice")
    endif()
    list(APPEND variants "${name}")
    dycc_compile_("_${name}" "${file}")
  endforeach()
  if(ARG_HEADER)
    set(${ARG_HEADER} "${headers}" PARENT_SCOPE)
  endif()
  if(ARG_REPORT)
    set(${ARG_REPORT} "${reports}" PARENT_SCOPE)
  endif()
  dycc_add_library_(${target})
endfunction()

# dycc_find_query_(<variable> <target>): the function of the target's model, or
# of its variant where VARIANT names one.
function(dycc_find_query_ variable target)
  set(name)
  if(TARGET ${target})
    get_target_property(name ${target} DYCC_MODEL_NAME)
    get_target_property(variants ${target} DYCC_MODEL_VARIANTS)
  endif()
  if(NOT name)
    dycc_fail_("expected a target of dycc_add_model()")
  endif()
  if(ARG_VARIANT)
    if(NOT ARG_VARIANT IN_LIST variants)
      dycc_fail_("no variant '${ARG_VARIANT}', expected one of '${variants}'")
    endif()
    string(APPEND name "_${ARG_VARIANT}")
  endif()
  set(${variable} "${name}_model_query" PARENT_SCOPE)
endfunction()

# dycc_add_model_test(<target> DATA <folder> [VARIANT <variant>]
#   [RTOL <number>] [ATOL <number>])
# A test of CTest, <target>.<name of the folder>: runs the model of the target,
# or a variant (<target>.<variant>.<name>), on input_0.pb and so on of the folder,
# and compares the outputs with output_0.pb and so on, which are tensors as
# ONNX's test data has them.
function(dycc_add_model_test target)
  set(dycc_function "dycc_add_model_test(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "DATA;VARIANT;RTOL;ATOL" "")
  dycc_check_arguments_()
  dycc_find_query_(query ${target})
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT CXX IN_LIST languages)
    dycc_fail_("expected a project with the language CXX, got '${languages}'")
  endif()
  get_filename_component(data "${ARG_DATA}" ABSOLUTE
    BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT ARG_DATA OR NOT IS_DIRECTORY "${data}")
    dycc_fail_("expected DATA and a folder, got '${data}'")
  endif()

  set(program "${target}-model-test")
  get_filename_component(test "${data}" NAME)
  if(ARG_VARIANT)
    set(program "${target}-${ARG_VARIANT}-model-test")
    string(PREPEND test "${ARG_VARIANT}.")
  endif()
  get_property(share GLOBAL PROPERTY DYCC_SHARE)
  if(NOT TARGET ${program})
    add_executable(${program} "${share}/model_test.cpp")
    target_compile_features(${program} PRIVATE cxx_std_17)
    target_compile_options(${program} PRIVATE -fexceptions)
    target_compile_definitions(${program} PRIVATE DYCC_TEST_QUERY=${query})
    target_link_libraries(${program} PRIVATE ${target})
  endif()
  set(tolerance)
  foreach(kind RTOL ATOL)
    if(DEFINED ARG_${kind})
      string(TOLOWER "--${kind}" option)
      list(APPEND tolerance ${option} "${ARG_${kind}}")
    endif()
  endforeach()
  add_test(NAME ${target}.${test} COMMAND ${program} "${data}" ${tolerance})
endfunction()
