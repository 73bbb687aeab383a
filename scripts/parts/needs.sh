# shellcheck shell=bash
# What has to be there, and how it is installed where it is not.

apt_install() {
    command -v apt-get >/dev/null || fail "$* not found, and no apt-get to install it: please install it by hand"
    local as_root=()
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null || fail "$* not found, and no right to install it: run 'apt-get install $*' as root"
        as_root=(sudo)
    fi
    echo "installing $* with apt-get"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq "$@"
}

need_rust() {
    if ! command -v cargo >/dev/null && [[ -f $HOME/.cargo/env ]]; then
        # shellcheck source=/dev/null
        source "$HOME/.cargo/env"
    fi
    command -v cargo >/dev/null || fail "cargo not found: install rustup, see https://rustup.rs"
    # rustc links with the C compiler of the system, which rustup does not bring.
    command -v cc >/dev/null || apt_install gcc libc6-dev
}

need_node() {
    command -v node >/dev/null || fail "node not found: install Node 20.11 or later"
    command -v npm >/dev/null || fail "npm not found: it comes with Node"
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 11) ? 0 : 1)' ||
        fail "Node $(node --version) is too old: 20.11 or later is needed"
}

# Installs what the lock file of a directory says, unless that has been done already.
need_npm_packages() {
    local dir=$1
    local installed=$dir/node_modules/.installed-lock.json
    cmp -s "$dir/package-lock.json" "$installed" && return
    echo "installing the npm packages of $dir"
    npm ci --prefix "$dir" --no-audit --no-fund
    cp "$dir/package-lock.json" "$installed"
}

find_chromium() {
    [[ -n ${CHROMIUM:-} ]] || CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
}

need_chromium() {
    find_chromium || { apt_install chromium && find_chromium; } || fail "no Chromium: set CHROMIUM to its path"
    [[ -x $CHROMIUM ]] || fail "CHROMIUM is $CHROMIUM, which cannot be run"
    export CHROMIUM
}

# A directory below the target directory with the Python packages of a file of requirements: python_directory.
need_python_packages() {
    local requirements=$2
    python_directory=$target/$1
    local installed=$python_directory/installed.txt
    cmp -s "$requirements" "$installed" && return
    command -v python3 >/dev/null && python3 -c 'import ensurepip' 2>/dev/null || apt_install python3 python3-venv
    echo "installing the Python packages of $requirements"
    python3 -m venv "$python_directory"
    # The lists are whole. phx-events itself asks for a version of websockets that no Python from 3.10 on can run.
    "$python_directory/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
    cp "$requirements" "$installed"
}

prepare() {
    need_rust
    need_node
    find_target_directory
    find_newest_toolchain
    need_npm_packages examples
    need_npm_packages tests/clients
    [[ $fast == yes ]] || need_chromium
}
