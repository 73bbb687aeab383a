# shellcheck shell=bash
# The versions that users get: nobody who depends on phx-channels has our lock file. Each step works on a copy of the
# tree or in a new project, so that neither the lock file nor the pinned compiler changes.

# The first Rust on which the newest of all dependencies compile, see README.md.
needed_minor=98

# ---- Compilers ----

# 97 of «rustc 1.97.0-nightly (…)».
minor_of() { rustup run "$1" rustc --version | sed -E 's/^rustc 1\.([0-9]+)\..*/\1/'; }

pinned_toolchain() { sed -nE 's/^channel = "(.*)"/\1/p' rust-toolchain.toml; }

# The version in the manifest, as rustup calls it.
oldest_toolchain() { sed -nE 's/^rust-version = "(.*)"/\1.0/p' Cargo.toml; }

nightly_toolchain() {
    rustup toolchain list | grep -oE -m 1 '^nightly[^ ]*' ||
        fail "no nightly compiler: 'rustup toolchain install nightly'. $1"
}

# Sets `newest`, the compiler for the newest dependencies, and its flags. A nightly that is older than they need has the
# missing function behind a feature gate. Lints are the business of the pinned compiler.
find_newest_toolchain() {
    newest=$(pinned_toolchain)
    newest_flags=--cap-lints=allow
    (($(minor_of "$newest") < needed_minor)) || return 0
    newest=$(nightly_toolchain "The newest dependencies need Rust 1.$needed_minor, and $newest is pinned.")
    (($(minor_of "$newest") >= needed_minor)) ||
        newest_flags+=" -Zcrate-attr=feature(result_option_map_or_default)"
}

# Runs cargo with the newest dependencies. The steps that do share what has been built, which nobody debugs or edits: it
# takes half of the disk without what is for that.
newest_cargo() {
    RUSTUP_TOOLCHAIN=$newest RUSTFLAGS=$newest_flags CARGO_TARGET_DIR=$target/newest \
        CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 cargo "$@"
}

# Times are kept, so that cargo builds again only what has changed.
copy_tree() {
    rm -rf "$1"
    mkdir -p "$1"
    tar --create --exclude-vcs --exclude=./target --exclude=node_modules . | tar --extract --directory "$1"
}

# ---- The newest of all dependencies ----

newest_versions() {
    copy_tree "$target/newest-tree"
    # The chat serves phoenix.js from beside itself.
    ln -s "$PWD/examples/node_modules" "$target/newest-tree/examples/node_modules"
    (
        cd "$target/newest-tree"
        # Else cargo keeps to what says that it builds on our oldest compiler.
        sed -i "s/^rust-version = .*/rust-version = \"1.$(minor_of "$newest")\"/" Cargo.toml
        newest_cargo update --quiet
        newest_cargo build --workspace --all-features --all-targets
        # Compilers and macros of other versions say the texts of `tests/ui` in other words.
        keeping newest newest_cargo test --workspace --all-features --all-targets -- --skip accepted_and_refused
        keeping newest_doc newest_cargo test --workspace --all-features --doc
        cd tests/http2
        keeping http2 newest_cargo test
    )
    EXAMPLES=$target/newest/debug/examples phoenix_js newest_phoenix
}

# ---- The least of all direct dependencies ----

# A nightly finds them. They are built with the pinned compiler, which has most of the others already.
minimal_versions() {
    local nightly
    nightly=$(nightly_toolchain "It finds the least versions.")
    copy_tree "$target/minimal-tree"
    (
        cd "$target/minimal-tree"
        rm Cargo.lock
        RUSTUP_TOOLCHAIN=$nightly cargo -Z direct-minimal-versions generate-lockfile --quiet
        export CARGO_TARGET_DIR=$target
        cargo check --locked --workspace --all-features --all-targets
        keeping minimal cargo test --locked --workspace --all-features --lib --test protocol --test language
    )
}

# ---- What a newcomer does ----

# A code block of README.md: the one behind the comment with this name.
readme_block() {
    local block
    block=$(awk -v mark="<!-- block: $1 -->" '
        $0 == mark { marked = 1; next }
        marked && /^```/ { if (inside) exit; inside = 1; next }
        inside' README.md)
    [[ -n $block ]] || fail "README.md has no block «$1»"
    echo "$block"
}

# Runs the commands of a block in a directory. phx-channels is taken from this tree and not from the registry: nothing
# else is different from what a newcomer does.
run_block() {
    local directory=$1 commands
    commands=$(readme_block "$2" | sed "s|^cargo add phx-channels\$|& --path '$PWD/channels'|")
    (cd "$directory" && bash -euxc "$commands")
}

# Makes the chat of README.md for a runtime, in a directory outside of any workspace.
new_project() {
    local directory=$1 runtime=$2
    mkdir -p "$directory"
    run_block "$directory" "install-$runtime"
    readme_block chat | sed "s/trillium_smol/trillium_$runtime/" >"$directory/chat/src/main.rs"
}

# Has phoenix.js chat with all servers in a directory.
chat_with() { EXAMPLES=$2 node_tests "$1" newcomer.test.mjs; }

newcomer() {
    local runtime servers=$scratch/newcomer
    mkdir -p "$servers"
    for runtime in smol tokio; do
        RUSTUP_TOOLCHAIN=$newest new_project "$scratch/$runtime" "$runtime"
        newest_cargo build --manifest-path "$scratch/$runtime/chat/Cargo.toml"
        mv "$target/newest/debug/chat" "$servers/$runtime"
    done
    chat_with newcomer "$servers"
}

# The lines for an older compiler, with the oldest one that the manifest promises.
older_compiler() {
    local oldest servers=$scratch/older
    oldest=$(oldest_toolchain)
    mkdir -p "$servers"
    RUSTUP_TOOLCHAIN=$oldest new_project "$servers/project" smol
    RUSTUP_TOOLCHAIN=$oldest run_block "$servers/project/chat" older-compiler
    RUSTUP_TOOLCHAIN=$oldest CARGO_TARGET_DIR=$target cargo build --manifest-path "$servers/project/chat/Cargo.toml"
    rm -r "$servers/project"
    mv "$target/debug/chat" "$servers/smol"
    chat_with older "$servers"
}
