# Deno is found or installed by tools/deno.sh; packages come with the first command that needs them.
deno := tools/deno.sh

.PHONY: run test check ok bench fleet golden fmt bundle compile compile-all smoke test-node \
	test-armv7 test-aarch64 packages image release publish ci clean help

help: ## Show the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: ## Start the exporter; flags in ARGS="--utmp-path=..."
	@tools/run.sh $(ARGS)

test: ## Run all tests; the log is dist/test.log
	@tools/test.sh

check: ## Check format, lint and types
	@$(deno) task -q check

ok: check test ## Run all checks: format, lint, types, tests

bench: ## Measure the exporter, or with URL=http://host:port/metrics the scrapes of another
	@$(deno) task -q bench$(if $(URL),:scrapes $(URL))

fleet: ## Measure what a fleet costs its Prometheus; takes ten minutes
	@$(deno) task -q fleet

packages: ## Make the packages of the binary in dist/ for ARCH=x86_64
	@tools/packages.sh $(or $(ARCH),$(shell uname -m))

image: ## Build the image of the binary in dist/ for ARCH=x86_64
	@tools/image.sh $(or $(ARCH),$(shell uname -m))

release: ## Build everything of a release into dist/ and test the executables
	@tools/release.sh
	@tools/test-release.sh

.PHONY: push-images
push-images: ## Push the images in dist/ to the registry, as IMAGE=registry/name
	@tools/push-images.sh

publish: ## Publish what the workflow built and signed as a release
	@tools/publish.sh

ci: ## Install what the tests need, and run all checks
	@.ci/run

golden: ## Rewrite the golden scrape and the tables in docs/
	@$(deno) task -q golden

fmt: ## Format the sources
	@$(deno) fmt

bundle: ## Bundle the program into one file, dist/bundle/unix-user-exporter.js
	@tools/bundle.sh

compile: ## Compile the executable for this machine into dist/
	@tools/compile.sh
	@tools/checksums.sh

compile-all: ## Compile the executables for x86_64, aarch64 and armv7
	@tools/compile.sh x86_64
	@tools/compile.sh aarch64
	@tools/compile-node.sh
	@tools/checksums.sh

smoke: ## Run the end-to-end tests against the executable for this machine
	@tools/smoke.sh

test-node: ## Run the end-to-end tests on Node
	@tools/test-node.sh

test-armv7: ## Run tests of the executable for armv7 under qemu
	@tools/test-armv7.sh

test-aarch64: ## Run tests on Deno for aarch64 under qemu
	@tools/test-aarch64.sh

clean: ## Remove what the targets made
	rm -rf .deno dist node_modules
