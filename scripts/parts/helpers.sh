# shellcheck shell=bash
# What every part of scripts/test uses.

fail() {
    echo "scripts/test: $*" >&2
    exit 1
}

# Announces a step, runs it, and says how long it took.
step() {
    local name=$1 begin=$SECONDS
    echo "==> $name"
    shift
    "$@"
    echo "    $name: $((SECONDS - begin)) s"
}

# Runs a command, shows its output as it comes and keeps it in a log, to be counted at the end. Plain text: trybuild
# colours its lines also when nobody looks, and a colour in the middle of a line is hard to count.
keeping() {
    local log=$1
    shift
    NO_COLOR=1 "$@" 2>&1 | tee "$logs/$log"
}

# Where cargo builds, which need not be `target`.
find_target_directory() {
    target=$(cargo metadata --no-deps --format-version 1 |
        node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).target_directory')
}
