# The Python package in the build folder, for tests and tools to import:
#
#   lib/python/dycc/        the package, with its extension
#   lib/python/dycc/_tree   this build, as the wheel has an installation there
#
# The wheel (tools/scripts/wheel) is made of the same sources, with what
# `cmake --install` gives beside them.
set(Python_EXECUTABLE "${Python3_EXECUTABLE}")
find_package(Python 3.11 REQUIRED
  COMPONENTS Interpreter Development.Module OPTIONAL_COMPONENTS Development.SABIModule)
execute_process(COMMAND "${Python_EXECUTABLE}" -m nanobind --cmake_dir
  OUTPUT_VARIABLE nanobind_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
find_package(nanobind CONFIG REQUIRED)

# The archive, which has no sanitizers in it: the interpreter has none.
set(DYCC_RUNTIME_LIBRARIES DyccAbi
  "${PROJECT_BINARY_DIR}/lib/dycc/x86_64-linux-gnu/libdycc_qos.a")
add_subdirectory("${PROJECT_SOURCE_DIR}/tools/python/src")
add_dependencies(_core dycc_qos_x86_64-linux-gnu)
set(package "${PROJECT_BINARY_DIR}/lib/python/dycc")
set_target_properties(_core PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${package}")
file(MAKE_DIRECTORY "${package}")
file(CREATE_LINK ../../.. "${package}/_tree" SYMBOLIC)

set(sources
  __init__.py _arrays.py _compile.py _errors.py _facts.py _model.py _predict.py _programs.py
  _qos.py _sequences.py _strings.py _surrogate.py
  onnx_backend.py py.typed
  compare/__init__.py compare/__main__.py compare/_command.py
  compare/_expose.py compare/_feeds.py compare/_graph.py compare/_report.py
  compare/_rule.py compare/_search.py compare/_sides.py compare/_worker.py)
set(copies)
foreach(source IN LISTS sources)
  add_custom_command(OUTPUT "${package}/${source}"
    COMMAND ${CMAKE_COMMAND} -E copy
      "${PROJECT_SOURCE_DIR}/tools/python/dycc/${source}" "${package}/${source}"
    DEPENDS "${PROJECT_SOURCE_DIR}/tools/python/dycc/${source}" VERBATIM)
  list(APPEND copies "${package}/${source}")
endforeach()
add_custom_target(DyccPython ALL DEPENDS ${copies} _core)
