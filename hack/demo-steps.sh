# shellcheck shell=bash
# What the walk-throughs share; they source it with the plugin as $1 and the
# environment of `lab env`.

plugin=$(cd "$(dirname "$1")" && pwd)
PATH=$plugin:$(dirname "$LAB_KUBECTL"):$PATH
export PATH KUBECONFIG=$LAB_KUBECONFIG XDG_STATE_HOME=$LAB_STATE

say() { printf '\n# %s\n' "$*"; }

# run prints and runs a command that has to end with the given exit code.
run() { # CODE COMMAND…
	local want=$1 got=0
	shift
	printf '\n$ %s\n' "$*"
	"$@" || got=$?
	if [ "$got" != "$want" ]; then
		echo "error: exit code $got, expected $want" >&2
		exit 1
	fi
	[ "$got" = 0 ] || echo "(exit code $got)"
}

# confirm runs a command that asks before it writes. Elsewhere than on a terminal
# it is refused first, and then confirmed by the digest of its plan.
confirm() { # COMMAND…
	local digest
	if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then
		run 0 "$@"
		return
	fi
	run 3 "$@"
	digest=$("$@" -o 'jsonpath={.digest}' 2>/dev/null || true)
	run 0 "$@" "--confirm=$digest"
}
