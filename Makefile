# Deno is found or installed by tools/deno; packages come with the first command that needs them.
deno := tools/deno

.PHONY: run test check ok bench golden fmt clean help

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: ## Start the exporter; flags in ARGS="--utmp-path=..."
	@$(deno) task -q start $(ARGS)

test: ## Run all tests
	@$(deno) task -q test

check: ## Check format, lint and types
	@$(deno) task -q check

ok: ## Run all gates: format, lint, types, tests
	@$(deno) task -q ok

bench: ## Measure the exporter, or with URL=http://host:port/metrics the scrapes of another
	@$(deno) task -q bench$(if $(URL),:scrapes $(URL))

golden: ## Rewrite the golden scrape from the program as it is
	@$(deno) task -q golden

fmt: ## Format the sources
	@$(deno) fmt

clean: ## Remove what the targets made
	rm -rf .deno dist node_modules
