# What `make install` puts where: the program, and the man page and completions that it writes itself from its option
# table, the examples and the documentation.
install(TARGETS pyasm RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

set(generated_folder ${PROJECT_BINARY_DIR}/share)
file(MAKE_DIRECTORY ${generated_folder})

# pyasm_generated(WHAT FILE FOLDER): FILE as `pyasm --generate WHAT` prints it, to be installed in share/FOLDER.
function(pyasm_generated what file folder)
    set(output ${generated_folder}/${file})
    # Through a temporary, so that a failure leaves no half a file that looks up to date.
    add_custom_command(OUTPUT ${output}
                       COMMAND sh -c "$<TARGET_FILE:pyasm> --generate ${what} > ${output}.tmp && mv ${output}.tmp ${output}"
                       DEPENDS pyasm VERBATIM COMMENT "Writing ${file}")
    set_property(GLOBAL APPEND PROPERTY pyasm_generated_files ${output})
    install(FILES ${output} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
endfunction()
pyasm_generated(man pyasm.1 man/man1)
pyasm_generated(bash pyasm bash-completion/completions)
pyasm_generated(zsh _pyasm zsh/site-functions)
pyasm_generated(fish pyasm.fish fish/vendor_completions.d)
get_property(generated_files GLOBAL PROPERTY pyasm_generated_files)
add_custom_target(generated ALL DEPENDS ${generated_files})

# For find_package(pyasm): see examples/cmake-project.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/pyasm)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/pyasm-config.cmake.in ${PROJECT_BINARY_DIR}/package/pyasm-config.cmake
                              INSTALL_DESTINATION ${package_folder} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/pyasm-config-version.cmake COMPATIBILITY SameMinorVersion
                                 ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/package/pyasm-config.cmake ${PROJECT_BINARY_DIR}/package/pyasm-config-version.cmake
              cmake/PyasmAddModule.cmake DESTINATION ${package_folder})

# Beside each other as in the sources, so that the links between them lead somewhere.
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR}
        FILES_MATCHING PATTERN "*.pyasm" PATTERN "*.out" PATTERN "*.err" PATTERN "*.toy" PATTERN "*.md" PATTERN "*.py" PATTERN "*.inc"
                       PATTERN "Makefile" PATTERN "CMakeLists.txt")
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
