# Finds Halide in the Python environment of the build (its wheel holds the C++
# SDK) and offers it as the target dycc::halide.
find_path(DYCC_HALIDE_INCLUDE Halide.h
  HINTS "${DYCC_HALIDE_ROOT}/include" REQUIRED)
find_library(DYCC_HALIDE_LIBRARY Halide
  HINTS "${DYCC_HALIDE_ROOT}/lib64" "${DYCC_HALIDE_ROOT}/lib" REQUIRED)
file(STRINGS "${DYCC_HALIDE_INCLUDE}/HalideRuntime.h" numbers
  REGEX "#define HALIDE_VERSION_(MAJOR|MINOR|PATCH)")
string(REGEX MATCHALL "[0-9]+" numbers "${numbers}")
list(JOIN numbers "." DYCC_HALIDE_VERSION)
add_library(dycc_halide SHARED IMPORTED GLOBAL)
add_library(dycc::halide ALIAS dycc_halide)
set_target_properties(dycc_halide PROPERTIES
  IMPORTED_LOCATION "${DYCC_HALIDE_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${DYCC_HALIDE_INCLUDE}")
