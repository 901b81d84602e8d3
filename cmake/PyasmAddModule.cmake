# pyasm_add_module(NAME
#                  SOURCES FILE...                .pyasm sources, .pyasmo object files and .pyc files
#                  [TARGET VERSION]               of CPython, such as 3.13; that of the sources if they name one
#                  [OUTPUT FILE]                  NAME.pyc in the current binary folder
#                  [INCLUDE_DIRECTORIES DIR...]   where .include looks
#                  [DEFINITIONS NAME[=VALUE]...]  symbols that are set ahead of each source
#                  [LIBRARY_DIRECTORIES DIR...]   where libraries are
#                  [LIBRARIES NAME...]            folders there, of which what is needed is taken
#                  [COMPILE_OPTIONS OPTION...]    further options of pyasm asm
#                  [LINK_OPTIONS OPTION...])      further options of pyasm link
#
# Adds a target NAME, part of `all`, that makes a .pyc. Each source is assembled into an object file of its own, and again
# only when it or something that it includes has changed. Relative names are those of files in the current source folder;
# a file that the build makes is named by its full path. The .pyc's path is the target's property PYASM_OUTPUT.
function(pyasm_add_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET;OUTPUT"
        "SOURCES;INCLUDE_DIRECTORIES;DEFINITIONS;LIBRARY_DIRECTORIES;LIBRARIES;COMPILE_OPTIONS;LINK_OPTIONS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "pyasm_add_module(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(arg_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "pyasm_add_module(${name}): a value is missing behind ${arg_KEYWORDS_MISSING_VALUES}")
    endif()
    if(NOT arg_SOURCES)
        message(FATAL_ERROR "pyasm_add_module(${name}): SOURCES names no file")
    endif()
    set(output "${name}.pyc")
    if(arg_OUTPUT)
        set(output "${arg_OUTPUT}")
    endif()
    get_filename_component(output "${output}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
    foreach(source IN LISTS arg_SOURCES)
        get_filename_component(full "${source}" ABSOLUTE)
        if(full STREQUAL output)
            message(FATAL_ERROR "pyasm_add_module(${name}): OUTPUT ${output} is one of its SOURCES")
        endif()
    endforeach()
    if(output MATCHES "\\.pyasm$")
        message(FATAL_ERROR "pyasm_add_module(${name}): OUTPUT ${output} is named like a source, and would be a .pyc")
    endif()

    set(common)
    if(arg_TARGET)
        list(APPEND common --target "${arg_TARGET}")
    endif()
    set(compile ${common} ${arg_COMPILE_OPTIONS})
    foreach(folder IN LISTS arg_INCLUDE_DIRECTORIES)
        get_filename_component(folder "${folder}" ABSOLUTE)
        list(APPEND compile -I "${folder}")
    endforeach()
    foreach(definition IN LISTS arg_DEFINITIONS)
        string(REPLACE ";" "\\;" definition "${definition}") # it is one element of the list
        list(APPEND compile -D "${definition}")
    endforeach()
    set(link ${common} ${arg_LINK_OPTIONS})
    foreach(folder IN LISTS arg_LIBRARY_DIRECTORIES)
        get_filename_component(folder "${folder}" ABSOLUTE)
        list(APPEND link -L "${folder}")
    endforeach()
    foreach(library IN LISTS arg_LIBRARIES)
        list(APPEND link -l "${library}")
    endforeach()

    set(objects)
    foreach(source IN LISTS arg_SOURCES)
        get_filename_component(full "${source}" ABSOLUTE)
        if(NOT full MATCHES "\\.pyasm$")
            list(APPEND objects "${full}")
            continue()
        endif()
        file(RELATIVE_PATH place "${CMAKE_CURRENT_SOURCE_DIR}" "${full}")
        string(REPLACE ".." "__" place "${place}")
        set(object "${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${place}o")
        get_filename_component(folder "${object}" DIRECTORY)
        file(MAKE_DIRECTORY "${folder}")
        add_custom_command(OUTPUT "${object}"
            COMMAND pyasm::pyasm asm -c ${compile} -MD -MF "${object}.d" "${full}" -o "${object}"
            DEPENDS "${full}" pyasm::pyasm
            DEPFILE "${object}.d"
            COMMENT "Assembling ${source}"
            VERBATIM)
        list(APPEND objects "${object}")
    endforeach()

    get_filename_component(folder "${output}" DIRECTORY)
    file(MAKE_DIRECTORY "${folder}")
    set(depfile "${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/link.d")
    add_custom_command(OUTPUT "${output}"
        COMMAND pyasm::pyasm link ${link} -MD -MF "${depfile}" ${objects} -o "${output}"
        DEPENDS ${objects} pyasm::pyasm
        DEPFILE "${depfile}"
        COMMENT "Linking ${name}"
        VERBATIM)
    add_custom_target(${name} ALL DEPENDS "${output}")
    set_target_properties(${name} PROPERTIES PYASM_OUTPUT "${output}")
endfunction()
