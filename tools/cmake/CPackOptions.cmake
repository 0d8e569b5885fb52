# What differs between the archive and the Debian package.
if(CPACK_GENERATOR STREQUAL "DEB")
  # In /usr DLPack's header is that of its own package.
  list(GET CPACK_BUILD_SOURCE_DIRS 1 build)
  set(CPACK_INSTALL_CMAKE_PROJECTS "${build};dycc;dycc;/")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION devel)
  # Debian 12, where it is built; all else comes along.
  set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "libc6 (>= 2.36), libgcc-s1 (>= 12), libstdc++6 (>= 12), libdlpack-dev")
  set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
endif()
