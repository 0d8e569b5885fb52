# Writes a header with the contents of text files:
#   cmake -DHEADER=<file> -DNAMESPACE=<name> -DFILES=<file>;... -P Embed.cmake
# page.css becomes kPageCss, an llvm::StringLiteral.
set(text "// Written by tools/cmake/Embed.cmake.\n#include \"llvm/ADT/StringRef.h\"\n")
string(APPEND text "namespace ${NAMESPACE} {\n")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  string(REGEX REPLACE "[^A-Za-z0-9]" ";" words "${name}")
  set(constant k)
  foreach(word IN LISTS words)
    string(SUBSTRING "${word}" 0 1 first)
    string(SUBSTRING "${word}" 1 -1 rest)
    string(TOUPPER "${first}" first)
    string(APPEND constant "${first}${rest}")
  endforeach()
  file(READ "${file}" content)
  string(APPEND text
    "constexpr llvm::StringLiteral ${constant} = R\"embedded(${content})embedded\";\n")
endforeach()
string(APPEND text "} // namespace ${NAMESPACE}\n")
file(WRITE "${HEADER}" "${text}")
