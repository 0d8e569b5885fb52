# Writes a header with the commit of a source tree, where it is another than the
# header has: cmake -DSOURCE=<folder> -DHEADER=<file> -P WriteRevision.cmake
# Nothing where the tree is no checkout; "+" behind it where it has changes.
execute_process(COMMAND git describe --always --dirty=+ --abbrev=12 --exclude "*"
  WORKING_DIRECTORY "${SOURCE}" OUTPUT_VARIABLE revision ERROR_QUIET
  OUTPUT_STRIP_TRAILING_WHITESPACE)
file(CONFIGURE OUTPUT "${HEADER}" CONTENT [[
#define DYCC_REVISION "@revision@"
]] @ONLY)
