# Everything that a developer or a CI runs. `make help` lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

KILLS    ?= 200
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 30s
SEEDS    ?= 1000
SIZE     ?= 5000
TWINS    ?= 500
ROWS     ?= 1000000
PKG      ?= ./...

# These play whole firms, or many lives of one folder or export, on SQLite for
# the most part, which is slow under the race detector (ten times, since it is
# Go here too). make test runs them without it, and with it those of them in
# which things happen side by side, and those that read all files of the tree or
# all days of a year, alone with them; make race runs everything with it. Vet
# is left to make lint, which every run of CI and make check has as well. GOGC
# lets compiler and tests collect garbage less often, which saves a seventh.
LONG     := ./scheduler ./internal/chaos ./internal/store ./internal/web/browser ./cmd/tandem ./internal/cli ./internal/leak ./internal/demo \
            ./connectors/drop ./connectors/userpilot ./connectors/jira ./connectors/github ./connectors/httpjson ./internal/api ./internal/view \
            ./internal/chart ./internal/web ./internal/engine ./internal/replay ./internal/digest ./internal/docgen ./internal/archtest ./config \
            ./connectors/hotjar ./connectors/file
SIDE     := SideBySide|OneMoment|AnyMoment|Lease|WakesUpLate|LateAnswer|TheDaemon|BesideA|ClaimIsWon|WhileItsJobRuns

# The linter is pinned: a newer one finds other things. It is built once and
# kept under its version.
LINT_VERSION := v2.15.0
LINT_MODULE  := github.com/golangci/golangci-lint/v2/cmd/golangci-lint
LINT         := bin/golangci-lint-$(LINT_VERSION)

# The proxy that validates in make contract. Newer ones need a newer Node. Its
# dependencies run no scripts when they are installed, and report nothing.
PRISM_VERSION := 5.14.2
PRISM         := bin/prism-$(PRISM_VERSION)/node_modules/.bin/prism

# What looks for faults of accessibility in the tests in a browser. Those read
# the version here.
AXE_VERSION := 4.14.1
AXE         := bin/axe-$(AXE_VERSION)/node_modules/axe-core/axe.min.js

# Others' implementations of OpenID Connect, of SMTP and of Adaptive Cards, for
# make issuer. From 9 on oidc-provider wants Node 22. They run no scripts when
# they are installed.
ISSUER_VERSION := 8.8.1
SMTP_VERSION   := 3.21.6
PARSER_VERSION := 3.14.2
CARDS_VERSION  := 3.0.6
OUTSIDERS      := bin/outsiders-$(ISSUER_VERSION)-$(SMTP_VERSION)-$(PARSER_VERSION)-$(CARDS_VERSION)

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/tandem, a static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/tandem ./cmd/tandem

.PHONY: completions
completions: ## write completions/ for shells, which packages install
	@mkdir -p completions
	go run ./cmd/tandem completion bash > completions/tandem.bash
	go run ./cmd/tandem completion zsh > completions/_tandem
	go run ./cmd/tandem completion fish > completions/tandem.fish
	go run ./cmd/tandem completion powershell > completions/tandem.ps1

.PHONY: test
test: gcc postgres chromium axe ## run all tests, with the race detector but for the longest; at the end, what was skipped and why (PKG=./folder/...)
ifeq ($(PKG),./...)
	export GOGC=400; { status=0; \
	CGO_ENABLED=1 go test -race -vet=off -shuffle=on -json $$(go list ./... | grep -vxF "$$(go list $(LONG))") || status=1; \
	go test -p 3 -vet=off -shuffle=on -json $(LONG) || status=1; \
	CGO_ENABLED=1 go test -race -vet=off -shuffle=on -json -run '$(SIDE)' ./internal/store ./scheduler || status=1; \
	exit $$status; } | go run ./internal/testreport
else
	CGO_ENABLED=1 go test -race -shuffle=on -json $(PKG) | go run ./internal/testreport
endif

.PHONY: race
race: gcc postgres chromium axe ## run all tests with the race detector (20 minutes)
	CGO_ENABLED=1 go test -race -shuffle=on -timeout 30m -json ./... | go run ./internal/testreport

.PHONY: lint
lint: $(LINT) ## check format and style with the pinned golangci-lint
	$(LINT) fmt --diff
	$(LINT) run

.PHONY: fmt
fmt: $(LINT) ## format the code
	$(LINT) fmt

.PHONY: generate
generate: ## write generated files anew
	go generate ./...

.PHONY: generated
generated: ## fail if make generate changes anything
	@before=$$(git status --porcelain; git diff); \
	$(MAKE) generate; \
	if [ "$$before" != "$$(git status --porcelain; git diff)" ]; then \
		git --no-pager diff; git status --short; \
		echo 'make generate changed these files: commit what it wrote.' >&2; exit 1; \
	fi

