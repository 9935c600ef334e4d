#!/usr/bin/env bash
# Plants one known bug after the other in a copy of the tree and plays lives
# until a promise breaks. Fails where a bug survives, or where its patch no
# longer fits. Arguments are names of patches; none is all.
#
# A patch begins with the promise that it breaks. A line "test: ARGUMENTS" names
# a go test that catches it where the simulation need not.
set -euo pipefail
root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
here=$root/internal/chaos/mutants
seeds=${SEEDS:-300}
copy=$(mktemp -d "${TMPDIR:-/tmp}/tandem-mutant-XXXXXX")
trap 'rm -rf "$copy"' EXIT
export TMPDIR=$copy/lives
git -C "$root" ls-files -co --exclude-standard -z | (cd "$root" && while IFS= read -r -d '' f; do if test -e "$f"; then printf '%s\0' "$f"; fi; done | tar --null -T - -cf -) | tar -xf - -C "$copy"
mkdir -p "$TMPDIR"
cd "$copy"
names=("$@")
if test ${#names[@]} = 0; then
	for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
survived=0
for name in "${names[@]}"; do
	patch=$here/$name.patch
	if ! git apply "$patch"; then
		echo "$name: the patch no longer fits; plant the bug anew" >&2
		survived=$((survived + 1))
		continue
	fi
	log=$(go test -count=1 -timeout 30m ./internal/chaos -run '^TestS1ToS18HoldInEveryLife$' -seeds "$seeds" -stop -shrink=false 2>&1) && caught='' ||
		caught=$(grep -oE 'seed [0-9]+ breaks [A-Za-z0-9]+' <<<"$log" | head -1 || true)
	if test -z "$caught" && test="$(sed -n 's/^test: //p' "$patch")" && test -n "$test"; then
		# shellcheck disable=SC2086 # several arguments
		log=$(go test -count=1 $test 2>&1) && caught='' || caught=$(grep -oE -- '--- FAIL: [A-Za-z0-9_]+' <<<"$log" | head -1 || true)
	fi
	if test -n "$caught"; then
		printf '%-28s caught: %s\n' "$name" "$caught"
	else
		printf '%-28s SURVIVED %s seeds\n' "$name" "$seeds"
		tail -20 <<<"$log" >&2
		survived=$((survived + 1))
	fi
	git apply -R "$patch"
done
echo "${#names[@]} mutants, $survived survived"
test "$survived" = 0
