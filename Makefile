# Building, testing and installing pyasm. Everything is made in build/; CMake does the work.
#
#   make                      build the program: build/pyasm
#   make check                build and pass all tests
#   make install              to /usr/local, or PREFIX=/usr DESTDIR=/tmp/package
#   make sanitize             the tests under the address and undefined-behaviour sanitizers
#   make bench                measure the speed
#   make corpus               read and write whole standard libraries and compare the bytes
#   make conformance          take every .pyc of all interpreters apart, assemble it, compare and run it; for a part
#                             TARGETS="3.8 3.13" KINDS="own tests" (tools/conformance/measure.py says what there is)
#   make verify-libraries     verify every .pyc of all interpreters: there must be no error; for a part TARGETS="3.8 3.13"
#   make splice               replace functions of the standard library by others, and run CPython's tests with them; for a
#                             part TARGETS="3.8 3.13"
#   make campaign             change functions at random, and run what the verifier accepts of that: none may die; for a
#                             part TARGETS="3.8 3.13" ACCEPTED=10000, for others SEED=2 (tools/campaign/campaign.py)
#   make fuzz                 FUZZ_SECONDS=120 of random texts, files and code objects each (needs clang and libFuzzer)
#   make format               lay out the source with clang-format
#   make tidy                 look for trouble with clang-tidy
#   make clean
#
# CMAKE_FLAGS are added to CMake's command line: make check CMAKE_FLAGS=-DPYASM_WERROR=ON

BUILD ?= build
PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
CMAKE ?= cmake
CMAKE_FLAGS ?=

GENERATOR := $(shell command -v ninja >/dev/null 2>&1 && echo -G Ninja)
LAUNCHER := $(shell command -v ccache >/dev/null 2>&1 && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
# An existing folder keeps its generator.
configure = $(CMAKE) -S . -B $(1) $(if $(wildcard $(1)/CMakeCache.txt),,$(GENERATOR)) $(LAUNCHER) \
	-DCMAKE_INSTALL_PREFIX=$(PREFIX) $(CMAKE_FLAGS) $(2)
build = $(CMAKE) --build $(1) --parallel $(JOBS) --target $(2)
quietly = @mkdir -p $(1) && if ! $(2) >$(1)/configure.log 2>&1; then cat $(1)/configure.log >&2; exit 1; fi

.PHONY: all all-targets check install sanitize bench corpus conformance verify-libraries splice campaign fuzz format tidy clean configure

all: configure
	@$(call build,$(BUILD),pyasm generated)

# The program, the tests and what is installed beside the program.
all-targets: configure
	@$(call build,$(BUILD),all)

configure:
	$(call quietly,$(BUILD),$(call configure,$(BUILD)))

check: all-targets
	@$(BUILD)/tests/pyasm-tests --jobs=$(JOBS)

install: all
	@$(CMAKE) --install $(BUILD) --prefix $(PREFIX)

sanitize:
	$(call quietly,$(BUILD)-sanitize,$(call configure,$(BUILD)-sanitize,-DPYASM_SANITIZE=ON))
	@$(call build,$(BUILD)-sanitize,all)
	@# The sanitizers make stack frames large, and objects nest 2,000 deep.
	@ulimit -s 65536 && $(BUILD)-sanitize/tests/pyasm-tests --jobs=$(JOBS)

bench: configure
	@$(call build,$(BUILD),pyasm-bench)
	@$(BUILD)/bench/pyasm-bench

corpus: configure
	@$(call build,$(BUILD),pyasm-roundtrip)
	@tools/measure_roundtrip.py $(BUILD)/tools/pyasm-roundtrip

conformance: all
	@tools/conformance/measure.py $(BUILD)/pyasm --jobs $(JOBS) --targets "$(TARGETS)" --kinds "$(KINDS)"

verify-libraries: all
	@tools/verify_libraries.py $(BUILD)/pyasm --jobs $(JOBS) --targets "$(TARGETS)"

splice: all
	@tools/splice/measure.py $(BUILD)/pyasm --jobs $(JOBS) --targets "$(TARGETS)"

ACCEPTED ?= 200000
SEED ?= 0
campaign: configure
	@$(call build,$(BUILD),pyasm pyasm-mutate)
	@tools/campaign/campaign.py $(BUILD)/tools/pyasm-mutate --pyasm $(BUILD)/pyasm --jobs $(JOBS) --seed $(SEED) \
		--accepted $(ACCEPTED) --targets "$(TARGETS)" --deaths $(BUILD)/deaths --minimise --refusals

FUZZ_SECONDS ?= 120
FUZZ_CXX ?= clang++
fuzz:
	$(call quietly,$(BUILD)-fuzz,$(call configure,$(BUILD)-fuzz,-DCMAKE_CXX_COMPILER=$(FUZZ_CXX) -DPYASM_FUZZ=ON -DPYASM_TESTS=OFF))
	@$(call build,$(BUILD)-fuzz,pyasm pyasm-fuzz-assemble pyasm-fuzz-layout pyasm-fuzz-pyc pyasm-fuzz-disassemble pyasm-fuzz-code pyasm-fuzz-verify pyasm-fuzz-link pyasm-fuzz-splice)
	@fuzz/run.sh $(BUILD)-fuzz $(FUZZ_SECONDS)

format:
	@git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format -i

tidy: configure
	@git ls-files '*.cpp' | grep -v '^bench/' | xargs -P $(JOBS) -n 4 clang-tidy -p $(BUILD) --quiet

clean:
	@rm -rf $(BUILD) $(BUILD)-sanitize $(BUILD)-fuzz