.PHONY: check
check: lint ## what must hold before a commit: format, lint, vet, layers, generated files, tests
	go vet ./...
	go test ./internal/archtest
	$(MAKE) generated
	$(MAKE) test

.PHONY: contract
contract: ## hold the connector's traffic against the official descriptions with Prism (needs npm)
	@if ! command -v npm >/dev/null; then \
		echo 'contract: skipped, there is no npm; install Node 18.20.1 or newer.'; \
	elif ! test -d "$${TANDEM_SHARED:-../shared}/specs"; then \
		echo 'contract: skipped, there are no descriptions; put the shared folder beside the repository or name it in TANDEM_SHARED.'; \
	else \
		$(MAKE) --no-print-directory $(PRISM) && \
		TANDEM_CONTRACT=$(CURDIR)/$(PRISM) go test -count=1 -v ./internal/sim/contract; \
	fi

.PHONY: issuer
issuer: ## sign in at nobody of ours, and hand mail to nobody of ours: oidc-provider, smtp-server, mailparser and adaptivecards (needs npm)
	@if ! command -v npm >/dev/null; then \
		echo 'issuer: skipped, there is no npm; install Node 20 or newer.'; \
	else \
		$(MAKE) --no-print-directory $(OUTSIDERS)/installed && \
		TANDEM_ISSUER=$(CURDIR)/$(OUTSIDERS) go test -count=1 -v -run 'Outsider' ./internal/web/signin ./internal/digest; \
	fi

.PHONY: browser
browser: chromium axe ## use the pages in a real browser: all tests, those with 100,000 items too
	TANDEM_BROWSER=1 go test -count=1 -timeout 30m -json ./internal/web/browser | go run ./internal/testreport

# Titles of the demo have Chinese characters; boxes would stand for them (2 MB).
.PHONY: fonts
fonts:
	@command -v fc-list >/dev/null && test -n "$$(fc-list :lang=zh family)" && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'No font has Chinese characters: installing fonts-droid-fallback.'; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends fonts-droid-fallback; \
	else \
		echo 'No font has Chinese characters, so boxes stand for them in the pictures. Install one: apt-get install fonts-droid-fallback (Debian).' >&2; \
	fi

.PHONY: pictures
pictures: chromium fonts ## write docs/pictures anew: the pages over tandem demo, light, dark and on a phone
	TANDEM_PICTURES=$(CURDIR)/docs/pictures go test -count=1 -timeout 15m -run '^TestPictures$$' -v ./internal/web/browser

.PHONY: kill
kill: ## kill tandem run KILLS times (200) while people work, on SQLite and with one, two and three nodes on PostgreSQL; and stop nodes until they are late
	TANDEM_KILLS=$(KILLS) go test -count=1 -timeout 1h -run 'TestS9.*[kK]illed' -v ./cmd/tandem

# Each life needs a folder for a store; one in memory is faster than a disk.
SIM_DIR := $(firstword $(wildcard /dev/shm) $(TMPDIR) /tmp)

.PHONY: sim
sim: ## play SEEDS lives full of faults (1000), or the one of SEED with its story; STORE=postgres keeps their stores there, DENSE=1 lets more happen to fewer records
	@mkdir -p bin && go test -c -o bin/sim ./internal/chaos
	@cd internal/chaos && TMPDIR=$(SIM_DIR) ../../bin/sim -test.run '^TestS1ToS18HoldInEveryLife$$' -test.timeout 0 $(if $(STORE),-store $(STORE)) $(if $(DENSE),-dense) $(if $(SEED),-seed $(SEED),-seeds $(SEEDS))

.PHONY: mutants
mutants: ## plant known bugs in copies of the tree, and see that the simulation or a test catches each (MUTANT=name for one)
	@internal/chaos/mutants/run.sh $(MUTANT)

.PHONY: size
size: ## tell what a daemon with SIZE twins (5000) takes in memory
	TANDEM_SIZE=$(SIZE) go test -count=1 -timeout 1h -run 'TestHowMuch' -v ./cmd/tandem

.PHONY: nodes
nodes: postgres ## tell how fast one to three nodes read and write TWINS twins (500), on SQLite and PostgreSQL
	TANDEM_SIZE=$(TWINS) go test -count=1 -timeout 1h -run 'TestHowFast' -v ./cmd/tandem

.PHONY: quality
quality: ## measure links, suggestions, orders and a simulated year against data and bounds (docs/quality.md)
	TANDEM_YEAR=1 go test -count=1 -v -run 'Quality|PhrasesFindTheRightReviews' ./mapping/evidence ./mapping/likeness ./mapping/rank ./internal/engine

