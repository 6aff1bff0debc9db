# just: the commands of the README, by name

# Lists the recipes
default:
    @just --list

# Try it in the browser
demo *args:
    cargo run -- demo {{ args }}

# Serve a workspace
run *args:
    cargo run -- run {{ args }}

# All tests
test *args:
    cargo test {{ args }}

# Formatting, lints, documentation
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# The interview kits
kits *paths:
    cargo run -- kits check {{ paths }}

# Licences, sources, banned crates, unused dependencies
deps:
    cargo deny check bans licenses sources
    cargo machete

# How quick it is, against its peers; takes about half an hour
bench *args:
    bench/run {{ args }}

# Everything that CI does
ci:
    .ci/run
