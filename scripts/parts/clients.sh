# shellcheck shell=bash
# The steps in which clients that others have written talk to a server.

# Node's test runner: for people on the terminal, in TAP into a file to be counted. EXAMPLES is where the servers are.
node_tests() {
    local log=$1
    shift
    EXAMPLES=${EXAMPLES:-$target/release/examples} node --test \
        --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$logs/$log" \
        "${@/#/tests/clients/}"
}

phoenix_js() { node_tests "$1" phoenix_js.test.mjs suite.test.mjs deploy.test.mjs; }

other_clients() {
    local rust=$target/rust-client program
    # Each program has its own packages, for they want different versions of the same ones.
    for program in join_push_receive phx_events_hear; do
        need_python_packages "python/$program" "tests/clients/python/$program.txt"
    done
    cargo build --manifest-path tests/clients/rust/Cargo.toml --config tests/clients/rust/.cargo/config.toml \
        --target-dir "$rust"
    RUST_CLIENT=$rust/debug/phx-channels-rust-client-test PYTHONS=$target/python \
        node_tests others others.test.mjs
}