.PHONY: feedback
feedback: ## store ROWS rows of feedback (1000000), deduplicated and added up: time and memory
	TANDEM_FEEDBACK=$(ROWS) go test -count=1 -timeout 1h -run 'TestHowFastFeedbackIsStored' -v ./internal/store

.PHONY: bench
bench: ## run the benchmarks six times into bin/bench.txt, for benchstat
	@mkdir -p bin
	go test -run '^$$' -bench . -benchmem -count 6 ./internal/engine ./scheduler/... | tee bin/bench.txt

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (30s)
	@grep -rHoE --include='*_test.go' '^func Fuzz\w+' . | sort | while IFS=: read -r file func; do \
		target="$${func#func }"; dir="$$(dirname "$$file")"; \
		echo "== $$dir $$target for $(FUZZTIME)"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$dir" || exit 1; \
	done

# The race detector links C code. The product does not.
.PHONY: gcc
gcc:
	@command -v "$$(go env CC)" >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'The race detector needs a C compiler: installing gcc.'; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev; \
	else \
		echo 'The race detector needs a C compiler. Install one: apt-get install gcc libc6-dev (Debian), dnf install gcc (Fedora), xcode-select --install (macOS).' >&2; exit 1; \
	fi

# The store is tested on PostgreSQL too: on TANDEM_POSTGRES, or on a private
# server that the tests start. Without one those tests are skipped, and say so.
.PHONY: postgres
postgres: ## install PostgreSQL for the tests, where it is missing
	@test -n "$${TANDEM_POSTGRES:-}" && exit 0; \
	command -v initdb >/dev/null && exit 0; \
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'The tests of the store need a server: installing postgresql.'; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; \
	else \
		echo 'PostgreSQL is missing; its tests are skipped. Install it: apt-get install postgresql (Debian), dnf install postgresql-server (Fedora), brew install postgresql (macOS).' >&2; \
	fi

# Pages are tested in a browser: the one that TANDEM_CHROMIUM names, or the one
# of the machine. Without one those tests are skipped, and say so.
.PHONY: chromium
chromium: ## install Chromium for the tests, where it is missing
	@test -n "$${TANDEM_CHROMIUM:-}" && exit 0; \
	for name in chromium chromium-headless-shell chromium-browser google-chrome google-chrome-stable '/Applications/Chromium.app/Contents/MacOS/Chromium' '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do \
		command -v "$$name" >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'The tests of the pages need a browser: installing chromium.'; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-droid-fallback; \
	else \
		echo 'Chromium is missing; the tests of the pages are skipped. Install it: apt-get install chromium (Debian), dnf install chromium (Fedora), brew install --cask chromium (macOS); or name the program of a browser in TANDEM_CHROMIUM.' >&2; \
	fi

.PHONY: axe
axe: ## fetch axe-core for the tests in a browser, where it is missing (needs npm)
	@test -f $(AXE) && exit 0; \
	if ! command -v npm >/dev/null; then \
		echo 'There is no npm to fetch axe-core; the tests of accessibility are skipped. Install Node.' >&2; exit 0; \
	fi; \
	echo 'Fetching axe-core $(AXE_VERSION), once; about 2 MB.'; \
	npm install --prefix bin/axe-$(AXE_VERSION) --ignore-scripts --no-audit --no-fund --no-save --loglevel error axe-core@$(AXE_VERSION) || \
		echo 'axe-core could not be fetched; the tests of accessibility are skipped.' >&2

$(LINT):
	@echo 'Building golangci-lint $(LINT_VERSION), once; this takes some minutes.'
	GOGC=400 GOBIN=$(CURDIR)/bin/tmp go install -ldflags="-s -w" $(LINT_MODULE)@$(LINT_VERSION)
	mv bin/tmp/golangci-lint $(LINT)
	rmdir bin/tmp

$(OUTSIDERS)/installed:
	@echo 'Installing oidc-provider $(ISSUER_VERSION), smtp-server $(SMTP_VERSION), mailparser $(PARSER_VERSION) and adaptivecards $(CARDS_VERSION), once; about 30 MB.'
	@mkdir -p $(OUTSIDERS)
	npm install --prefix $(OUTSIDERS) --ignore-scripts --no-audit --no-fund --no-save --loglevel error \
		oidc-provider@$(ISSUER_VERSION) smtp-server@$(SMTP_VERSION) mailparser@$(PARSER_VERSION) adaptivecards@$(CARDS_VERSION)
	@touch $@

$(PRISM):
	@echo 'Installing Prism $(PRISM_VERSION), once; about 75 MB.'
	@mkdir -p bin/prism-$(PRISM_VERSION)
	SCARF_ANALYTICS=false npm install --prefix bin/prism-$(PRISM_VERSION) --ignore-scripts --no-audit --no-fund --no-save \
		@stoplight/prism-cli@$(PRISM_VERSION)
