# shellcheck shell=bash
# The steps that need nothing but cargo, with the versions of the lock file.

# `tests/http2` is no member of the workspace, and has no lock file for cargo to look at.
format() {
    cargo fmt --all --check
    rustfmt --check --edition 2024 tests/http2/main.rs
}

documentation() {
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features
    links
}

# Links of README.md lead here from wherever it is shown, so they are whole addresses. What they name has to exist.
links() {
    local path
    grep -oE 'phx-channels/(blob|raw)/main/.*' README.md | while read -r path; do
        [[ -e ${path#phx-channels/*/main/} ]] || fail "README.md links to ${path#phx-channels/*/main/}, which does not exist"
    done
}

# Clippy has seen all features together; here is each one alone, for what is unused only without the others.
features() {
    local features
    for features in "" macros testing macros,testing metrics tracing metrics,tracing; do
        cargo clippy -p phx-channels --no-default-features --features "$features" -- -D warnings
    done
}

# Two runs of `cargo test`, for the doctests are counted by themselves. The second one compiles nothing but them.
rust_tests() { keeping rust cargo test --workspace --all-features --all-targets; }
doctests() { keeping doc cargo test --workspace --all-features --doc; }

# The threads of a connection in every order. Only an optimised build gets through them in seconds; its `cfg` would have
# the other steps compile everything anew, so it has a directory of its own.
model() {
    RUSTFLAGS="--cfg model" keeping model cargo test --package phx-channels --release --lib \
        --target-dir "$target/model" model::
}

# Clients of all kinds on real sockets, for a short while. `--seconds 600 --clients 500` is what finds more.
soak() {
    keeping soak cargo run --release --package phx-channels-tests --example soak -- \
        --seconds 4 --clients 100 --garbage 10000 --rounds 40
}

# The comparison with other servers is a workspace of its own. Figures of a debug build say nothing; that all of the
# messages arrive does.
comparison() {
    local workspace=(--manifest-path benches/Cargo.toml --target-dir "$target/benches")
    cargo fmt --manifest-path benches/Cargo.toml --check
    cargo clippy "${workspace[@]}" --all-targets -- -D warnings
    keeping benches cargo test "${workspace[@]}"
    keeping smoke cargo run "${workspace[@]}" -- --smoke
}
