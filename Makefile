# Pasokh: the firmware of a small IP-PBX box. `make help` lists everything.

GO       ?= go
BUILD    ?= build
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS   = -s -w -X main.version=$(VERSION)
STATIC    = CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)'
DATA     ?= var
ARGS     ?=

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: build ## run the demo box on 127.0.0.1 with a simulated board
	$(BUILD)/pasokh serve --demo --data $(DATA) $(ARGS)

.PHONY: build
build: ## build pasokh and phonesim for this machine
	$(STATIC) -o $(BUILD)/pasokh ./cmd/pasokh
	$(STATIC) -o $(BUILD)/phonesim ./cmd/phonesim

.PHONY: build-arm64
build-arm64: ## build pasokh for 64-bit ARM boards
	GOOS=linux GOARCH=arm64 $(STATIC) -o $(BUILD)/pasokh-arm64 ./cmd/pasokh
	@ls -l $(BUILD)/pasokh-arm64

.PHONY: build-armv7
build-armv7: ## build pasokh for 32-bit ARM boards
	GOOS=linux GOARCH=arm GOARM=7 $(STATIC) -o $(BUILD)/pasokh-armv7 ./cmd/pasokh
	@ls -l $(BUILD)/pasokh-armv7

# The image: what a card is flashed with. Everything in it has the time of the commit.
BOARD    ?= qemu-arm64
IMAGE     = $(BUILD)/image
SERIAL   ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1)
KEY      ?= $(IMAGE)/development.key
goarch    = $(if $(filter qemu-armv7,$(BOARD)),GOARCH=arm GOARM=7,GOARCH=arm64)

.PHONY: image
image: ## make what a card is flashed with and the signed update: BOARD=qemu-arm64, KEY=FILE signs
	@./.ci/tools image
	@mkdir -p $(IMAGE)/$(BOARD)
	$(GO) build -o $(BUILD)/boximage ./cmd/boximage
	GOOS=linux $(goarch) $(STATIC) -o $(IMAGE)/pasokh-$(BOARD).bin ./cmd/pasokh
	GOOS=linux $(goarch) $(STATIC) -o $(IMAGE)/boxinit-$(BOARD).bin ./cmd/boxinit
	@test -e $(KEY) || $(BUILD)/boximage key --out $(KEY)
	$(BUILD)/boximage packages --cache $(IMAGE)/cache $(BOARD)
	$(BUILD)/boximage make --board $(BOARD) --cache $(IMAGE)/cache --pasokh $(IMAGE)/pasokh-$(BOARD).bin --boxinit $(IMAGE)/boxinit-$(BOARD).bin \
		--version $(VERSION) --serial $(SERIAL) --key $(KEY) --out $(IMAGE)/$(BOARD)
	@ls -l $(IMAGE)/$(BOARD)

.PHONY: test-image
test-image: ## boot the image in qemu (as root), call it, update it well and badly, cut its power (FULL=1: 20 times)
	@./.ci/tools test-image
	IMAGE_TEST=1 KILLS=$(if $(FULL),20,4) $(GO) test -count=1 -timeout 30m -parallel 3 -v -run Appliance ./cmd/boximage

.PHONY: test
test: tools check ## run every test (installs its tools with apt and npm when it can); in CI test-image too
	$(GO) test -race -timeout 30m -parallel 4 ./...
	$(GO) test -timeout 5m $(UNRACED)
	$(if $(CI),$(MAKE) test-image)

# Packages whose race_test.go leaves something out under the race detector, which is
# slow and makes garbage of its own: they are tested without it too.
UNRACED = $(patsubst %,./%,$(patsubst %/,%,$(sort $(dir $(shell git ls-files '*/race_test.go')))))

.PHONY: tools
tools: ## install what the tests need, or say what is missing
	@./.ci/tools

.PHONY: check
check: ## formatting, vet and static analysis
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo 'not gofmt-ed:'; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

.PHONY: bench
bench: ## benchmarks of signalling, media, lines and queues
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: soak
soak: ## let a town of phones make SOAK (default 10000) calls and look for what is left
	SOAK=$${SOAK:-10000} CI=1 $(GO) test -count=1 -timeout 60m -v -run TestSoak ./cmd/pasokh

.PHONY: centre
centre: ## a contact centre of SIPp callers and agents with whims for CENTRE (default 30) minutes
	CENTRE=$${CENTRE:-30} CI=1 $(GO) test -count=1 -timeout 120m -v -run 'TestCentre$$' ./cmd/pasokh

.PHONY: bench-box
bench-box: build ## what registrations, calls and sound take of a whole box, beside what they may
	@./.ci/bench $(BUILD)

.PHONY: fuzz
fuzz: ## fuzz every parser for FUZZTIME (default 30s) each
	@./.ci/fuzz $${FUZZTIME:-30s}

.PHONY: generate
generate: ## rebuild committed generated files: prompts, page types, page assets
	$(GO) generate ./...
	cd webui && npm ci --no-audit --no-fund && npm run build

.PHONY: clean
clean: ## remove build output
	rm -rf $(BUILD)
