# The libraries: the system's where it has them, else fetched as release archives of known content.
# -DPYASM_FETCH=ON fetches them all.
include(FetchContent)
if(POLICY CMP0169)
    cmake_policy(SET CMP0169 OLD) # FetchContent_Populate by name: EXCLUDE_FROM_ALL is an argument only from 3.28 on
endif()
if(POLICY CMP0135)
    cmake_policy(SET CMP0135 NEW)
endif()
option(PYASM_FETCH "Fetch the libraries even where the system has them" OFF)

# pyasm_library(PACKAGE TARGET URL SHA256): makes TARGET available.
function(pyasm_library package target url sha256)
    if(NOT PYASM_FETCH)
        find_package(${package} QUIET)
    endif()
    if(NOT ${package}_FOUND)
        message(STATUS "${package}: fetching ${url}")
        string(TOLOWER ${package} name)
        FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${sha256})
        FetchContent_GetProperties(${name})
        if(NOT ${name}_POPULATED)
            FetchContent_Populate(${name})
            # EXCLUDE_FROM_ALL keeps their files out of `make install`.
            add_subdirectory(${${name}_SOURCE_DIR} ${${name}_BINARY_DIR} EXCLUDE_FROM_ALL)
        endif()
        # Warnings are about our own code.
        get_target_property(aliased ${target} ALIASED_TARGET)
        if(NOT aliased)
            set(aliased ${target})
        endif()
        get_target_property(folders ${aliased} INTERFACE_INCLUDE_DIRECTORIES)
        set_target_properties(${aliased} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${folders}")
    endif()
    if(NOT TARGET ${target})
        message(FATAL_ERROR "${package} was found, but it has no ${target}; -DPYASM_FETCH=ON fetches another")
    endif()
endfunction()

# pyasm_headers(PACKAGE TARGET HEADER URL SHA256): the same for headers whose package gives them no target.
function(pyasm_headers package target header url sha256)
    find_path(${package}_HEADERS ${header})
    set(folder ${${package}_HEADERS})
    if(PYASM_FETCH OR NOT folder)
        message(STATUS "${package}: fetching ${url}")
        string(TOLOWER ${package} name)
        FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${sha256})
        FetchContent_GetProperties(${name})
        if(NOT ${name}_POPULATED)
            FetchContent_Populate(${name})
        endif()
        set(folder ${${name}_SOURCE_DIR}/include)
    endif()
    # An imported target's headers are the system's: warnings are about our own code.
    add_library(${target} INTERFACE IMPORTED)
    set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${folder}")
endfunction()

# Old releases ask for a CMake that new ones no longer know.
set(CMAKE_POLICY_VERSION_MINIMUM 3.5)
set(PEGTL_BUILD_TESTS OFF)
set(PEGTL_BUILD_EXAMPLES OFF)
set(CLI11_BUILD_TESTS OFF)
set(CLI11_BUILD_EXAMPLES OFF)
set(CLI11_BUILD_DOCS OFF)
set(DOCTEST_WITH_TESTS OFF)
set(DOCTEST_NO_INSTALL ON)

pyasm_library(fmt fmt::fmt https://github.com/fmtlib/fmt/archive/9.1.0.tar.gz
              5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2)
pyasm_library(pegtl taocpp::pegtl https://github.com/taocpp/PEGTL/archive/refs/tags/3.2.7.tar.gz
              d6cd113d8bd14e98bcbe7b7f8fc1e1e33448dc359e8cd4cca30e034ec2f0642d)
pyasm_library(CLI11 CLI11::CLI11 https://github.com/CLIUtils/CLI11/archive/v2.3.2.tar.gz
              aac0ab42108131ac5d3344a9db0fdf25c4db652296641955720a4fbe52334e22)
pyasm_library(tsl-robin-map tsl::robin_map https://github.com/Tessil/robin-map/archive/refs/tags/v1.2.1.tar.gz
              2b54d2c1de2f73bea5c51d5dcbd64813a08caf1bfddcfdeee40ab74e9599e8e3)
pyasm_headers(RapidJSON RapidJSON::RapidJSON rapidjson/writer.h
              https://github.com/Tencent/rapidjson/archive/v1.1.0.tar.gz
              bf7ced29704a1e696fbccf2a2b4ea068e7774fa37f6d7dd4039d0787f8bed98e)
if(PYASM_TESTS)
    pyasm_library(doctest doctest::doctest https://github.com/doctest/doctest/archive/refs/tags/v2.4.11.tar.gz
                  632ed2c05a7f53fa961381497bf8069093f0d6628c5f26286161fbd32a560186)
endif()
find_package(Threads REQUIRED)
