#!/usr/bin/env bash
# Downloads the images of Pillow's own tests, which test/image-corpus.test.ts reads, and prints their folder. They come from Debian's
# source package, whose signature apt-get checks; nothing is installed, and root is not needed.
#
# Usage: export IPS_TEST_PILLOW_IMAGES="$(packages/server/scripts/fetch-pillow-images.sh [FOLDER])"
set -euo pipefail

# The list of known differences in the test belongs to the images of this release.
release=bookworm
version=9.4.0

fail() {
  printf 'fetch-pillow-images: %s\n' "$1" >&2
  exit 1
}

cache="${1:-${XDG_CACHE_HOME:-$HOME/.cache}/ips-sdk}"
target="$cache/pillow-$version"
if [ ! -d "$target" ]; then
  command -v apt-get >/dev/null || fail 'apt-get: not found; only Debian and its derivatives have it'
  mkdir -p "$cache"
  work="$(mktemp -d "$cache/fetch-XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/lists/partial" "$work/archives/partial"

  # The mirror that the machine already uses, where it is one of Debian.
  mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
    grep -v security | head -n 1 || true)"
  mirror="${mirror:-http://deb.debian.org/debian}"
  printf 'deb-src %s %s main\n' "$mirror" "$release" >"$work/sources.list"

  apt() {
    timeout 300 apt-get -qq -o Debug::NoLocking=1 -o APT::Sandbox::User= -o Acquire::Retries=2 -o Acquire::http::Timeout=20 \
      -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
      -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work" -o APT::Update::Error-Mode=any "$@" >&2
  }
  apt update || fail "the list of sources of $release at $mirror cannot be fetched"
  (cd "$work" && apt --download-only source pillow) || fail "pillow's source of $release at $mirror cannot be fetched"
  archive="$work/pillow_$version.orig.tar.xz"
  [ -e "$archive" ] || fail "pillow: expected version $version in $release, found $(ls "$work" | grep '\.orig\.' || true)"

  mkdir "$work/unpacked"
  tar -xJf "$archive" -C "$work/unpacked" --strip-components=3 --wildcards '*/Tests/images/*' ||
    fail "$(basename "$archive"): cannot be unpacked"
  # At once: an interrupted download leaves no folder that looks complete. Another run may have been faster.
  mv -T "$work/unpacked" "$target" 2>/dev/null || [ -d "$target" ] || fail "$target: cannot be created"
fi
printf '%s\n' "$target"
